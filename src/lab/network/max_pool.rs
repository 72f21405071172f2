//! Max-pooling over squares of 2 × 2 pixels.

use ndarray::{ArrayView1, ArrayView2, ArrayView4, ArrayViewMut1, ArrayViewMut2, Zip, s};

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
}

/// The four pixels of a square `[1, 2, 2, channels]`, each as its channels.
#[inline(always)]
fn pixels<S>(square: ArrayView4<'_, S>) -> [&[S]; 4] {
    [(0, 0), (0, 1), (1, 0), (1, 1)]
        .map(|(y, x)| square.slice_move(s![0, y, x, ..]).to_slice().expect("the channels of a pixel are side by side"))
}

impl<S: Real> Operation<S> for MaxPool {
    fn output(&self) -> Shape {
        self.output
    }

    fn forward(
        &self,
        _: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        output: ArrayViewMut2<'_, S>,
        _: &mut Workspace<S>,
    ) {
        let channels = self.input.channels;
        let (input, mut output) = (self.input.images(input), self.output.images_mut(output));
        let squares = input.exact_chunks((1, 2, 2, channels));
        Zip::from(output.exact_chunks_mut((1, 1, 1, channels))).and(squares).for_each(|output, square| {
            let [a, b, c, d] = pixels(square);
            for (channel, output) in output.into_iter().enumerate() {
                *output = larger(larger(larger(a[channel], b[channel]), c[channel]), d[channel]);
            }
        });
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
        let (input, grad_output) = (self.input.images(input), self.output.images(grad_output));
        let mut grad_input = self.input.images_mut(grad_input);
        Zip::from(grad_input.exact_chunks_mut((1, 2, 2, channels)))
            .and(input.exact_chunks((1, 2, 2, channels)))
            .and(grad_output.exact_chunks((1, 1, 1, channels)))
            .for_each(|mut grad_input, square, grad_output| {
                let pixels = pixels(square);
                for (channel, grad_output) in grad_output.iter().enumerate() {
                    let best = |best: usize, next: usize| {
                        if keeps(pixels[best][channel], pixels[next][channel]) { best } else { next }
                    };
                    let largest = best(best(best(0, 1), 2), 3);
                    grad_input[[0, largest / 2, largest % 2, channel]] = *grad_output;
                }
            });
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
