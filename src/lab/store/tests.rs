use std::time::{Duration, SystemTime};

use super::super::record::tests::{record, spec};
use super::*;
use crate::lab::data::{DataError, DataName};

#[test]
fn what_is_saved_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("results"));
    assert!(store.load().unwrap().0.is_empty(), "no folder, no records");
    let record = record(&spec("[sgd]", "[0.1]", 1, 1));
    let path = store.save(&record).unwrap();
    assert_eq!(path.file_name().unwrap().to_string_lossy(), format!("{}.json", record.id));
    store.save(&record).unwrap();
    assert_eq!(store.find(&record.id).as_ref(), Some(&record));
    assert_eq!(store.load().unwrap().0, [record]);
    assert_eq!(fs::read_dir(folder.path().join("results")).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn names_from_outside_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    for id in ["", "../secret", "a/b", "0123.json", "ä"] {
        assert_eq!(store.find(id), None, "{id}");
    }
}

#[test]
fn broken_files_are_told_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let record = record(&spec("[sgd]", "[0.1]", 1, 1));
    store.save(&record).unwrap();
    fs::write(folder.path().join("0123.json"), "{").unwrap();
    fs::write(folder.path().join("4567.json"), record.to_json()).unwrap();
    fs::write(folder.path().join("README.md"), "no record").unwrap();
    let (records, broken) = store.load().unwrap();
    assert_eq!(records.len(), 1);
    let names: Vec<String> =
        broken.iter().map(|b| b.path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["0123.json", "4567.json"]);
    assert!(broken[0].why.starts_with("not a record"), "{}", broken[0].why);
    assert!(broken[1].why.contains("is named"), "{}", broken[1].why);
}

#[test]
fn only_regular_files_of_a_sensible_size_are_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::File::create(folder.path().join("0123.json")).unwrap().set_len(MAX_BYTES + 1).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.path().join("4567.json"), rustix::fs::Mode::RUSR).unwrap();
    let (records, broken) = Store::new(folder.path()).load().unwrap();
    let named = |broken: &Broken| broken.why.starts_with("it is not a regular file of at most");
    assert!(records.is_empty() && broken.len() == 2 && broken.iter().all(named), "{broken:?}");
}

#[test]
fn a_file_that_was_cut_off_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let record = record(&spec("[sgd]", "[0.1]", 1, 1));
    let path = store.save(&record).unwrap();
    assert!(store.has(&record.id));
    let text = fs::read_to_string(&path).unwrap();
    for length in [0, 1, text.len() / 2, text.len() - 2] {
        fs::write(&path, &text[..length]).unwrap();
        assert!(!store.has(&record.id), "{length} bytes");
    }
    store.remove(&record.id).unwrap();
    store.remove(&record.id).unwrap();
    assert!(!path.exists());
}

#[test]
fn what_could_not_be_read_again_is_not_saved_and_the_message_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = record(&spec("[sgd]", "[0.1]", 1, 1));
    fs::write(folder.path().join("file"), "").unwrap();
    let error = Store::new(folder.path().join("file")).save(&record).unwrap_err().to_string();
    assert!(error.contains(&folder.path().join("file").join(&record.id).display().to_string()), "{error}");
    let crate::lab::Outcome::Train(runs) = &mut record.outcome else { panic!() };
    runs[0].test_accuracy[0] = f64::NAN;
    let error = Store::new(folder.path()).save(&record).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(!folder.path().join(format!("{}.json", record.id)).exists());
}

#[test]
fn files_of_writers_that_are_gone_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let part = |pid: u32| folder.path().join(format!(".0a.{pid}.part"));
    // The first process of a machine or container is always there.
    for pid in [child.id(), std::process::id(), 1] {
        fs::write(part(pid), "{").unwrap();
    }
    store.remove_leftovers().unwrap();
    assert_eq!([child.id(), std::process::id(), 1].map(|pid| part(pid).exists()), [false, false, true]);
    Store::new(folder.path().join("none")).remove_leftovers().unwrap();
}

#[test]
fn the_oldest_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let (mut ids, mut bytes) = (Vec::new(), 0);
    for (age, rate) in [(300, "[0.1]"), (200, "[0.2]"), (100, "[0.3]")] {
        let record = record(&spec("[sgd]", rate, 1, 1));
        let path = store.save(&record).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        bytes += fs::metadata(path).unwrap().len();
        ids.push(record.id);
    }
    assert_eq!(store.shrink(bytes, "").unwrap(), 0);
    assert_eq!(store.shrink(bytes - 1, "").unwrap(), 1);
    assert!(store.find(&ids[0]).is_none() && store.find(&ids[1]).is_some() && store.find(&ids[2]).is_some());
    assert_eq!(store.shrink(0, &ids[1]).unwrap(), 1);
    assert!(store.find(&ids[1]).is_some(), "what has just been made is not the one to go");
    assert_eq!(store.shrink(0, "").unwrap(), 1);
}

/// Writes MNIST's files in their true sizes, all of zeros and packed.
fn write_empty_mnist(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (split, rows) in [("train", 60_000_u32), ("t10k", 10_000)] {
        for (file, kind, sizes, bytes) in
            [("images-idx3", 0x803_u32, &[28_u32, 28][..], 784), ("labels-idx1", 0x801, &[], 1)]
        {
            let head = [kind, rows].into_iter().chain(sizes.iter().copied()).flat_map(u32::to_be_bytes);
            let file = fs::File::create(folder.join(format!("{split}-{file}-ubyte.gz"))).unwrap();
            let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            encoder.write_all(&head.collect::<Vec<u8>>()).unwrap();
            encoder.write_all(&vec![0; rows as usize * bytes]).unwrap();
            encoder.finish().unwrap();
        }
    }
}

#[test]
fn a_data_set_is_read_from_its_folder_when_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let datasets = Datasets::default().with_files(DataFolder::new(folder.path()));
    assert!(matches!(datasets.id(DataName::Mnist), Err(DataError::Missing { files, .. }) if files.len() == 4));
    // That they were missing is not remembered; that they were there is.
    write_empty_mnist(&folder.path().join("mnist"));
    let id = datasets.id(DataName::Mnist).unwrap();
    assert_eq!((id.name.as_str(), id.rows), ("mnist", 70_000));
    fs::remove_dir_all(folder.path().join("mnist")).unwrap();
    assert_eq!(datasets.id(DataName::Mnist).unwrap(), id);
    let error = datasets.get(DataName::Mnist).unwrap_err().to_string();
    assert!(error.contains(&folder.path().join("mnist").display().to_string()), "{error}");
    assert!(matches!(datasets.id(DataName::Digits), Err(DataError::Absent(DataName::Digits))));
}

#[test]
fn whoever_asks_for_digits_is_told_why_there_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let told = || Datasets::read(folder.path()).id(DataName::Digits).unwrap_err().to_string();
    let start = format!("the data set `digits` cannot be used: {}/digits.csv.gz ", folder.path().display());
    assert!(told().starts_with(&format!("{start}cannot be read: No such file")), "{}", told());
    fs::write(folder.path().join("digits.csv.gz"), "0,1").unwrap();
    assert!(told().starts_with(&start) && told().contains("line 1"), "{}", told());
}
