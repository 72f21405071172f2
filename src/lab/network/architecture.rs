//! A network as data: the shape of its input, and its layers.

use super::layer::{Layer, Operation, Shape};

/// Maximum of numbers that the samples of an evaluation take in a network's memory; 4 MiB of f32 stay in the cache.
const EVALUATED_NUMBERS: usize = 1 << 20;

/// Maximum of numbers that a batch takes in memory: 512 MiB of f32, for each run that goes on at the same time.
const MAX_NUMBERS: usize = 1 << 27;

/// A network's shape, from which its parameters, its work and the network itself are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Architecture {
    /// Shape of a sample.
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
        self.operations().last().map_or(self.inputs, |layer| layer.output()).size()
    }

    /// Multiply-adds of a sample forward.
    pub fn forward(&self) -> u64 {
        self.operations().iter().map(|layer| layer.multiply_adds()).sum()
    }

    /// Multiply-adds of a sample backward: as many as forward for the gradient of the parameters, and as many for that
    /// of each layer's input but the first one's, which is not needed.
    pub fn backward(&self) -> u64 {
        2 * self.forward() - self.operations().first().map_or(0, |layer| layer.multiply_adds())
    }

    /// Number of samples to evaluate at once, at most 256; bits do not depend on it.
    pub fn eval_batch(&self) -> usize {
        (EVALUATED_NUMBERS / self.numbers_per_sample()).clamp(1, 256)
    }

    /// Maximum number of samples in a batch, for the sake of memory.
    pub fn max_batch(&self) -> usize {
        MAX_NUMBERS / self.numbers_per_sample()
    }

    /// Numbers that a sample takes in a network's memory: the input, the output of each layer, and twice the largest
    /// for gradients.
    fn numbers_per_sample(&self) -> usize {
        let sizes: Vec<usize> = self.operations().iter().map(|layer| layer.output().size()).collect();
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
        shape = operation.output();
        operation
    };
    layers.iter().map(ready).collect()
}
