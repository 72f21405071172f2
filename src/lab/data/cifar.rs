//! CIFAR-10 in its binary version: Krizhevsky 2009, "Learning multiple layers of features from tiny images".
//!
//! A sample is a byte for the class and 1,024 bytes for each of red, green and blue: `[channels, height, width]`.
//! Networks want the colours of a pixel side by side: `[height, width, channels]`.

use ndarray::ArrayView2;

use super::files::{FileError, Format, Part, Split, check_labels, check_length};
use super::images::Samples;
use crate::lab::network::Shape;

/// The files of the data set.
pub(super) const PARTS: [Part; 6] = [
    batch("data_batch_1.bin", Split::Train),
    batch("data_batch_2.bin", Split::Train),
    batch("data_batch_3.bin", Split::Train),
    batch("data_batch_4.bin", Split::Train),
    batch("data_batch_5.bin", Split::Train),
    batch("test_batch.bin", Split::Test),
];

const fn batch(file: &'static str, split: Split) -> Part {
    Part { file, split, format: Format::Cifar, samples: 10_000 }
}

/// Adds the images and labels of a file.
///
/// # Errors
/// When it has another length, or labels above 9.
pub(super) fn parse(bytes: &[u8], count: usize, shape: Shape, to: &mut Samples) -> Result<(), FileError> {
    let length = 1 + shape.size();
    check_length(bytes, count * length)?;
    check_labels(bytes.iter().step_by(length))?;
    for sample in bytes.chunks_exact(length) {
        to.labels.push(sample[0]);
        let planes = ArrayView2::from_shape((shape.channels, shape.height * shape.width), &sample[1..]);
        to.pixels.extend(planes.expect("the length is checked").t());
    }
    Ok(())
}
