//! What must hold for every name.

use super::*;
use crate::optim::State;

const N: usize = 6;

/// Gradients of step `t` at the edge of what the numbers can hold: zeros, squares that are subnormal or infinite, and some of order one.
fn gradient<S: Scalar>(t: u64, theta: &[S], small: f64, large: f64) -> Vec<S> {
    let wave = |i: usize| (0.7 * t as f64 + i as f64).sin();
    let tug = |i: usize| theta[i].to_f64() + wave(i);
    [0.0, small * wave(1), large * wave(2), 1e-4 * tug(3), tug(4), 0.1].map(S::from_f64).to_vec()
}

/// Runs the steps of `from..=to`.
fn run<S: Scalar>(
    method: &mut dyn Optimizer<S>,
    theta: &mut [S],
    steps: std::ops::RangeInclusive<u64>,
    small: f64,
    large: f64,
) {
    for t in steps {
        let g = gradient(t, theta, small, large);
        method.step(theta, &g, 0.01);
    }
}

/// Seven steps, state to text and back into a new method, nine more: the numbers of sixteen in one go.
fn goes_on<S: Scalar>(name: &str, small: f64, large: f64) -> String {
    let method = Method::named(name).unwrap();
    let start: Vec<S> = (0..N).map(|i| S::from_f64(i as f64 - 2.5)).collect();
    let (mut whole, mut theta) = (method.start(&start), start.clone());
    run(&mut *whole, &mut theta, 1..=16, small, large);
    let (mut first, mut halved) = (method.start(&start), start.clone());
    run(&mut *first, &mut halved, 1..=7, small, large);
    let text = serde_json::to_string(&first.save()).unwrap();
    drop(first);
    // Made for other parameters: the state has to bring all that the first one knew of the start.
    let mut second = method.start(&[S::from_f64(99.0); N]);
    second.restore(serde_json::from_str::<State<S>>(&text).unwrap()).unwrap();
    run(&mut *second, &mut halved, 8..=16, small, large);
    let bits = |numbers: &[S]| numbers.iter().map(|x| x.to_f64().to_bits()).collect::<Vec<u64>>();
    assert_eq!(bits(&halved), bits(&theta), "{name}");
    assert_eq!(bits(second.judged(&halved)), bits(whole.judged(&theta)), "{name}");
    assert_eq!(second.save(), whole.save(), "{name}");
    assert!(
        theta.iter().all(|x| x.is_finite()),
        "{name} has to stay finite for this test to mean something: {theta:?}"
    );
    text
}

#[test]
fn every_method_goes_on_from_its_saved_state_to_the_same_bits() {
    let mut with_infinity = 0;
    for name in Method::NAMES {
        // Squares of 1e-20 are subnormal in f32 and of 1e-155 in f64; squares of 1e20 and 1e160 are infinite.
        let (narrow, wide) = (goes_on::<f32>(name, 1e-20, 1e20), goes_on::<f64>(name, 1e-155, 1e160));
        with_infinity += usize::from(narrow.contains("inf") && wide.contains("inf"));
    }
    assert_eq!(
        with_infinity, 8,
        "Adam, AdamW, RAdam in its four variants, Ranger and schedule-free AdamW keep squares"
    );
}

#[test]
fn a_state_fits_its_own_method_only() {
    let theta = [0.0; 3];
    let kind = |name: &str| match Method::named(name).unwrap() {
        Method::Adam(_) => "adam",
        Method::Radam(_) => "radam",
        Method::Lookahead { inner, .. } if matches!(*inner, Method::Radam(_)) => "ranger",
        _ => Method::NAMES.into_iter().find(|known| *known == name).unwrap(),
    };
    let mut refused = 0;
    for (from, into) in Method::NAMES.into_iter().flat_map(|from| Method::NAMES.map(|into| (from, into))) {
        let start = |name: &str| Method::named(name).unwrap().start(&theta);
        let restored = start(into).restore(start(from).save());
        assert_eq!(restored.is_ok(), kind(from) == kind(into), "{from} into {into}: {restored:?}");
        refused += usize::from(restored.is_err());
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn schedule_free_is_another_word_for_its_adamw() {
    assert_eq!(Method::named("schedule-free"), Method::named("schedule-free-adamw"));
    assert!(!Method::NAMES.contains(&"schedule-free"), "records have one name for it");
}
