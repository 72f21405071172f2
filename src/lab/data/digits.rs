//! The UCI digits: lines of 64 pixels and a class, with commas between.

use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use super::files::{FileError, unpack};
use super::{DataId, DataName, Dataset};
use crate::lab::network::Examples;

/// Number of digits.
pub(super) const SAMPLES: usize = 1797;
/// Samples to train on: the first ones of the file. The file's writers took turns, so no split of it keeps writers
/// apart.
pub(super) const TRAIN: usize = 1297;
/// Pixels of a digit, row by row of an 8 × 8 image.
const PIXELS: usize = 64;
/// The brightest value of a pixel.
const BRIGHTEST: u8 = 16;
/// Maximum number of unpacked bytes; the digits have 264,712.
const MAX_BYTES: usize = 4 << 20;

/// Reads the data set from plain or packed bytes.
///
/// # Errors
/// The first thing that is not as it should be.
pub(super) fn read(bytes: &[u8]) -> Result<Dataset, FileError> {
    let text = unpack(bytes, MAX_BYTES)?;
    if text.len() > MAX_BYTES {
        return Err(FileError::Long { expected: MAX_BYTES });
    }
    let (mut pixels, labels) = parse(&text)?;
    centre(&mut pixels);
    let (train, test) = pixels.view().split_at(Axis(0), TRAIN);
    let examples = |pixels: ArrayView2<'_, f64>, labels: &[u8]| Examples {
        inputs: pixels.mapv(|pixel| pixel as f32),
        labels: labels.to_vec(),
    };
    let (name, blake3) = (DataName::Digits.name().to_owned(), blake3::hash(&text).to_hex().to_string());
    let id = DataId { name, rows: SAMPLES, blake3 };
    Ok(Dataset { id, train: examples(train, &labels[..TRAIN]), test: examples(test, &labels[TRAIN..]) })
}

/// Pixels from 0 to 1, `[samples, pixels]`, and labels.
fn parse(text: &[u8]) -> Result<(Array2<f64>, Vec<u8>), FileError> {
    let text = str::from_utf8(text).map_err(|_| FileError::Line { line: 1, what: "this is not text".to_owned() })?;
    let (mut pixels, mut labels) = (Vec::with_capacity(SAMPLES * PIXELS), Vec::with_capacity(SAMPLES));
    for (index, line) in text.lines().enumerate() {
        let values = parse_line(line).map_err(|what| FileError::Line { line: index + 1, what })?;
        pixels.extend(values[..PIXELS].iter().map(|pixel| f64::from(*pixel) / f64::from(BRIGHTEST)));
        labels.push(values[PIXELS]);
    }
    if labels.len() != SAMPLES {
        return Err(FileError::Lines { expected: SAMPLES, found: labels.len() });
    }
    Ok((Array2::from_shape_vec((SAMPLES, PIXELS), pixels).expect("each line has this number of pixels"), labels))
}

fn parse_line(line: &str) -> Result<Vec<u8>, String> {
    let number = |(index, word): (usize, &str)| {
        let most = if index < PIXELS { BRIGHTEST } else { 9 };
        let value = word.trim().parse::<u8>().ok().filter(|value| *value <= most);
        value.ok_or_else(|| format!("value {} should be a whole number from 0 to {most}, and is `{word}`", index + 1))
    };
    let values = line.split(',').enumerate().map(number).collect::<Result<Vec<u8>, String>>()?;
    if values.len() != PIXELS + 1 {
        return Err(format!("expected {PIXELS} pixels and a class, found {} values", values.len()));
    }
    Ok(values)
}

/// Takes the mean of the training samples from each pixel of all samples: the test samples must not tell anything to
/// training.
fn centre(pixels: &mut Array2<f64>) {
    let mut mean = Array1::zeros(PIXELS);
    for sample in pixels.slice(s![..TRAIN, ..]).rows() {
        mean.zip_mut_with(&sample, |mean, pixel| *mean += pixel / TRAIN as f64);
    }
    *pixels -= &mean;
}
