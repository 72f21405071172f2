//! What methods allocate: nothing in a step, and when they are made no more than what they remember.
//!
//! A binary of its own, because counting replaces the allocator.

use std::mem::size_of;

use allocation_counter::measure;
use ndarray::Array2;
use vdlm::lab::network::{Examples, Network};
use vdlm::lab::{Method, Task};
use vdlm::optim::Optimizer;

/// Parameters; a prime, so that no capacity is rounded to it by chance.
const N: usize = 100_003;

/// Bytes that boxes may take beside the arrays: a few hyperparameters and the heads of some vectors.
const BOXES: u64 = 512;

/// Every name and what has another memory than its name's default, with the number of arrays of `N` numbers that it
/// remembers.
fn methods() -> Vec<(String, Method, u64)> {
    let arrays = |name| match name {
        "sgd" => 0,
        "lion" | "lookahead" => 1, // Lookahead around SGD without momentum: φ
        "adam" | "adamw" | "radam" | "radam-pytorch" | "radam-author" | "radam-optax" => 2, // m, v
        "schedule-free-sgd" => 2,  // z, x
        "schedule-free-adamw" => 3, // z, x, v
        "ranger" => 3,             // m, v, φ
        _ => panic!("say how many arrays `{name}` remembers"),
    };
    let method = |name| Method::named(name).unwrap();
    let named = |name| (String::from(name), method(name), arrays(name));
    let lookahead = |inner: Method| method("lookahead").with("k", 2).with("inner", inner);
    let momentum = method("sgd").with("momentum", 0.9);
    let nesterov = momentum.clone().with("nesterov", true);
    let others = [
        ("sgd with momentum", momentum.clone(), 1),
        ("sgd with Nesterov momentum", nesterov, 1),
        ("lookahead around momentum", lookahead(momentum), 2),
        ("lookahead around adam", lookahead(method("adam")), 3),
        ("lookahead around lookahead", lookahead(lookahead(method("radam"))), 4),
    ];
    let others = others.map(|(name, method, arrays)| (name.to_owned(), method, arrays));
    Method::NAMES.map(named).into_iter().chain(others).collect()
}

#[test]
fn the_counter_counts() {
    let info = measure(|| drop(std::hint::black_box(vec![0.0_f32; N])));
    assert_eq!((info.count_total, info.bytes_total), (1, (N * size_of::<f32>()) as u64));
}

#[test]
fn a_method_allocates_what_it_remembers_and_no_more() {
    let theta = vec![0.5_f32; N];
    for (name, method, arrays) in methods() {
        let mut made: Option<Box<dyn Optimizer<f32>>> = None;
        let info = measure(|| made = Some(method.start(&theta)));
        let needed = arrays * (N * size_of::<f32>()) as u64;
        for (kind, bytes) in
            [("in all", info.bytes_total), ("at once", info.bytes_max), ("kept", info.bytes_current as u64)]
        {
            assert!((needed..=needed + BOXES).contains(&bytes), "{name}: {bytes} bytes {kind} for {arrays} arrays");
        }
    }
}

#[test]
fn a_step_allocates_nothing() {
    let mut seen = 0;
    for (name, method, _) in methods() {
        let mut theta = vec![0.5_f32; 1_000];
        let g: Vec<f32> = (0..1_000).map(|i| i as f32 / 500.0 - 1.0).collect();
        let mut method = method.start(&theta);
        // Through the first step, synchronisations and RAdam's threshold.
        let info = measure(|| (0..20).for_each(|_| method.step(&mut theta, &g, 0.01)));
        let eval_params = measure(|| assert_eq!(method.eval_params(&theta).len(), 1_000));
        assert_eq!((info.count_total, eval_params.count_total), (0, 0), "{name}");
        seen += 1;
    }
    assert!(seen > Method::NAMES.len());
}

#[test]
fn a_network_allocates_when_it_is_made_and_never_again() {
    let mut seen = 0;
    for task in Task::names().filter_map(Task::named).filter(|task| task.name.starts_with("digits")) {
        let shape = task.network;
        let mut network = Network::<f32>::new(shape.inputs, shape.layers, 32);
        let (mut theta, mut gradient) = (vec![0.01; network.parameters()], vec![0.0; network.parameters()]);
        let inputs =
            Array2::from_shape_fn((40, shape.inputs.size()), |(row, place)| ((row + place) % 17) as f32 / 17.0);
        let examples = Examples { inputs, labels: vec![3; 40] };
        let chosen: Vec<u32> = (0..32).collect();
        let mut method = Method::named("adam").unwrap().start(&theta);
        // From the first step, through a batch of another size and an evaluation.
        let info = measure(|| {
            for rows in [&chosen[..], &chosen[..5], &chosen] {
                assert!(network.gradient(&theta, &examples, rows, &mut gradient).is_finite());
                method.step(&mut theta, &gradient, 0.01);
                assert!(network.evaluate(&theta, &examples).loss.is_finite());
            }
        });
        assert_eq!(info.count_total, 0, "{}", task.name);
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn a_fork_is_one_copy() {
    for (name, method, arrays) in methods() {
        let theta = vec![0.5_f32; N];
        let method = method.start(&theta);
        let mut fork = None;
        let info = measure(|| fork = Some(method.clone()));
        let needed = arrays * (N * size_of::<f32>()) as u64;
        assert!((needed..=needed + BOXES).contains(&info.bytes_total), "{name}: {} bytes", info.bytes_total);
    }
}
