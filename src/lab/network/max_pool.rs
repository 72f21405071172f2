//! Max-pooling over squares of 2 × 2 pixels.

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

use super::Real;
use super::layer::{Operation, Shape, Workspace};

/// The largest number of each channel in each square of 2 × 2 pixels: `[batch, height, width, channels]` →
/// `[batch, height / 2, width / 2, channels]`. An odd last row or column belongs to no square.
///
/// Of equal numbers the first one (row by row) is the largest, and the whole gradient goes to it. NaN is larger than
/// all, so that a divergence is not hidden.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaxPool {
    input: Shape,
    output: Shape,
}

impl MaxPool {
    /// # Panics
    /// When the image has no square.
    pub(super) fn new(input: Shape) -> Self {
        let output = Shape { height: input.height / 2, width: input.width / 2, ..input };
        assert!(output.size() > 0, "an image of {} × {} cannot be pooled", input.height, input.width);
        Self { input, output }
    }

    /// Where the pixels of a square begin in an image, row by row; squares are numbered as the pixels of the output.
    #[inline(always)]
    fn pixels(&self, square: usize) -> [usize; 4] {
        let Shape { width, channels, .. } = self.input;
        let (y, x) = (2 * (square / self.output.width), 2 * (square % self.output.width));
        [(y, x), (y, x + 1), (y + 1, x), (y + 1, x + 1)].map(|(y, x)| (y * width + x) * channels)
    }
}

/// Why rows can be had as slices.
const ROW_MAJOR: &str = "images are in row-major order";

impl<S: Real> Operation<S> for MaxPool {
    fn output(&self) -> Shape {
        self.output
    }

    fn forward(
        &self,
        _: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        mut output: ArrayViewMut2<'_, S>,
        _: &mut Workspace<S>,
    ) {
        let channels = self.input.channels;
        for (input, output) in input.rows().into_iter().zip(output.rows_mut()) {
            let (input, output) = (input.to_slice().expect(ROW_MAJOR), output.into_slice().expect(ROW_MAJOR));
            for (square, output) in output.chunks_exact_mut(channels).enumerate() {
                let [a, b, c, d] = self.pixels(square).map(|start| &input[start..][..channels]);
                for (channel, output) in output.iter_mut().enumerate() {
                    *output = larger(larger(larger(a[channel], b[channel]), c[channel]), d[channel]);
                }
            }
        }
    }

    fn backward(
        &self,
        _: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        grad_output: ArrayView2<'_, S>,
        _: ArrayViewMut1<'_, S>,
        grad_input: Option<ArrayViewMut2<'_, S>>,
        _: &mut Workspace<S>,
    ) {
        let Some(mut grad_input) = grad_input else { return };
        grad_input.fill(S::default());
        let channels = self.input.channels;
        for ((input, grad_output), grad_input) in
            input.rows().into_iter().zip(grad_output.rows()).zip(grad_input.rows_mut())
        {
            let (input, grad_output) = (input.to_slice().expect(ROW_MAJOR), grad_output.to_slice().expect(ROW_MAJOR));
            let grad_input = grad_input.into_slice().expect(ROW_MAJOR);
            for (square, grad_output) in grad_output.chunks_exact(channels).enumerate() {
                let starts = self.pixels(square);
                let pixels = starts.map(|start| &input[start..][..channels]);
                for (channel, grad_output) in grad_output.iter().enumerate() {
                    let best = |best: usize, next: usize| {
                        if keeps(pixels[best][channel], pixels[next][channel]) { best } else { next }
                    };
                    grad_input[starts[best(best(best(0, 1), 2), 3)] + channel] = *grad_output;
                }
            }
        }
    }
}

/// Returns whether the first of two numbers is the one that counts as the larger.
#[inline(always)]
fn keeps<S: Real>(first: S, second: S) -> bool {
    // The first is NaN when it does not equal itself; comparisons with a second that is NaN are false.
    #[expect(clippy::eq_op)]
    let nan = first != first;
    first >= second || nan
}

#[inline(always)]
fn larger<S: Real>(first: S, second: S) -> S {
    if keeps(first, second) { first } else { second }
}
