//! Blocks and data for the tests of kinds.

use super::super::data::Datasets;
use super::super::spec::{Experiment, Spec};
use crate::problem::{Problem, SourceFile};

const DIGITS: &[u8] = include_bytes!("../../../content/data/digits.csv.gz");

pub(in crate::lab) fn digits() -> Datasets {
    let mut data = Datasets::default();
    data.add_digits(DIGITS).unwrap();
    data
}

pub(in crate::lab) fn parse(text: &str) -> (Option<Experiment>, Vec<Problem>) {
    Experiment::parse(&SourceFile::new("lab.yaml", text), text, 0)
}

#[track_caller]
pub(in crate::lab) fn spec(text: &str) -> Spec {
    let (experiment, problems) = parse(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    experiment.unwrap().spec
}

/// A block whose lines are `base`, but for one line put in the place of the line with the same key, or added; gives its problems as `line:column message` with
/// their help.
pub(in crate::lab) fn complaints(base: &str, line: &str) -> Vec<(String, String)> {
    let key = line.split(':').next().unwrap_or("");
    let mut lines: Vec<&str> = base.lines().filter(|other| other.split(':').next() != Some(key)).collect();
    lines.insert(0, line);
    let (experiment, problems) = parse(&format!("{}\n", lines.join("\n")));
    assert_eq!(experiment.is_none(), !problems.is_empty(), "{line}");
    let told = |p: &Problem| format!("{}:{} {}", p.place.line, p.place.column, p.message);
    problems.iter().map(|problem| (told(problem), problem.help.clone().unwrap_or_default())).collect()
}

/// Checks that each line, put into `base`, gives one complaint that begins and is helped as it says.
#[track_caller]
pub(in crate::lab) fn all_complain(base: &str, cases: &[(&str, &str, &str)]) {
    assert!(parse(base).0.is_some(), "the base is right: {:?}", parse(base).1);
    for (line, expected, help) in cases {
        let found = complaints(base, line);
        let [(message, found_help)] = found.as_slice() else { panic!("{line}: {found:?}") };
        assert!(message.starts_with(expected) && found_help.contains(help), "{line}: {found:?}");
    }
}
