//! The commands of the lab, on a copy of the real content.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::server::copy;

fn lab(content: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
    let output = command.arg("lab").args(arguments).arg("--content").arg(content).output().unwrap();
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), told.concat())
}

fn content() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
    (folder, content)
}

#[test]
fn what_is_pinned_is_fresh_until_an_ingredient_changes() {
    let (_folder, content) = content();
    let (fine, told) = lab(&content, &["explain"]);
    assert!(fine && told.contains("fresh") && !told.contains("no result"), "{told}");

    let article = content.join("hot-topics/radam.md");
    let text = fs::read_to_string(&article).unwrap();
    fs::write(
        &article,
        text.replace("title: Four optimizers on handwritten digits", "title: Methods on handwritten digits"),
    )
    .unwrap();
    assert!(lab(&content, &["explain"]).1.contains("Methods on handwritten digits, at the rates of the slide: fresh"));

    fs::write(&article, text.replace("epochs: 30", "epochs: 31")).unwrap();
    let (_, told) = lab(&content, &["explain"]);
    assert!(told.contains("epochs was 30 and is 31") && told.contains("no article asks for this result"), "{told}");
}

#[test]
fn a_result_runs_pins_and_verifies_and_a_changed_bit_is_named() {
    let (_folder, content) = content();
    fs::remove_dir_all(content.join("results")).unwrap();
    let spec = content.with_file_name("small.yaml");
    let text =
        "experiment: train\ntask: digits-mlp\noptimizers: [adam, lion]\nlearning_rates: [0.003]\nepochs: 2\nseeds: 2\n";
    fs::write(&spec, text).unwrap();
    let (fine, told) = lab(&content, &["run", spec.to_str().unwrap(), "--threads", "2"]);
    assert!(fine && told.contains("4 runs"), "{told}");
    let (fine, told) = lab(&content, &["verify", "--threads", "1"]);
    assert!(fine && told.contains("the same, bit for bit, in 4 runs"), "{told}");

    let file = fs::read_dir(content.join("results")).unwrap().next().unwrap().unwrap().path();
    let mut record: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    record["runs"][3]["test_accuracy"][0] = 1e-5.into();
    fs::write(&file, record.to_string()).unwrap();
    let (fine, told) = lab(&content, &["verify"]);
    assert!(!fine && told.contains("lion at learning rate 0.003, seed 1: test accuracy differs at epoch 0"), "{told}");
}

#[test]
fn data_that_are_not_there_are_told_with_what_to_put_where() {
    let (folder, content) = content();
    let spec = folder.path().join("mnist.yaml");
    let text = "experiment: train\ntask: mnist-mlp\noptimizers: [adam]\nlearning_rates: [0.003]\nepochs: 1\nseeds: 1\n";
    fs::write(&spec, text).unwrap();
    let (fine, told) = lab(&content, &["run", spec.to_str().unwrap()]);
    let place = content.join("data").join("mnist");
    assert!(!fine && told.contains("the data set `mnist` is not here: put `train-images-idx3-ubyte`, "), "{told}");
    assert!(told.contains(&format!("into the folder {}, each", place.display())), "{told}");

    let other = folder.path().join("elsewhere");
    let (fine, told) = lab(&content, &["explain", spec.to_str().unwrap(), "--data", other.to_str().unwrap()]);
    assert!(fine && told.contains(&format!("into the folder {}, each", other.join("mnist").display())), "{told}");

    fs::create_dir_all(&place).unwrap();
    for file in
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
    {
        fs::write(place.join(file), [0, 0, 8, 1, 0, 0, 0, 0]).unwrap();
    }
    let (fine, told) = lab(&content, &["run", spec.to_str().unwrap()]);
    assert!(!fine && told.contains("train-images-idx3-ubyte holds IDX labels (00000801), where IDX images"), "{told}");
}

/// A short experiment of each kind but `train`, and a number in its record with what `verify` says when it is another
/// one.
const KINDS: [(&str, &[&str], &str); 4] = [
    (
        "experiment: gradients\ntask: digits-mlp\noptimizers: [adam, radam]\nlearning_rate: 0.03\nsteps: 8\ndrawn: 4\nseeds: 2\n",
        &["1", "zeros", "0", "2"],
        "radam: number of zeros of seed 0 differs at step 3",
    ),
    (
        "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.1\nwarm_epochs: 1\nloops: 2\ngrid: 3\nseeds: 1\n",
        &["0", "picture", "test_accuracy", "4"],
        "seed 0: test accuracy on the plane differs at place 4",
    ),
    (
        "experiment: trace\nobjective: beale\nstart: [1, 1]\noptimizers: [adam, sgd]\nlearning_rates: [0.01]\nsteps: 20\n",
        &["1", "values", "20"],
        "sgd at learning rate 0.01: value differs at step 20",
    ),
    (
        "experiment: variance\ncurvatures: [1]\nlearning_rate: 0.1\nsteps: 50\nseeds: 30\n",
        &["1", "mean", "10"],
        "Lookahead at curvature 1: mean differs at inner loop 10",
    ),
];

#[test]
fn every_kind_runs_verifies_and_names_a_changed_bit() {
    for (text, path, named) in KINDS {
        let (_folder, content) = content();
        fs::remove_dir_all(content.join("results")).unwrap();
        let spec = content.with_file_name("small.yaml");
        fs::write(&spec, text).unwrap();
        let file = spec.to_str().unwrap();
        let (fine, told) = lab(&content, &["explain", file]);
        assert!(fine && told.contains("no result of its kind is pinned"), "{told}");
        let (fine, told) = lab(&content, &["run", file, "--threads", "2"]);
        assert!(fine && told.contains("runs in"), "{told}");
        let (fine, told) = lab(&content, &["verify", "--threads", "1"]);
        assert!(fine && told.contains("the same, bit for bit"), "{told}");
        assert!(lab(&content, &["explain", file]).1.contains("fresh, its result is pinned"));

        let record_file = fs::read_dir(content.join("results")).unwrap().next().unwrap().unwrap().path();
        let mut record: serde_json::Value = serde_json::from_str(&fs::read_to_string(&record_file).unwrap()).unwrap();
        let number = record.pointer_mut(&format!("/runs/{}", path.join("/"))).unwrap_or_else(|| panic!("{path:?}"));
        // Zeros are counted beside the bins; one more there is one less here.
        *number =
            number.as_u64().map_or_else(|| (number.as_f64().unwrap() / 2.0 + 0.001).into(), |zeros| (zeros - 1).into());
        if path[1] == "zeros" {
            let bin = record.pointer_mut("/runs/1/counts/2/40").unwrap();
            *bin = (bin.as_u64().unwrap() + 1).into();
        }
        fs::write(&record_file, record.to_string()).unwrap();
        let (fine, told) = lab(&content, &["verify"]);
        assert!(!fine && told.contains(named), "{told}");
    }
}
