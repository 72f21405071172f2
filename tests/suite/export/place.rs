//! The folder of an export: the old site or the new one, and nobody else's.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

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
    let begin = std::time::Instant::now();
    desk.command(&other, &["--as-of", BUSY]).output().unwrap();
    let whole = begin.elapsed();
    let new = tree(&other);
    assert!(old != new);
    let (mut kept, mut replaced, mut left) = (0, 0, 0);
    for step in 0..24 {
        let mut child = desk.command(&desk.out(), &["--as-of", BUSY]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * step / 24);
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
}

#[test]
fn files_that_no_build_wrote_stay() {
    let desk = Desk::new();
    let first = desk.build(&["--no-compress", "--as-of", QUIET]);
    let others = ["CNAME", ".nojekyll", ".git/HEAD", "meetups/29/mine.txt", "meetups/74/mine.txt"];
    for file in others {
        fs::create_dir_all(desk.out().join(file).parent().unwrap()).unwrap();
        fs::write(desk.out().join(file), file).unwrap();
    }
    fs::create_dir_all(desk.out().join(".git/refs/heads")).unwrap();
    std::os::unix::fs::symlink("meetups/29", desk.out().join("latest")).unwrap();
    fs::remove_file(desk.content().join("meetups/074.yaml")).unwrap();
    for _ in 0..2 {
        let now = desk.build(&["--no-compress", "--as-of", QUIET]);
        assert!(others.iter().all(|file| now[*file] == file.as_bytes()), "{:?}", now.keys());
        assert!(desk.out().join(".git/refs/heads").is_dir());
        assert_eq!(fs::read_link(desk.out().join("latest")).unwrap(), Path::new("meetups/29"));
        assert!(first.contains_key("meetups/74/index.html") && !now.contains_key("meetups/74/index.html"));
    }
    fs::remove_dir_all(desk.out().join(".git")).unwrap();
    assert!(!desk.build(&["--no-compress", "--as-of", QUIET]).contains_key(".git/HEAD"), "who wrote it may remove it");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let desk = Desk::new();
    fs::create_dir(desk.content().join("meetups/076")).unwrap();
    fs::write(desk.content().join("meetups/076/deck.pdf"), "x").unwrap();
    fs::write(desk.content().join("meetups/076.yaml"), "number: 76\nslides: meetups/076/deck.pdf\n").unwrap();
    let before = desk.build(&["--no-compress", "--no-cards"]);
    let deck = desk.content().join("meetups/076/deck.pdf");
    fs::remove_file(&deck).unwrap();
    std::os::unix::fs::symlink("../../gone.pdf", &deck).unwrap();
    let output = desk.run(&["--no-compress", "--no-cards"]);
    assert!(!output.status.success() && told(&output).contains("meetups/076/deck.pdf"), "{}", told(&output));
    assert!(tree(&desk.out()) == before);
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
