//! The layers there are, and the interface and memory that they share.

use std::fmt::Debug;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis};

use super::Real;
use super::convolution::Convolution;
use super::dense::Dense;
use super::max_pool::MaxPool;
use super::product::Panels;
use super::relu::Relu;

/// The shape `[height, width, channels]` of one sample at some place of a network, in row-major order. A vector is an
/// image of one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Rows of pixels.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
    /// Numbers of a pixel.
    pub channels: usize,
}

impl Shape {
    /// The shape of an image.
    pub const fn image(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// The shape of a vector.
    pub const fn vector(length: usize) -> Self {
        Self { height: 1, width: 1, channels: length }
    }

    /// Number of its elements.
    pub const fn size(self) -> usize {
        self.height * self.width * self.channels
    }

    /// Number of its pixels.
    pub(super) const fn pixels(self) -> usize {
        self.height * self.width
    }
}

/// A layer as an architecture names it; the shape of its input is the output of the layer before it. A new layer is a
/// file and a line in [`Layer::on`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A weighted sum of all inputs and a bias for each of so many outputs.
    Dense(usize),
    /// Weighted sums over the square of pixels around each pixel, with zeros outside the image. Its stride is 1; it
    /// keeps height and width.
    Convolution {
        /// Channels that it gives.
        channels: usize,
        /// Height and width of the square, an odd number.
        kernel: usize,
    },
    /// max(0, x) of each number.
    Relu,
    /// The largest of each channel in squares of 2 × 2 pixels; an odd last row or column is left out.
    MaxPool,
}

impl Layer {
    /// Makes the layer for samples of this shape.
    pub(super) fn on<S: Real>(self, input: Shape) -> Box<dyn Operation<S>> {
        match self {
            Layer::Dense(outputs) => Box::new(Dense::new(input, outputs)),
            Layer::Convolution { channels, kernel } => Box::new(Convolution::new(input, channels, kernel)),
            Layer::Relu => Box::new(Relu::new(input)),
            Layer::MaxPool => Box::new(MaxPool::new(input)),
        }
    }
}

/// A layer at work. It remembers nothing from batch to batch.
///
/// A batch is `[batch, size]` in row-major order, where a sample has its layer's input or output [`Shape`].
pub(super) trait Operation<S>: Debug + Send + Sync {
    /// Shape of a sample that it gives.
    fn output(&self) -> Shape;

    /// Its parameters.
    fn affine(&self) -> Affine {
        Affine::default()
    }

    /// Multiply-adds of a sample forward. The gradient of the parameters takes as many, and that of the input as well.
    fn multiply_adds(&self) -> u64 {
        0
    }

    /// Makes room in the workspace for so many samples, so that no pass allocates.
    fn reserve(&self, _samples: usize, _workspace: &mut Workspace<S>) {}

    /// Computes `output` from `input` with its own parameters; `output` holds anything before.
    fn forward(
        &self,
        params: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        output: ArrayViewMut2<'_, S>,
        workspace: &mut Workspace<S>,
    );

    /// Computes the gradients of a loss by its own parameters and, where it is wanted, by its input, from
    /// `grad_output`, the gradient by the output that [`Operation::forward`] gave for this input. Both hold anything
    /// before.
    fn backward(
        &self,
        params: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        grad_output: ArrayView2<'_, S>,
        grad_params: ArrayViewMut1<'_, S>,
        grad_input: Option<ArrayViewMut2<'_, S>>,
        workspace: &mut Workspace<S>,
    );
}

/// Parameters of weighted sums: the weights `[inputs, outputs]`, then the biases `[outputs]`.
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
    pub(super) fn split<S>(self, params: ArrayView1<'_, S>) -> (ArrayView2<'_, S>, ArrayView1<'_, S>) {
        let (weights, biases) = params.split_at(Axis(0), self.weights());
        let weights = weights.into_shape_with_order((self.inputs, self.outputs));
        (weights.expect("the weights have this size"), biases)
    }

    /// Weights and biases, to be written.
    pub(super) fn split_mut<S>(self, params: ArrayViewMut1<'_, S>) -> (ArrayViewMut2<'_, S>, ArrayViewMut1<'_, S>) {
        let (weights, biases) = params.split_at(Axis(0), self.weights());
        let weights = weights.into_shape_with_order((self.inputs, self.outputs));
        (weights.expect("the weights have this size"), biases)
    }
}

/// Memory that the layers of a network share, one after the other.
#[derive(Debug, Default)]
pub(super) struct Workspace<S> {
    /// The right side of a product.
    pub(super) panels: Panels<S>,
    /// An image of a convolution with zeros around it.
    pub(super) padded: Vec<S>,
    /// Its patches, a row for each output pixel.
    pub(super) patches: Vec<S>,
    /// The gradient by them.
    pub(super) grad_patches: Vec<S>,
}

/// Computes the sum of all rows of a matrix, from first to last: `[rows, columns]` → `[columns]`.
pub(super) fn sum_rows<S: Real>(matrix: ArrayView2<'_, S>, mut sums: ArrayViewMut1<'_, S>) {
    sums.fill(S::default());
    for row in matrix.rows() {
        sums.zip_mut_with(&row, |sum, x| *sum += *x);
    }
}
