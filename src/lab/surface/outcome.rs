//! What comes out of the experiment `surface`.

use serde::{Deserialize, Serialize};

/// What came out from one seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceRun {
    /// Seed, from 0.
    pub seed: u32,
    /// The step, from 1 and counted from the start of training, at which a loss was no finite number any more; nothing
    /// after it is measured.
    pub diverged_at: Option<u64>,
    /// The first inner loop; none when it diverged, and when its weights lie on one line and span no plane.
    pub picture: Option<Picture>,
    /// The slow weights: at the start, then after each inner loop.
    pub slow: Levels,
    /// The fast weights at the end of each inner loop, before they are set back.
    pub fast: Levels,
}

/// An inner loop, seen on the plane through its first, its middle (step ⌊k/2⌋) and its last fast weights.
///
/// Coordinates are Euclidean distances between weights. The origin is the first weights; the first axis points to the
/// last weights; the second stands upright on it, on the side of the middle weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// First coordinates of the grid, rising.
    pub x: Vec<f64>,
    /// Second coordinates of the grid, rising.
    pub y: Vec<f64>,
    /// Share of test rows that are classified rightly at each place, 0 to 1: all x of the first y, then all of the
    /// next.
    pub test_accuracy: Vec<f64>,
    /// The same of training rows.
    pub train_accuracy: Vec<f64>,
    /// The fast weights from first to last.
    pub fast: Track,
    /// The slow weights: at the start, after the loop, and after the loop that follows.
    pub slow: Track,
    /// The inner method from the last fast weights on, as if there were no Lookahead.
    pub inner: Track,
    /// The fast weights of the next inner loop, from the slow weights on.
    pub next: Track,
}

/// Weights one after the other, as they are: the plane's point below them may do better or worse.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// First coordinates of their projections.
    pub x: Vec<f64>,
    /// Second coordinates.
    pub y: Vec<f64>,
    /// Their distances from the plane.
    pub off: Vec<f64>,
    /// Share of test rows that they classify rightly, 0 to 1.
    pub test_accuracy: Vec<f64>,
    /// The same of training rows.
    pub train_accuracy: Vec<f64>,
}

/// How well weights do, one value a measurement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Mean cross-entropy over all training rows, in nats.
    pub train_loss: Vec<f32>,
    /// Mean cross-entropy over all test rows, in nats.
    pub test_loss: Vec<f32>,
    /// Share of training rows that are classified rightly, 0 to 1.
    pub train_accuracy: Vec<f64>,
    /// Share of test rows that are classified rightly, 0 to 1.
    pub test_accuracy: Vec<f64>,
}
