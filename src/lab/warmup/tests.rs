use super::super::kind::tests::{all_complain, spec};
use super::super::run::run;
use super::super::spec::{Outcome, Spec};
use super::*;
use crate::lab::Datasets;

fn warmups(text: &str) -> (WarmupSpec, Vec<Warmup>) {
    let spec = spec(text);
    let outcome = run(&spec, &Datasets::default(), 1, &()).unwrap().outcome;
    match (spec, outcome) {
        (Spec::Warmup(spec), Outcome::Warmup(warmups)) => (spec, warmups),
        other => panic!("{other:?}"),
    }
}

#[test]
fn problems_stand_where_they_are() {
    all_complain(
        "experiment: warmup\n",
        &[
            ("beta2: 1", "1:8 expected a number above 0 and below 1, found `1`", ""),
            ("beta2: [0.9, 0.9]", "1:14 β₂ 0.9 stands here twice", ""),
            ("beta2: []", "1:8 expected from 1 to 12 decay rates", "[0.99, 0.999]"),
            ("steps: 0", "1:8 `0` is no number of steps", ""),
            ("figures: [sensitivity]", "1:11 `sensitivity` is a figure of other experiments", ""),
        ],
    );
}

#[test]
fn steps_are_dense_first_and_end_with_the_last() {
    let steps = |steps| WarmupSpec { beta2: vec![0.9], steps }.shown();
    assert_eq!(steps(1), [1]);
    assert_eq!(steps(5), [1, 2, 3, 4, 5]);
    let long = steps(5000);
    assert_eq!((long[39], long[40], *long.last().unwrap()), (40, 42, 5000));
    assert!(long.windows(2).all(|pair| pair[0] < pair[1]) && long.len() < 160, "{}", long.len());
}

#[test]
fn factors_are_those_of_the_formulas() {
    // Liu et al. for β₂ = 0.999: ρ_∞ = 1999 and the gate opens at step 5. With ρ_5 = 4.996003: r_5 =
    // √(0.996003·2.996003·1999 / (1995·1997·4.996003)) = 0.017310.
    let (spec, found) = warmups("experiment: warmup\nsteps: 2000\n");
    let [warmup] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(warmup.rectification[..4], [None; 4]);
    assert!((warmup.rectification[4].unwrap() - 0.017_310).abs() < 1e-5, "{:?}", warmup.rectification[4]);
    // (1 − 0.999)·2000 / 2 = 1, and 1 − e⁻² = 0.864665.
    let last = spec.shown().len() - 1;
    assert!((warmup.linear[last] - 1.0).abs() < 1e-9);
    assert!((warmup.exponential[last] - 0.864_665).abs() < 1e-6);
    // Five steps have the mean r_5 / 5.
    assert!((warmup.mean[4] - warmup.rectification[4].unwrap() / 5.0).abs() < 1e-15);
    assert!(warmup.mean[last] > 0.4 && warmup.mean[last] < warmup.rectification[last].unwrap());
}
