//! States that do not fit, and numbers that are hard to write.

use crate::optim::*;

#[test]
fn a_state_of_another_method_is_refused() {
    let mut adam = Adam::<f64>::new(AdamConfig::default(), 3);
    let other = RAdam::new(RAdamConfig::default(), 3).save();
    let error = adam.restore(other).unwrap_err();
    assert_eq!(error, StateError::Method { expected: "adam", found: "radam" });
    assert_eq!(error.to_string(), "this is the state of `radam`, and the method is `adam`");
}

#[test]
fn a_state_of_another_length_is_refused() {
    let error =
        Lion::<f64>::new(LionConfig::default(), 3).restore(Lion::new(LionConfig::default(), 2).save()).unwrap_err();
    assert_eq!(error.to_string(), "`m` has 2 numbers in this state, and 3 in the method");
    // Momentum keeps a velocity, and plain descent none.
    let momentum = SgdConfig { momentum: 0.9, ..SgdConfig::default() };
    let error = Sgd::<f64>::new(SgdConfig::default(), 3).restore(Sgd::new(momentum, 3).save()).unwrap_err();
    assert_eq!(error, StateError::Length { array: "b", expected: 0, found: 3 });
}

#[test]
fn a_refused_state_leaves_the_method_as_it_was() {
    let mut method = Lookahead::new(Adam::<f64>::new(AdamConfig::default(), 1), &[1.0], 5, 0.5);
    method.step(&mut [1.0], &[1.0], 0.1);
    let before = method.save();
    // The outer method fits, the inner one does not.
    let other = Lookahead::new(RAdam::<f64>::new(RAdamConfig::default(), 1), &[7.0], 5, 0.5).save();
    assert_eq!(method.restore(other), Err(StateError::Method { expected: "adam", found: "radam" }));
    assert_eq!(method.save(), before);
}

#[test]
fn a_state_reads_well() {
    let mut method = Lookahead::new(Sgd::new(SgdConfig { momentum: 0.5, ..SgdConfig::default() }, 1), &[3.0], 5, 0.5);
    method.step(&mut [3.0], &[0.25], 1.0);
    let text = r#"{"method":"lookahead","t":1,"phi":[3.0],"inner":{"method":"sgd","started":true,"b":[0.25]}}"#;
    assert_eq!(serde_json::to_string(&method.save()).unwrap(), text);
}

#[test]
fn every_number_survives_as_text() {
    let ends = [f64::MIN_POSITIVE, f64::from_bits(1), -f64::from_bits(0x000f_ffff_ffff_ffff), f64::MAX, -0.0, 0.1];
    let infinities = [f64::INFINITY, f64::NEG_INFINITY];
    same_bits(ends.into_iter().chain(infinities).collect(), |x: f64| x.to_bits());
    let ends = [f32::MIN_POSITIVE, f32::from_bits(1), -f32::from_bits(0x007f_ffff), f32::MAX, -0.0, 0.1];
    same_bits(ends.into_iter().chain([f32::INFINITY, f32::NEG_INFINITY]).collect(), |x: f32| u64::from(x.to_bits()));
    // All exponents of f32, with mantissas of every kind.
    let many: Vec<f32> = (0..f32::INFINITY.to_bits()).step_by(99_991).map(f32::from_bits).collect();
    assert!(many.len() > 20_000);
    same_bits(many, |x: f32| u64::from(x.to_bits()));
}

#[track_caller]
fn same_bits<S: Scalar>(m: Vec<S>, bits: impl Fn(S) -> u64) {
    let text = serde_json::to_string(&State::Lion { m: m.clone() }).unwrap();
    let State::Lion { m: read } = serde_json::from_str::<State<S>>(&text).unwrap() else { panic!("{text}") };
    assert_eq!(read.len(), m.len());
    for (read, written) in read.into_iter().zip(m) {
        assert_eq!(bits(read), bits(written), "{written:?}");
    }
}

#[test]
fn a_nan_stays_one() {
    let text = serde_json::to_string(&State::Lion { m: vec![f32::NAN] }).unwrap();
    let State::Lion { m } = serde_json::from_str::<State<f32>>(&text).unwrap() else { panic!("{text}") };
    assert!(m[0].is_nan());
}

#[test]
fn what_is_no_state_is_refused() {
    for (text, expected) in [
        (r#"{"method":"lion","m":[0.1]}"#, "0.1 has more digits than the method's numbers"),
        (r#"{"method":"lion","m":["fast"]}"#, "`fast` is no number"),
        (r#"{"method":"lion","m":[1],"v":[1]}"#, "unknown field `v`"),
        (r#"{"method":"lion"}"#, "missing field `m`"),
        (r#"{"method":"tiger","m":[1]}"#, "unknown variant `tiger`"),
    ] {
        let error = serde_json::from_str::<State<f32>>(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
