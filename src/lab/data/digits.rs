//! The UCI digits: lines of 64 pixels and a class, with commas between.

use super::files::{FileError, unpack};
use super::{DataId, DataName, Dataset};
use crate::lab::network::Examples;

/// Rows of the digits.
pub(super) const ROWS: usize = 1797;
/// Rows to train on: the first ones of the file. The file's writers took turns, so no split of it keeps writers apart.
pub(super) const TRAIN: usize = 1297;
/// Pixels of a digit, row by row of an 8 × 8 picture.
const PIXELS: usize = 64;
/// The brightest value of a pixel.
const BRIGHTEST: u8 = 16;
/// Most bytes that are unpacked; the digits have 264,712.
const MOST_BYTES: usize = 4 << 20;

/// The data set, from plain or packed bytes.
///
/// # Errors
/// The first thing that is not as it should be.
pub(super) fn read(bytes: &[u8]) -> Result<Dataset, FileError> {
    let text = unpack(bytes, MOST_BYTES)?;
    if text.len() > MOST_BYTES {
        return Err(FileError::Long { expected: MOST_BYTES });
    }
    let (mut pixels, labels) = parse(&text)?;
    center(&mut pixels);
    let (train, test) = pixels.split_at(TRAIN * PIXELS);
    let examples = |pixels: &[f64], labels: &[u8]| Examples {
        inputs: pixels.iter().map(|pixel| *pixel as f32).collect(),
        labels: labels.to_vec(),
    };
    let (name, blake3) = (DataName::Digits.name().to_owned(), blake3::hash(&text).to_hex().to_string());
    let id = DataId { name, rows: ROWS, blake3 };
    Ok(Dataset { id, train: examples(train, &labels[..TRAIN]), test: examples(test, &labels[TRAIN..]) })
}

fn parse(text: &[u8]) -> Result<(Vec<f64>, Vec<u8>), FileError> {
    let text = str::from_utf8(text).map_err(|_| FileError::Line { line: 1, what: "this is not text".to_owned() })?;
    let (mut pixels, mut labels) = (Vec::with_capacity(ROWS * PIXELS), Vec::with_capacity(ROWS));
    for (index, line) in text.lines().enumerate() {
        let values = parse_line(line).map_err(|what| FileError::Line { line: index + 1, what })?;
        pixels.extend(values[..PIXELS].iter().map(|pixel| f64::from(*pixel) / f64::from(BRIGHTEST)));
        labels.push(values[PIXELS]);
    }
    if labels.len() != ROWS {
        return Err(FileError::Lines { expected: ROWS, found: labels.len() });
    }
    Ok((pixels, labels))
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

/// Takes the mean of the training rows from each pixel of all rows: tests must not tell anything to training.
fn center(pixels: &mut [f64]) {
    let mut mean = [0.0; PIXELS];
    for row in pixels[..TRAIN * PIXELS].chunks_exact(PIXELS) {
        mean.iter_mut().zip(row).for_each(|(mean, pixel)| *mean += pixel / TRAIN as f64);
    }
    for row in pixels.chunks_exact_mut(PIXELS) {
        row.iter_mut().zip(&mean).for_each(|(pixel, mean)| *pixel -= mean);
    }
}
