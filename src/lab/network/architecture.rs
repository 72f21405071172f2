//! A network as data: what goes in, and its layers.

use super::layer::{Layer, Operation, Shape};

/// Numbers that the rows of an evaluation may take in a network's memory; four megabytes of f32 stay near the processor.
const EVALUATED_AT_ONCE: usize = 1 << 20;

/// Numbers that the rows of a batch may take: half a gigabyte of f32, for each run that goes on at the same time.
const MOST_AT_ONCE: usize = 1 << 27;

/// A network's shape, from which its parameters, its work and the network itself are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Architecture {
    /// What a row is.
    pub inputs: Shape,
    /// The layers; the last one's outputs are the logits, one for each class.
    pub layers: &'static [Layer],
}

impl Architecture {
    /// Length of the flat vector of parameters.
    pub fn parameters(&self) -> usize {
        self.operations().iter().map(|layer| layer.affine().parameters()).sum()
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.operations().last().map_or(self.inputs, |layer| layer.outputs()).size()
    }

    /// Multiply-adds of a row forward.
    pub fn forward(&self) -> u64 {
        self.operations().iter().map(|layer| layer.multiply_adds()).sum()
    }

    /// Multiply-adds of a row backward: as many as forward for the gradient of the parameters, and as many for that of each layer's inputs
    /// but the first one's, which nobody wants.
    pub fn backward(&self) -> u64 {
        2 * self.forward() - self.operations().first().map_or(0, |layer| layer.multiply_adds())
    }

    /// How many rows to evaluate at once, at most 256; bits do not depend on it.
    pub fn evaluated_at_once(&self) -> usize {
        (EVALUATED_AT_ONCE / self.numbers_a_row()).clamp(1, 256)
    }

    /// The largest batch whose memory is bearable.
    pub fn most_rows(&self) -> usize {
        MOST_AT_ONCE / self.numbers_a_row()
    }

    /// Numbers that a row takes in a network's memory: what goes in and what each layer gives, and twice the largest for gradients.
    fn numbers_a_row(&self) -> usize {
        let sizes: Vec<usize> = self.operations().iter().map(|layer| layer.outputs().size()).collect();
        self.inputs.size() + sizes.iter().sum::<usize>() + 2 * sizes.iter().max().unwrap_or(&0)
    }

    fn operations(&self) -> Vec<Box<dyn Operation<f32>>> {
        operations(self.inputs, self.layers)
    }
}

/// The layers, each ready for what the one before it gives.
pub(super) fn operations<S: super::Real>(mut shape: Shape, layers: &[Layer]) -> Vec<Box<dyn Operation<S>>> {
    let ready = |layer: &Layer| {
        let operation = layer.on::<S>(shape);
        shape = operation.outputs();
        operation
    };
    layers.iter().map(ready).collect()
}
