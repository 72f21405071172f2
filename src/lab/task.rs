//! What is learned: data, network and target under one name.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::data::DataName::{self, Cifar10, Digits, FashionMnist, Mnist};
use super::network::Layer::{Convolution, Dense, MaxPool, Relu};
use super::network::{Architecture, Layer};

/// Every task there is; a new one is one line.
static TASKS: [Definition; 7] = [
    task(Digits, "digits-mlp", "handwritten digits, network 64-32-32-10", &dense(32, 32), 0.9),
    task(Digits, "digits-deep-mlp", "handwritten digits, network 64, ten times 32, 10", &DEEP, 0.9),
    task(Digits, "digits-cnn", "handwritten digits, two convolutions of 8 and 16 channels", &convolutions(8, 16), 0.9),
    task(Mnist, "mnist-mlp", "MNIST, network 784-128-64-10", &dense(128, 64), 0.97),
    task(Mnist, "mnist-cnn", "MNIST, two convolutions of 8 and 16 channels", &convolutions(8, 16), 0.98),
    task(FashionMnist, "fashion-mlp", "Fashion-MNIST, network 784-128-64-10", &dense(128, 64), 0.87),
    task(Cifar10, "cifar-cnn", "CIFAR-10, convolutions of 16 and 32 channels, 128 hidden units", &CIFAR, 0.6),
];

/// Two hidden layers and the classes.
const fn dense(first: usize, second: usize) -> [Layer; 5] {
    [Dense(first), Relu, Dense(second), Relu, Dense(10)]
}

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

/// The same with a hidden layer of 128 before the classes.
const CIFAR: [Layer; 9] = {
    let [first, _, _, second, _, _, classes] = convolutions(16, 32);
    [first, Relu, MaxPool, second, Relu, MaxPool, Dense(128), Relu, classes]
};

/// The classification of a data set by a network of these layers.
const fn task(
    data: DataName,
    name: &'static str,
    title: &'static str,
    layers: &'static [Layer],
    target: f64,
) -> Definition {
    let ((train_samples, test_samples), network) = (data.samples(), Architecture { inputs: data.shape(), layers });
    Definition { name, title, data, train_samples, test_samples, network, target }
}

/// What makes up a task.
#[derive(Debug)]
pub struct Definition {
    /// The word for it in a spec.
    pub name: &'static str,
    /// What it is, for captions, without a full stop.
    pub title: &'static str,
    /// The data set.
    pub data: DataName,
    /// Number of samples to train on.
    pub train_samples: usize,
    /// Number of samples to test on.
    pub test_samples: usize,
    /// The network that learns it.
    pub network: Architecture,
    /// Test accuracy, 0 to 1, whose first reaching is reported as "steps to target".
    pub target: f64,
}

impl Definition {
    /// Number of steps in an epoch with batches of this size; the last batch may be smaller.
    pub fn steps_per_epoch(&self, batch: u32) -> u64 {
        (self.train_samples as u64).div_ceil(u64::from(batch.max(1)))
    }

    /// Maximum number of samples in a batch: all to train on, or as many as memory allows.
    pub fn max_batch(&self) -> u32 {
        self.train_samples.min(self.network.max_batch()) as u32
    }
}

/// One of the known tasks.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Task(&'static Definition);

impl Task {
    /// Finds the task of this name.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_work_of_each_task_by_hand() {
        let expected = [
            // 64·32 + 32·32 + 32·10 weights, 32 + 32 + 10 biases.
            ("digits-mlp", 3_392 + 74, 3_392),
            ("digits-deep-mlp", 64 * 32 + 9 * 1_024 + 320 + 330, 64 * 32 + 9 * 1_024 + 320),
            // 64 pixels of 9·8, 16 of 72·16, and 2·2·16 inputs of the last layer.
            ("digits-cnn", 72 + 8 + 1_152 + 16 + 640 + 10, 64 * 72 + 16 * 1_152 + 640),
            ("mnist-mlp", 784 * 128 + 128 * 64 + 640 + 202, 784 * 128 + 128 * 64 + 640),
            // 7·7·16 inputs of the last layer.
            ("mnist-cnn", 72 + 8 + 1_152 + 16 + 7_840 + 10, 784 * 72 + 196 * 1_152 + 7_840),
            ("fashion-mlp", 784 * 128 + 128 * 64 + 640 + 202, 784 * 128 + 128 * 64 + 640),
            // 27·16, 144·32, 8·8·32·128 and 1,280 weights; 16 + 32 + 128 + 10 biases.
            ("cifar-cnn", 432 + 4_608 + 262_144 + 1_280 + 186, 1_024 * 432 + 256 * 4_608 + 262_144 + 1_280),
        ];
        for (name, parameters, multiply_adds) in expected {
            let task = Task::named(name).unwrap();
            assert_eq!((task.network.parameters(), task.network.forward()), (parameters, multiply_adds), "{name}");
        }
        assert!(expected.iter().map(|(name, ..)| *name).eq(Task::names()), "every task");
    }

    #[test]
    fn a_task_fits_its_data() {
        for task in &TASKS {
            assert_eq!((task.network.classes(), task.network.inputs), (10, task.data.shape()), "{}", task.name);
            assert_eq!((task.train_samples, task.test_samples), task.data.samples(), "{}", task.name);
            assert!(task.max_batch() >= 256 && task.max_batch() as usize <= task.train_samples, "{}", task.name);
        }
        // A sample of it takes 57,000 numbers; those of digits and MNIST fit all at once.
        let largest = |name| Task::named(name).unwrap().max_batch();
        assert_eq!((largest("digits-cnn"), largest("mnist-mlp")), (1_297, 60_000));
        assert!((1_000..2_000).contains(&largest("cifar-cnn")), "{}", largest("cifar-cnn"));
    }
}
