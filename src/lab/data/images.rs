//! Images of bytes, and what networks learn from them.

use ndarray::{Array1, Array2, Zip};

use super::files::{self, Files};
use super::{DataError, DataId, DataName, Dataset, Part, Split};
use crate::lab::network::Examples;

/// The brightest value of a pixel.
const BRIGHTEST: f64 = 255.0;

/// Samples as they are in files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Samples {
    /// Bytes of the shape `[samples, height, width, channels]`.
    pub(super) pixels: Vec<u8>,
    /// A class for each sample.
    pub(super) labels: Vec<u8>,
}

/// A data set as it is in files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Images {
    pub(super) id: DataId,
    pub(super) train: Samples,
    pub(super) test: Samples,
}

impl Images {
    /// Reads these files of a data set.
    pub(super) fn read(from: &dyn Files, data: DataName, parts: &[Part]) -> Result<Self, DataError> {
        let paths = files::paths(from, data, parts)?;
        let (mut train, mut test) = (Samples::default(), Samples::default());
        let mut identity = blake3::Hasher::new();
        for (part, path) in parts.iter().zip(paths) {
            let samples = if part.split == Split::Train { &mut train } else { &mut test };
            let bytes = part.fetch(from, &path, data.shape()).and_then(|bytes| {
                part.parse(&bytes, data.shape(), samples)?;
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

    /// Scales pixels to 0 … 1 and takes the mean of the training samples at their place from them: the test samples
    /// must not tell anything to training.
    pub(super) fn centred(self) -> Dataset {
        let Self { id, train, test } = self;
        let (train, test) = (pixels(train), pixels(test));
        let mut sums = Array1::from_elem(train.inputs.ncols(), 0u64);
        for sample in train.inputs.rows() {
            sums.zip_mut_with(&sample, |sum, pixel| *sum += u64::from(*pixel));
        }
        let most = BRIGHTEST * train.labels.len() as f64;
        let means = sums.mapv(|sum| sum as f64 / most);
        Dataset { id, train: scaled(train, &means), test: scaled(test, &means) }
    }
}

/// Makes a matrix of the pixels, `[samples, size]`.
fn pixels(samples: Samples) -> Examples<u8> {
    let Samples { pixels, labels } = samples;
    let shape = (labels.len(), pixels.len() / labels.len().max(1));
    Examples { inputs: Array2::from_shape_vec(shape, pixels).expect("samples have one size"), labels }
}

fn scaled(Examples { inputs, labels }: Examples<u8>, means: &Array1<f64>) -> Examples<f32> {
    let mut scaled = Array2::zeros(inputs.dim());
    Zip::from(&mut scaled)
        .and(&inputs)
        .and_broadcast(means)
        .for_each(|to, pixel, mean| *to = (f64::from(*pixel) / BRIGHTEST - mean) as f32);
    Examples { inputs: scaled, labels }
}
