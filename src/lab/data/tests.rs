mod images;

use super::files::unpack;
use super::*;

const PIXELS: usize = 64;
const DIGITS: &[u8] = include_bytes!("../../../content/data/digits.csv.gz");

fn digits() -> Dataset {
    let mut data = Datasets::default();
    data.add_digits(DIGITS).unwrap();
    Dataset::clone(&data.get(DataName::Digits).unwrap())
}

#[test]
fn the_digits_are_those_of_uci() {
    let set = digits();
    let mut classes = [0; 10];
    set.train.labels.iter().chain(&set.test.labels).for_each(|label| classes[usize::from(*label)] += 1);
    // The counts of scikit-learn's `load_digits`.
    assert_eq!(classes, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!((set.train.labels.len(), set.test.labels.len()), (1297, 500));
    assert_eq!((set.train.inputs.dim(), set.test.inputs.dim()), ((1297, 64), (500, 64)));
    assert_eq!((set.train.labels[..3].to_vec(), set.id.blake3.len(), set.id.rows), (vec![0, 1, 2], 64, 1797));
}

#[test]
fn pixels_are_scaled_and_centred_by_the_training_rows() {
    let set = digits();
    for pixel in 0..PIXELS {
        let values = set.train.inputs.column(pixel);
        let mean = values.iter().copied().map(f64::from).sum::<f64>() / 1297.0;
        assert!(mean.abs() < 1e-6, "{pixel}: {mean}");
        let (low, high) =
            values.iter().fold((0.0_f32, 0.0_f32), |(low, high), value| (low.min(*value), high.max(*value)));
        assert!(high - low <= 1.0 + 1e-6);
    }
    // The pixel in the corner is always dark; the third one of the first digit is 5 of 16.
    assert!(set.train.inputs.column(0).iter().all(|value| *value == 0.0));
    let step = set.train.inputs[[0, 2]] - set.train.inputs[[1, 2]];
    assert!((step - 5.0 / 16.0).abs() < 1e-6, "the same pixel of the second digit is 0: {step}");
}

#[test]
fn packed_or_not_they_are_the_same() {
    let text = unpack(DIGITS, 1 << 20).unwrap();
    let mut data = Datasets::default();
    data.add_digits(&text).unwrap();
    assert_eq!(*data.get(DataName::Digits).unwrap(), digits());
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let text = String::from_utf8(unpack(DIGITS, 1 << 20).unwrap().into_owned()).unwrap();
    let error = |text: &str| Datasets::default().add_digits(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error(&text.replacen("0,0,0,12,", "0,0,0,17,", 1)),
        "line 2: value 4 should be a whole number from 0 to 16, and is `17`"
    );
    assert_eq!(error("1,2,3\n"), "line 1: expected 64 pixels and a class, found 3 values");
    assert_eq!(error(&text[..text.trim_end().rfind('\n').unwrap()]), "expected 1797 rows, found 1796");
    assert_eq!(error(""), "expected 1797 rows, found 0");
    let damaged = Datasets::default().add_digits(&DIGITS[..1000]).unwrap_err();
    assert!(matches!(damaged, FileError::Unpack(_)), "{damaged}");
    let large = vec![b'1'; (4 << 20) + 1];
    assert_eq!(Datasets::default().add_digits(&large).unwrap_err(), FileError::Long { expected: 4 << 20 });
}
