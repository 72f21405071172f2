//! CIFAR-10 in its binary version: Krizhevsky 2009, "Learning multiple layers of features from tiny images".
//!
//! A row is a byte for the class and 1,024 bytes for each of red, green and blue, each line by line. Here the colours of a pixel come side
//! by side, as networks want them.

use super::files::{FileError, Format, Part, Split, check_labels, check_length};
use super::pictures::Rows;
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
    Part { file, split, holds: Format::Cifar, rows: 10_000 }
}

/// Adds the pictures and labels of a file.
///
/// # Errors
/// When it has another length, or labels above 9.
pub(super) fn parse(bytes: &[u8], rows: usize, shape: Shape, to: &mut Rows) -> Result<(), FileError> {
    let length = 1 + shape.size();
    check_length(bytes, rows * length)?;
    check_labels(bytes.iter().step_by(length))?;
    for row in bytes.chunks_exact(length) {
        to.labels.push(row[0]);
        let planes = &row[1..];
        for pixel in 0..shape.height * shape.width {
            to.pixels.extend(planes[pixel..].iter().step_by(shape.height * shape.width));
        }
    }
    Ok(())
}
