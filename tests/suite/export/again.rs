//! A build over an earlier export: what is taken over is what would be made anew.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;

use super::{BUSY, Desk, QUIET, told, tree};

/// How many files the build says are as they were.
fn kept(desk: &Desk, flags: &[&str]) -> usize {
    let output = desk.run(flags);
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    told.split_once(" files (").map_or(0, |(_, rest)| rest.split_once(" of them unchanged").unwrap().0.parse().unwrap())
}

fn edit(desk: &Desk, file: &str, from: &str, to: &str) {
    let path = desk.content().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_build_over_an_earlier_one_gives_the_same_tree_as_a_first_one() {
    let desk = Desk::new();
    assert_eq!(kept(&desk, &["--as-of", BUSY]), 0);
    let all = tree(&desk.out());
    // All but the mark of the export itself.
    assert_eq!(kept(&desk, &["--as-of", BUSY]), all.len() - 1);
    assert!(all.len() > 4000 && tree(&desk.out()) == all);
    // Another day and another title concern some pages, and none of the others.
    edit(&desk, "meetups/074.yaml", "Causal Inference", "Another Subject");
    let again = kept(&desk, &["--as-of", QUIET]);
    assert!(again > all.len() / 2 && again < all.len() - 100, "{again} of {}", all.len());
    let first = desk.folder.path().join("first");
    assert!(desk.command(&first, &["--as-of", QUIET]).output().unwrap().status.success());
    assert!(tree(&desk.out()) == tree(&first), "the trees differ");
}

#[test]
fn what_has_not_changed_stays_the_same_file() {
    let desk = Desk::new();
    let flags = ["--as-of", QUIET];
    kept(&desk, &flags);
    let file =
        |path: &str| (desk.out().join(path).metadata().unwrap().ino(), desk.out().join(path).metadata().unwrap().mtime_nsec());
    let paths =
        ["people/index.html", "people/index.html.gz", "meetups/29/card.png", "meetups/74/index.html", "meetups/74/index.html.br"];
    let before = paths.map(file);
    edit(&desk, "meetups/074.yaml", "Causal Inference", "Another Subject");
    kept(&desk, &flags);
    let after = paths.map(file);
    assert_eq!(before[..3], after[..3]);
    assert!((3..5).all(|at| before[at] != after[at]));
    // One that the new site does not have is gone.
    fs::remove_file(desk.content().join("meetups/074.yaml")).unwrap();
    kept(&desk, &flags);
    assert!(!desk.out().join("meetups/74").exists());
}

#[test]
fn what_is_damaged_or_of_another_program_is_not_taken_over() {
    let desk = Desk::new();
    let flags = ["--as-of", QUIET];
    kept(&desk, &flags);
    let all = tree(&desk.out());
    let write = |file: &str, bytes: &[u8]| fs::write(desk.out().join(file), bytes).unwrap();
    let shorter = |file: &str| all[file][..all[file].len() / 2].to_vec();
    let most = kept(&desk, &flags);
    let damage: [(&str, Vec<u8>); 5] = [
        ("meetups/29/index.html.gz", all["meetups/30/index.html.gz"].clone()),
        ("meetups/29/index.html.br", all["meetups/30/index.html.br"].clone()),
        ("meetups/31/index.html.gz", shorter("meetups/31/index.html.gz")),
        ("meetups/31/card.png", shorter("meetups/31/card.png")),
        ("meetups/32/card.png", Vec::new()),
    ];
    for (file, bytes) in &damage {
        // A file of its own, and not another name of the one that was taken over.
        fs::remove_file(desk.out().join(file)).unwrap();
        write(file, bytes);
    }
    fs::remove_file(desk.out().join("meetups/33/index.html.br")).unwrap();
    assert_eq!(kept(&desk, &flags), most - damage.len() - 1);
    assert!(tree(&desk.out()) == all, "what was damaged is whole again");
    // Another program may have compressed the same text in another way; that is valid, and yet not what this one makes.
    let mut other = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    other.write_all(&all["meetups/29/index.html"]).unwrap();
    fs::remove_file(desk.out().join("meetups/29/index.html.gz")).unwrap();
    write("meetups/29/index.html.gz", &other.finish().unwrap());
    let marker = String::from_utf8(all[".vdlm-export"].clone()).unwrap();
    write(".vdlm-export", marker.replace("Program: ", "Program: 0").as_bytes());
    assert_eq!(kept(&desk, &flags), most - 1);
    assert!(tree(&desk.out()) == all);
}
