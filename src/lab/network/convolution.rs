//! A convolution with stride 1 that keeps height and width.
//!
//! Each output pixel is a weighted sum over its patch: the square of input pixels around it, with zeros outside the picture. The patches of
//! some pictures, a line for each pixel, are a matrix, and the convolution is its product with the weights (Chellapilla et al. 2006,
//! "High performance convolutional neural networks for document processing", section 3).

use super::Real;
use super::layer::{Affine, Memory, Operation, Shape, sum_rows};
use super::product::{product, product_of_transposed};

/// Pixels whose patches are laid out at once: enough for the product to be worth its preparation, few enough to stay near the processor.
const PIXELS_AT_ONCE: usize = 256;

/// Weighted sums of the pixels around each pixel. A patch is line by line, and so are the inputs of the weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Convolution {
    inputs: Shape,
    affine: Affine,
    kernel: usize,
}

/// Neighbouring numbers of a line, which are neighbours in a patch as well.
struct Run {
    picture: usize,
    patch: usize,
    length: usize,
}

impl Convolution {
    /// # Panics
    /// When the kernel is an even number: it would have no middle.
    pub(super) fn new(inputs: Shape, channels: usize, kernel: usize) -> Self {
        assert!(kernel % 2 == 1, "a kernel of {kernel} × {kernel} pixels has no middle");
        Self { inputs, affine: Affine { inputs: kernel * kernel * inputs.channels, outputs: channels }, kernel }
    }

    /// Pictures whose patches are laid out at once.
    fn pictures_at_once(&self) -> usize {
        (PIXELS_AT_ONCE / self.inputs.pixels()).max(1)
    }

    /// Numbers of the patches of so many pictures.
    fn patches(&self, pictures: usize) -> usize {
        pictures * self.inputs.pixels() * self.affine.inputs
    }

    /// What the patch around a pixel has of the picture, a run for each of its lines.
    fn runs(&self, y: usize, x: usize) -> impl Iterator<Item = Run> {
        let Shape { height, width, channels } = self.inputs;
        let (kernel, half) = (self.kernel, self.kernel / 2);
        let columns = x.saturating_sub(half)..width.min(x + half + 1);
        let lines = y.saturating_sub(half)..height.min(y + half + 1);
        lines.map(move |line| Run {
            picture: (line * width + columns.start) * channels,
            patch: ((line + half - y) * kernel + columns.start + half - x) * channels,
            length: (columns.end - columns.start) * channels,
        })
    }

    /// Lays out the patches of pictures; what lies outside stays as it is.
    fn gather<S: Real>(&self, pictures: &[S], patches: &mut [S]) {
        let pixels = (0..self.inputs.height).flat_map(|y| (0..self.inputs.width).map(move |x| (y, x)));
        let patches = patches.chunks_exact_mut(self.patches(1));
        for (picture, patches) in pictures.chunks_exact(self.inputs.size()).zip(patches) {
            for ((y, x), patch) in pixels.clone().zip(patches.chunks_exact_mut(self.affine.inputs)) {
                for Run { picture: from, patch: to, length } in self.runs(y, x) {
                    patch[to..][..length].copy_from_slice(&picture[from..][..length]);
                }
            }
        }
    }

    /// The other way: adds up in each number of a picture what all patches have in its place.
    fn scatter<S: Real>(&self, patches: &[S], pictures: &mut [S]) {
        pictures.fill(S::default());
        let pixels = (0..self.inputs.height).flat_map(|y| (0..self.inputs.width).map(move |x| (y, x)));
        let patches = patches.chunks_exact(self.patches(1));
        for (picture, patches) in pictures.chunks_exact_mut(self.inputs.size()).zip(patches) {
            for ((y, x), patch) in pixels.clone().zip(patches.chunks_exact(self.affine.inputs)) {
                for Run { picture: to, patch: from, length } in self.runs(y, x) {
                    let sums = picture[to..][..length].iter_mut();
                    sums.zip(&patch[from..][..length]).for_each(|(sum, value)| *sum += *value);
                }
            }
        }
    }
}

impl<S: Real> Operation<S> for Convolution {
    fn outputs(&self) -> Shape {
        Shape { channels: self.affine.outputs, ..self.inputs }
    }

    fn affine(&self) -> Affine {
        self.affine
    }

    fn multiply_adds(&self) -> u64 {
        (self.inputs.pixels() * self.affine.weights()) as u64
    }

    fn reserve(&self, rows: usize, memory: &mut Memory<S>) {
        let Affine { inputs, outputs } = self.affine;
        let pictures = self.pictures_at_once().min(rows);
        memory.panels.reserve(pictures * self.inputs.pixels(), outputs);
        memory.panels.reserve(inputs, outputs);
        memory.others.reserve(outputs, inputs);
        memory.patches.reserve(self.patches(pictures));
        memory.patch_deltas.reserve(self.patches(pictures));
        memory.part.reserve(self.affine.weights());
    }

    fn forward(&self, theta: &[S], inputs: &[S], outputs: &mut [S], memory: &mut Memory<S>) {
        let Memory { panels, patches, .. } = memory;
        let (weights, biases) = self.affine.split(theta);
        panels.pack(weights, self.affine.outputs);
        let pictures = self.pictures_at_once();
        zeros(patches, self.patches(pictures.min(inputs.len() / self.inputs.size())));
        let blocks = inputs.chunks(pictures * self.inputs.size());
        for (inputs, outputs) in blocks.zip(outputs.chunks_mut(pictures * self.inputs.pixels() * self.affine.outputs)) {
            let patches = &mut patches[..self.patches(inputs.len() / self.inputs.size())];
            self.gather(inputs, patches);
            product(patches, panels, Some(biases), outputs);
        }
    }

    /// ∂W = patchesᵀ·δ, ∂b = Σ over pixels of δ, ∂patches = δ·Wᵀ. Sums go over the pixels of a few pictures at once, then over those parts
    /// from first to last.
    fn backward(
        &self,
        theta: &[S],
        inputs: &[S],
        delta: &[S],
        gradient: &mut [S],
        mut below: Option<&mut [S]>,
        memory: &mut Memory<S>,
    ) {
        let Memory { panels, others, patches, patch_deltas, part } = memory;
        let (weights, biases) = self.affine.split_mut(gradient);
        weights.fill(S::default());
        sum_rows(delta, biases);
        others.pack_transposed(self.affine.split(theta).0, self.affine.outputs);
        let (pictures, rows) = (self.pictures_at_once(), inputs.len() / self.inputs.size());
        zeros(patches, self.patches(pictures.min(rows)));
        zeros(patch_deltas, self.patches(pictures.min(rows)));
        zeros(part, weights.len());
        let blocks = inputs.chunks(pictures * self.inputs.size());
        let blocks = blocks.zip(delta.chunks(pictures * self.inputs.pixels() * self.affine.outputs));
        for (block, (inputs, delta)) in blocks.enumerate() {
            let length = self.patches(inputs.len() / self.inputs.size());
            self.gather(inputs, &mut patches[..length]);
            panels.pack(delta, self.affine.outputs);
            product_of_transposed(&patches[..length], self.affine.inputs, panels, part);
            weights.iter_mut().zip(part.iter()).for_each(|(sum, part)| *sum += *part);
            if let Some(below) = &mut below {
                product(delta, others, None, &mut patch_deltas[..length]);
                let first = block * pictures * self.inputs.size();
                self.scatter(&patch_deltas[..length], &mut below[first..][..inputs.len()]);
            }
        }
    }
}

/// So many zeros; allocates only when they are more than ever before.
fn zeros<S: Real>(vector: &mut Vec<S>, length: usize) {
    vector.clear();
    vector.resize(length, S::default());
}
