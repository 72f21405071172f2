//! Data sets in files, with fewer rows than the real ones have.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::images::Images;
use super::super::{cifar, idx};
use super::*;

/// Files in memory.
#[derive(Debug, Clone, Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.0.insert(path.to_owned(), bytes);
    }

    /// Changes a file.
    fn with(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut changed = self.clone();
        change(changed.0.get_mut(path).unwrap());
        changed
    }
}

impl Files for Memory {
    fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, String> {
        let bytes = &self.0[path];
        Ok(bytes[..bytes.len().min(most as usize + 1)].to_vec())
    }

    fn show(&self, path: &str) -> String {
        format!("data/{path}")
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The parts of a data set with so many rows in files for training and for testing.
fn small<const N: usize>(parts: [Part; N], train: usize, test: usize) -> [Part; N] {
    parts.map(|part| Part { samples: if part.split == Split::Train { train } else { test }, ..part })
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// Images of 28 × 28 pixels, all black but for the first and the last pixel.
fn images(first: &[u8], last: &[u8]) -> Vec<u8> {
    let mut bytes = words(&[0x803, first.len() as u32, 28, 28]);
    for (first, last) in first.iter().zip(last) {
        bytes.push(*first);
        bytes.extend([0; 782]);
        bytes.push(*last);
    }
    bytes
}

fn labels(labels: &[u8]) -> Vec<u8> {
    [words(&[0x801, labels.len() as u32]), labels.to_vec()].concat()
}

const TRAIN_IMAGES: &str = "mnist/train-images-idx3-ubyte";
const TRAIN_LABELS: &str = "mnist/train-labels-idx1-ubyte";
const TEST_IMAGES: &str = "mnist/t10k-images-idx3-ubyte";
const TEST_LABELS: &str = "mnist/t10k-labels-idx1-ubyte";

/// Three rows to train on, two to test on.
fn mnist() -> Memory {
    let mut files = Memory::default();
    files.put(TRAIN_IMAGES, images(&[0, 51, 255], &[255, 255, 255]));
    files.put(TRAIN_LABELS, labels(&[9, 0, 4]));
    files.put(TEST_IMAGES, images(&[102, 0], &[0, 255]));
    files.put(TEST_LABELS, labels(&[7, 8]));
    files
}

fn read(files: &Memory) -> Result<Images, DataError> {
    Images::read(files, DataName::Mnist, &small(idx::PARTS, 3, 2))
}

#[test]
fn idx_files_are_read_scaled_and_centred() {
    let images = read(&mnist()).unwrap();
    assert_eq!((images.id.name.as_str(), images.id.rows), ("mnist", 5));
    let set = images.centred();
    assert_eq!((&set.train.labels[..], &set.test.labels[..]), (&[9, 0, 4][..], &[7, 8][..]));
    assert_eq!((set.train.inputs.dim(), set.test.inputs.dim()), ((3, 784), (2, 784)));
    // 0, 1/5 and 1 have the mean 2/5; what is always white in training is 0, and −1 where a test row is black.
    assert_eq!(set.train.inputs.column(0).to_vec(), [-0.4, -0.2, 0.6]);
    assert_eq!(set.test.inputs.column(0).to_vec(), [0.0, -0.4]);
    assert_eq!(set.train.inputs.column(783).to_vec(), [0.0; 3]);
    assert_eq!(set.test.inputs.column(783).to_vec(), [-1.0, 0.0]);
    assert!(
        set.train
            .inputs
            .column(400)
            .to_vec()
            .iter()
            .chain(&set.test.inputs.column(400).to_vec())
            .all(|value| *value == 0.0)
    );
}

#[test]
fn packed_or_not_it_is_the_same_data_and_another_byte_makes_it_other_data() {
    let plain = read(&mnist()).unwrap();
    let mut packed = Memory::default();
    mnist().0.iter().for_each(|(path, bytes)| packed.put(&format!("{path}.gz"), pack(bytes)));
    assert_eq!(read(&packed).unwrap(), plain);
    // Browsers unpack or pack what they save without a change of the name.
    let mut misnamed = mnist();
    misnamed.put(TRAIN_IMAGES, pack(&mnist().0[TRAIN_IMAGES]));
    assert_eq!(read(&misnamed).unwrap(), plain);
    // Some unpackers write a dot before `idx`.
    let dotted =
        |files: &Memory| Memory(files.0.iter().map(|(path, b)| (path.replace("-idx", ".idx"), b.clone())).collect());
    assert!(dotted(&mnist()).has("mnist/train-images.idx3-ubyte"));
    assert_eq!(
        (read(&dotted(&mnist())).unwrap(), read(&dotted(&packed)).unwrap()),
        (read(&mnist()).unwrap(), read(&mnist()).unwrap())
    );
    for path in [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS] {
        let other = read(&mnist().with(path, |bytes| *bytes.last_mut().unwrap() ^= 1)).unwrap();
        assert_ne!(other.id.blake3, plain.id.blake3, "{path}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_name_and_a_cure() {
    let files = mnist();
    let told = |files: Memory| read(&files).unwrap_err().to_string();
    let start = |path: &str| format!("the data set `mnist` cannot be used: data/{path} ");
    type Change = dyn Fn(&mut Vec<u8>);
    let cases: [(&str, &Change, &str); 11] = [
        (TRAIN_IMAGES, &|b| b.truncate(1000), "ends after 1000 of 2368 bytes: it is cut off, get it again"),
        (TRAIN_IMAGES, &|b| b.truncate(3), "ends after 3 of 2368 bytes"),
        (TRAIN_IMAGES, &|b| b.truncate(14), "ends after 14 of 2368 bytes"),
        (TRAIN_LABELS, &|b| b.clear(), "ends after 0 of 11 bytes"),
        (TRAIN_IMAGES, &|b| b.push(0), "has more than 2368 bytes"),
        (TRAIN_LABELS, &|b| b.extend([0; 100_000]), "has more than 11 bytes"),
        (
            TEST_IMAGES,
            &|b| *b = labels(&[1, 2]),
            "holds IDX labels (00000801), where IDX images (00000803) are expected: give each",
        ),
        (TEST_LABELS, &|b| *b = images(&[1], &[2]), "holds IDX images (00000803), where IDX labels"),
        (
            TEST_LABELS,
            &|b| *b = b"<!DOCTYPE html>".to_vec(),
            "holds something that begins with 3c21444f, where IDX labels",
        ),
        (
            TRAIN_IMAGES,
            &|b| *b = images(&[0; 2], &[0; 2]),
            "has 2 rows, where 3 are expected: is it the file for training or",
        ),
        (TRAIN_LABELS, &|b| b[9] = 10, "says that row 2 is of class 10, where 0 to 9 are expected"),
    ];
    for (path, change, expected) in cases {
        let error = told(files.with(path, change));
        assert!(error.starts_with(&(start(path) + expected)), "{error}");
    }
    let error = told(files.with(TRAIN_LABELS, |bytes| *bytes = labels(&[1; 4])));
    assert!(error.contains("has 4 rows, where 3 are expected"), "images and labels differ: {error}");
    let error = told(files.with(TRAIN_IMAGES, |bytes| bytes[11] = 32));
    assert!(error.contains("has images of 32 × 28 pixels, where 28 × 28 are expected"), "{error}");
    let error = told(files.with(TRAIN_IMAGES, |bytes| *bytes = pack(bytes)[..60].to_vec()));
    assert!(error.starts_with(&start(TRAIN_IMAGES)) && error.contains("cannot be unpacked ("), "{error}");
    // The check sum stands at the end.
    let error = told(files.with(TRAIN_IMAGES, |bytes| {
        *bytes = pack(bytes);
        let sum = bytes.len() - 6;
        bytes[sum] ^= 1;
    }));
    assert!(error.contains("cannot be unpacked ("), "{error}");
}

#[test]
fn missing_files_are_all_named() {
    let error = read(&Memory::default()).unwrap_err().to_string();
    assert_eq!(
        error,
        "the data set `mnist` is not here: put `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and \
         `t10k-labels-idx1-ubyte` into the folder data/mnist, each as it is or packed by gzip (`.gz`); `--data FOLDER` or VDLM_DATA names \
         another place for data"
    );
    let mut files = mnist();
    files.0.remove(TEST_LABELS);
    let error = read(&files).unwrap_err().to_string();
    assert!(error.contains("put `t10k-labels-idx1-ubyte` into the folder data/mnist,"), "{error}");
    let cifar = Datasets::default().with_files(Memory::default()).get(DataName::Cifar10).unwrap_err().to_string();
    assert!(
        cifar.contains("`data_batch_1.bin`, ") && cifar.contains(" and `test_batch.bin` into the folder data/cifar-10"),
        "{cifar}"
    );
    let nowhere = Datasets::default().id(DataName::FashionMnist).unwrap_err().to_string();
    assert_eq!(nowhere, "the data set `fashion-mnist` is not here");
}

#[test]
fn a_small_file_cannot_fill_the_memory() {
    let bomb = pack(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(unpack(&bomb, 1000).unwrap().len(), 1001, "one byte more tells that there are too many");
    let error =
        read(&mnist().with(TRAIN_LABELS, |bytes| *bytes = pack(&[labels(&[0; 3]), vec![0; 64 << 20]].concat())));
    assert!(error.unwrap_err().to_string().contains("has more than 11 bytes, unpacked"));
}

#[test]
fn the_colours_of_cifar_come_side_by_side() {
    let mut files = Memory::default();
    for (index, part) in cifar::PARTS.iter().enumerate() {
        let row = |label: u8| {
            let plane = |first: u8| [vec![first, first + 1], vec![0; 1021], vec![first + 2]].concat();
            [vec![label], plane(10 * index as u8), plane(100), plane(200)].concat()
        };
        files.put(&format!("cifar-10/{}", part.file), [row(index as u8), row(9)].concat());
    }
    let parts = small(cifar::PARTS, 2, 2);
    let images = Images::read(&files, DataName::Cifar10, &parts).unwrap();
    assert_eq!((&images.train.labels[..], &images.test.labels[..]), (&[0, 9, 1, 9, 2, 9, 3, 9, 4, 9][..], &[5, 9][..]));
    let second = &images.train.pixels[2 * 3072..][..3072];
    assert_eq!((&second[..9], &second[3069..]), (&[10, 100, 200, 11, 101, 201, 0, 0, 0][..], &[12, 102, 202][..]));
    assert_eq!((images.train.pixels.len(), images.test.pixels.len()), (10 * 3072, 2 * 3072));
    let wrong = files.with("cifar-10/data_batch_4.bin", |bytes| bytes[3073] = 77);
    let error = Images::read(&wrong, DataName::Cifar10, &parts).unwrap_err().to_string();
    assert!(error.contains("data/cifar-10/data_batch_4.bin says that row 2 is of class 77"), "{error}");
    let short = files.with("cifar-10/test_batch.bin", |bytes| bytes.truncate(3073));
    let error = Images::read(&short, DataName::Cifar10, &parts).unwrap_err().to_string();
    assert!(error.contains("test_batch.bin ends after 3073 of 6146 bytes"), "{error}");
}

#[test]
fn a_data_set_has_the_rows_that_its_files_have() {
    let mut seen = 0;
    for data in [DataName::Mnist, DataName::FashionMnist, DataName::Cifar10] {
        let rows = |split: Split| {
            let parts = data.parts().iter().filter(|part| part.split == split);
            parts.map(|part| if part.file.contains("labels") { 0 } else { part.samples }).sum::<usize>()
        };
        assert_eq!((rows(Split::Train), rows(Split::Test)), data.samples(), "{data}");
        seen += 1;
    }
    assert_eq!(seen, 3);
}
