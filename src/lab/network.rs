//! Networks of some layers with softmax cross-entropy, and their gradients, on one flat vector of parameters.
//!
//! Everything here has one order of operations: the same inputs give the same bits on any thread and any machine. That
//! is why the matrix product is our own ([`product`]): libraries choose a kernel by the features of the processor they
//! run on, and with it another order of sums.
//!
//! A batch is a matrix `[batch, size]` in row-major order, where a sample is an image `[height, width, channels]` or a
//! vector.

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

use std::convert::Infallible;
use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, s};

pub use architecture::Architecture;
pub use lanes::Lanes;
pub use layer::{Layer, Shape};

use architecture::operations;
use layer::{Operation, Workspace};

/// A number that a network can compute with.
pub trait Real: Lanes {
    /// eˣ, by libm so that it is the same everywhere.
    fn exp(self) -> Self;
    /// ln(1 + x), by libm.
    fn ln_1p(self) -> Self;
}

impl Real for f32 {
    fn exp(self) -> f32 {
        libm::expf(self)
    }

    fn ln_1p(self) -> f32 {
        libm::log1pf(self)
    }
}

impl Real for f64 {
    fn exp(self) -> f64 {
        libm::exp(self)
    }

    fn ln_1p(self) -> f64 {
        libm::log1p(self)
    }
}

/// Samples to learn from or to be tested on.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples<S> {
    /// The samples, `[samples, size]` in row-major order.
    pub inputs: Array2<S>,
    /// The class of each sample, from 0.
    pub labels: Vec<u8>,
}

/// How well parameters do on some samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    /// Share of samples whose largest logit is that of their class, 0 to 1.
    pub accuracy: f64,
}

/// A network and the memory that its passes work in; the parameters belong to the caller.
///
/// A layer's parameters are its weights `[inputs, outputs]`, then its biases `[outputs]`; layers follow each other. The
/// inputs of a convolution's weights are a patch `[kernel, kernel, channels]`.
#[derive(Debug)]
pub struct Network<S> {
    layers: Vec<Placed<S>>,
    /// Maximum number of samples that go through at once.
    max_batch: usize,
    /// `values[0]` is the input; `values[l + 1]` is the output of layer l, the last of them the logits: `[max_batch,
    /// size]`.
    values: Vec<Array2<S>>,
    /// Gradient of the loss by a layer's output, and by its input; they change places from layer to layer.
    grads: [Vec<S>; 2],
    workspace: Workspace<S>,
    labels: Vec<u8>,
}

/// A layer in its place.
#[derive(Debug)]
struct Placed<S> {
    operation: Box<dyn Operation<S>>,
    /// Size of a sample that goes in.
    inputs: usize,
    /// Size of a sample that comes out.
    outputs: usize,
    /// Where its parameters are in the flat vector.
    parameters: Range<usize>,
}

impl<S: Real> Network<S> {
    /// Makes a network for samples of this shape that takes up to `max_batch` of them at once. The last layer's outputs
    /// are the classes.
    ///
    /// # Panics
    /// When there is no layer, or one that does not fit the output of the one before it.
    pub fn new(inputs: Shape, layers: &[Layer], max_batch: usize) -> Self {
        assert!(!layers.is_empty(), "a network has at least one layer");
        let (mut size, mut at) = (inputs.size(), 0);
        let place = |operation: Box<dyn Operation<S>>| {
            let (inputs, outputs, first) = (size, operation.output().size(), at);
            at += operation.affine().parameters();
            size = outputs;
            Placed { operation, inputs, outputs, parameters: first..at }
        };
        let layers: Vec<Placed<S>> = operations(inputs, layers).into_iter().map(place).collect();
        let mut workspace = Workspace::default();
        layers.iter().for_each(|layer| layer.operation.reserve(max_batch, &mut workspace));
        let widest = layers.iter().map(|layer| layer.outputs).max().unwrap_or(0);
        let sizes = std::iter::once(inputs.size()).chain(layers.iter().map(|layer| layer.outputs));
        Self {
            values: sizes.map(|size| Array2::from_elem((max_batch, size), S::default())).collect(),
            grads: [(); 2].map(|()| vec![S::default(); max_batch * widest]),
            labels: vec![0; max_batch],
            layers,
            max_batch,
            workspace,
        }
    }

    /// Makes a network of dense layers with ReLU between them, of these widths (inputs, hidden layers, classes; at
    /// least two).
    pub fn dense(widths: &[usize], max_batch: usize) -> Self {
        let mut layers: Vec<Layer> = widths[1..].iter().flat_map(|width| [Layer::Dense(*width), Layer::Relu]).collect();
        layers.pop();
        Self::new(Shape::vector(widths[0]), &layers, max_batch)
    }

    /// Length of the flat vector of parameters.
    pub fn parameters(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.parameters.end)
    }

    /// Draws parameters to start from: weights by He et al. 2015 (arXiv 1502.01852), equation 10, normal with variance
    /// 2 / fan-in, which is the number of inputs of a dense layer and kernel² · channels of a convolution; biases 0.
    /// `normal` gives independent draws of the standard normal distribution; they are used in the order of the flat
    /// vector.
    pub fn he_init(&self, mut normal: impl FnMut() -> f64) -> Vec<S> {
        let mut theta = Vec::with_capacity(self.parameters());
        for affine in self.layers.iter().map(|layer| layer.operation.affine()) {
            let deviation = (2.0 / affine.inputs as f64).sqrt();
            theta.extend((0..affine.weights()).map(|_| S::from_f64(deviation * normal())));
            theta.extend((0..affine.outputs).map(|_| S::default()));
        }
        theta
    }

    /// Computes the mean loss over the chosen samples (at least one, at most `max_batch`), in nats, and into `gradient`
    /// its gradient by the parameters.
    ///
    /// # Panics
    /// When lengths do not fit, or a chosen sample does not exist.
    pub fn gradient(&mut self, theta: &[S], examples: &Examples<S>, chosen: &[u32], gradient: &mut [S]) -> f64 {
        for ((mut to, label), sample) in self.values[0].rows_mut().into_iter().zip(&mut self.labels).zip(chosen) {
            to.assign(&examples.inputs.row(*sample as usize));
            *label = examples.labels[*sample as usize];
        }
        self.forward(theta.into(), chosen.len());
        let loss = self.loss_and_grad(chosen.len());
        self.backward(theta.into(), chosen.len(), gradient.into());
        loss
    }

    /// Computes loss and accuracy over all samples.
    pub fn evaluate(&mut self, theta: &[S], examples: &Examples<S>) -> Evaluation {
        let Ok(evaluation) = self.try_evaluate(theta, examples, || Ok::<(), Infallible>(()));
        evaluation
    }

    /// Computes loss and accuracy over all samples. `check` is called before each batch of them, and its error ends
    /// the evaluation.
    ///
    /// # Errors
    /// That of `check`.
    pub fn try_evaluate<E>(
        &mut self,
        theta: &[S],
        examples: &Examples<S>,
        check: impl Fn() -> Result<(), E>,
    ) -> Result<Evaluation, E> {
        let samples = examples.labels.len();
        let (mut loss, mut right) = (0.0, 0);
        for first in (0..samples).step_by(self.max_batch) {
            check()?;
            let batch = first..samples.min(first + self.max_batch);
            self.values[0].slice_mut(s![..batch.len(), ..]).assign(&examples.inputs.slice(s![batch.clone(), ..]));
            self.forward(theta.into(), batch.len());
            for (logits, label) in self.logits(batch.len()).rows().into_iter().zip(&examples.labels[batch]) {
                loss += loss::cross_entropy(logits, *label);
                right += usize::from(loss::is_right(logits, *label));
            }
        }
        Ok(Evaluation { loss: loss / samples as f64, accuracy: right as f64 / samples as f64 })
    }

    /// The logits of the present batch, `[batch, classes]`.
    fn logits(&self, batch: usize) -> ArrayView2<'_, S> {
        self.values[self.layers.len()].slice(s![..batch, ..])
    }

    fn forward(&mut self, theta: ArrayView1<'_, S>, batch: usize) {
        for (index, Placed { operation, parameters, .. }) in self.layers.iter().enumerate() {
            let (before, after) = self.values.split_at_mut(index + 1);
            let (input, output) = (before[index].slice(s![..batch, ..]), after[0].slice_mut(s![..batch, ..]));
            operation.forward(theta.slice(s![parameters.clone()]), input, output, &mut self.workspace);
        }
    }

    /// Computes the mean loss, and its gradient by the logits into the first of `grads`.
    fn loss_and_grad(&mut self, batch: usize) -> f64 {
        let share = S::from_f64(1.0 / batch as f64);
        let logits = self.values[self.layers.len()].slice(s![..batch, ..]);
        let mut grads = matrix(&mut self.grads[0], logits.dim());
        let mut loss = 0.0;
        for ((logits, grad), label) in logits.rows().into_iter().zip(grads.rows_mut()).zip(&self.labels) {
            loss += loss::cross_entropy_and_grad(logits, *label, share, grad);
        }
        loss / batch as f64
    }

    fn backward(&mut self, theta: ArrayView1<'_, S>, batch: usize, mut gradient: ArrayViewMut1<'_, S>) {
        for (index, Placed { operation, inputs, outputs, parameters }) in self.layers.iter().enumerate().rev() {
            let [grad_output, grad_input] = &mut self.grads;
            operation.backward(
                theta.slice(s![parameters.clone()]),
                self.values[index].slice(s![..batch, ..]),
                matrix(grad_output, (batch, *outputs)).view(),
                gradient.slice_mut(s![parameters.clone()]),
                // The gradient by the first layer's input is not needed.
                (index > 0).then(|| matrix(grad_input, (batch, *inputs))),
                &mut self.workspace,
            );
            self.grads.swap(0, 1);
        }
    }
}

/// Views the first numbers of a memory as a matrix in row-major order.
fn matrix<S>(memory: &mut [S], shape: (usize, usize)) -> ArrayViewMut2<'_, S> {
    ArrayViewMut2::from_shape(shape, &mut memory[..shape.0 * shape.1]).expect("the memory has this size")
}
