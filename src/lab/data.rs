//! The data that tasks learn from: bytes in, samples out. Files come from the caller, by [`Files`].
//!
//! The digits are given as bytes. Every other data set is read when a task needs it: its checksum once, its samples for
//! each run, because they may take most of a gigabyte.

mod cifar;
mod digits;
mod files;
mod idx;
mod images;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::{Arc, Mutex, PoisonError};

pub use files::{FileError, Files};

use serde::{Deserialize, Serialize};

use super::network::{Examples, Shape};
use files::{Part, Split};
use images::Images;

/// Which data exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataId {
    /// Name of the data set.
    pub name: String,
    /// Number of its rows.
    pub rows: usize,
    /// BLAKE3 of its uncompressed bytes, 64 hex digits.
    pub blake3: String,
}

/// The data sets there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataName {
    /// Handwritten digits of the UCI repository, 8 × 8 pixels, shipped with the content.
    Digits,
    /// Handwritten digits, 28 × 28 pixels: LeCun, Cortes & Burges.
    Mnist,
    /// Pieces of clothing, 28 × 28 pixels: Xiao, Rasul & Vollgraf 2017 (arXiv 1708.07747).
    FashionMnist,
    /// Photographs of ten kinds of things, 32 × 32 pixels in three colours: Krizhevsky 2009.
    Cifar10,
}

impl DataName {
    /// The word for it; files of all but the digits are in a folder of this name.
    pub const fn name(self) -> &'static str {
        match self {
            DataName::Digits => "digits",
            DataName::Mnist => "mnist",
            DataName::FashionMnist => "fashion-mnist",
            DataName::Cifar10 => "cifar-10",
        }
    }

    /// Shape of a sample.
    pub const fn shape(self) -> Shape {
        match self {
            DataName::Digits => Shape::image(8, 8, 1),
            DataName::Mnist | DataName::FashionMnist => Shape::image(28, 28, 1),
            DataName::Cifar10 => Shape::image(32, 32, 3),
        }
    }

    /// Number of samples to train on and to test on.
    pub const fn samples(self) -> (usize, usize) {
        match self {
            DataName::Digits => (digits::TRAIN, digits::SAMPLES - digits::TRAIN),
            DataName::Mnist | DataName::FashionMnist => (60_000, 10_000),
            DataName::Cifar10 => (50_000, 10_000),
        }
    }

    /// Its files, in the order in which its identity takes them.
    const fn parts(self) -> &'static [Part] {
        match self {
            DataName::Digits => &[],
            DataName::Mnist | DataName::FashionMnist => &idx::PARTS,
            DataName::Cifar10 => &cifar::PARTS,
        }
    }
}

impl Display for DataName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a data set cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// There is no place to read it from.
    #[error("the data set `{0}` is not here")]
    Absent(DataName),
    /// Files are missing.
    #[error(
        "the data set `{data}` is not here: put {} into the folder {folder}, each as it is or packed by gzip (`.gz`); \
         `--data FOLDER` or VDLM_DATA names another place for data",
        listed(files)
    )]
    Missing {
        /// Which data set.
        data: DataName,
        /// Where its files belong.
        folder: String,
        /// Those that are not there.
        files: Vec<&'static str>,
    },
    /// A file is not as it should be.
    #[error("the data set `{data}` cannot be used: {path} {error}")]
    File {
        /// Which data set.
        data: DataName,
        /// The file.
        path: String,
        /// What is wrong with it.
        error: FileError,
    },
}

fn listed(files: &[&str]) -> String {
    let quoted: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
    match quoted.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        all => all.concat(),
    }
}

/// A data set, split and scaled.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Which it is, exactly.
    pub id: DataId,
    /// Samples to learn from.
    pub train: Examples<f32>,
    /// Samples to be tested on.
    pub test: Examples<f32>,
}

/// The data sets at hand.
#[derive(Debug)]
pub struct Datasets {
    digits: Result<Arc<Dataset>, DataError>,
    files: Option<Box<dyn Files>>,
    /// Of those read once.
    ids: Mutex<BTreeMap<DataName, DataId>>,
}

impl Default for Datasets {
    /// None at all.
    fn default() -> Self {
        Self { digits: Err(DataError::Absent(DataName::Digits)), files: None, ids: Mutex::default() }
    }
}

impl Datasets {
    /// Adds the UCI digits from the bytes of `digits.csv` or `digits.csv.gz`: 1,797 lines of 64 pixels from 0 to 16 and
    /// a class from 0 to 9.
    ///
    /// The first 1,297 lines are to train on, the last 500 to test on. A pixel is divided by 16 and the mean of the
    /// training samples at its place taken from it; a pixel that is always dark is 0.
    ///
    /// # Errors
    /// The first thing that is not as described.
    pub fn add_digits(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.digits = Ok(Arc::new(digits::read(bytes)?));
        Ok(())
    }

    /// Says why there are no digits, to whoever asks for them.
    pub(super) fn miss_digits(&mut self, path: String, error: FileError) {
        self.digits = Err(DataError::File { data: DataName::Digits, path, error });
    }

    /// The same, with other data sets to be read from these files.
    pub fn with_files(self, files: impl Files + 'static) -> Self {
        Self { files: Some(Box::new(files)), ..self }
    }

    /// Which data exactly are at hand under this name. All of them are read for it once; if files change later,
    /// [`Datasets::get`] sees it.
    ///
    /// # Errors
    /// When files are missing or are not what their names say. That is found out anew each time.
    pub fn id(&self, data: DataName) -> Result<DataId, DataError> {
        if data == DataName::Digits {
            return self.digits.as_ref().map(|digits| digits.id.clone()).map_err(Clone::clone);
        }
        // The lock is kept: two who want the same do not read it twice.
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = ids.get(&data) {
            return Ok(id.clone());
        }
        let id = self.unpacked(data)?.id;
        ids.insert(data, id.clone());
        Ok(id)
    }

    /// The data set of this name. Pixels are from 0 to 1, less the mean of the training samples at their place.
    ///
    /// # Errors
    /// When files are missing or are not what their names say.
    pub fn get(&self, data: DataName) -> Result<Arc<Dataset>, DataError> {
        if data == DataName::Digits {
            return self.digits.clone();
        }
        let set = self.unpacked(data)?.centred();
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(data, set.id.clone());
        Ok(Arc::new(set))
    }

    fn unpacked(&self, data: DataName) -> Result<Images, DataError> {
        let files = self.files.as_deref().ok_or(DataError::Absent(data))?;
        Images::read(files, data, data.parts())
    }
}
