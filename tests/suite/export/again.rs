//! A build after another one: preview images and compressed texts come from the cache, and the bytes are the same as
//! without it.

use std::fs;
use std::time::SystemTime;

use super::{BUSY, Desk, QUIET};

const BASE: &str = "https://example.org/";

fn edit(desk: &Desk, file: &str, from: &str, to: &str) {
    let path = desk.content().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Returns how many files the cache holds.
fn cached(desk: &Desk) -> usize {
    fs::read_dir(desk.cache.join("derived")).unwrap().count()
}

#[test]
fn a_build_from_the_cache_gives_the_same_tree_as_one_without() {
    let desk = Desk::uncached();
    let all = desk.build(&["--as-of", BUSY, "--base-url", BASE]);
    let made = cached(&desk);
    assert!(all.len() > 4000 && made > 1500, "{} files, {made} of them cached", all.len());
    assert!(desk.build(&["--as-of", BUSY, "--base-url", BASE]) == all);
    assert_eq!(cached(&desk), made, "nothing was made again");
    // Another day and another title concern some pages, and none of the others.
    edit(&desk, "meetups/074.yaml", "topic: Agentic AI & Causal Inference", "topic: Another Subject");
    let edited = desk.build(&["--as-of", QUIET, "--base-url", BASE]);
    let made_anew = cached(&desk) - made;
    assert!(made_anew > 5 && made_anew < made / 2, "{made_anew} after {made}");
    assert!(edited["meetups/74/card.png"] != all["meetups/74/card.png"]);
    fs::remove_dir_all(&desk.cache).unwrap();
    assert!(desk.build(&["--as-of", QUIET, "--base-url", BASE]) == edited, "the trees differ");
    // A page that the new site does not have is gone.
    fs::remove_file(desk.content().join("meetups/074.yaml")).unwrap();
    assert!(!desk.build(&["--as-of", QUIET, "--base-url", BASE]).contains_key("meetups/74/index.html"));
}

#[test]
fn a_damaged_or_unusable_cache_changes_nothing() {
    let desk = Desk::uncached();
    let all = desk.build(&["--as-of", QUIET, "--base-url", BASE]);
    for (at, entry) in fs::read_dir(desk.cache.join("derived")).unwrap().enumerate() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        match at % 3 {
            0 => fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
            1 => fs::write(path, "").unwrap(),
            _ => {}
        }
    }
    assert!(desk.build(&["--as-of", QUIET, "--base-url", BASE]) == all, "what was damaged is whole again");
    fs::remove_dir_all(&desk.cache).unwrap();
    fs::write(&desk.cache, "a file where the folder should be").unwrap();
    let texts = desk.build(&["--as-of", QUIET, "--no-cards", "--no-data", "--no-search"]);
    assert!(texts["talks/index.html.br"].len() > 1000 && fs::metadata(&desk.cache).unwrap().is_file());
}

#[test]
fn what_has_not_changed_keeps_its_date() {
    let desk = Desk::new();
    desk.build(&["--as-of", QUIET, "--base-url", BASE]);
    let paths = [
        "people/index.html",
        "people/index.html.gz",
        "meetups/29/card.png",
        "meetups/74/index.html",
        "meetups/74/index.html.br",
    ];
    let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let file = |path: &str| fs::File::options().write(true).open(desk.out().join(path)).unwrap();
    paths.iter().for_each(|path| file(path).set_modified(long_ago).unwrap());
    edit(&desk, "meetups/074.yaml", "topic: Agentic AI & Causal Inference", "topic: Another Subject");
    desk.build(&["--as-of", QUIET, "--base-url", BASE]);
    let kept = paths.map(|path| desk.out().join(path).metadata().unwrap().modified().unwrap() == long_ago);
    assert_eq!(kept, [true, true, true, false, false]);
}
