//! `vdlm trace` against another evaluation of the same definitions: textbook recursions in f64, gradients by
//! automatic differentiation.

use std::ops::{Add, Mul, Sub};
use std::process::Command;

/// A number with its derivative.
#[derive(Clone, Copy)]
struct Dual(f64, f64);

impl Add for Dual {
    type Output = Dual;
    fn add(self, other: Dual) -> Dual {
        Dual(self.0 + other.0, self.1 + other.1)
    }
}

impl Sub for Dual {
    type Output = Dual;
    fn sub(self, other: Dual) -> Dual {
        Dual(self.0 - other.0, self.1 - other.1)
    }
}

impl Mul for Dual {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        Dual(self.0 * other.0, self.0 * other.1 + self.1 * other.0)
    }
}

fn number(x: f64) -> Dual {
    Dual(x, 0.0)
}

fn square(x: Dual) -> Dual {
    x * x
}

fn turn(x: Dual) -> Dual {
    let angle = 2.0 * std::f64::consts::PI;
    Dual((angle * x.0).cos(), -angle * (angle * x.0).sin() * x.1)
}

type Function = fn(&[Dual]) -> Dual;

/// Each objective as its documentation has it, and where to start.
const OBJECTIVES: [(&str, Function, &[f64]); 6] = [
    ("rosenbrock", |p| square(number(1.0) - p[0]) + number(100.0) * square(p[1] - square(p[0])), &[-1.2, 1.0]),
    (
        "{name: quadratic, dim: 5}",
        |p| p.iter().zip(1..).map(|(x, i)| number(0.5 * f64::from(i * i)) * square(*x)).fold(number(0.0), Add::add),
        &[1.0, -0.8, 0.6, 0.4, -0.2],
    ),
    (
        "beale",
        |p| {
            let (x, y) = (p[0], p[1]);
            square(number(1.5) - x + x * y)
                + square(number(2.25) - x + x * y * y)
                + square(number(2.625) - x + x * y * y * y)
        },
        &[1.0, 1.0],
    ),
    (
        "himmelblau",
        |p| square(square(p[0]) + p[1] - number(11.0)) + square(p[0] + square(p[1]) - number(7.0)),
        &[0.5, 1.0],
    ),
    (
        "rastrigin",
        |p| number(20.0) + square(p[0]) - number(10.0) * turn(p[0]) + square(p[1]) - number(10.0) * turn(p[1]),
        &[2.3, -1.6],
    ),
    (
        "styblinski-tang",
        |p| {
            let one = |x: Dual| square(square(x)) - number(16.0) * square(x) + number(5.0) * x;
            number(0.5) * (one(p[0]) + one(p[1]))
        },
        &[-1.0, 0.7],
    ),
];

fn gradient(function: Function, at: &[f64]) -> Vec<f64> {
    let along =
        |j: usize| at.iter().enumerate().map(|(i, x)| Dual(*x, f64::from(u8::from(i == j)))).collect::<Vec<_>>();
    (0..at.len()).map(|j| function(&along(j)).1).collect()
}

/// What textbook methods remember of a parameter.
#[derive(Clone, Default)]
struct Memory {
    m: f64,
    v: f64,
    /// Slow weight, or the sequence z, and the average x; as at the start when `None`.
    slow: Option<f64>,
    x: f64,
    weights: f64,
}

/// A step t (from 1) of one parameter with its gradient and rate: textbook recursions.
type Step = fn(&mut Memory, t: i32, theta: f64, g: f64, lr: f64) -> f64;

fn moments(memory: &mut Memory, t: i32, g: f64, beta1: f64, beta2: f64) -> (f64, f64) {
    memory.m = beta1 * memory.m + (1.0 - beta1) * g;
    memory.v = beta2 * memory.v + (1.0 - beta2) * g * g;
    (memory.m / (1.0 - beta1.powi(t)), memory.v / (1.0 - beta2.powi(t)))
}

fn adam(memory: &mut Memory, t: i32, theta: f64, g: f64, lr: f64) -> f64 {
    let (m_hat, v_hat) = moments(memory, t, g, 0.9, 0.999);
    theta - lr * m_hat / (v_hat.sqrt() + 1e-8)
}

/// Which RAdam.
#[derive(Clone, Copy)]
struct Variant {
    beta1: f64,
    gate: f64,
    /// No move until the gate opens.
    skip: bool,
    eps: f64,
    /// ε stands beside √v, not beside √v̂.
    at_v: bool,
}

const PAPER: Variant = Variant { beta1: 0.9, gate: 4.0, skip: false, eps: 1e-8, at_v: false };
const PYTORCH: Variant = Variant { gate: 5.0, at_v: true, ..PAPER };
const AUTHOR: Variant = Variant { skip: true, ..PYTORCH };
const OPTAX: Variant = Variant { gate: 5.0, ..PAPER };
const IN_RANGER: Variant = Variant { beta1: 0.95, eps: 1e-5, ..PYTORCH };

fn radam(variant: &Variant, memory: &mut Memory, t: i32, theta: f64, g: f64, lr: f64) -> f64 {
    let (Variant { beta1, gate, skip, eps, at_v }, beta2) = (*variant, 0.999_f64);
    let (m_hat, v_hat) = moments(memory, t, g, beta1, beta2);
    let rho_inf = 2.0 / (1.0 - beta2) - 1.0;
    let rho = rho_inf - 2.0 * f64::from(t) * beta2.powi(t) / (1.0 - beta2.powi(t));
    if rho <= gate {
        return if skip { theta } else { theta - lr * m_hat };
    }
    let r = ((rho - 4.0) * (rho - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho)).sqrt();
    let l = if at_v { (1.0 - beta2.powi(t)).sqrt() / (memory.v.sqrt() + eps) } else { 1.0 / (v_hat.sqrt() + eps) };
    theta - lr * r * m_hat * l
}

fn slow(memory: &mut Memory, t: i32, before: f64, after: f64, k: i32, alpha: f64) -> f64 {
    let phi = memory.slow.get_or_insert(before);
    if t % k == 0 {
        *phi += alpha * (after - *phi);
        return *phi;
    }
    after
}

const METHODS: [(&str, f64, Step); 15] = [
    ("name: sgd, lr: 0.0005", 0.0005, |_, _, theta, g, lr| theta - lr * g),
    ("name: sgd, lr: 0.0005, momentum: 0.9, dampening: 0.2, weight_decay: 0.01", 0.0005, |memory, t, theta, g, lr| {
        let g = g + 0.01 * theta;
        memory.m = if t == 1 { g } else { 0.9 * memory.m + (1.0 - 0.2) * g };
        theta - lr * memory.m
    }),
    ("name: sgd, lr: 0.0005, momentum: 0.8, nesterov: true", 0.0005, |memory, t, theta, g, lr| {
        memory.m = if t == 1 { g } else { 0.8 * memory.m + g };
        theta - lr * (g + 0.8 * memory.m)
    }),
    ("name: adam, lr: 0.01", 0.01, adam),
    ("name: adam, lr: 0.01, weight_decay: 0.1", 0.01, |memory, t, theta, g, lr| {
        adam(memory, t, theta, g + 0.1 * theta, lr)
    }),
    ("name: adamw, lr: 0.01, weight_decay: 0.1", 0.01, |memory, t, theta, g, lr| {
        adam(memory, t, (1.0 - lr * 0.1) * theta, g, lr)
    }),
    ("name: radam, lr: 0.0005", 0.0005, |memory, t, theta, g, lr| radam(&PAPER, memory, t, theta, g, lr)),
    ("name: radam-pytorch, lr: 0.0005", 0.0005, |memory, t, theta, g, lr| radam(&PYTORCH, memory, t, theta, g, lr)),
    ("name: radam-author, lr: 0.01", 0.01, |memory, t, theta, g, lr| radam(&AUTHOR, memory, t, theta, g, lr)),
    ("name: radam-optax, lr: 0.0005", 0.0005, |memory, t, theta, g, lr| radam(&OPTAX, memory, t, theta, g, lr)),
    ("name: lookahead, lr: 0.01, k: 4, alpha: 0.3, inner: {name: adam}", 0.01, |memory, t, theta, g, lr| {
        let after = adam(memory, t, theta, g, lr);
        slow(memory, t, theta, after, 4, 0.3)
    }),
    ("name: ranger, lr: 0.0005", 0.0005, |memory, t, theta, g, lr| {
        let after = radam(&IN_RANGER, memory, t, theta, g, lr);
        slow(memory, t, theta, after, 6, 0.5)
    }),
    ("name: lion, lr: 0.001", 0.001, |memory, _, theta, g, lr| {
        let c = 0.9 * memory.m + (1.0 - 0.9) * g;
        memory.m = 0.99 * memory.m + (1.0 - 0.99) * g;
        theta - lr * f64::from(i8::from(c > 0.0) - i8::from(c < 0.0))
    }),
    ("name: schedule-free-sgd, lr: 0.0005", 0.0005, |memory, _, theta, g, lr| {
        let z = memory.slow.unwrap_or(theta) - lr * g;
        let x = if memory.slow.is_none() { theta } else { memory.x };
        memory.weights += lr * lr;
        let c = lr * lr / memory.weights;
        (memory.slow, memory.x) = (Some(z), (1.0 - c) * x + c * z);
        (1.0 - 0.9) * z + 0.9 * memory.x
    }),
    ("name: schedule-free-adamw, lr: 0.01", 0.01, |memory, t, theta, g, lr| {
        memory.v = 0.999 * memory.v + (1.0 - 0.999) * g * g;
        let gamma = lr * (1.0 - 0.999_f64.powi(t)).sqrt();
        let z = memory.slow.unwrap_or(theta) - gamma * g / (memory.v.sqrt() + 1e-8);
        let x = if memory.slow.is_none() { theta } else { memory.x };
        memory.weights += gamma * gamma;
        let c = gamma * gamma / memory.weights;
        (memory.slow, memory.x) = (Some(z), (1.0 - c) * x + c * z);
        (1.0 - 0.9) * z + 0.9 * memory.x
    }),
];

const STEPS: usize = 200;

/// The schedule's factor of step t.
type Factor = fn(i32) -> f64;

/// For each method another one in turn.
const SCHEDULES: [(&str, Factor); 4] = [
    ("constant", |_| 1.0),
    ("{name: warmup-linear, steps: 50}", |t| (f64::from(t) / 50.0).min(1.0)),
    ("warmup-untuned-exponential", |t| 1.0 - (-(1.0 - 0.999) * f64::from(t)).exp()),
    ("{name: step, at: [80, 150], factor: 0.1}", |t| 0.1_f64.powi(i32::from(t > 80) + i32::from(t > 150))),
];

#[test]
fn a_trace_agrees_with_another_evaluation_of_the_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace.yaml");
    let mut compared = 0;
    for (index, (method, lr, step)) in METHODS.into_iter().enumerate() {
        let adaptive = method.contains("adam") || method.contains("lookahead") || method.contains("ranger");
        let (schedule, factor) = SCHEDULES[if adaptive { index % 4 } else { index % 2 }];
        for (objective, function, start) in OBJECTIVES {
            let spec = format!(
                "objective: {objective}\nstart: {start:?}\n\
                 optimizer: {{{method}, schedule: {schedule}}}\nsteps: {STEPS}\n"
            );
            std::fs::write(&file, &spec).unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_vdlm")).arg("trace").arg(&file).output().unwrap();
            assert!(output.status.success(), "{spec}{}", String::from_utf8_lossy(&output.stderr));
            let points: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(points.len(), STEPS + 1, "{spec}");
            let (mut theta, mut memory) = (start.to_vec(), vec![Memory::default(); start.len()]);
            let mut largest = theta.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
            for (t, point) in points.iter().enumerate() {
                if t > 0 {
                    let rate = lr * factor(t as i32);
                    let gradient = gradient(function, &theta);
                    for ((theta, memory), g) in theta.iter_mut().zip(&mut memory).zip(gradient) {
                        *theta = step(memory, t as i32, *theta, g, rate);
                    }
                }
                for (theta, found) in theta.iter().zip(point["params"].as_array().unwrap()) {
                    largest = largest.max(theta.abs());
                    let difference = (theta - found.as_f64().unwrap()).abs();
                    assert!(difference <= 1e-12 * largest, "{spec}step {t}: {found} and {theta}");
                    compared += 1;
                }
                let value = function(&theta.iter().map(|x| number(*x)).collect::<Vec<_>>()).0;
                let found = point["value"].as_f64().unwrap();
                assert!(
                    (value - found).abs() <= 1e-9 * (1.0 + value.abs()),
                    "{spec}step {t}: value {found} and {value}"
                );
            }
        }
    }
    assert_eq!(compared, METHODS.len() * (STEPS + 1) * (5 * 2 + 5));
}

/// The parameters after each step, the exit status, and what was told.
fn run(spec: &str) -> (Vec<Vec<f64>>, i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace.yaml");
    std::fs::write(&file, spec).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_vdlm")).arg("trace").arg(&file).output().unwrap();
    let points: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let params = points.iter().map(|point| serde_json::from_value(point["params"].clone()).unwrap()).collect();
    (params, output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_descent_that_diverges_says_so_and_at_which_step() {
    let (points, status, told) =
        run("objective: {name: rosenbrock}\nstart: [-2.0, 2.0]\noptimizer: {name: sgd, lr: 0.01}\nsteps: 200\n");
    assert_eq!((points.len(), status), (5, 3), "{told}");
    assert!(told.contains("The descent diverged at step 5"), "{told}");
    let quadratic =
        "objective: {name: quadratic, dim: 2}\nstart: [1e300, 1.0]\noptimizer: {name: sgd, lr: 0.01}\nsteps: 9\n";
    let (points, status, told) = run(quadratic);
    assert!(points.is_empty() && status == 3 && told.contains("diverged at step 0"), "{told}");
}

#[test]
fn options_at_the_edge_of_their_range_give_the_numbers_of_the_papers() {
    let quadratic = |dim: usize, start: &str, optimizer: &str, steps: usize| {
        let objective = format!("objective: {{name: quadratic, dim: {dim}}}\nstart: {start}\n");
        let (points, status, told) = run(&format!("{objective}optimizer: {{{optimizer}}}\nsteps: {steps}\n"));
        assert_eq!((status, told.as_str()), (0, ""), "{optimizer}");
        points
    };
    let near = |found: &[f64], expected: &[f64], tolerance: f64| {
        let close = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= tolerance);
        assert!(close && found.len() == expected.len(), "{found:?} {expected:?}");
    };
    // Algorithm 2 of RAdam's paper, which has no ε.
    let points = quadratic(2, "[1.0, -2.0]", "name: radam, lr: 0.05, eps: 0", 30);
    near(&points[1], &[0.95, -1.6], 1e-12);
    near(&points[6], &[0.805_847_4, -0.643_789_6], 1e-7);
    near(&points[30], &[0.716_048_6, -0.570_814_3], 1e-7);
    // ρ_t is 1 at every step.
    let points = quadratic(1, "[1.0]", "name: radam, lr: 0.1, beta2: 0", 8);
    near(&points[1..4].concat(), &[0.9, 0.805_263, 0.715_770], 1e-6);
    // As torch.optim.SGD has it.
    let points = quadratic(1, "[1.0]", "name: sgd, lr: 0.1, momentum: 0, dampening: 0.5", 3);
    near(&points[1..].concat(), &[0.9, 0.81, 0.729], 1e-15);
    // With 80 digits: ρ₄ = 3.9999975.
    let points = quadratic(1, "[1.0]", "name: radam, lr: 0.1, beta2: 0.999999", 6);
    let expected = [0.9, 0.80526315789, 0.71577005244, 0.63148663009, 0.63143383918, 0.63135583363];
    near(&points[1..].concat(), &expected, 1e-11);
}
