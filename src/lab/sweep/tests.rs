use super::*;
use crate::diagnostics::SourceFile;
use crate::lab::Experiment;

const DESCENTS: &str = "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [sgd, adam]\n\
                        learning_rates: [0.01, 0.001]\nsteps: 20\n";

fn spec(text: &str) -> Spec {
    let (experiment, diagnostics) = Experiment::parse(&SourceFile::new("block", text), text, 0);
    experiment.unwrap_or_else(|| panic!("{diagnostics:?}")).spec
}

fn parts(store: &Path) -> Parts {
    Parts::new(store, &spec(DESCENTS), &Datasets::default()).unwrap()
}

fn make(parts: &Parts, shard: &str, again: bool, machine: &str) -> Result<usize, SweepError> {
    parts.run(shard.parse().unwrap(), again, (&Datasets::default(), 2, machine), &())
}

#[test]
fn shards_take_each_run_once_whether_counting_begins_at_0_or_1() {
    for numbers in [0..3, 1..4] {
        let shards: Vec<Shard> = numbers.map(|index| Shard::new(index, 3)).collect();
        for run in 0..20 {
            assert_eq!(shards.iter().filter(|shard| shard.has(run)).count(), 1, "{run}");
        }
    }
    for wrong in ["", "3", "a/4", "5/4", "1/0", "-1/4", "1/2/3"] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}

#[test]
fn parts_of_three_shards_are_the_record_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let parts = parts(folder.path());
    assert_eq!(make(&parts, "1/3", false, "a").unwrap(), 1);
    match parts.join() {
        Err(SweepError::Missing { missing, total: 4, .. }) => {
            assert_eq!(missing.iter().map(|missing| missing.run).collect::<Vec<_>>(), [0, 2, 3]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(make(&parts, "2/3", false, "b").unwrap(), 1);
    assert_eq!(make(&parts, "3/3", false, "b").unwrap(), 2);
    assert_eq!(make(&parts, "3/3", false, "b").unwrap(), 0, "what is there is passed over");
    assert_eq!(make(&parts, "3/3", true, "a").unwrap(), 2, "the same numbers from another machine are fine");
    let joined = parts.join().unwrap();
    assert_eq!(joined.measured.as_ref().unwrap().machine, "a, b");
    let whole = super::super::run(&spec(DESCENTS), &Datasets::default(), 1, &()).unwrap();
    let text = |record: Record| Record { measured: None, ..record }.to_json();
    assert_eq!(text(joined), text(whole));
}

#[test]
fn other_numbers_under_the_same_name_are_an_error_that_names_both_machines() {
    let folder = tempfile::tempdir().unwrap();
    let parts = parts(folder.path());
    make(&parts, "0/1", false, "first").unwrap();
    let path = parts.path(2);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // The last digit of the first number after a point.
    let digit = lines[1].find('.').unwrap() + 1;
    let other = if lines[1].as_bytes()[digit] == b'1' { "2" } else { "1" };
    let changed = format!("{}{other}{}", &lines[1][..digit], &lines[1][digit + 1..]);
    fs::write(&path, format!("{}\n{changed}\n{}\n", lines[0], lines[2])).unwrap();
    let message = make(&parts, "0/1", true, "second").unwrap_err().to_string();
    assert!(message.contains("on second than on first") && message.contains("2.jsonl"), "{message}");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().nth(1), Some(changed.as_str()), "the first stays");
}

#[test]
fn files_of_other_runs_and_cut_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let parts = parts(folder.path());
    make(&parts, "0/1", false, "a").unwrap();
    fs::copy(parts.path(1), parts.path(0)).unwrap();
    let message = parts.join().unwrap_err().to_string();
    assert!(message.contains("0.jsonl: it belongs to another run"), "{message}");
    fs::write(parts.path(0), "{").unwrap();
    let message = parts.join().unwrap_err().to_string();
    assert!(message.contains("0.jsonl: it has 1 lines and not three; remove the file"), "{message}");
    fs::remove_file(parts.path(0)).unwrap();
    // A process that was killed leaves at most a temporary file, which nobody reads.
    fs::write(parts.folder.join(".part-x"), "{").unwrap();
    assert_eq!(make(&parts, "0/1", false, "a").unwrap(), 1);
    parts.join().unwrap();
}

#[test]
fn parts_of_another_engine_are_named_where_runs_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let old = Parts { recipe: Recipe { engine: 0, ..parts(folder.path()).recipe }, folder: folder.path().join("old") };
    make(&old, "0/1", false, "a").unwrap();
    let message = parts(folder.path()).join().unwrap_err().to_string();
    assert!(
        message.contains("4 of 4 runs are missing")
            && message.contains("/old are of the same experiment with engine 0"),
        "{message}"
    );
}
