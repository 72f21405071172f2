//! The folder of an export: the old site or the new one, and nobody else's.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::{BUSY, Desk, QUIET, told, tree};

#[test]
fn only_what_an_export_wrote_is_replaced() {
    let desk = Desk::new();
    let refused = |out: &Path, why: &str| {
        let output = desk.command(out, &["--no-compress"]).output().unwrap();
        assert!(output.status.code() == Some(1) && told(&output).contains(why), "{}", told(&output));
    };
    fs::create_dir(desk.out()).unwrap();
    fs::write(desk.out().join("mine.txt"), "mine").unwrap();
    refused(&desk.out(), "was not written by this command");
    assert_eq!(tree(&desk.out()).keys().collect::<Vec<_>>(), ["mine.txt"]);
    fs::remove_file(desk.out().join("mine.txt")).unwrap();
    desk.build(&["--no-compress"]);
    // From then on it is an export's, with whatever has come into it.
    fs::write(desk.out().join("old.html"), "old").unwrap();
    assert!(!desk.build(&["--no-compress"]).contains_key("old.html"));
    refused(&desk.content().join("out"), "lies in the content folder");
    refused(&desk.content().join("site.yaml"), "lies in the content folder");
    let file = desk.folder.path().join("file");
    fs::write(&file, "").unwrap();
    refused(&file, "is a file");
    let left: BTreeSet<String> =
        fs::read_dir(desk.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(left, ["content", "file", "out"].map(String::from).into(), "nothing is left beside");
}

#[test]
fn a_killed_build_leaves_the_old_site_and_the_next_one_cleans_up() {
    let desk = Desk::new();
    let old = desk.build(&["--as-of", QUIET, "--no-compress"]);
    let other = desk.folder.path().join("other");
    desk.command(&other, &["--as-of", BUSY]).output().unwrap();
    let new = tree(&other);
    assert!(old != new);
    let (mut kept, mut replaced, mut left) = (0, 0, 0);
    for step in 0..24 {
        let mut child = desk.command(&desk.out(), &["--as-of", BUSY]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 * step));
        child.kill().unwrap();
        child.wait().unwrap();
        left += usize::from(desk.folder.path().join(".out.vdlm-new").exists());
        let now = tree(&desk.out());
        assert!(now == old || now == new, "a site that is neither the old nor the new one after {step} steps");
        kept += usize::from(now == old);
        replaced += usize::from(now == new);
        if now == new {
            desk.build(&["--as-of", QUIET, "--no-compress"]);
        }
    }
    assert!(kept > 0 && left > 0, "{kept} kept, {replaced} replaced, {left} left something");
    assert!(desk.build(&["--as-of", QUIET, "--no-compress"]) == old);
    assert!(!desk.folder.path().join(".out.vdlm-new").exists());
    // A build that was killed between two renames, where folders cannot be exchanged in one step.
    fs::rename(desk.out(), desk.folder.path().join(".out.vdlm-old")).unwrap();
    fs::write(desk.content().join("meetups/076.yaml"), "nonsense: 1\n").unwrap();
    assert!(!desk.run(&[]).status.success());
    fs::remove_file(desk.content().join("meetups/076.yaml")).unwrap();
    assert!(desk.build(&["--as-of", QUIET, "--no-compress"]) == old);
    assert!(!desk.folder.path().join(".out.vdlm-old").exists());
}

#[test]
fn two_builds_of_one_folder_do_not_mix() {
    let desk = Desk::new();
    let beside = desk.folder.path().join(".out.vdlm-new");
    fs::create_dir(&beside).unwrap();
    let lock = fs::File::open(&beside).unwrap();
    lock.try_lock().unwrap();
    let output = desk.run(&[]);
    assert!(output.status.code() == Some(1) && told(&output).contains("another export"), "{}", told(&output));
    drop(lock);
    desk.build(&["--no-compress"]);
}
