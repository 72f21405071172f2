use super::super::kind::tests::{all_complain, complaints, digits, spec};
use super::super::run::run;
use super::super::spec::{Outcome, Spec};
use super::super::statistics::GradientStatistics;
use super::*;
use crate::optim::Schedule;

const BASE: &str = "experiment: gradients\ntask: digits-mlp\noptimizers: [adam]\nlearning_rate: 0.03\n";

fn read(text: &str) -> GradientsSpec {
    match spec(text) {
        Spec::Gradients(spec) => spec,
        other => panic!("{other:?}"),
    }
}

fn runs(text: &str) -> (GradientsSpec, Vec<GradientRun>) {
    let record = run(&spec(text), &digits(), 2, &()).unwrap();
    match record.outcome {
        Outcome::Gradients(runs) => (read(text), runs),
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let spec = read(BASE);
    assert_eq!((spec.batch, spec.steps, spec.drawn, spec.seeds), (32, 600, 100, 10));
    assert_eq!(spec.bins, Bins { from: -30.0, to: 2.0, width: 0.5 });
    assert_eq!(spec.bins.len(), 64);
    let short = read(&format!("{BASE}steps: 20\n"));
    assert_eq!(short.drawn, 20, "no more are drawn than made");
    let warm = read(&BASE.replace("[adam]", "[adam: {schedule: {name: warmup-linear, steps: 100}}, radam]"));
    assert_eq!(warm.optimizers[0].schedule, Schedule::WarmupLinear { steps: 100 });
    assert_eq!(read(&format!("{BASE}bins: {{from: -3, width: 0.1}}\n")).bins, Bins { from: -3.0, to: 2.0, width: 0.1 });
}

#[test]
fn problems_stand_where_they_are() {
    all_complain(
        BASE,
        &[
            ("task: cats", "1:7 there is no task `cats`", "there are: digits-mlp"),
            ("optimizers: [radm]", "1:14 there is no optimizer `radm`", "did you mean `radam`?"),
            ("learning_rate: -0.1", "1:16 expected a number above 0, found `-0.1`", ""),
            ("learning_rate: NaN", "1:16 expected a number above 0, found `NaN`", ""),
            (
                "learning_rates: [0.1]",
                "1:1 unknown key `learning_rates` in an experiment",
                "did you mean `learning_rate`?",
            ),
            ("seeds: 0", "1:8 `0` is no number of seeds", "from 1 to 100"),
            ("steps: 0", "1:8 `0` is no number of steps", ""),
            ("drawn: 601", "1:8 601 steps cannot be drawn of 600 that are made", "more `steps`"),
            ("drawn: 1001", "1:8 1001 drawn steps are more than the limit of 1000", "smaller"),
            ("bins: {width: 0}", "1:15 expected a number above 0, found `0`", ""),
            ("bins: {width: 0.3}", "1:7 from -30 to 2 there are 106.6", "a whole number of bins, from 1 to 400"),
            ("bins: {to: -31}", "1:7 from -30 to -31 there are -2 bins", "from 1 to 400"),
            ("bins: {width: 0.01}", "1:7 from -30 to 2 there are 3200 bins", "from 1 to 400"),
            ("bins: {form: -30}", "1:8 unknown key `form` in the bins", "did you mean `from`?"),
            (
                "figures: [curves]",
                "1:11 `curves` is a figure of other experiments than `gradients`",
                "histogram, zeros, table",
            ),
        ],
    );
}

#[test]
fn what_is_too_large_is_told_with_its_limit() {
    let large = BASE.replace("digits-mlp", "digits-deep-mlp");
    let found =
        complaints(&format!("{}seeds: 100\n", large.replace("[adam]", "[sgd, adam, radam, lion]")), "steps: 100000");
    assert!(found[0].0.contains("400 runs of 100000 steps, about 41"), "{found:?}");
    assert!(found[0].1.contains("fewer steps, drawn steps"), "{found:?}");
    let found = complaints(
        &format!("{}steps: 1000\nbins: {{width: 0.08}}\n", BASE.replace("[adam]", "[sgd, adam]")),
        "drawn: 1000",
    );
    assert!(found[0].0.contains("it would hold 844060 numbers, where the limit is 500000"), "{found:?}");
}

#[test]
fn cost_by_hand() {
    // 3392 weights, 2048 of them in the first layer; 5 steps of 32 rows, one evaluation of 1797, 3 counted steps of
    // 3466 logarithms, of biases too.
    let spec = read(&format!("{BASE}steps: 5\ndrawn: 3\nseeds: 2\n"));
    let run = 5 * 32 * (3 * 3392 - 2048) + 1797 * 3392 + 3 * 100 * 3466;
    assert_eq!(spec.cost(), Cost { steps: 10, multiply_adds: 2 * run, numbers: 2 * 9 + 3 * 66 });
}

#[test]
fn bins_have_their_lower_edge() {
    let bins = Bins { from: -2.0, to: 1.0, width: 0.5 };
    assert_eq!(bins.len(), 6);
    let index = |ln: f64| bins.index(-libm::exp(ln) as f32);
    assert_eq!(
        [-100.0, -2.01, -1.99, -1.51, -1.49, 0.49, 0.51, 0.99, 1.01, 80.0].map(index),
        [0, 0, 1, 1, 2, 5, 6, 6, 7, 7]
    );
    // ln 1 is exactly 0, an edge.
    assert_eq!((bins.index(1.0), bins.index(f32::from_bits(1))), (5, 0));
    assert_eq!([0, 1, 6, 7].map(|index| bins.middle(index)), [-2.0, -1.75, 0.75, 1.0]);
    let tenths = Bins { from: -3.0, to: 2.0, width: 0.1 };
    assert_eq!((tenths.len(), tenths.index(1.999_999_9_f64.exp() as f32)), (50, 50));
}

#[test]
fn every_gradient_is_counted_once() {
    let text = format!("{BASE}steps: 6\ndrawn: 4\nseeds: 3\noptimizers: [sgd, adam]\n").replacen(
        "optimizers: [adam]\n",
        "",
        1,
    );
    let (spec, runs) = runs(&text);
    assert_eq!(runs.len(), 2);
    for run in &runs {
        // 64·32 + 32 + 32·32 + 32 + 32·10 + 10.
        assert_eq!((run.parameters, run.zeros.len(), run.counts.len()), (3466, 3, 4));
        for step in 0..4 {
            let zeros: u64 = run.zeros.iter().map(|zeros| zeros[step]).sum();
            assert_eq!(run.counts[step].iter().sum::<u64>() + zeros, 3 * 3466);
        }
        assert!(spec.is_whole(run));
    }
    // The first gradient is taken at the common start, and no later one at a common place.
    assert_eq!(runs[0].counts[0], runs[1].counts[0]);
    assert_eq!(runs[0].batch_loss[2][0], runs[1].batch_loss[2][0]);
    assert!(runs[0].counts[1] != runs[1].counts[1] && runs[0].zeros[0] != runs[0].zeros[1]);
}

#[test]
fn counts_are_those_of_the_gradient() {
    let (spec, runs) = runs(&format!("{BASE}steps: 1\nseeds: 1\n"));
    let digits = digits();
    let set = digits.get(spec.task.data).unwrap();
    let (mut trainer, theta) = Trainer::new(spec.task, &set, 0, 32);
    let loss = trainer.gradient(&theta) as f32;
    let mut counts = vec![0; 66];
    // The same by edges of |g| in place of logarithms.
    let bin = |g: f32| (0..65).filter(|edge| f64::from(g.abs()).ln() >= -30.0 + 0.5 * f64::from(*edge)).count();
    trainer.gradient.iter().filter(|g| **g != 0.0).for_each(|g| counts[bin(*g)] += 1);
    let zeros = trainer.gradient.iter().filter(|g| **g == 0.0).count() as u64;
    assert_eq!((&runs[0].counts[0], runs[0].zeros[0][0], runs[0].batch_loss[0][0]), (&counts, zeros, loss));
    // Pixels that are dark in all training rows have 32 weights each, and are three or four of 64.
    assert!((96..=200).contains(&zeros), "{zeros}");
}

#[test]
fn a_divergence_is_a_result() {
    let text = BASE.replace("[adam]", "[sgd]").replace("0.03", "1e30");
    let (spec, runs) = runs(&format!("{text}steps: 20\ndrawn: 10\nseeds: 2\n"));
    let run = &runs[0];
    for seed in 0..2 {
        let step = run.diverged_at[seed].unwrap();
        assert!((2..=4).contains(&step) && run.zeros[seed].len() as u64 == step - 1, "{run:?}");
    }
    assert_eq!((&run.final_train_loss, &run.final_test_accuracy), (&vec![None, None], &vec![None, None]));
    let statistics = GradientStatistics::of(&spec, run);
    assert_eq!((statistics.diverged, statistics.final_accuracy), (2, None));
    assert!(statistics.zeros.median.len() < 4);
}

#[test]
fn statistics_by_hand() {
    let spec = read(&format!("{BASE}steps: 2\ndrawn: 2\nseeds: 3\nbins: {{from: -1, to: 1, width: 1}}\n"));
    let run = GradientRun {
        optimizer: 0,
        parameters: 10,
        diverged_at: vec![None, None, Some(2)],
        final_train_loss: vec![Some(0.5), Some(1.5), None],
        final_test_accuracy: vec![Some(0.5), Some(1.0), None],
        batch_loss: vec![vec![2.0, 1.0], vec![3.0, 2.0], vec![4.0]],
        zeros: vec![vec![1, 10], vec![2, 10], vec![5]],
        counts: vec![vec![5, 7, 8, 2], vec![0, 0, 0, 0]],
    };
    assert!(spec.is_whole(&run));
    let found = GradientStatistics::of(&spec, &run);
    assert_eq!((found.zeros.median.as_slice(), found.zeros.survivors.as_slice()), (&[0.2, 1.0][..], &[3, 2][..]));
    // The median of 22 is the eleventh: five are below the bins, seven in the first.
    assert_eq!(found.median_ln, [Some(-0.5), None]);
    assert_eq!(
        (found.final_accuracy.unwrap().mean, found.final_train_loss.unwrap().mean, found.diverged),
        (0.75, 1.0, 1)
    );
    assert_eq!(found.batch_loss.median, [3.0, 1.5]);
}
