//! The direction of the house: no room imports a room that comes after it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may know. Vocabulary stands first and is open to all.
const VOCABULARY: [&str; 4] = ["compress", "html", "problem", "yaml"];
const ROOMS: [(&str, &[&str]); 16] = [
    ("compress", &[]),
    ("html", &[]),
    ("problem", &[]),
    ("yaml", &["problem"]),
    ("content", &[]),
    ("optim", &[]),
    ("lab", &["optim"]),
    ("archive", &["content"]),
    ("chart", &["lab"]),
    ("markdown", &[]),
    ("search", &[]),
    ("card", &[]),
    ("pages", &["content", "archive", "lab", "chart", "markdown", "search", "card"]),
    ("workspace", &["content", "archive"]),
    ("export", &["content", "archive", "lab", "markdown", "pages"]),
    ("server", &["content", "archive", "lab", "pages", "workspace"]),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// What is around the rooms: the list of them, and the program, which may know each. None of them may know the program: the library cannot import it.
const AROUND: [&str; 4] = ["lib", "main", "commands", "allocator"];

/// The rooms that a text names by `crate::room`, also inside braces: `use crate::{html, problem}`.
fn named(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let list = rest.strip_prefix('{').and_then(|list| list.split('}').next());
        for item in list.unwrap_or(rest).split(',').take(if list.is_some() { usize::MAX } else { 1 }) {
            rooms.insert(item.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms
}

#[test]
fn no_room_imports_what_comes_after_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let (mut seen, mut arrows, mut wrong) = (BTreeSet::new(), 0, Vec::new());
    for file in &files {
        let name = file.strip_prefix(&source).unwrap().components().next().unwrap().as_os_str().to_string_lossy();
        let room = name.trim_end_matches(".rs").to_owned();
        if AROUND.contains(&room.as_str()) {
            continue;
        }
        let Some((_, may)) = ROOMS.iter().find(|(other, _)| *other == room) else {
            panic!("the room `{room}` is not in the table of this test");
        };
        seen.insert(room.clone());
        for other in named(&fs::read_to_string(file).unwrap()) {
            let known = ROOMS.iter().any(|(name, _)| *name == other);
            arrows += usize::from(known);
            let vocabulary = VOCABULARY.contains(&other.as_str()) && !VOCABULARY.contains(&room.as_str());
            if known && other != room && !vocabulary && !may.contains(&other.as_str()) {
                wrong.push(format!("{} imports {other}", file.display()));
            }
        }
    }
    assert_eq!(seen.len(), ROOMS.len(), "every room is there to be checked: {seen:?}");
    assert!(arrows > 20, "only {arrows} imports seen: is the search still right?");
    assert!(wrong.is_empty(), "arrows back:\n{}", wrong.join("\n"));
}

#[test]
fn imports_are_recognised_in_each_form() {
    let text = "use crate::pages::Site;\nuse crate::{lab, chart::draw};\nlet x = crate::html::escape(y);";
    let expected = ["chart", "html", "lab", "pages"].map(String::from);
    assert_eq!(named(text), BTreeSet::from(expected));
}
