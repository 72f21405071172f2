//! A convolution with stride 1 that keeps height and width.
//!
//! Each output pixel is a weighted sum over its patch: the square of input pixels around it, with zeros outside the
//! image. The patches of some images, a row for each pixel, are a matrix, and the convolution is its product with the
//! weights (Chellapilla et al. 2006, "High performance convolutional neural networks for document processing", section
//! 3).

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, Ix2, SliceInfo, SliceInfoElem, s};

use super::layer::{Affine, Operation, Shape, Workspace, sum_rows};
use super::product::add_product;
use super::{Real, matrix};

/// Pixels whose patches are laid out at once: enough for the product to be worth its preparation, few enough for the
/// cache.
const PIXELS_AT_ONCE: usize = 256;

/// Weighted sums of the pixels around each pixel: `[batch, height, width, channels]` → `[batch, height, width,
/// outputs]`. A patch, and with it the input of the weights, has the order `[kernel, kernel, channels]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Convolution {
    input: Shape,
    affine: Affine,
    kernel: usize,
}

impl Convolution {
    /// # Panics
    /// When the kernel is an even number: it would have no middle.
    pub(super) fn new(input: Shape, channels: usize, kernel: usize) -> Self {
        assert!(kernel % 2 == 1, "a kernel of {kernel} × {kernel} pixels has no middle");
        Self { input, affine: Affine { inputs: kernel * kernel * input.channels, outputs: channels }, kernel }
    }

    /// Number of images whose patches are laid out at once.
    fn images_at_once(&self) -> usize {
        (PIXELS_AT_ONCE / self.input.pixels()).max(1)
    }

    /// Rows and columns of the input with zeros around it, where a column is a channel of a pixel.
    fn padded(&self) -> (usize, usize) {
        let Shape { height, width, channels } = self.input;
        (height + self.kernel - 1, (width + self.kernel - 1) * channels)
    }

    /// The part of a padded image that is the image.
    fn inside(&self) -> SliceInfo<[SliceInfoElem; 2], Ix2, Ix2> {
        let (half, Shape { height, width, channels }) = (self.kernel / 2, self.input);
        s![half..half + height, half * channels..(half + width) * channels]
    }

    /// Where each row of the patch of each pixel begins in a padded image.
    fn patches(&self) -> impl Iterator<Item = usize> {
        let (kernel, Shape { height, width, channels }, (_, row)) = (self.kernel, self.input, self.padded());
        (0..height)
            .flat_map(move |y| (0..width).flat_map(move |x| (y..y + kernel).map(move |line| line * row + x * channels)))
    }

    /// Lays out the patches of images: `[images, input]` → `[images · height · width, patch]`.
    fn gather<S: Real>(&self, images: ArrayView2<'_, S>, mut patches: ArrayViewMut2<'_, S>, padded: &mut Vec<S>) {
        let (Shape { height, width, channels }, length) = (self.input, self.kernel * self.input.channels);
        zeros(padded, self.padded());
        let patches = patches.axis_chunks_iter_mut(Axis(0), self.input.pixels());
        for (image, patches) in images.rows().into_iter().zip(patches) {
            let image = image.into_shape_with_order((height, width * channels)).expect("an image has this size");
            matrix(padded, self.padded()).slice_mut(self.inside()).assign(&image);
            let patches = patches.into_slice().expect("patches are in row-major order");
            let mut rows = patches.chunks_exact_mut(length);
            // `for_each` is a plain nested loop, where a `for` would ask at each step which loop it is in.
            self.patches().for_each(|start| {
                let row = rows.next().expect("each patch has its rows");
                row.copy_from_slice(&padded[start..][..length]);
            });
        }
    }

    /// The other way: adds up in each number of an image what all patches have in its place.
    fn scatter<S: Real>(&self, patches: ArrayView2<'_, S>, mut images: ArrayViewMut2<'_, S>, padded: &mut Vec<S>) {
        let (Shape { height, width, channels }, length) = (self.input, self.kernel * self.input.channels);
        let patches = patches.axis_chunks_iter(Axis(0), self.input.pixels());
        for (image, patches) in images.rows_mut().into_iter().zip(patches) {
            zeros(padded, self.padded());
            let patches = patches.to_slice().expect("patches are in row-major order");
            let mut rows = patches.chunks_exact(length);
            self.patches().for_each(|start| {
                let row = rows.next().expect("each patch has its rows");
                padded[start..][..length].iter_mut().zip(row).for_each(|(sum, x)| *sum += *x);
            });
            let image = image.into_shape_with_order((height, width * channels)).expect("an image has this size");
            { image }.assign(&matrix(padded, self.padded()).slice(self.inside()));
        }
    }
}

impl<S: Real> Operation<S> for Convolution {
    fn output(&self) -> Shape {
        Shape { channels: self.affine.outputs, ..self.input }
    }

    fn affine(&self) -> Affine {
        self.affine
    }

    fn multiply_adds(&self) -> u64 {
        (self.input.pixels() * self.affine.weights()) as u64
    }

    fn reserve(&self, samples: usize, workspace: &mut Workspace<S>) {
        let Affine { inputs, outputs } = self.affine;
        let pixels = self.images_at_once().min(samples) * self.input.pixels();
        workspace.panels.reserve(pixels, outputs);
        workspace.panels.reserve(inputs, outputs);
        workspace.panels.reserve(outputs, inputs);
        zeros(&mut workspace.patches, (pixels, inputs));
        zeros(&mut workspace.grad_patches, (pixels, inputs));
        zeros(&mut workspace.padded, self.padded());
    }

    fn forward(
        &self,
        params: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        output: ArrayViewMut2<'_, S>,
        workspace: &mut Workspace<S>,
    ) {
        let Workspace { panels, patches, padded, .. } = workspace;
        let (weights, biases) = self.affine.split(params);
        let (images, pixels) = (self.images_at_once(), self.input.pixels());
        let output_size = (output.len() / self.affine.outputs, self.affine.outputs);
        let mut output = output.into_shape_with_order(output_size).expect("an output is in row-major order");
        output.assign(&biases);
        let blocks = output.axis_chunks_iter_mut(Axis(0), images * pixels);
        for (input, output) in input.axis_chunks_iter(Axis(0), images).zip(blocks) {
            let mut patches = zeros(patches, (output.nrows(), self.affine.inputs));
            self.gather(input, patches.view_mut(), padded);
            add_product(patches.view(), weights, output, panels);
        }
    }

    /// ∂W = patchesᵀ·g, ∂b = Σ g over the pixels, ∂patches = g·Wᵀ, where g is `grad_output`.
    fn backward(
        &self,
        params: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        grad_output: ArrayView2<'_, S>,
        grad_params: ArrayViewMut1<'_, S>,
        mut grad_input: Option<ArrayViewMut2<'_, S>>,
        workspace: &mut Workspace<S>,
    ) {
        let Workspace { panels, patches, grad_patches, padded } = workspace;
        let (mut grad_weights, grad_biases) = self.affine.split_mut(grad_params);
        let (images, pixels, Affine { inputs, outputs }) = (self.images_at_once(), self.input.pixels(), self.affine);
        let grad_output = grad_output.into_shape_with_order((grad_output.len() / outputs, outputs));
        let grad_output = grad_output.expect("a gradient is in row-major order");
        grad_weights.fill(S::default());
        sum_rows(grad_output, grad_biases);
        let blocks = grad_output.axis_chunks_iter(Axis(0), images * pixels);
        for (block, (input, grad_output)) in input.axis_chunks_iter(Axis(0), images).zip(blocks).enumerate() {
            let mut patches = zeros(patches, (grad_output.nrows(), inputs));
            self.gather(input, patches.view_mut(), padded);
            add_product(patches.t(), grad_output, grad_weights.view_mut(), panels);
            if let Some(grad_input) = &mut grad_input {
                let mut grad_patches = zeros(grad_patches, (grad_output.nrows(), inputs));
                add_product(grad_output, self.affine.split(params).0.t(), grad_patches.view_mut(), panels);
                let first = block * images;
                let grad_input = grad_input.slice_mut(s![first..first + input.nrows(), ..]);
                self.scatter(grad_patches.view(), grad_input, padded);
            }
        }
    }
}

/// A matrix of zeros; allocates only when it is larger than any before.
fn zeros<S: Real>(memory: &mut Vec<S>, shape: (usize, usize)) -> ArrayViewMut2<'_, S> {
    memory.clear();
    memory.resize(shape.0 * shape.1, S::default());
    matrix(memory, shape)
}
