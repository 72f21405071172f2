//! What layers have in common, and the list of them.

use std::fmt::Debug;

use super::Real;
use super::convolution::Convolution;
use super::dense::Dense;
use super::max_pool::MaxPool;
use super::product::Panels;
use super::relu::Relu;

/// What one row is at some place of a network: a picture, line by line, with the channels of a pixel side by side. A vector is a picture of
/// one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Lines.
    pub height: usize,
    /// Pixels of a line.
    pub width: usize,
    /// Numbers of a pixel.
    pub channels: usize,
}

impl Shape {
    /// A picture.
    pub const fn picture(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// A vector.
    pub const fn vector(length: usize) -> Self {
        Self { height: 1, width: 1, channels: length }
    }

    /// How many numbers it is.
    pub const fn size(self) -> usize {
        self.height * self.width * self.channels
    }

    /// How many pixels it is.
    pub(super) const fn pixels(self) -> usize {
        self.height * self.width
    }
}

/// A layer as an architecture names it; the shape of its inputs is what the layer before it gives. A new layer is a file and a line in
/// [`Layer::on`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A weighted sum of all inputs and a bias for each of so many outputs.
    Dense(usize),
    /// Weighted sums over the square of pixels around each pixel; outside the picture there are zeros. It has one stride and gives a
    /// picture of the same height and width.
    Convolution {
        /// Channels that it gives.
        channels: usize,
        /// Height and width of the square, an odd number.
        kernel: usize,
    },
    /// max(0, x) of each number.
    Relu,
    /// The largest of each channel in squares of 2 × 2 pixels; an odd last line or column is left out.
    MaxPool,
}

impl Layer {
    /// The layer, ready for inputs of this shape.
    pub(super) fn on<S: Real>(self, inputs: Shape) -> Box<dyn Operation<S>> {
        match self {
            Layer::Dense(outputs) => Box::new(Dense::new(inputs, outputs)),
            Layer::Convolution { channels, kernel } => Box::new(Convolution::new(inputs, channels, kernel)),
            Layer::Relu => Box::new(Relu::new(inputs)),
            Layer::MaxPool => Box::new(MaxPool::new(inputs)),
        }
    }
}

/// A layer at work: from the values of its inputs to those of its outputs, and from the gradient by its outputs to that by its inputs and
/// by its parameters. It remembers nothing from row to row.
pub(super) trait Operation<S>: Debug + Send + Sync {
    /// What a row becomes.
    fn outputs(&self) -> Shape;

    /// Its parameters.
    fn affine(&self) -> Affine {
        Affine::default()
    }

    /// Multiply-adds of a row forward. The gradient of the parameters takes as many, and that of the inputs as well.
    fn multiply_adds(&self) -> u64 {
        0
    }

    /// Makes room in the memory for so many rows, so that no pass allocates.
    fn reserve(&self, _rows: usize, _memory: &mut Memory<S>) {}

    /// Rows of inputs → as many rows of `outputs`, which hold anything before. `theta` are its own parameters.
    fn forward(&self, theta: &[S], inputs: &[S], outputs: &mut [S], memory: &mut Memory<S>);

    /// With `delta`, the gradient of a loss by the outputs that [`Operation::forward`] gave for these inputs: its gradient by the
    /// parameters into `gradient`, and by the inputs into `below` where it is wanted; both hold anything before.
    fn backward(
        &self,
        theta: &[S],
        inputs: &[S],
        delta: &[S],
        gradient: &mut [S],
        below: Option<&mut [S]>,
        memory: &mut Memory<S>,
    );
}

/// Parameters of weighted sums: the weights, one line of `outputs` for each input, then a bias for each output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Affine {
    /// Numbers that go into one sum: the fan-in.
    pub(super) inputs: usize,
    /// Sums that share these inputs.
    pub(super) outputs: usize,
}

impl Affine {
    pub(super) fn weights(self) -> usize {
        self.inputs * self.outputs
    }

    pub(super) fn parameters(self) -> usize {
        self.weights() + self.outputs
    }

    /// Weights and biases.
    pub(super) fn split<S>(self, theta: &[S]) -> (&[S], &[S]) {
        theta.split_at(self.weights())
    }

    /// Weights and biases.
    pub(super) fn split_mut<S>(self, theta: &mut [S]) -> (&mut [S], &mut [S]) {
        theta.split_at_mut(self.weights())
    }
}

/// Memory that all layers of a network work in, one after the other.
#[derive(Debug, Default)]
pub(super) struct Memory<S> {
    /// The right side of a product.
    pub(super) panels: Panels<S>,
    /// That of another one at the same time.
    pub(super) others: Panels<S>,
    /// The inputs of each sum of a convolution, a line for each output pixel.
    pub(super) patches: Vec<S>,
    /// The gradient by them.
    pub(super) patch_deltas: Vec<S>,
    /// A gradient by weights that is a part of the whole.
    pub(super) part: Vec<S>,
}

/// The sum of all rows of a matrix, each as long as `sums`, from first to last.
pub(super) fn sum_rows<S: Real>(matrix: &[S], sums: &mut [S]) {
    sums.fill(S::default());
    for row in matrix.chunks_exact(sums.len()) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += *value);
    }
}
