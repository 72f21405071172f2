//! What must hold for every name.

use super::*;
use crate::lab::kind::tests::{parse, spec};
use crate::lab::{Datasets, Outcome, Spec, run};
use crate::optim::{DEFINITIONS, DefaultValue, Range};

/// Values of an option at the ends of what is allowed.
fn values(kind: KeyKind) -> Vec<Value> {
    match kind {
        KeyKind::Number(Range { min, max, min_allowed, max_allowed, .. }) => {
            let (low, high) = if min_allowed { (min, max) } else { (max / 2.0, max) };
            vec![low.into(), if max_allowed { high } else { (low + high) / 2.0 }.into()]
        }
        KeyKind::Count { max, .. } => vec![1_u64.into(), max.into()],
        KeyKind::Flag => vec![false.into(), true.into()],
        KeyKind::Choice(choices) => choices.iter().map(|choice| choice.word.into()).collect(),
        KeyKind::Method => vec![Method::named("ranger").unwrap().into()],
    }
}

#[test]
fn every_option_of_every_method_starts_and_comes_back_from_its_json() {
    let mut tried = 0;
    for definition in DEFINITIONS {
        for key in definition.keys {
            for value in values(key.kind) {
                let method = Method::new(definition).with(key.name, value);
                let mut theta = [0.5_f32, -1.0];
                method.start(&theta).step(&mut theta, &[1.0, 1e-3], 0.01);
                let spec = OptimizerSpec { method, schedule: Schedule::Cosine };
                let json = serde_json::to_string(&spec).unwrap();
                let back: OptimizerSpec = serde_json::from_str(&json).unwrap();
                assert!(back.method.is_same_as(&spec.method) && back.schedule == spec.schedule, "{json}");
                assert_eq!(serde_json::to_string(&back).unwrap(), json);
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn defaults_are_allowed_values_with_a_source() {
    for definition in DEFINITIONS {
        let method = Method::new(definition);
        assert_eq!(serde_json::to_string(&method).unwrap(), format!("{{\"name\":\"{}\"}}", definition.name));
        assert!((definition.check)(&method).is_ok() && !definition.description.ends_with('.'), "{}", definition.name);
        for (key, value) in method.options() {
            let name = format!("{} of {}", key.name, definition.name);
            assert!(!key.description.is_empty() && !key.source.is_empty(), "{name}");
            match (key.default, value.text()) {
                (DefaultValue::Method(_), None) => {}
                (_, text) => assert_eq!(key.parse(&text.unwrap()).as_ref(), Ok(value), "{name}"),
            }
            assert!(key.needs.is_none_or(|needed| definition.keys.iter().any(|key| key.name == needed)), "{name}");
        }
    }
}

#[test]
fn records_with_unknown_methods_and_options_are_refused() {
    let error = |json: &str| serde_json::from_str::<OptimizerSpec>(json).unwrap_err().to_string();
    assert!(error(r#"{"name":"radm"}"#).contains("there is no optimizer `radm`"));
    assert!(error(r#"{"name":"sgd","beta1":0.9}"#).contains("unknown key `beta1` of `sgd`"));
    assert!(error(r#"{"name":"adam","eps":-1}"#).contains("expected a number of at least 0, found `-1`"));
}

#[test]
fn schedule_free_is_another_word_for_its_adamw() {
    assert_eq!(Method::named("schedule-free"), Method::named("schedule-free-adamw"));
    assert!(!Method::NAMES.contains(&"schedule-free"), "records have one name for it");
}

/// The toy of `optim`'s tests is one file and one line. It is read, run, recorded and told like all others.
#[test]
fn a_new_method_is_its_file_and_a_line() {
    let text = "experiment: trace\nobjective: quadratic\nstart: [4, 1]\noptimizers: [toy-rows: {length: 2}, sgd]\n\
                learning_rates: [0.25]\nsteps: 2\n";
    let Spec::Trace(spec) = spec(text) else { panic!() };
    assert_eq!(spec.optimizers[0].describe(), "Toy, length 2");
    assert_eq!(labels(&spec.optimizers), ["Toy", "SGD"]);
    let record = run(&Spec::Trace(spec), &Datasets::default(), 1, &()).unwrap();
    let Outcome::Trace(paths) = &record.outcome else { panic!() };
    // Without matrices it is plain descent: x₁ ← ¾·x₁, x₂ ← 0.
    assert_eq!(paths[0].points, [[4.0, 1.0], [3.0, 0.0], [2.25, 0.0]]);
    assert_eq!(paths[0].points, paths[1].points);
    assert!(record.to_json().contains(r#"{"length":2.0,"name":"toy-rows"}"#), "{}", record.to_json());
    assert_eq!(crate::lab::Record::from_json(&record.to_json()).unwrap(), record);

    let (_, problems) = parse(&text.replace("length: 2", "length: 11"));
    assert_eq!(problems[0].message, "`11` is above the limit of 10");
    let (_, problems) = parse(&text.replace("length: 2", "lenght: 2"));
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `length`?"));
    let trained =
        "experiment: train\ntask: digits-mlp\noptimizers: [toy-rows]\nlearning_rates: [0.01]\nepochs: 1\nseeds: 1\n";
    let record = run(&crate::lab::kind::tests::spec(trained), &crate::lab::kind::tests::digits(), 1, &()).unwrap();
    let Outcome::Train(runs) = &record.outcome else { panic!() };
    assert!(runs[0].train_loss[1] < runs[0].train_loss[0], "{:?}", runs[0].train_loss);
}
