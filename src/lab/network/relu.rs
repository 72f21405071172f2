//! Rectified linear units: max(0, x).

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Zip};

use super::Real;
use super::layer::{Operation, Shape, Workspace};

/// max(0, x) of each number, whose slope at 0 is taken as 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relu(Shape);

impl Relu {
    pub(super) fn new(input: Shape) -> Self {
        Self(input)
    }
}

impl<S: Real> Operation<S> for Relu {
    fn output(&self) -> Shape {
        self.0
    }

    fn forward(
        &self,
        _: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        output: ArrayViewMut2<'_, S>,
        _: &mut Workspace<S>,
    ) {
        // Not `max`, which would turn NaN into 0 and hide a divergence.
        Zip::from(output).and(input).for_each(|output, x| *output = if *x < S::default() { S::default() } else { *x });
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
        let Some(grad_input) = grad_input else { return };
        Zip::from(grad_input).and(input).and(grad_output).for_each(|grad_input, input, grad_output| {
            // Read in any case: a load behind a branch keeps the compiler from using vectors.
            let grad_output = *grad_output;
            *grad_input = if *input > S::default() { grad_output } else { S::default() };
        });
    }
}
