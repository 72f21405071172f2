use super::*;
use crate::diagnostics::{Diagnostic, SourceFile};
use crate::lab::OptimizerSpec;
use crate::optim::{Method, RAdamConfig, Schedule};

fn parse(text: &str) -> (Option<Experiment>, Vec<Diagnostic>) {
    Experiment::parse(&SourceFile::new("lab.yaml", text), text, 0)
}

/// A block that is right but for one line put in the place of the line with the same key, or added.
fn with(line: &str) -> (Option<Experiment>, Vec<Diagnostic>) {
    let base = ["experiment: train", "task: digits-mlp", "optimizers: [sgd]", "learning_rates: [0.1]"];
    let key = line.split(':').next().unwrap_or("");
    let mut lines: Vec<&str> = base.iter().copied().filter(|other| other.split(':').next() != Some(key)).collect();
    lines.insert(0, line);
    parse(&format!("{}\n", lines.join("\n")))
}

#[track_caller]
fn fine(line: &str) -> TrainSpec {
    let (experiment, problems) = with(line);
    assert!(problems.is_empty(), "{line}: {problems:?}");
    train(experiment.unwrap().spec)
}

#[track_caller]
fn train(spec: Spec) -> TrainSpec {
    match spec {
        Spec::Train(spec) => spec,
        other => panic!("{other:?}"),
    }
}

const EXAMPLE: &str = "\
title: Learning rates that each optimizer survives
experiment: train
task: digits-mlp
optimizers: [sgd: {momentum: 0.9}, adam, radam, ranger]
learning_rates: [0.1, 0.03, 0.01, 0.003, 0.001]
epochs: 30
seeds: 5
figures: [curves, sensitivity, table]
";

#[test]
fn the_example_of_the_documentation_is_read() {
    let (experiment, problems) = parse(EXAMPLE);
    assert!(problems.is_empty(), "{problems:?}");
    let Experiment { name: None, title, window: None, figures, spec } = experiment.unwrap() else {
        panic!("nothing of these was said")
    };
    assert_eq!(title.as_deref(), Some("Learning rates that each optimizer survives"));
    assert_eq!(figures, [Figure::Curves, Figure::Sensitivity, Figure::Table]);
    let spec = train(spec);
    assert_eq!((spec.epochs, spec.seeds, spec.batch, spec.runs(), spec.steps()), (30, 5, 32, 100, 1230));
    let methods: Vec<&Method> = spec.optimizers.iter().map(|optimizer| &optimizer.method).collect();
    let named = |name| Method::named(name).unwrap();
    assert_eq!(*methods[0], named("sgd").with("momentum", 0.9));
    assert_eq!(methods[1..], [&named("adam"), &named("radam"), &named("ranger")]);
    assert_eq!((methods[3].count("k"), methods[3].number("alpha")), (6, 0.5));
    assert_eq!(methods[3].number("beta1"), RAdamConfig::ranger().beta1);
}

#[test]
fn presentation_and_defaults_are_no_part_of_the_spec() {
    let (shown, _) = parse(EXAMPLE);
    let text = EXAMPLE.replace("title: Learning rates that each optimizer survives\n", "").replace("curves, ", "");
    let (other, _) = parse(&format!("{text}batch: 32\nschedule: constant\n"));
    let (shown, other) = (shown.unwrap(), other.unwrap());
    assert_ne!(shown, other);
    assert_eq!(shown.spec, other.spec);
    let canonical = |spec: &Spec| serde_json::to_string(spec).unwrap();
    assert_eq!(canonical(&shown.spec), canonical(&other.spec));
    assert_eq!(serde_json::from_str::<Spec>(&canonical(&shown.spec)).unwrap(), shown.spec);
    let expected = [
        r#"{"experiment":"train","learning_rates":[0.1,0.03,0.01,0.003,0.001],"#,
        r#""optimizers":[{"momentum":0.9,"name":"sgd"},{"name":"adam"},{"name":"radam"},{"name":"ranger"}],"#,
        r#""task":"digits-mlp"}"#,
    ];
    let expected = expected.concat();
    assert_eq!(canonical(&shown.spec), expected);
}

#[test]
fn a_list_in_lines_reads_like_one_in_brackets() {
    let text = "optimizers:\n  - sgd:\n      momentum: 0.9\n  - adam:\n  - radam";
    assert_eq!(fine(text).optimizers, fine("optimizers: [sgd: {momentum: 0.9}, adam, radam]").optimizers);
    assert_eq!(fine("optimizers: adam").optimizers.len(), 1);
}

#[test]
fn schedules_are_read_in_steps_and_in_epochs() {
    let of = |line| fine(line).schedule;
    assert_eq!(of("schedule: cosine"), Schedule::Cosine);
    assert_eq!(of("schedule: {name: warmup-linear, steps: 7}"), Schedule::WarmupLinear { steps: 7 });
    assert_eq!(of("schedule: {name: step, at: [5, 9], factor: 0.1}"), Schedule::Step { at: vec![5, 9], factor: 0.1 });
    // 41 steps an epoch.
    assert_eq!(
        of("schedule: {name: step, epochs: [1, 3], factor: 0.5}"),
        Schedule::Step { at: vec![41, 123], factor: 0.5 }
    );
    let own = |line: &str| fine(line).optimizers[0].schedule.clone();
    let warmup = own("optimizers: [adam: {beta2: 0.99, schedule: warmup-untuned-linear}]");
    assert_eq!(warmup, Schedule::WarmupUntunedLinear { beta2: 0.99 });
    assert_eq!(own("optimizers: [sgd: {schedule: flat-cosine}]"), Schedule::FlatCosine { flat: 0.75 });
}

#[test]
fn problems_stand_where_they_are() {
    let cases = [
        ("task: digit-mlp", "1:7 there is no task `digit-mlp`", "did you mean `digits-mlp`?"),
        (
            "experiment: trian",
            "1:13 `trian` is none of: train, gradients, surface, trace, variance",
            "did you mean `train`?",
        ),
        ("optimizers: [radm]", "1:14 there is no optimizer `radm`", "did you mean `radam`?"),
        ("optimizers: [tiger]", "1:14 there is no optimizer `tiger`", "there are: sgd, adam, adamw"),
        ("optimizers: [adam, adam]", "1:20 `adam` stands here twice with the same options", "leave one"),
        (
            "optimizers: [adam: {wieght_decay: 0}]",
            "1:21 unknown key `wieght_decay` in the options of an optimizer",
            "did you mean `weight_decay`?",
        ),
        (
            "optimizers: [sgd: {beta1: 0.9}]",
            "1:20 unknown key `beta1` in the options of an optimizer",
            "momentum, dampening",
        ),
        (
            "optimizers: [sgd: {momentum: 1}]",
            "1:30 expected a number of at least 0 and below 1, found `1`",
            "another value",
        ),
        (
            "optimizers: [sgd: {nesterov: true}]",
            "1:30 Nesterov's step needs momentum and no dampening",
            "momentum: 0.9",
        ),
        ("optimizers: [lookahead: {k: 0}]", "1:29 `0` is no number of steps between synchronisations", "from 1"),
        ("optimizers: [lookahead: {inner: rangr}]", "1:33 there is no optimizer `rangr`", "did you mean `ranger`?"),
        (
            "optimizers: [lookahead: {inner: schedule-free}]",
            "1:33 a schedule-free method moves parameters by its own average",
            "choose another inner method",
        ),
        (
            "optimizers: [lion: {eps: 1e-8}]",
            "1:21 unknown key `eps` in the options of an optimizer",
            "known keys are: beta1",
        ),
        ("optimizers: [schedule-free: {correction: v}]", "1:42 `v` is none of: rate, vhat", ""),
        (
            "optimizers: [schedule-free, schedule-free-adamw]",
            "1:29 `schedule-free-adamw` stands here twice",
            "leave one",
        ),
        ("optimizers: [radam: {gate: 6}]", "1:28 `6` is none of: 4, 5", ""),
        (
            "optimizers: [radam: {lr: 0.1}]",
            "1:22 unknown key `lr` in the options of an optimizer",
            "known keys are: beta1",
        ),
        ("optimizers: []", "1:13 the list of optimizers is empty", "write some"),
        ("optimizers: [sgd: {}, {adam: {}, radam: {}}]", "1:23 expected one optimizer and its options", "braces"),
        ("learning_rates: [0.1, -0.1]", "1:23 expected a number above 0, found `-0.1`", ""),
        ("learning_rates: [0]", "1:18 expected a number above 0, found `0`", ""),
        ("learning_rates: [NaN]", "1:18 expected a number above 0, found `NaN`", ""),
        ("learning_rates: [inf]", "1:18 expected a number above 0, found `inf`", ""),
        ("learning_rates: [1e31]", "1:18 `1e31` is above the limit of 1", "smaller number"),
        ("optimizers: [radam: {eps: -1}]", "1:27 expected a number of at least 0, found `-1`", ""),
        ("optimizers: [sgd: {weight_decay: 1e300}]", "1:34 `1e300` is above the limit of 1000000", ""),
        ("learning_rates: [fast]", "1:18 expected a number above 0, found `fast`", ""),
        ("learning_rates: [0.1, 1e-1]", "1:23 the learning rate 0.1 stands here twice", "leave one"),
        ("seeds: 0", "1:8 `0` is no number of seeds", "from 1 to 100"),
        ("seeds: 101", "1:8 101 seeds are more than the limit of 100", "smaller"),
        ("seeds: -3", "1:8 `-3` is no number of seeds", "from 1 to 100"),
        (
            "optimizers: [adam: {beta: 0.9}]",
            "1:21 unknown key `beta` in the options of an optimizer",
            "did you mean `beta1` or `beta2`?",
        ),
        ("seeds: 2.5", "1:8 `2.5` is no number of seeds", "from 1 to 100"),
        ("epochs: 99999999", "1:9 99999999 epochs are more than the limit of 1000", "smaller"),
        ("batch: 1298", "1:8 1298 rows in a batch are more than the limit of 1297", "smaller"),
        (
            "schedule: warmup-untuned-linear",
            "1:11 an untuned warm-up is made from an optimizer's β₂",
            "adam: {schedule",
        ),
        ("schedule: step", "1:11 this schedule needs numbers", "at: [100, 200]"),
        ("schedule: {name: step, at: [9, 5], factor: 0.1}", "1:28 the marks of a schedule must rise", "in order"),
        ("schedule: cosin", "1:11 there is no schedule `cosin`", "did you mean `cosine`?"),
        ("figures: [curves, curves]", "1:19 this figure stands here twice", ""),
        ("figure: [curves]", "1:1 unknown key `figure` in an experiment", "did you mean `figures`?"),
    ];
    for (line, expected, help) in cases {
        let (experiment, problems) = with(line);
        assert!(experiment.is_none(), "{line} is accepted");
        let seen: Vec<String> =
            problems.iter().map(|p| format!("{}:{} {}", p.span.line, p.span.column, p.message)).collect();
        assert!(seen.len() == 1 && seen[0].starts_with(expected), "{line}: {seen:?}");
        let found = problems[0].help.as_deref().unwrap_or("");
        assert!(found.contains(help), "{line}: {found}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let text = "task: cats\noptimizers: [radm, adam: {eps: -1}]\nlearning_rates: [0, 0.1]\nseeds: 0\nbunch: 3\n";
    let (experiment, problems) = parse(text);
    assert!(experiment.is_none());
    let mut places: Vec<(usize, usize)> = problems.iter().map(|p| (p.span.line, p.span.column)).collect();
    places.sort_unstable();
    assert_eq!(places, [(1, 1), (1, 7), (2, 14), (2, 32), (3, 18), (4, 8), (5, 1)]);
}

#[test]
fn an_experiment_that_is_too_large_says_by_how_much() {
    let rates: Vec<String> = (1..=24).map(|rate| format!("0.{rate:02}")).collect();
    let text = format!(
        "experiment: train\ntask: digits-deep-mlp\noptimizers: [sgd, adam, radam, ranger]\n\
         learning_rates: [{}]\nepochs: 1000\nseeds: 100\n",
        rates.join(", ")
    );
    let (experiment, problems) = parse(&text);
    assert!(experiment.is_none());
    assert_eq!((problems.len(), problems[0].span.line), (1, 1), "{problems:?}");
    assert!(problems[0].message.contains("9600 runs of 41000 steps"), "{}", problems[0].message);
}

#[test]
fn cost_by_hand() {
    // 64·32 + 32·32 + 32·10 = 3392 weights, 2048 of them in the first layer. Two epochs: 2·1297·(3·3392 − 2048) to
    // train, and 3·1797·3392 to evaluate; twice for two seeds.
    let spec = fine("epochs: 2\nseeds: 2");
    let run = 2 * 1297 * (3 * 3392 - 2048) + 3 * 1797 * 3392;
    assert_eq!(spec.cost(), Cost { steps: 2 * 2 * 41, multiply_adds: 2 * run, numbers: 2 * 3 * 3 });
}

#[test]
fn variants_are_told_in_one_line() {
    let spec = fine(
        "optimizers: [sgd: {momentum: 0.9}, adam, radam, radam-pytorch, ranger, adam: {schedule: cosine}, \
         adam: {eps: 1e-4}]",
    );
    let texts: Vec<String> = spec.optimizers.iter().map(OptimizerSpec::describe).collect();
    assert_eq!(texts[0], "SGD, momentum 0.9");
    assert_eq!(texts[1], "Adam, β₁ 0.9, β₂ 0.999, ε 1e-8");
    let radam = "RAdam, β₁ 0.9, β₂ 0.999, ε 1e-8, adapts when ρₜ > 4, momentum before, ε beside √v̂";
    assert_eq!(texts[2], radam);
    let ranger = "Ranger, k 6, α 0.5, β₁ 0.95, β₂ 0.999, ε 1e-5, adapts when ρₜ ≥ 5, momentum before, ε beside √v";
    assert_eq!(texts[4], format!("{ranger}, evaluated at its slow weights"));
    assert_eq!(texts[5], "Adam, β₁ 0.9, β₂ 0.999, ε 1e-8; cosine schedule");
    let labels = crate::lab::labels(&spec.optimizers);
    assert_eq!(labels[..3], ["SGD with momentum 0.9", "Adam, ε 1e-8", "RAdam"]);
    assert_eq!(labels[3..], ["RAdam (PyTorch)", "Ranger", "Adam, cosine schedule", "Adam, ε 1e-4"]);
}

#[test]
fn labels_say_in_what_variants_differ() {
    let labels = |list: &str| crate::lab::labels(&fine(&format!("optimizers: {list}")).optimizers);
    assert_eq!(
        labels("[radam: {beta2: 0.99}, radam, radam: {beta2: 0.9999}]"),
        ["RAdam, β₂ 0.99", "RAdam, β₂ 0.999", "RAdam, β₂ 0.9999"]
    );
    assert_eq!(labels("[lookahead, lookahead: {k: 10}]"), ["Lookahead (SGD), k 5", "Lookahead (SGD), k 10"]);
    assert_eq!(labels("[adam, adam: {weight_decay: 0.1}]"), ["Adam, λ 0", "Adam, λ 0.1, L2 decay"]);
    assert_eq!(labels("[radam, radam: {gate: 5}]"), ["RAdam, adapts when ρₜ > 4", "RAdam, adapts when ρₜ ≥ 5"]);
}

#[test]
fn a_method_that_is_another_one_by_its_options_stands_there_twice() {
    // Without a λ the kind of decay changes nothing, and without momentum dampening.
    for list in [
        "[adam, adam: {decay: decoupled}]",
        "[sgd, sgd: {dampening: 0.5}]",
        "[radam, radam-optax: {gate: 4}]",
        "[adamw, adam: {weight_decay: 0.01, decay: decoupled}]",
    ] {
        let (experiment, problems) = with(&format!("optimizers: {list}"));
        assert!(experiment.is_none(), "{list}");
        assert!(problems[0].message.ends_with("stands here twice with the same options"), "{problems:?}");
    }
}

#[test]
fn a_window_has_a_rate_in_it() {
    let (experiment, problems) = with("window: {rates: [1e-6, 1e-5], label: far away}");
    assert!(experiment.is_none());
    assert_eq!(problems[0].message, "none of the learning rates lies from 0.000001 to 0.00001");
    assert_eq!((problems.len(), problems[0].span.line), (1, 1), "{problems:?}");
    assert!(with("window: [0.01, 1e-1]").1.is_empty(), "its ends belong to it");
}

#[test]
fn titles_are_values_of_yaml() {
    let title = |line: &str| with(line).0.unwrap_or_else(|| panic!("{:?}", with(line).1)).title.unwrap();
    assert_eq!(title("title: 'Adam''s \"rate\" # 1'"), "Adam's \"rate\" # 1");
    assert_eq!(title("title: Four ways # was: three"), "Four ways");
    assert_eq!(title("title: >-\n  The rectification,\n  is a warm-up."), "The rectification, is a warm-up.");
}

#[test]
fn methods_without_a_schedule_are_told_too() {
    let spec = fine(
        "optimizers: [lion: {weight_decay: 0.1}, schedule-free-sgd, \
         schedule-free: {correction: vhat, weight_decay: 0.01}]",
    );
    let texts: Vec<String> = spec.optimizers.iter().map(OptimizerSpec::describe).collect();
    assert_eq!(texts[0], "Lion, β₁ 0.9, β₂ 0.99, λ 0.1");
    assert_eq!(texts[1], "Schedule-free SGD, β 0.9, evaluated at its average");
    let adamw = "Schedule-free AdamW, β 0.9, β₂ 0.999, ε 1e-8, λ 0.01, bias correction in v̂, evaluated at its average";
    assert_eq!(texts[2], adamw);
    assert_eq!(crate::lab::labels(&spec.optimizers), ["Lion", "Schedule-free SGD", "Schedule-free AdamW"]);
    assert_eq!(spec.optimizers[2].name(), "schedule-free-adamw");
    let text = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<TrainSpec>(&text).unwrap(), spec);
}
