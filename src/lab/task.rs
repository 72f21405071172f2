//! What is learned: data, network and target under one name.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::network::Layer::{Convolution, Dense, MaxPool, Relu};
use super::network::{Architecture, Layer, Shape};

/// Every task there is; a new one is one line.
static TASKS: [Definition; 3] = [
    digits("digits-mlp", "handwritten digits, network 64-32-32-10", &[Dense(32), Relu, Dense(32), Relu, Dense(10)]),
    digits("digits-deep-mlp", "handwritten digits, network 64, ten times 32, 10", &DEEP),
    digits(
        "digits-cnn",
        "handwritten digits, two convolutions of 8 and 16 channels, each with max-pooling",
        &convolutions(8, 16),
    ),
];

/// Ten hidden layers of 32, and the classes.
const DEEP: [Layer; 21] = {
    let mut layers = [Relu; 21];
    let mut hidden = 0;
    while hidden < 10 {
        layers[2 * hidden] = Dense(32);
        hidden += 1;
    }
    layers[20] = Dense(10);
    layers
};

/// Two convolutions of 3 × 3 with so many channels, each with ReLU and max-pooling, and the classes.
const fn convolutions(first: usize, second: usize) -> [Layer; 7] {
    let (first, second) = (Convolution { channels: first, kernel: 3 }, Convolution { channels: second, kernel: 3 });
    [first, Relu, MaxPool, second, Relu, MaxPool, Dense(10)]
}

/// A classification of the digits.
const fn digits(name: &'static str, title: &'static str, layers: &'static [Layer]) -> Definition {
    let network = Architecture { inputs: Shape::picture(8, 8, 1), layers };
    Definition { name, title, data: "digits", train_rows: 1297, test_rows: 500, network, target: 0.9 }
}

/// What makes up a task.
#[derive(Debug)]
pub struct Definition {
    /// The word for it in a spec.
    pub name: &'static str,
    /// What it is, for captions, without a full stop.
    pub title: &'static str,
    /// Name of the data set.
    pub data: &'static str,
    /// Number of rows to train on.
    pub train_rows: usize,
    /// Number of rows to test on.
    pub test_rows: usize,
    /// The network that learns it.
    pub network: Architecture,
    /// Test accuracy, 0 to 1, whose first reaching is reported as "steps to target".
    pub target: f64,
}

impl Definition {
    /// Number of steps in an epoch with batches of this size; the last batch may be smaller.
    pub fn steps_per_epoch(&self, batch: u32) -> u64 {
        (self.train_rows as u64).div_ceil(u64::from(batch.max(1)))
    }

    /// The largest batch: all rows, or as many as memory is spent on.
    pub fn most_batch(&self) -> u32 {
        self.train_rows.min(self.network.most_rows()) as u32
    }
}

/// One of the known tasks.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Task(&'static Definition);

impl Task {
    /// The task of this name.
    pub fn named(name: &str) -> Option<Task> {
        TASKS.iter().find(|task| task.name == name).map(Task)
    }

    /// The names of all tasks.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TASKS.iter().map(|task| task.name)
    }
}

impl Deref for Task {
    type Target = Definition;

    fn deref(&self) -> &Definition {
        self.0
    }
}

impl PartialEq for Task {
    fn eq(&self, other: &Task) -> bool {
        self.name == other.name
    }
}

impl From<Task> for &'static str {
    fn from(task: Task) -> &'static str {
        task.0.name
    }
}

impl TryFrom<String> for Task {
    type Error = String;

    fn try_from(name: String) -> Result<Task, String> {
        Task::named(&name).ok_or_else(|| format!("there is no task `{name}`"))
    }
}
