//! Rectified linear units: max(0, x).

use super::Real;
use super::layer::{Memory, Operation, Shape};

/// max(0, x) of each number, whose slope at 0 is taken as 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relu(Shape);

impl Relu {
    pub(super) fn new(inputs: Shape) -> Self {
        Self(inputs)
    }
}

impl<S: Real> Operation<S> for Relu {
    fn outputs(&self) -> Shape {
        self.0
    }

    fn forward(&self, _theta: &[S], inputs: &[S], outputs: &mut [S], _memory: &mut Memory<S>) {
        for (output, input) in outputs.iter_mut().zip(inputs) {
            // Not `max`, which would turn NaN into 0 and hide a divergence.
            *output = if *input < S::default() { S::default() } else { *input };
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
        for ((below, input), delta) in below.iter_mut().zip(inputs).zip(delta) {
            // Read in any case: a load behind a branch keeps the compiler from using vectors.
            let delta = *delta;
            *below = if *input > S::default() { delta } else { S::default() };
        }
    }
}
