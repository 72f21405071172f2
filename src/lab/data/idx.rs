//! IDX, the format of MNIST and Fashion-MNIST, as described where LeCun, Cortes & Burges publish MNIST.
//!
//! A file begins with two zeros, the kind of its numbers (8: a byte) and how many dimensions they have; then comes the
//! length of each dimension in four bytes, the highest first; then the numbers, the last dimension running fastest.

use super::files::{FileError, Format, Part, Split, check_labels, check_length};
use crate::lab::network::Shape;

/// The files of a data set. Some unpackers write a dot before `idx`; such files are found too.
pub(super) const PARTS: [Part; 4] = [
    Part { file: "train-images-idx3-ubyte", split: Split::Train, format: Format::IdxImages, samples: 60_000 },
    Part { file: "train-labels-idx1-ubyte", split: Split::Train, format: Format::IdxLabels, samples: 60_000 },
    Part { file: "t10k-images-idx3-ubyte", split: Split::Test, format: Format::IdxImages, samples: 10_000 },
    Part { file: "t10k-labels-idx1-ubyte", split: Split::Test, format: Format::IdxLabels, samples: 10_000 },
];

/// Bytes before the first pixel: the kind, and the number of images, rows and columns.
pub(super) const IMAGES_HEAD: usize = 16;
/// Bytes before the first label: the kind, and the number of labels.
pub(super) const LABELS_HEAD: usize = 8;

const IMAGES: u32 = 0x0803;
const LABELS: u32 = 0x0801;

/// Reads the pixels of a file of images, `[count, height, width]`.
///
/// # Errors
/// When it is no such file, or has another number or size of images.
pub(super) fn images(bytes: &[u8], count: usize, shape: Shape) -> Result<&[u8], FileError> {
    let expected = IMAGES_HEAD + count * shape.size();
    let [found, height, width] = head(bytes, IMAGES, expected)?;
    if found != count {
        return Err(FileError::Count { expected: count, found });
    }
    if (height, width) != (shape.height, shape.width) {
        return Err(FileError::Size { expected: (shape.height, shape.width), found: (height, width) });
    }
    check_length(bytes, expected)?;
    Ok(&bytes[IMAGES_HEAD..])
}

/// Reads the labels of a file of labels, from 0 to 9.
///
/// # Errors
/// When it is no such file, has another number of labels, or others than that.
pub(super) fn labels(bytes: &[u8], count: usize) -> Result<&[u8], FileError> {
    let expected = LABELS_HEAD + count;
    let [found] = head(bytes, LABELS, expected)?;
    if found != count {
        return Err(FileError::Count { expected: count, found });
    }
    check_length(bytes, expected)?;
    let labels = &bytes[LABELS_HEAD..];
    check_labels(labels.iter())?;
    Ok(labels)
}

/// The lengths of the N dimensions of a file of this kind.
fn head<const N: usize>(bytes: &[u8], kind: u32, expected: usize) -> Result<[usize; N], FileError> {
    let short = || FileError::Short { expected, found: bytes.len() };
    let word =
        |at: usize| bytes.get(4 * at..).and_then(|rest| rest.first_chunk()).map(|bytes| u32::from_be_bytes(*bytes));
    let found = word(0).ok_or_else(short)?;
    if found != kind {
        let found = named(found).map_or_else(|| format!("something that begins with {found:08x}"), str::to_owned);
        return Err(FileError::Kind { expected: named(kind).unwrap_or("bytes"), found });
    }
    let mut lengths = [0; N];
    for (index, length) in lengths.iter_mut().enumerate() {
        *length = word(1 + index).ok_or_else(short)? as usize;
    }
    Ok(lengths)
}

fn named(kind: u32) -> Option<&'static str> {
    match kind {
        IMAGES => Some("IDX images (00000803)"),
        LABELS => Some("IDX labels (00000801)"),
        _ => None,
    }
}
