//! A dense layer: outputs = inputs·W + b.

use super::Real;
use super::layer::{Affine, Memory, Operation, Shape, sum_rows};
use super::product::{product, product_of_transposed};

/// Weighted sums of all inputs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dense(Affine);

impl Dense {
    pub(super) fn new(inputs: Shape, outputs: usize) -> Self {
        Self(Affine { inputs: inputs.size(), outputs })
    }
}

impl<S: Real> Operation<S> for Dense {
    fn outputs(&self) -> Shape {
        Shape::vector(self.0.outputs)
    }

    fn affine(&self) -> Affine {
        self.0
    }

    fn multiply_adds(&self) -> u64 {
        self.0.weights() as u64
    }

    fn reserve(&self, rows: usize, memory: &mut Memory<S>) {
        let Affine { inputs, outputs } = self.0;
        memory.panels.reserve(inputs, outputs);
        memory.panels.reserve(outputs, inputs);
        memory.panels.reserve(rows, outputs);
    }

    fn forward(&self, theta: &[S], inputs: &[S], outputs: &mut [S], memory: &mut Memory<S>) {
        let (weights, biases) = self.0.split(theta);
        memory.panels.pack(weights, self.0.outputs);
        product(inputs, &memory.panels, Some(biases), outputs);
    }

    /// ∂W = inputsᵀ·δ, ∂b = Σ over rows of δ, ∂inputs = δ·Wᵀ.
    fn backward(
        &self,
        theta: &[S],
        inputs: &[S],
        delta: &[S],
        gradient: &mut [S],
        below: Option<&mut [S]>,
        memory: &mut Memory<S>,
    ) {
        let (weights, biases) = self.0.split_mut(gradient);
        memory.panels.pack(delta, self.0.outputs);
        product_of_transposed(inputs, self.0.inputs, &memory.panels, weights);
        sum_rows(delta, biases);
        if let Some(below) = below {
            memory.panels.pack_transposed(self.0.split(theta).0, self.0.outputs);
            product(delta, &memory.panels, None, below);
        }
    }
}
