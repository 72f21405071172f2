//! The parameters of a network as the blocks that methods on matrices see.

use super::network::{Architecture, Layer, Shape};
use crate::optim::Block;

/// The parameters of a network in their order: for each layer that has some its weights, a row for each input, and its
/// biases.
pub fn blocks(network: Architecture) -> Vec<Block> {
    let Architecture { inputs: mut shape, layers } = network;
    let mut blocks = Vec::new();
    for layer in layers {
        match *layer {
            Layer::Dense(outputs) => {
                blocks.extend([Block::Matrix { rows: shape.size(), columns: outputs }, Block::Vector(outputs)]);
                shape = Shape::vector(outputs);
            }
            Layer::Convolution { channels, kernel } => {
                let (height, width, inputs) = (kernel, kernel, shape.channels);
                let weights = Block::Convolution { height, width, inputs, outputs: channels };
                blocks.extend([weights, Block::Vector(channels)]);
                shape.channels = channels;
            }
            Layer::Relu => {}
            Layer::MaxPool => (shape.height, shape.width) = (shape.height / 2, shape.width / 2),
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::super::task::Task;
    use super::*;

    #[test]
    fn the_blocks_of_a_network_by_hand() {
        let (kernel, bias) =
            (|inputs, outputs| Block::Convolution { height: 3, width: 3, inputs, outputs }, Block::Vector);
        let expected =
            [kernel(1, 8), bias(8), kernel(8, 16), bias(16), Block::Matrix { rows: 64, columns: 10 }, bias(10)];
        assert_eq!(blocks(Task::named("digits-cnn").unwrap().network), expected);
    }

    #[test]
    fn blocks_hold_all_parameters() {
        for task in Task::names().filter_map(Task::named) {
            let together: usize = blocks(task.network).iter().map(|block| block.len()).sum();
            assert_eq!(together, task.network.parameters(), "{}", task.name);
        }
    }
}
