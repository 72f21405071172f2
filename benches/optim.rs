//! One step of each method beside a bare loop over the same arrays, and beside one pass an operation; one thread, f32.
//!
//! The bare loop reads the gradient, and reads and writes in place what the method reads and writes, with one
//! addition an element: the rate that memory allows. One pass an operation is the same step as array expressions make
//! it, each result in an array of its own. The three are measured in turns. Prints nanoseconds a parameter, and
//! ratios; nothing passes or fails.

use std::hint::black_box;
use std::time::Instant;

use vdlm::optim::{
    Adam, AdamConfig, Lion, LionConfig, Lookahead, Optimizer, RAdam, RAdamConfig, ScheduleFreeAdamW,
    ScheduleFreeAdamWConfig, ScheduleFreeSgd, ScheduleFreeSgdConfig, Sgd, SgdConfig, ranger,
};

/// Ten million parameters, far beyond any cache, and the 101,770 of a dense network 784-128-10.
const SIZES: [usize; 2] = [10_000_000, 784 * 128 + 128 + 128 * 10 + 10];
/// Steps before anything is measured: RAdam passes its threshold within them.
const WARM_UP: usize = 12;
/// Steps of a turn: whole periods of Lookahead (5) and of Ranger (6).
const STEPS: usize = 30;
/// Parameters that a turn moves at least; short steps are repeated until then.
const MOVED: usize = 300_000_000;
const TURNS: usize = 5;
/// Small enough that nothing overflows, large enough that nothing is subnormal.
const RATE: f32 = 1e-3;

type Start = fn(&[f32]) -> Box<dyn Optimizer<f32>>;

/// A method, how many arrays its step writes (θ among them), how often it passes over θ and φ once more (0: never),
/// and its step as array expressions.
type Case = (&'static str, Start, usize, usize, fn(&mut Eager));

const CASES: [Case; 10] = [
    ("sgd", |theta| Box::new(Sgd::new(SgdConfig::default(), theta.len())), 1, 0, Eager::sgd),
    ("sgd with momentum", |theta| Box::new(Sgd::new(momentum(), theta.len())), 2, 0, Eager::momentum),
    ("adam", |theta| Box::new(Adam::new(AdamConfig::default(), theta.len())), 3, 0, Eager::adam),
    ("adamw", |theta| Box::new(Adam::new(AdamConfig::adamw(), theta.len())), 3, 0, Eager::adam),
    ("radam", |theta| Box::new(RAdam::new(RAdamConfig::default(), theta.len())), 3, 0, Eager::adam),
    (
        "lookahead (sgd)",
        |theta| Box::new(Lookahead::new(Sgd::new(momentum(), theta.len()), theta, 5, 0.5)),
        2,
        5,
        Eager::momentum,
    ),
    ("ranger", |theta| Box::new(ranger(theta)), 3, 6, Eager::adam),
    ("lion", |theta| Box::new(Lion::new(LionConfig::default(), theta.len())), 2, 0, Eager::lion),
    (
        "schedule-free sgd",
        |theta| Box::new(ScheduleFreeSgd::new(ScheduleFreeSgdConfig::default(), theta)),
        3,
        0,
        Eager::free,
    ),
    (
        "schedule-free adamw",
        |theta| Box::new(ScheduleFreeAdamW::new(ScheduleFreeAdamWConfig::default(), theta)),
        4,
        0,
        Eager::free_adamw,
    ),
];

fn momentum() -> SgdConfig {
    SgdConfig { momentum: 0.9, ..SgdConfig::default() }
}

fn main() {
    // `cargo bench --bench optim -- adam` measures only the methods whose name holds the word.
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    for n in SIZES {
        println!("{n} parameters, one thread, f32, best of {TURNS} turns, nanoseconds a parameter and step:");
        println!("  {:<20} {:>8} {:>8} {:>12} {:>22}", "", "step", "bare", "bare / step", "one pass an operation");
        CASES.iter().filter(|case| case.0.contains(&wanted)).for_each(|case| measure(case, n));
    }
}

fn measure(&(name, start, arrays, period, eager): &Case, n: usize) {
    let mut theta = vec![0.1; n];
    let g: Vec<f32> = (0..n).map(|i| ((i % 101) as f32 - 50.0) * 1e-3).collect();
    let mut method = start(&theta);
    let mut step = || method.step(&mut theta, &g, f64::from(RATE));
    (0..WARM_UP).for_each(|_| step());
    let mut bare =
        Bare { arrays: vec![vec![0.1; n]; arrays], phi: vec![0.1; if period > 0 { n } else { 0 }], period, steps: 0 };
    let mut own = Eager::new(g.clone());
    let [mut ours, mut limit, mut slow] = [f64::INFINITY; 3];
    for _ in 0..TURNS {
        ours = ours.min(nanoseconds(n, STEPS, &mut step));
        limit = limit.min(nanoseconds(n, STEPS, || bare.step(&g)));
        slow = slow.min(nanoseconds(n, 2, || eager(&mut own)));
    }
    println!("  {name:<20} {ours:>8.3} {limit:>8.3} {:>12.2} {:>20.1} ×", limit / ours, slow / ours);
}

/// Time a parameter of at least so many steps.
fn nanoseconds(n: usize, steps: usize, mut step: impl FnMut()) -> f64 {
    let steps = steps * (MOVED / STEPS / n).max(1);
    let start = Instant::now();
    (0..steps).for_each(|_| step());
    start.elapsed().as_secs_f64() * 1e9 / (n * steps) as f64
}

/// The arrays of a method, moved and nothing more.
struct Bare {
    arrays: Vec<Vec<f32>>,
    phi: Vec<f32>,
    period: usize,
    steps: usize,
}

impl Bare {
    fn step(&mut self, g: &[f32]) {
        let Bare { arrays, phi, period, steps } = self;
        *steps += 1;
        let synchronised = *period > 0 && steps.is_multiple_of(*period);
        pulp::Arch::new().dispatch(|| {
            match &mut arrays[..] {
                [a] => a.iter_mut().zip(g).for_each(|(a, g)| *a += g),
                [a, b] => a.iter_mut().zip(b).zip(g).for_each(|((a, b), g)| (*a, *b) = (*a + g, *b + g)),
                [a, b, c] => {
                    a.iter_mut()
                        .zip(b)
                        .zip(c)
                        .zip(g)
                        .for_each(|(((a, b), c), g)| (*a, *b, *c) = (*a + g, *b + g, *c + g));
                }
                [a, b, c, d] => {
                    let all = a.iter_mut().zip(b).zip(c).zip(d).zip(g);
                    all.for_each(|((((a, b), c), d), g)| (*a, *b, *c, *d) = (*a + g, *b + g, *c + g, *d + g));
                }
                _ => unreachable!("no method writes more than four arrays"),
            }
            if synchronised {
                phi.iter_mut().zip(&mut arrays[0]).for_each(|(phi, theta)| (*phi, *theta) = (*phi + *theta, *phi));
            }
        });
        black_box(arrays);
    }
}

/// Steps by array expressions.
struct Eager {
    theta: Vec<f32>,
    g: Vec<f32>,
    m: Vec<f32>,
    v: Vec<f32>,
    x: Vec<f32>,
}

type Array = Vec<f32>;

fn each(a: &Array, f: impl Fn(f32) -> f32) -> Array {
    black_box(a.iter().map(|a| f(*a)).collect())
}

fn times(a: &Array, factor: f32) -> Array {
    each(a, |a| a * factor)
}

fn both(a: &Array, b: &Array, f: impl Fn(f32, f32) -> f32) -> Array {
    black_box(a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect())
}

fn sum(a: &Array, b: &Array) -> Array {
    both(a, b, |a, b| a + b)
}

fn difference(a: &Array, b: &Array) -> Array {
    both(a, b, |a, b| a - b)
}

impl Eager {
    fn new(g: Array) -> Self {
        let n = g.len();
        Self { theta: vec![0.1; n], g, m: vec![0.0; n], v: vec![1.0; n], x: vec![0.1; n] }
    }

    fn sgd(&mut self) {
        self.theta = difference(&self.theta, &times(&self.g, RATE));
    }

    fn momentum(&mut self) {
        self.m = sum(&times(&self.m, 0.9), &self.g);
        self.theta = difference(&self.theta, &times(&self.m, RATE));
    }

    fn adam(&mut self) {
        self.m = sum(&times(&self.m, 0.9), &times(&self.g, 0.1));
        self.v = self.second_moment();
        let denominator = each(&each(&times(&self.v, 1.1), f32::sqrt), |root| root + 1e-8);
        self.theta = difference(&self.theta, &both(&times(&self.m, RATE), &denominator, |m, d| m / d));
    }

    fn second_moment(&self) -> Array {
        sum(&times(&self.v, 0.999), &times(&both(&self.g, &self.g, |a, b| a * b), 0.001))
    }

    fn lion(&mut self) {
        let c = sum(&times(&self.m, 0.9), &times(&self.g, 0.1));
        self.theta = difference(&self.theta, &times(&each(&c, f32::signum), RATE));
        self.m = sum(&times(&self.m, 0.99), &times(&self.g, 0.01));
    }

    fn free(&mut self) {
        let step = times(&self.g, RATE);
        self.average(&step);
    }

    fn free_adamw(&mut self) {
        self.v = self.second_moment();
        let denominator = each(&each(&self.v, f32::sqrt), |root| root + 1e-8);
        let step = times(&both(&self.g, &denominator, |g, d| g / d), RATE);
        self.average(&step);
    }

    /// z (kept in m), its average x, and y (θ) between them.
    fn average(&mut self, step: &Array) {
        self.m = difference(&self.m, step);
        self.x = sum(&times(&self.x, 0.9), &times(&self.m, 0.1));
        self.theta = sum(&times(&self.m, 0.1), &times(&self.x, 0.9));
    }
}
