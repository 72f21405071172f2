//! Networks of some layers with softmax cross-entropy, and their gradients, on one flat vector of parameters.
//!
//! Everything here has one order of operations: the same inputs give the same bits on any thread and any machine. That is why
//! the matrix product is our own ([`product`]): libraries choose a kernel by the features of the processor they run on, and with it
//! another order of sums or a fused multiplication.

mod architecture;
mod convolution;
mod dense;
mod lanes;
mod layer;
mod loss;
mod max_pool;
mod product;
mod relu;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use architecture::Architecture;
pub use lanes::Lanes;
pub use layer::{Layer, Shape};

use architecture::operations;
use layer::{Memory, Operation};

/// A number that a network can compute with.
pub trait Real: Lanes {
    /// eˣ, by libm so that it is the same everywhere.
    fn exp(self) -> Self;
    /// Natural logarithm, by libm.
    fn ln(self) -> Self;
}

impl Real for f32 {
    fn exp(self) -> f32 {
        libm::expf(self)
    }

    fn ln(self) -> f32 {
        libm::logf(self)
    }
}

impl Real for f64 {
    fn exp(self) -> f64 {
        libm::exp(self)
    }

    fn ln(self) -> f64 {
        libm::log(self)
    }
}

/// Rows to learn from or to be tested on.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples<S> {
    /// The inputs of all rows, one row after the other.
    pub inputs: Vec<S>,
    /// The class of each row, from 0.
    pub labels: Vec<u8>,
}

/// How well parameters do on some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    /// Share of rows whose largest output is that of their class, 0 to 1.
    pub accuracy: f64,
}

/// A network, and the memory that its passes work in; the parameters belong to the caller.
///
/// A layer's parameters are its weights, one line of outputs for each input, then its biases; layers follow each other. What goes into a
/// convolution's weights is a patch, line by line with the channels of a pixel side by side.
#[derive(Debug)]
pub struct Network<S> {
    layers: Vec<Placed<S>>,
    /// Most rows that go through at once.
    rows: usize,
    /// `values[0]` are inputs; `values[l + 1]` are what layer l gives, the last of them the logits.
    values: Vec<Vec<S>>,
    /// Gradient of the loss by what a layer gives, and by what goes into it; they change places from layer to layer.
    deltas: [Vec<S>; 2],
    memory: Memory<S>,
    labels: Vec<u8>,
}

/// A layer in its place.
#[derive(Debug)]
struct Placed<S> {
    operation: Box<dyn Operation<S>>,
    /// Numbers of a row that go in.
    inputs: usize,
    /// Numbers of a row that come out.
    outputs: usize,
    /// Where its parameters are in the flat vector.
    parameters: Range<usize>,
}

impl<S: Real> Network<S> {
    /// A network for rows of this shape that takes up to `rows` of them at once. The last layer's outputs are the classes.
    ///
    /// # Panics
    /// When there is no layer, or one that cannot be laid over what the one before it gives.
    pub fn new(inputs: Shape, layers: &[Layer], rows: usize) -> Self {
        assert!(!layers.is_empty(), "a network has at least one layer");
        let (mut size, mut at) = (inputs.size(), 0);
        let place = |operation: Box<dyn Operation<S>>| {
            let (inputs, outputs, first) = (size, operation.outputs().size(), at);
            at += operation.affine().parameters();
            size = outputs;
            Placed { operation, inputs, outputs, parameters: first..at }
        };
        let layers: Vec<Placed<S>> = operations(inputs, layers).into_iter().map(place).collect();
        let mut memory = Memory::default();
        layers.iter().for_each(|layer| layer.operation.reserve(rows, &mut memory));
        let widest = layers.iter().map(|layer| layer.outputs).max().unwrap_or(0);
        let sizes = std::iter::once(inputs.size()).chain(layers.iter().map(|layer| layer.outputs));
        Self {
            values: sizes.map(|size| vec![S::default(); rows * size]).collect(),
            deltas: [(); 2].map(|()| vec![S::default(); rows * widest]),
            labels: vec![0; rows],
            layers,
            rows,
            memory,
        }
    }

    /// A network of dense layers with ReLU between them, of these widths (inputs, hidden layers, classes; at least two).
    pub fn dense(widths: &[usize], rows: usize) -> Self {
        let mut layers: Vec<Layer> = widths[1..].iter().flat_map(|width| [Layer::Dense(*width), Layer::Relu]).collect();
        layers.pop();
        Self::new(Shape::vector(widths[0]), &layers, rows)
    }

    /// Length of the flat vector of parameters.
    pub fn parameters(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.parameters.end)
    }

    /// Parameters to start from: weights by He et al. 2015 (arXiv 1502.01852), equation 10, normal with variance 2 / fan-in, which is the
    /// number of inputs of a dense layer and kernel² · channels of a convolution; biases 0. `normal` gives independent draws of the
    /// standard normal distribution; they are used in the order of the flat vector.
    pub fn he_init(&self, mut normal: impl FnMut() -> f64) -> Vec<S> {
        let mut theta = Vec::with_capacity(self.parameters());
        for affine in self.layers.iter().map(|layer| layer.operation.affine()) {
            let deviation = (2.0 / affine.inputs as f64).sqrt();
            theta.extend((0..affine.weights()).map(|_| S::from_f64(deviation * normal())));
            theta.extend((0..affine.outputs).map(|_| S::default()));
        }
        theta
    }

    /// Mean loss over the chosen rows (at least one, at most the network's `rows`), and its gradient by the parameters into `gradient`.
    ///
    /// # Panics
    /// When lengths do not fit, or a chosen row does not exist.
    pub fn gradient(&mut self, theta: &[S], examples: &Examples<S>, chosen: &[u32], gradient: &mut [S]) -> f64 {
        let rows = chosen.len();
        self.gather(examples, chosen.iter().map(|row| *row as usize));
        self.forward(theta, rows);
        let loss = self.loss_and_delta(rows);
        self.backward(theta, rows, gradient);
        loss
    }

    /// Loss and accuracy over all rows.
    pub fn evaluate(&mut self, theta: &[S], examples: &Examples<S>) -> Evaluation {
        let all = examples.labels.len();
        let (mut loss, mut right) = (0.0, 0);
        for first in (0..all).step_by(self.rows) {
            let rows = self.rows.min(all - first);
            self.gather(examples, first..first + rows);
            self.forward(theta, rows);
            let classes = self.classes();
            for (logits, label) in self.logits(rows).chunks_exact(classes).zip(&self.labels) {
                loss += loss::cross_entropy(logits, *label);
                right += usize::from(loss::is_right(logits, *label));
            }
        }
        Evaluation { loss: loss / all as f64, accuracy: right as f64 / all as f64 }
    }

    fn classes(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.outputs)
    }

    fn logits(&self, rows: usize) -> &[S] {
        self.values.last().map_or(&[][..], |logits| &logits[..rows * self.classes()])
    }

    /// Copies rows into the first layer's inputs.
    fn gather(&mut self, examples: &Examples<S>, chosen: impl Iterator<Item = usize>) {
        let width = self.layers[0].inputs;
        for ((to, label), row) in self.values[0].chunks_exact_mut(width).zip(&mut self.labels).zip(chosen) {
            to.copy_from_slice(&examples.inputs[row * width..][..width]);
            *label = examples.labels[row];
        }
    }

    fn forward(&mut self, theta: &[S], rows: usize) {
        for (index, Placed { operation, inputs, outputs, parameters }) in self.layers.iter().enumerate() {
            let (before, after) = self.values.split_at_mut(index + 1);
            let (inputs, outputs) = (&before[index][..rows * inputs], &mut after[0][..rows * outputs]);
            operation.forward(&theta[parameters.clone()], inputs, outputs, &mut self.memory);
        }
    }

    /// Mean loss, and its gradient by the logits into the first delta.
    fn loss_and_delta(&mut self, rows: usize) -> f64 {
        let classes = self.classes();
        let share = S::from_f64(1.0 / rows as f64);
        let mut loss = 0.0;
        let Some(logits) = self.values.last() else { return loss };
        let rows_of_logits =
            logits[..rows * classes].chunks_exact(classes).zip(self.deltas[0].chunks_exact_mut(classes));
        for ((logits, delta), label) in rows_of_logits.zip(&self.labels) {
            loss += loss::cross_entropy_and_delta(logits, *label, share, delta);
        }
        loss / rows as f64
    }

    fn backward(&mut self, theta: &[S], rows: usize, gradient: &mut [S]) {
        for (index, Placed { operation, inputs, outputs, parameters }) in self.layers.iter().enumerate().rev() {
            let [delta, below] = &mut self.deltas;
            let delta = &delta[..rows * outputs];
            // Nobody asks for the gradient by the first layer's inputs.
            let below = (index > 0).then(|| &mut below[..rows * inputs]);
            let (theta, gradient) = (&theta[parameters.clone()], &mut gradient[parameters.clone()]);
            operation.backward(theta, &self.values[index][..rows * inputs], delta, gradient, below, &mut self.memory);
            self.deltas.swap(0, 1);
        }
    }
}
