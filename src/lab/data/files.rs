//! Files of data: which there are, and their bytes, of which there may be no more than expected.

use std::borrow::Cow;
use std::fmt::Debug;
use std::io::Read;

use flate2::read::GzDecoder;

use super::images::Samples;
use super::{DataError, DataName, cifar, idx};
use crate::lab::network::Shape;

/// A folder of data. Paths have slashes and begin inside of it: `mnist/t10k-labels-idx1-ubyte`.
pub trait Files: Debug + Send + Sync {
    /// Whether there is such a file.
    fn has(&self, path: &str) -> bool;

    /// The file's bytes, of a longer one only the first `most` and one more.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, String>;

    /// How to call a file or folder in a message.
    fn show(&self, path: &str) -> String;
}

/// What is wrong with a file, in words that follow its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The system does not give it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The compressed bytes are damaged.
    #[error("cannot be unpacked ({0}): it is damaged or cut off, get it again")]
    Unpack(String),
    /// It ends too early.
    #[error("ends after {found} of {expected} bytes: it is cut off, get it again")]
    Short {
        /// Bytes there should be.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// It goes on for too long.
    #[error("has more than {expected} bytes, unpacked: it is another file than its name says")]
    Long {
        /// Bytes there should be, or may be.
        expected: usize,
    },
    /// It is another kind of file.
    #[error("holds {found}, where {expected} are expected: give each file the name it came with")]
    Kind {
        /// What its name says.
        expected: &'static str,
        /// What its beginning says.
        found: String,
    },
    /// It has another number of samples.
    #[error("has {found} rows, where {expected} are expected: is it the file for training or the one for testing?")]
    Count {
        /// How many there should be.
        expected: usize,
        /// How many it says there are.
        found: usize,
    },
    /// Its images have another size.
    #[error("has images of {} × {} pixels, where {} × {} are expected: it belongs to another data set", found.0, found.1, expected.0, expected.1)]
    Size {
        /// Height and width that there should be.
        expected: (usize, usize),
        /// Height and width that it says there are.
        found: (usize, usize),
    },
    /// A label is none.
    #[error("says that row {row} is of class {label}, where 0 to 9 are expected: it is damaged or another file")]
    Label {
        /// Row, from 1.
        row: usize,
        /// What stands there.
        label: u8,
    },
    /// A line of text is not as it should be.
    #[error("line {line}: {what}")]
    Line {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// Too few or too many lines.
    #[error("expected {expected} rows, found {found}")]
    Lines {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

/// A file of a data set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) file: &'static str,
    pub(super) split: Split,
    pub(super) format: Format,
    pub(super) samples: usize,
}

/// The use of a file's samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    Train,
    Test,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    IdxImages,
    IdxLabels,
    Cifar,
}

impl Part {
    /// Adds the file's content to the samples.
    ///
    /// # Errors
    /// When something in it is not as it should be. `bytes` may end with one more than there should be.
    pub(super) fn parse(&self, bytes: &[u8], shape: Shape, samples: &mut Samples) -> Result<(), FileError> {
        match self.format {
            Format::IdxImages => samples.pixels.extend(idx::images(bytes, self.samples, shape)?),
            Format::IdxLabels => samples.labels.extend(idx::labels(bytes, self.samples)?),
            Format::Cifar => cifar::parse(bytes, self.samples, shape, samples)?,
        }
        Ok(())
    }

    fn bytes(&self, shape: Shape) -> usize {
        match self.format {
            Format::IdxImages => idx::IMAGES_HEAD + self.samples * shape.size(),
            Format::IdxLabels => idx::LABELS_HEAD + self.samples,
            Format::Cifar => self.samples * (1 + shape.size()),
        }
    }

    /// Finds the file's path: plain or packed, with its own name or with the dot before `idx` that some unpackers
    /// write.
    fn path(&self, files: &dyn Files, data: DataName) -> Option<String> {
        let dotted = self.file.replace("-idx", ".idx");
        let names = [self.file, &dotted].map(|name| format!("{data}/{name}"));
        names.into_iter().flat_map(|name| [name.clone(), name + ".gz"]).find(|path| files.has(path))
    }

    /// The file's unpacked bytes: at most one more than there should be.
    pub(super) fn fetch(&self, files: &dyn Files, path: &str, shape: Shape) -> Result<Vec<u8>, FileError> {
        let expected = self.bytes(shape);
        // What does not get smaller is packed with 5 bytes more for each 65,535 (RFC 1951, section 3.2.4), and a head
        // with a name.
        let most = (expected + expected / 1_000 + 4_096) as u64;
        let bytes = files.read(path, most).map_err(FileError::Unreadable)?;
        Ok(match unpack(&bytes, expected)? {
            Cow::Owned(unpacked) => unpacked,
            Cow::Borrowed(_) => bytes,
        })
    }
}

/// The paths of all files of a data set.
///
/// # Errors
/// When some are missing: all of them.
pub(super) fn paths(files: &dyn Files, data: DataName, parts: &[Part]) -> Result<Vec<String>, DataError> {
    let paths: Vec<Option<String>> = parts.iter().map(|part| part.path(files, data)).collect();
    let missing: Vec<&str> =
        parts.iter().zip(&paths).filter(|(_, path)| path.is_none()).map(|(part, _)| part.file).collect();
    if missing.is_empty() {
        return Ok(paths.into_iter().flatten().collect());
    }
    Err(DataError::Missing { data, folder: files.show(data.name()), files: missing })
}

/// The uncompressed bytes of what may be a gzip file, whatever it is called: at most `most` and one more.
pub(super) fn unpack(bytes: &[u8], most: usize) -> Result<Cow<'_, [u8]>, FileError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(&bytes[..bytes.len().min(most + 1)]));
    }
    let mut unpacked = Vec::new();
    let decoder = GzDecoder::new(bytes).take(most as u64 + 1);
    { decoder }.read_to_end(&mut unpacked).map_err(|error| FileError::Unpack(error.to_string()))?;
    Ok(Cow::Owned(unpacked))
}

/// Whether there are as many bytes as expected.
pub(super) fn check_length(bytes: &[u8], expected: usize) -> Result<(), FileError> {
    match bytes.len() {
        found if found < expected => Err(FileError::Short { expected, found }),
        found if found > expected => Err(FileError::Long { expected }),
        _ => Ok(()),
    }
}

/// Whether all labels are classes.
pub(super) fn check_labels<'a>(labels: impl Iterator<Item = &'a u8>) -> Result<(), FileError> {
    match labels.enumerate().find(|(_, label)| **label > 9) {
        Some((row, label)) => Err(FileError::Label { row: row + 1, label: *label }),
        None => Ok(()),
    }
}
