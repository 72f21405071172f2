use super::super::record::tests::{record, runs, spec};
use super::*;

#[test]
fn an_interval_by_hand() {
    // 1, 2, 3, 4, 10: mean 4, median 3, variance (9 + 4 + 1 + 0 + 36) / 4 = 12.5, s/√5 = √2.5.
    let interval = Interval::of(&[10.0, 2.0, 4.0, 1.0, 3.0]).unwrap();
    assert_eq!((interval.n, interval.median, interval.mean), (5, 3.0, 4.0));
    let half = 2.776_445_105 * 2.5_f64.sqrt();
    assert!((interval.low.unwrap() - (4.0 - half)).abs() < 1e-8);
    assert!((interval.high.unwrap() - (4.0 + half)).abs() < 1e-8);
    assert_eq!(Interval::of(&[2.0]).unwrap().low, None);
    assert_eq!(Interval::of(&[]), None);
}

#[test]
fn intervals_use_the_quantiles_of_student_for_few_and_many_values() {
    // R 4: qt(0.975, c(1, 2, 9, 99)). Values −1 and 1 in turn have the mean 0 and the variance n / (n − 1).
    for (n, quantile) in [(2, 12.706_204_736), (4, 3.182_446_305), (10, 2.262_157_163), (100, 1.984_216_952)] {
        let values: Vec<f64> = (0..n).map(|at| if at % 2 == 0 { -1.0 } else { 1.0 }).collect();
        let expected = quantile / (f64::from(n) - 1.0).sqrt();
        let high = Interval::of(&values).unwrap().high.unwrap();
        assert!((high - expected).abs() < 1e-8, "{n}: {high} {expected}");
    }
}

#[test]
fn differences_are_paired_by_seed() {
    // Differences 0.02, 0.01 and 0.03: mean 0.02, s/√3 = 0.01/√3, t(2) = 4.302652730.
    let left = [Some(0.92), Some(0.71), None, Some(0.83), Some(0.5)];
    let right = [Some(0.90), Some(0.70), Some(0.9), Some(0.80), None];
    let interval = paired_difference(&left, &right).unwrap();
    assert_eq!(interval.n, 3);
    assert!((interval.mean - 0.02).abs() < 1e-12);
    assert!((interval.high.unwrap() - (0.02 + 4.302_652_730 * 0.01 / 3.0_f64.sqrt())).abs() < 1e-9);
    // The two means differ by far less than each of them spreads.
    assert!(interval.low.unwrap() > -0.005 && Interval::of(&[0.92, 0.71, 0.83]).unwrap().low.unwrap() < 0.6);
    assert_eq!(paired_difference(&[None], &[Some(1.0)]), None);
}

#[test]
fn quartiles_lie_between_neighbours() {
    let values = [1.0, 2.0, 3.0, 4.0];
    assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile(&values, q).unwrap()), [1.0, 1.75, 2.5, 3.25, 4.0]);
    assert_eq!(quantile(&[f64::INFINITY; 2], 0.5), Some(f64::INFINITY));
    assert_eq!(quantile(&[], 0.5), None);
}

/// Two optimizers, rates 0.1, 0.01 and 0.001, three seeds, two epochs of 41 steps.
fn sample() -> (TrainSpec, Vec<Run>) {
    let spec = spec("[sgd, adam]", "[0.1, 0.01, 0.001]", 2, 3);
    let mut record = record(&spec);
    let mut runs = std::mem::take(runs(&mut record));
    for run in &mut runs {
        let loss = match (run.optimizer, run.learning_rate) {
            (0, 0.1) => 0.1,
            (0, 0.01) => 0.2,
            (1, 0.01) => 0.05,
            _ => 0.5,
        } + run.seed as f32 / 1000.0;
        run.train_loss = vec![2.0, 1.0, loss];
        run.test_accuracy = vec![0.1, 0.5 + 0.2 * f64::from(run.seed), 0.9 + 0.05 * f64::from(run.seed)];
    }
    let first = &mut runs[0];
    first.diverged_at = Some(50);
    first.train_loss.pop();
    first.test_loss.pop();
    first.test_accuracy.pop();
    (spec, runs)
}

fn summed((spec, runs): &(TrainSpec, Vec<Run>)) -> Statistics {
    Statistics::of(spec, runs)
}

#[test]
fn a_diverged_run_counts_as_far_as_it_goes() {
    let statistics = summed(&sample());
    let group = statistics.group(0, 0).unwrap();
    assert_eq!((group.runs, group.diverged), (3, 1));
    assert!((group.share_diverged() - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!(group.test_accuracy.survivors, [3, 3, 2]);
    assert_eq!(group.final_accuracy.unwrap().n, 2);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    near(group.test_accuracy.median[1], 0.7);
    near(group.test_accuracy.lower[1], 0.6);
    near(group.test_accuracy.upper[1], 0.8);
    near(group.test_accuracy.mean[2], 0.975);
}

#[test]
fn the_best_rate_has_fewest_divergences_then_the_lowest_training_loss() {
    let statistics = summed(&sample());
    // SGD's 0.1 has the lower loss and one divergence.
    assert_eq!(statistics.best[0], Some(Best { rate: 1, at_edge: false }));
    assert_eq!(statistics.best[1], Some(Best { rate: 1, at_edge: false }));
    let mut edge = sample();
    edge.1.iter_mut().filter(|run| run.learning_rate == 0.001).for_each(|run| run.train_loss[2] = 0.01);
    assert_eq!(summed(&edge).best[1], Some(Best { rate: 2, at_edge: true }));
    edge.1.iter_mut().for_each(|run| run.diverged_at = Some(41));
    assert_eq!(summed(&edge).best, [None, None]);
}

#[test]
fn a_run_that_never_reaches_the_target_is_infinitely_long() {
    // Accuracies per seed: 0.5, 0.9 · 0.7, 0.95 · 0.9, 1.0; the target is 0.9, an epoch 41 steps.
    let statistics = summed(&sample());
    let target = statistics.group(1, 1).unwrap().target;
    assert_eq!(target, Target { accuracy: 0.9, reached: 3, median_steps: Some(82.0) });
    let mut slow = sample();
    slow.1.iter_mut().filter(|run| run.seed < 2).for_each(|run| *run.test_accuracy.last_mut().unwrap() = 0.89);
    let target = summed(&slow).group(1, 1).unwrap().target;
    assert_eq!((target.reached, target.median_steps), (1, None));
}
