//! Max-pooling over squares of 2 × 2 pixels.

use super::Real;
use super::layer::{Memory, Operation, Shape};

/// The largest number of each channel in each square of 2 × 2 pixels. An odd last line or column belongs to no square.
///
/// Of equal numbers the first one (line by line) is the largest, and the whole gradient goes to it. NaN is larger than all, so that a
/// divergence is not hidden.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaxPool {
    inputs: Shape,
    outputs: Shape,
}

impl MaxPool {
    /// # Panics
    /// When the picture has no square.
    pub(super) fn new(inputs: Shape) -> Self {
        let outputs = Shape { height: inputs.height / 2, width: inputs.width / 2, ..inputs };
        assert!(outputs.size() > 0, "a picture of {} × {} cannot be pooled", inputs.height, inputs.width);
        Self { inputs, outputs }
    }

    /// For each pixel of an output: where it begins there, and where the four pixels of its square begin in the input.
    fn squares(self) -> impl Iterator<Item = (usize, [usize; 4])> {
        let (channels, line) = (self.inputs.channels, self.inputs.width * self.inputs.channels);
        let of_line = move |y: usize| {
            (0..self.outputs.width).map(move |x| {
                let top = 2 * y * line + 2 * x * channels;
                ((y * self.outputs.width + x) * channels, [top, top + channels, top + line, top + line + channels])
            })
        };
        (0..self.outputs.height).flat_map(of_line)
    }
}

impl<S: Real> Operation<S> for MaxPool {
    fn outputs(&self) -> Shape {
        self.outputs
    }

    fn forward(&self, _theta: &[S], inputs: &[S], outputs: &mut [S], _memory: &mut Memory<S>) {
        let pictures = inputs.chunks_exact(self.inputs.size()).zip(outputs.chunks_exact_mut(self.outputs.size()));
        let channels = self.inputs.channels;
        for (input, output) in pictures {
            for (to, square) in self.squares() {
                let [a, b, c, d] = square.map(|from| &input[from..][..channels]);
                for (channel, output) in output[to..][..channels].iter_mut().enumerate() {
                    *output = larger(larger(larger(a[channel], b[channel]), c[channel]), d[channel]);
                }
            }
        }
    }

    fn backward(
        &self,
        _theta: &[S],
        inputs: &[S],
        delta: &[S],
        _gradient: &mut [S],
        below: Option<&mut [S]>,
        _memory: &mut Memory<S>,
    ) {
        let Some(below) = below else { return };
        below.fill(S::default());
        let pictures = inputs.chunks_exact(self.inputs.size()).zip(delta.chunks_exact(self.outputs.size()));
        for ((input, delta), below) in pictures.zip(below.chunks_exact_mut(self.inputs.size())) {
            for (from, square) in self.squares() {
                for (channel, delta) in delta[from..][..self.inputs.channels].iter().enumerate() {
                    let largest = square.into_iter().reduce(|best, next| {
                        let (kept, other) = (input[best + channel], input[next + channel]);
                        if keeps(kept, other) { best } else { next }
                    });
                    below[largest.unwrap_or(square[0]) + channel] = *delta;
                }
            }
        }
    }
}

/// Whether the first of two numbers is the one that counts as the larger.
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
