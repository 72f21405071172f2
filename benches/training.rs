//! Training of a dense network 784-128-64-10 with Adam, batches of 128, one thread, beside what the machine's matrix
//! product allows.
//!
//! The limit is the time that the eight products of a step take alone, by the crate matrixmultiply (the one ndarray
//! uses), measured in the same rounds. Prints rows a second and their ratio, the speed of each task's network, and the
//! runs of `digits-mlp` on one thread and on two. Nothing passes or fails.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use matrixmultiply::sgemm;
use ndarray::Array2;
use vdlm::diagnostics::SourceFile;
use vdlm::lab::network::{Examples, Network};
use vdlm::lab::{self, Datasets, Experiment, Task, seeds};
use vdlm::optim::{Adam, AdamConfig, Optimizer};

const WIDTHS: [usize; 4] = [784, 128, 64, 10];
const BATCH: usize = 128;
const ROWS: usize = 60_000;
const STEPS: usize = 100;
const ROUNDS: usize = 7;

fn main() {
    let mut training = Training::new();
    let (mut ours, mut limit) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        ours = ours.min(seconds(|| training.steps()));
        limit = limit.min(seconds(products));
    }
    let rate = |seconds: f64| (STEPS * BATCH) as f64 / seconds;
    println!("784-128-64-10, batch 128, Adam, f32, one thread, best of {ROUNDS} rounds:");
    println!("  trained               {:>9.0} rows/s", rate(ours));
    println!("  products alone        {:>9.0} rows/s", rate(limit));
    println!("  ratio                 {:>9.2}", limit / ours);
    networks();
    digits();
}

/// Steps of every task's network on made-up rows, in batches of 32: what `Cost::RATE` is an estimate of.
fn networks() {
    println!("gradients in batches of 32, f32, one thread, best of {ROUNDS} rounds:");
    for task in Task::names().filter_map(Task::named) {
        let (shape, rows) = (task.network, 32);
        let mut network = Network::<f32>::new(shape.inputs, shape.layers, rows);
        let mut rng = seeds::stream("benchmark", &[1]);
        let theta = network.he_init(|| seeds::normal(&mut rng));
        let inputs = Array2::from_shape_fn((rows, shape.inputs.size()), |(row, place)| {
            ((row + place) % 251) as f32 / 251.0 - 0.5
        });
        let examples = Examples { inputs, labels: (0..rows).map(|row| (row % 10) as u8).collect() };
        let (chosen, mut gradient): (Vec<u32>, _) = ((0..rows as u32).collect(), vec![0.0; theta.len()]);
        let work = (rows as u64 * (shape.forward() + shape.backward())) as f64;
        let steps = (2e8 / work).max(1.0) as usize;
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            let mut step = || network.gradient(&theta, &examples, &chosen, &mut gradient);
            best = best.min(seconds(|| (0..steps).for_each(|_| _ = black_box(step()))) / steps as f64);
        }
        let (rate, speed) = (rows as f64 / best, work / best / 1e9);
        println!("  {:<21} {rate:>9.0} rows/s, {speed:.1} billion multiply-adds a second", task.name);
    }
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

struct Training {
    network: Network<f32>,
    theta: Vec<f32>,
    gradient: Vec<f32>,
    method: Adam<f32>,
    examples: Examples<f32>,
    order: Vec<u32>,
    next: usize,
}

impl Training {
    fn new() -> Self {
        let network = Network::<f32>::dense(&WIDTHS, BATCH);
        let mut rng = seeds::stream("benchmark", &[0]);
        let theta = network.he_init(|| seeds::normal(&mut rng));
        let inputs = Array2::from_shape_fn((ROWS, WIDTHS[0]), |(row, place)| ((row + place) % 251) as f32 / 251.0);
        let examples = Examples { inputs, labels: (0..ROWS).map(|row| (row % 10) as u8).collect() };
        let mut order: Vec<u32> = (0..ROWS as u32).collect();
        seeds::shuffle(&mut order, &mut rng);
        let method = Adam::new(AdamConfig::default(), theta.len());
        Self { network, gradient: vec![0.0; theta.len()], theta, method, examples, order, next: 0 }
    }

    fn steps(&mut self) {
        for _ in 0..STEPS {
            let rows = &self.order[self.next..][..BATCH];
            self.next = (self.next + BATCH) % (ROWS - BATCH);
            black_box(self.network.gradient(&self.theta, &self.examples, rows, &mut self.gradient));
            self.method.step(&mut self.theta, &self.gradient, 1e-3);
        }
    }
}

/// The matrix products of so many steps: forward, gradient of the weights, gradient of the activations but the inputs'.
fn products() {
    for _ in 0..STEPS {
        for (layer, pair) in WIDTHS.windows(2).enumerate() {
            let (inputs, outputs) = (pair[0], pair[1]);
            multiply(BATCH, inputs, outputs);
            multiply(inputs, BATCH, outputs);
            if layer > 0 {
                multiply(BATCH, outputs, inputs);
            }
        }
    }
}

fn multiply(rows: usize, depth: usize, columns: usize) {
    thread_local!(static MEMORY: std::cell::RefCell<[Vec<f32>; 3]> = std::cell::RefCell::new([(); 3].map(|()| vec![0.5; 784 * 128])));
    MEMORY.with_borrow_mut(|[a, b, c]| {
        assert!(rows * depth <= a.len() && depth * columns <= b.len() && rows * columns <= c.len());
        let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
        // SAFETY: three separate allocations, each at least as long as its matrix, whose rows follow each other;
        // checked above.
        #[expect(unsafe_code)]
        unsafe {
            sgemm(rows, depth, columns, 1.0, a, depth as isize, 1, b, columns as isize, 1, 0.0, c, columns as isize, 1);
        }
        black_box(c);
    });
}

/// Runs of the RAdam article's kind: 30 epochs each.
fn digits() {
    let datasets = Datasets::read(Path::new("content/data")); // of the repository, where cargo starts benchmarks
    let text = "experiment: train\ntask: digits-mlp\noptimizers: [sgd: {momentum: 0.9}, adam, radam, ranger]\nlearning_rates: [0.01]\nseeds: 10\n";
    let (experiment, problems) = Experiment::parse(&SourceFile::new("benchmark", text), text, 0);
    let spec = experiment.unwrap_or_else(|| panic!("{problems:?}")).spec;
    let mut best = [f64::INFINITY; 2];
    for _ in 0..3 {
        for (threads, best) in (1..).zip(&mut best) {
            *best = best.min(seconds(|| drop(black_box(lab::run(&spec, &datasets, threads, &())))));
        }
    }
    let runs = spec.runs() as f64;
    println!("digits-mlp, 30 epochs, mean of four optimizers, best of 3 rounds:");
    println!("  one thread            {:>9.1} ms a run", best[0] / runs * 1000.0);
    println!("  two threads           {:>9.2} times the runs a second of one", best[0] / best[1]);
}
