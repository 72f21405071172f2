use ndarray::Array2;

use super::super::network::{Examples, Network};
use super::super::seeds;
use super::super::spec::Experiment;
use super::super::train::{Run, TrainSpec};
use super::*;
use crate::diagnostics::SourceFile;
use crate::optim::Method;

/// A spec on `digits-mlp` from its parts.
pub(in crate::lab) fn spec(optimizers: &str, rates: &str, epochs: u32, seeds: u32) -> TrainSpec {
    let text = format!(
        "experiment: train\ntask: digits-mlp\noptimizers: {optimizers}\nlearning_rates: {rates}\n\
         epochs: {epochs}\nseeds: {seeds}\n"
    );
    let (experiment, problems) = Experiment::parse(&SourceFile::new("lab.yaml", text.as_str()), &text, 0);
    match experiment.unwrap_or_else(|| panic!("{problems:?}")).spec {
        Spec::Train(spec) => spec,
        other => panic!("{other:?}"),
    }
}

/// The runs of a record of training runs.
pub(in crate::lab) fn runs(record: &mut Record) -> &mut Vec<Run> {
    match &mut record.outcome {
        Outcome::Train(runs) => runs,
        other => panic!("{other:?}"),
    }
}

/// The spec in a recipe of training runs.
pub(in crate::lab) fn train(recipe: &mut Recipe) -> &mut TrainSpec {
    match &mut recipe.spec {
        Spec::Train(spec) => spec,
        other => panic!("{other:?}"),
    }
}

/// A record with made-up curves.
pub(in crate::lab) fn record(spec: &TrainSpec) -> Record {
    let data = vec![DataId { name: "digits".to_owned(), rows: 1797, blake3: "0".repeat(64) }];
    let variants = spec.optimizers.iter().map(|optimizer| optimizer.describe()).collect();
    let recipe = Recipe { engine: ENGINE, spec: Spec::Train(spec.clone()), data, variants };
    let points = spec.epochs as usize + 1;
    let run = |(optimizer, learning_rate, seed)| Run {
        optimizer,
        learning_rate,
        seed,
        diverged_at: None,
        train_loss: (0..points).map(|epoch| 2.5 / (epoch as f32 + 1.0) + seed as f32 * 1e-7).collect(),
        test_loss: vec![f32::MIN_POSITIVE; points],
        test_accuracy: vec![0.1; points],
    };
    let runs = spec.run_keys().map(run).collect();
    let measured = Some(Measured { machine: "test".to_owned(), threads: 2, seconds: 0.25, each: vec![] });
    Record { id: recipe.id(), recipe, outcome: Outcome::Train(runs), measured }
}

fn sample() -> Record {
    record(&spec("[sgd: {momentum: 0.9}, ranger, radam: {schedule: cosine}]", "[0.1, 0.003]", 3, 2))
}

#[test]
fn a_record_comes_back_to_the_bit() {
    let mut before = sample();
    let run = &mut runs(&mut before)[3];
    run.diverged_at = Some(17);
    run.train_loss.truncate(1);
    run.test_loss.truncate(1);
    run.test_accuracy.truncate(1);
    let text = before.to_json();
    let after = Record::from_json(&text).unwrap();
    assert_eq!(after, before);
    assert_eq!(after.compare(&before), Ok(()));
    assert_eq!(after.to_json(), text);
}

#[test]
fn the_text_has_one_run_a_line_and_what_was_measured_last() {
    let text = sample().to_json();
    let lines = text.lines().filter(|line| line.trim_start().starts_with("{\"optimizer\":")).count();
    assert_eq!(lines, 12);
    assert!(text.ends_with("  \"measured\": {\"machine\":\"test\",\"threads\":2,\"seconds\":0.25}\n}\n"), "{text}");
    assert!(text.contains("\"learning_rate\":0.003,"), "shortest forms");
    assert!(text.contains("\"optimizers\": [\n"), "{text}");
}

#[test]
fn what_was_measured_is_not_compared() {
    let (left, mut right) = (sample(), sample());
    right.measured = None;
    right.recipe.variants[0] = "other words".to_owned();
    assert_eq!(left.compare(&right), Ok(()));
}

#[test]
fn the_last_bit_of_a_curve_is_a_difference() {
    let (left, mut right) = (sample(), sample());
    let value = runs(&mut right)[5].train_loss[2];
    runs(&mut right)[5].train_loss[2] = f32::from_bits(value.to_bits() + 1);
    let difference = left.compare(&right).unwrap_err();
    let told = difference.to_string();
    assert!(told.starts_with("ranger at learning rate 0.1, seed 1: train loss differs at epoch 2: 0.833"), "{told}");
    runs(&mut right).pop();
    assert!(matches!(left.compare(&right), Err(Difference::Value { .. })));
    runs(&mut right)[5].train_loss[2] = value;
    assert_eq!(left.compare(&right), Err(Difference::Runs(11)));
    let mut right = sample();
    runs(&mut right)[4].diverged_at = Some(7);
    let told = left.compare(&right).unwrap_err().to_string();
    assert_eq!(told, "ranger at learning rate 0.1, seed 0: step of divergence differs: nothing against 7");
}

#[test]
fn the_id_is_of_the_recipe_and_not_of_its_words() {
    let base = sample().recipe;
    let mut words = base.clone();
    words.variants.clear();
    assert_eq!(words.id(), base.id());
    let changes: [fn(&mut Recipe); 4] = [
        |recipe| recipe.engine += 1,
        |recipe| train(recipe).epochs += 1,
        |recipe| train(recipe).learning_rates[0] *= 2.0,
        |recipe| recipe.data[0].blake3 = "1".repeat(64),
    ];
    for change in changes {
        let mut other = base.clone();
        change(&mut other);
        assert_ne!(other.id(), base.id());
    }
    assert_eq!(base.id().len(), 20);
}

#[test]
fn broken_texts_are_refused() {
    let text = sample().to_json();
    let broken = [
        ("\"epochs\": 3", "\"epochs\": 4", "the record is named"),
        ("\"seed\":1", "\"seed\":7", "is not the run that the spec has there"),
        ("\"test_accuracy\":[0.1,", "\"test_accuracy\":[", "have not the right length"),
        ("\"task\": \"digits-mlp\"", "\"task\": \"cats\"", "there is no task `cats`"),
        ("\"seeds\"", "\"seats\"", "unknown field"),
        ("{\n  \"id\"", "{\n  \"", "not a record"),
    ];
    for (from, to, expected) in broken {
        assert!(text.contains(from), "{from}");
        let error = Record::from_json(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{from} → {to}: {error}");
    }
}

#[test]
fn every_short_form_of_f32_reads_back() {
    // Steps through all exponents with odd mantissas.
    let mut seen = 0;
    for bits in (0..f32::INFINITY.to_bits()).step_by(100_003) {
        let value = f32::from_bits(bits);
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<f32>(&text).unwrap().to_bits(), bits, "{text}");
        seen += 1;
    }
    assert!(seen > 20_000);
}

#[test]
fn a_small_run_gives_the_bits_of_this_revision() {
    // Not a check of numbers, only that they stay: of seeds, initialisation, product, loss and every optimizer. See
    // `ENGINE`. Names that came later have a digest of their own, so that the first one stays.
    let first =
        ["sgd", "adam", "adamw", "radam", "radam-pytorch", "radam-author", "radam-optax", "lookahead", "ranger"];
    let later = ["lion", "schedule-free-sgd", "schedule-free-adamw"];
    assert_eq!([first.as_slice(), &later].concat(), Method::NAMES, "every name is in a digest");
    let digests = (digest_of_small_runs(&first), digest_of_small_runs(&later));
    let expected = ("4c1531a8e941bb60", "9614cbb5c2bb03bf");
    assert_eq!(
        (ENGINE, digests.0.as_str(), digests.1.as_str()),
        (2, expected.0, expected.1),
        "raise ENGINE when these bits change"
    );
}

/// Twelve steps of each method on the same small network: a hash of all parameters after them.
fn digest_of_small_runs(names: &[&str]) -> String {
    let mut network = Network::<f32>::dense(&[8, 16, 16, 4], 8);
    let mut rng = seeds::stream("initial weights", &[0]);
    let start = network.he_init(|| seeds::normal(&mut rng));
    let inputs = Array2::from_shape_fn((8, 8), |(row, place)| ((8 * row + place) % 7) as f32 / 7.0 - 0.4);
    let examples = Examples { inputs, labels: vec![0, 1, 2, 3, 0, 1, 2, 3] };
    let mut order: Vec<u32> = (0..8).collect();
    seeds::shuffle(&mut order, &mut seeds::stream("batch order", &[0, 0]));
    let mut gradient = vec![0.0; start.len()];
    let mut hasher = blake3::Hasher::new();
    for name in names {
        let mut theta = start.clone();
        let mut method = Method::named(name).unwrap().start(&theta);
        for _ in 0..12 {
            network.gradient(&theta, &examples, &order[..5], &mut gradient);
            method.step(&mut theta, &gradient, 0.01);
        }
        theta.iter().for_each(|x| {
            hasher.update(&x.to_bits().to_le_bytes());
        });
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[test]
fn the_name_of_a_record_is_a_hash_of_what_was_chosen() {
    // `printf 'vdlm record…' | b3sum -l 10`: what is as when nothing is said is no part of it.
    let recipe = record(&spec("[sgd: {momentum: 0.9}, radam]", "[0.01]", 30, 5)).recipe;
    let written = format!(
        "vdlm record\nengine {ENGINE}\nspec {{\"experiment\":\"train\",\"learning_rates\":[0.01],\"optimizers\":\
         [{{\"momentum\":0.9,\"name\":\"sgd\"}},{{\"name\":\"radam\"}}],\"task\":\"digits-mlp\"}}\n\
         data [{{\"name\":\"digits\",\"rows\":1797,\"blake3\":\"{}\"}}]\n",
        "0".repeat(64)
    );
    assert_eq!(recipe.id(), &blake3::hash(written.as_bytes()).to_hex()[..20]);
}
