//! Pictures of bytes, and what networks learn from them.

use super::files::{self, Files};
use super::{DataError, DataId, DataName, Dataset, Part, Split};
use crate::lab::network::Examples;

/// The brightest value of a pixel.
const BRIGHTEST: f64 = 255.0;

/// Pictures as they are in files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// Line by line, the channels of a pixel side by side.
    pub(super) pixels: Vec<u8>,
    /// A class for each picture.
    pub(super) labels: Vec<u8>,
}

/// A data set as it is in files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pictures {
    pub(super) id: DataId,
    pub(super) train: Rows,
    pub(super) test: Rows,
}

impl Pictures {
    /// Reads these files of a data set.
    pub(super) fn read(from: &dyn Files, data: DataName, parts: &[Part]) -> Result<Self, DataError> {
        let paths = files::paths(from, data, parts)?;
        let (mut train, mut test) = (Rows::default(), Rows::default());
        let mut identity = blake3::Hasher::new();
        for (part, path) in parts.iter().zip(paths) {
            let rows = if part.split == Split::Train { &mut train } else { &mut test };
            let bytes = part.fetch(from, &path, data.shape()).and_then(|bytes| {
                part.parse(&bytes, data.shape(), rows)?;
                Ok(bytes)
            });
            let bytes = bytes.map_err(|error| DataError::File { data, path: from.show(&path), error })?;
            // The lengths keep the end of a file apart from the beginning of the next.
            identity.update(&(bytes.len() as u64).to_le_bytes()).update(&bytes);
        }
        let rows = train.labels.len() + test.labels.len();
        let id = DataId { name: data.name().to_owned(), rows, blake3: identity.finalize().to_hex().to_string() };
        Ok(Self { id, train, test })
    }

    /// Pixels from 0 to 1, less the mean of the training rows at their place: tests must not tell anything to training.
    pub(super) fn centred(self) -> Dataset {
        let Self { id, train, test } = self;
        let size = train.pixels.len() / train.labels.len().max(1);
        let mut sums = vec![0u64; size];
        for row in train.pixels.chunks_exact(size.max(1)) {
            sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u64::from(*pixel));
        }
        let most = BRIGHTEST * train.labels.len() as f64;
        let means: Vec<f64> = sums.iter().map(|sum| *sum as f64 / most).collect();
        Dataset { id, train: scaled(train, &means), test: scaled(test, &means) }
    }
}

fn scaled(rows: Rows, means: &[f64]) -> Examples<f32> {
    let mut inputs = Vec::with_capacity(rows.pixels.len());
    for row in rows.pixels.chunks_exact(means.len().max(1)) {
        inputs.extend(row.iter().zip(means).map(|(pixel, mean)| (f64::from(*pixel) / BRIGHTEST - mean) as f32));
    }
    Examples { inputs, labels: rows.labels }
}
