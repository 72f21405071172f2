//! What histograms of gradients say.

use super::{Curve, Interval};
use crate::lab::gradients::{GradientRun, GradientsSpec};

/// One optimizer of an experiment on gradients, in numbers over seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct GradientStatistics {
    /// Share of gradients that are exactly 0, from 0 to 1, one value a drawn step from step 1.
    pub zeros: Curve,
    /// Loss over the batch of each drawn step.
    pub batch_loss: Curve,
    /// For each drawn step the median of ln |g| over all gradients that are not 0, of all seeds together: the middle of
    /// its bin. `None` when all are 0.
    pub median_ln: Vec<Option<f64>>,
    /// Training loss after the last step.
    pub final_train_loss: Option<Interval>,
    /// Test accuracy after the last step, 0 to 1.
    pub final_accuracy: Option<Interval>,
    /// How many seeds diverged.
    pub diverged: usize,
}

impl GradientStatistics {
    /// Of one optimizer's run.
    pub fn of(spec: &GradientsSpec, run: &GradientRun) -> GradientStatistics {
        let share = |zeros: &u64| *zeros as f64 / run.parameters as f64;
        let zeros: Vec<Vec<f64>> = run.zeros.iter().map(|zeros| zeros.iter().map(share).collect()).collect();
        let wide = |losses: &Vec<f32>| losses.iter().copied().map(f64::from).collect();
        let losses: Vec<Vec<f64>> = run.batch_loss.iter().map(wide).collect();
        let final_losses: Vec<f64> = run.final_train_loss.iter().flatten().copied().map(f64::from).collect();
        let accuracies: Vec<f64> = run.final_test_accuracy.iter().flatten().copied().collect();
        GradientStatistics {
            zeros: Curve::over(&zeros),
            batch_loss: Curve::over(&losses),
            median_ln: run.counts.iter().map(|counts| Some(spec.bins.middle(median_bin(counts)?))).collect(),
            final_train_loss: Interval::of(&final_losses),
            final_accuracy: Interval::of(&accuracies).map(Interval::of_share),
            diverged: run.diverged_at.iter().flatten().count(),
        }
    }
}

/// The bin that holds the median of what is counted.
fn median_bin(counts: &[u64]) -> Option<usize> {
    let all: u64 = counts.iter().sum();
    let mut below = 0;
    let holds = |count: &u64| {
        below += count;
        2 * below >= all
    };
    if all == 0 { None } else { counts.iter().position(holds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_where_half_is_reached() {
        assert_eq!(median_bin(&[0, 2, 1, 0]), Some(1));
        assert_eq!(median_bin(&[1, 0, 1, 5]), Some(3));
        assert_eq!(median_bin(&[0, 0]), None);
    }
}
