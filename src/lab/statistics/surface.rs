//! What a slow step gains on average.

use super::Interval;
use crate::lab::surface::{Levels, SurfaceRun};

/// A measure at the three places of an inner loop, over all loops of all seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// At the start, which are the slow weights.
    pub start: Interval,
    /// At the last fast weights.
    pub fast: Interval,
    /// At the slow weights afterwards.
    pub slow: Interval,
    /// Slow minus fast, over loops. Loops of one seed follow each other and are not independent, so this interval is
    /// too short.
    pub gain: Interval,
    /// Slow minus fast, over seeds, each with its mean over loops: the honest interval, where there are several.
    pub gain_by_seed: Interval,
}

/// All measures; a lower loss is a negative gain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Averages {
    /// Share of test rows that are classified rightly, 0 to 1.
    pub test_accuracy: Average,
    /// The same of training rows.
    pub train_accuracy: Average,
    /// Mean cross-entropy over all test rows, in nats.
    pub test_loss: Average,
    /// The same over all training rows.
    pub train_loss: Average,
}

impl Averages {
    /// Over all inner loops that were measured to their end; `None` when there is none.
    pub fn of(runs: &[SurfaceRun]) -> Option<Averages> {
        let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<f64>>();
        Some(Averages {
            test_accuracy: Average::of(runs, |levels| levels.test_accuracy.clone())?,
            train_accuracy: Average::of(runs, |levels| levels.train_accuracy.clone())?,
            test_loss: Average::of(runs, |levels| wide(&levels.test_loss))?,
            train_loss: Average::of(runs, |levels| wide(&levels.train_loss))?,
        })
    }
}

impl Average {
    fn of(runs: &[SurfaceRun], measure: impl Fn(&Levels) -> Vec<f64>) -> Option<Average> {
        let (mut start, mut fast, mut slow, mut gain, mut by_seed) = (vec![], vec![], vec![], vec![], vec![]);
        for run in runs {
            let (slows, fasts) = (measure(&run.slow), measure(&run.fast));
            let loops = slows.len().saturating_sub(1).min(fasts.len());
            let gains: Vec<f64> = (0..loops).map(|i| slows[i + 1] - fasts[i]).collect();
            by_seed.extend(Interval::of(&gains).map(|interval| interval.mean));
            gain.extend(gains);
            start.extend(&slows[..loops]);
            fast.extend(&fasts[..loops]);
            slow.extend(&slows[slows.len() - loops..]);
        }
        Some(Average {
            start: Interval::of(&start)?,
            fast: Interval::of(&fast)?,
            slow: Interval::of(&slow)?,
            gain: Interval::of(&gain)?,
            gain_by_seed: Interval::of(&by_seed)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_are_of_the_same_loop() {
        let levels = |values: &[f64]| Levels {
            test_accuracy: values.to_vec(),
            train_accuracy: values.to_vec(),
            test_loss: values.iter().map(|x| *x as f32).collect(),
            train_loss: values.iter().map(|x| *x as f32).collect(),
        };
        let run = |seed, slow: &[f64], fast: &[f64]| SurfaceRun {
            seed,
            diverged_at: None,
            picture: None,
            slow: levels(slow),
            fast: levels(fast),
        };
        // The second run has diverged after its second fast end.
        let runs = [run(0, &[0.5, 0.75, 1.0], &[0.25, 0.5]), run(1, &[0.0, 0.25], &[0.5, 0.75])];
        let average = Averages::of(&runs).unwrap().test_accuracy;
        assert_eq!((average.start.n, average.gain.n, average.gain_by_seed.n), (3, 3, 2));
        assert_eq!(average.start.median, 0.5);
        assert_eq!(average.gain.median, 0.5);
        assert_eq!(average.gain_by_seed.mean, 0.125);
        assert_eq!(average.slow.median, 0.75);
        assert_eq!(Averages::of(&[run(0, &[0.5], &[])]), None);
    }
}
