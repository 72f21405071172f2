//! A dense layer: output = input·W + b.

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

use super::Real;
use super::layer::{Affine, Operation, Shape, Workspace, sum_rows};
use super::product::add_product;

/// Weighted sums of all inputs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dense(Affine);

impl Dense {
    pub(super) fn new(input: Shape, outputs: usize) -> Self {
        Self(Affine { inputs: input.size(), outputs })
    }
}

impl<S: Real> Operation<S> for Dense {
    fn output(&self) -> Shape {
        Shape::vector(self.0.outputs)
    }

    fn affine(&self) -> Affine {
        self.0
    }

    fn multiply_adds(&self) -> u64 {
        self.0.weights() as u64
    }

    fn reserve(&self, samples: usize, workspace: &mut Workspace<S>) {
        let Affine { inputs, outputs } = self.0;
        workspace.panels.reserve(inputs, outputs);
        workspace.panels.reserve(outputs, inputs);
        workspace.panels.reserve(samples, outputs);
    }

    fn forward(
        &self,
        params: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        mut output: ArrayViewMut2<'_, S>,
        workspace: &mut Workspace<S>,
    ) {
        let (weights, biases) = self.0.split(params);
        output.assign(&biases);
        add_product(input, weights, output, &mut workspace.panels);
    }

    /// ∂W = inputᵀ·g, ∂b = Σ g over the batch, ∂input = g·Wᵀ, where g is `grad_output`.
    fn backward(
        &self,
        params: ArrayView1<'_, S>,
        input: ArrayView2<'_, S>,
        grad_output: ArrayView2<'_, S>,
        grad_params: ArrayViewMut1<'_, S>,
        grad_input: Option<ArrayViewMut2<'_, S>>,
        workspace: &mut Workspace<S>,
    ) {
        let (mut grad_weights, grad_biases) = self.0.split_mut(grad_params);
        grad_weights.fill(S::default());
        add_product(input.t(), grad_output, grad_weights, &mut workspace.panels);
        sum_rows(grad_output, grad_biases);
        if let Some(mut grad_input) = grad_input {
            grad_input.fill(S::default());
            add_product(grad_output, self.0.split(params).0.t(), grad_input, &mut workspace.panels);
        }
    }
}
