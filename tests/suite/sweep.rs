//! Sweeps through the command line: plan, shards and joining.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SWEEP: &str = "title: Two optimizers at two rates\nexperiment: train\ntask: digits-mlp\n\
                     optimizers: [adam, radam]\nlearning_rates: [0.01, 0.003]\nepochs: 1\nseeds: 2\n";

/// A folder with a sweep and a content folder that has the digits and no results.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sweep.yaml"), SWEEP).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/data");
    for content in ["one", "joined"] {
        fs::create_dir(folder.path().join(content)).unwrap();
        std::os::unix::fs::symlink(&data, folder.path().join(content).join("data")).unwrap();
    }
    folder
}

fn lab(folder: &Path, content: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
    command.current_dir(folder).arg("lab").args(arguments).args(["--content", content]);
    for name in ["SLURM_ARRAY_TASK_ID", "HQ_TASK_ID", "JOB_COMPLETION_INDEX"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

fn output(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn done(result: &Output) -> String {
    assert!(result.status.success(), "{}", output(result));
    output(result)
}

/// The only result of a content folder without the line of times and machines.
fn result(content: &Path) -> String {
    let mut files = fs::read_dir(content.join("results")).unwrap();
    let text = fs::read_to_string(files.next().unwrap().unwrap().path()).unwrap();
    assert!(files.next().is_none() && text.contains("\"measured\""));
    text.lines().filter(|line| !line.contains("\"measured\"")).collect::<Vec<_>>().join("\n")
}

#[test]
fn shards_of_several_schedulers_join_to_the_result_of_one_run() {
    let folder = desk();
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let all = [&["run", "sweep.yaml", "--store", "parts"][..], arguments].concat();
        lab(folder.path(), "joined", &all, variables)
    };
    let plan = done(&lab(folder.path(), "joined", &["plan", "sweep.yaml"], &[]));
    assert!(plan.contains("radam") && plan.contains("8 runs, about"), "{plan}");
    let lines = done(&lab(folder.path(), "joined", &["plan", "sweep.yaml", "--json"], &[]));
    let planned: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(planned.iter().map(|run| run["run"].as_u64().unwrap()).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());

    let first = done(&run(&["--shard", "1/4"], &[]));
    assert!(first.contains("made 2 runs, and 0 were there"), "{first}");
    let missing = lab(folder.path(), "joined", &["join", "sweep.yaml", "--store", "parts"], &[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(output(&missing).contains("6 of 8 runs are missing"), "{}", output(&missing));
    assert!(!folder.path().join("joined/results").exists(), "nothing is pinned");
    done(&run(&["--shards", "4"], &[("SLURM_ARRAY_TASK_ID", "2")]));
    done(&run(&["--shards", "4"], &[("HQ_TASK_ID", "3")]));
    done(&run(&["--shards", "4"], &[("JOB_COMPLETION_INDEX", "0")]));
    let again = done(&run(&["--shards", "4"], &[("JOB_COMPLETION_INDEX", "0")]));
    assert!(again.contains("made 0 runs, and 2 were there"), "{again}");
    let joined = done(&lab(folder.path(), "joined", &["join", "sweep.yaml", "--store", "parts"], &[]));
    assert!(joined.contains("8 runs joined"), "{joined}");

    done(&lab(folder.path(), "one", &["run", "sweep.yaml"], &[]));
    assert_eq!(result(&folder.path().join("joined")), result(&folder.path().join("one")));
}

#[test]
fn a_shard_that_was_killed_goes_on_where_it_was() {
    let folder = desk();
    let text = SWEEP.replace("epochs: 1", "epochs: 5").replace("seeds: 2", "seeds: 10");
    fs::write(folder.path().join("sweep.yaml"), text).unwrap();
    let count = || {
        let folders = fs::read_dir(folder.path().join("parts")).into_iter().flatten().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
        files.filter(|file| file.path().extension().is_some_and(|ending| ending == "jsonl")).count()
    };
    let arguments = ["lab", "run", "sweep.yaml", "--store", "parts", "--threads", "1", "--content", "joined"];
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_vdlm")).current_dir(folder.path()).args(arguments).spawn().unwrap();
    while count() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let there = count();
    let rest = done(&lab(folder.path(), "joined", &["run", "sweep.yaml", "--store", "parts"], &[]));
    assert!(there < 40 && rest.contains(&format!("made {} runs, and {there} were there", 40 - there)), "{rest}");
    done(&lab(folder.path(), "joined", &["join", "sweep.yaml", "--store", "parts"], &[]));
}

#[test]
fn flags_that_do_not_fit_together_are_refused() {
    let folder = desk();
    for (flags, message) in [
        (&["--shard", "1/4"][..], "--store"),
        (&["--shard", "5/4", "--store", "parts"], "write the number of the shard"),
        (&["--shards", "4", "--store", "parts"], "SLURM_ARRAY_TASK_ID"),
        (&["--shards", "0", "--store", "parts"], "0"),
        (&["--shards", "4", "--shard", "1/4", "--store", "parts"], "cannot be used with"),
    ] {
        let refused = lab(folder.path(), "joined", &[&["run", "sweep.yaml"][..], flags].concat(), &[]);
        assert!(!refused.status.success() && output(&refused).contains(message), "{flags:?}: {}", output(&refused));
    }
}
