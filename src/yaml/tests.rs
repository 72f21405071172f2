//! Values that are read, and diagnostics with their places.

use std::sync::Arc;

use serde::Deserialize;

use super::*;
use crate::diagnostics::{SourceFile, Spanned};

#[derive(Debug, Deserialize)]
#[serde(expecting = "a talk")]
struct Talk {
    title: Arc<str>,
    #[serde(default)]
    speakers: Vec<Spanned<Arc<str>>>,
    rank: Option<Spanned<u32>>,
    #[serde(default)]
    slides: Vec<TextOr<Deck>>,
    panel: Option<Box<Talk>>,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "a deck")]
struct Deck {
    path: Arc<str>,
    label: Option<Arc<str>>,
}

impl From<Spanned<Arc<str>>> for Deck {
    fn from(path: Spanned<Arc<str>>) -> Self {
        Self { path: path.value, label: None }
    }
}

fn at(diagnostic: &Diagnostic) -> (usize, usize) {
    (diagnostic.span.line, diagnostic.span.column)
}

fn read(text: &str) -> (Option<Talk>, Vec<String>) {
    let file = SourceFile::new("a.yaml", text);
    let (talk, diagnostics) = parse(&file, text, 0).unwrap().read();
    let describe = |d: &Diagnostic| {
        let (line, column) = at(d);
        let help = d.help.as_deref().map_or(String::new(), |help| format!(" | {help}"));
        format!("{} {line}:{column} {}{help}", d.level, d.message)
    };
    (talk, diagnostics.iter().map(describe).collect())
}

fn syntax_error(text: &str) -> Diagnostic {
    parse(&SourceFile::new("a.yaml", text), text, 0).expect_err("should not parse")
}

#[test]
fn scalars_stay_text_and_know_their_place() {
    let (talk, found) =
        read("title: 1.0\nspeakers: Jane\nrank: 007\nslides: [no, {path: 18:30, label: ' A: B '}, 2e3]\n");
    let talk = talk.unwrap();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!((&*talk.title, &*talk.speakers[0].value, talk.rank.unwrap().value), ("1.0", "Jane", 7));
    assert_eq!((talk.speakers[0].span.line, talk.speakers[0].span.column, talk.speakers[0].span.width), (2, 11, 4));
    let paths: Vec<&str> = talk.slides.iter().map(|deck| &*deck.path).collect();
    assert_eq!(paths, ["no", "18:30", "2e3"]);
    assert_eq!(talk.slides[1].label.as_deref(), Some("A: B"));
    assert!(talk.panel.is_none());
}

#[test]
fn everything_is_reported_in_one_run_after_structural_mistakes_too() {
    let text = "speekers: [Jane]\ntitle: [A]\nrank: x\npanel: {rank: y}\nslides:\n  - label: B\n  - {path: c, size: 3}\n  - path:\nfoo: 1\n";
    let (talk, found) = read(text);
    assert!(talk.is_none());
    let (known, deck) = ("title, speakers, rank, slides, panel", "path, label");
    assert_eq!(
        found,
        [
            "error 1:1 unknown key `speekers` in a talk | did you mean `speakers`?".to_owned(),
            "error 2:8 expected text, found a list".to_owned(),
            "error 3:7 expected a whole number below 4294967296, found `x`".to_owned(),
            "error 4:8 a talk needs `title` | add a line `title: …`".to_owned(),
            "error 4:15 expected a whole number below 4294967296, found `y`".to_owned(),
            "error 6:5 a deck needs `path` | add a line `path: …`".to_owned(),
            format!("error 7:15 unknown key `size` in a deck | known keys are: {deck}"),
            "error 8:5 a deck needs `path` | add a line `path: …`".to_owned(),
            "warning 8:5 `path` has no value | leave the key out when the value is not known".to_owned(),
            format!("error 9:1 unknown key `foo` in a talk | known keys are: {known}"),
        ]
    );
}

#[test]
fn a_value_that_will_not_do_does_not_hide_the_rest() {
    let (talk, found) = read("title: A\nrank: x\nspeakers: [B]\n");
    assert_eq!(found, ["error 2:7 expected a whole number below 4294967296, found `x`"]);
    assert_eq!(talk.unwrap().speakers[0].value, "B".into());
}

#[test]
fn an_empty_value_is_a_warning_and_absent() {
    let (talk, found) = read("title: A\nrank:\nspeakers: ~\n");
    assert!(talk.unwrap().rank.is_none());
    assert!(found.iter().all(|line| line.starts_with("warning")) && found.len() == 2, "{found:?}");
}

#[test]
fn a_list_of_items_is_read_item_by_item() {
    let text = "- title: A\n- titel: B\n- title: C\n";
    let file = SourceFile::new("a.yaml", text);
    let (talks, found) = parse(&file, text, 0).unwrap().read_items::<Talk>();
    assert_eq!(talks.iter().map(|talk| &*talk.title).collect::<Vec<_>>(), ["A", "C"]);
    assert_eq!(found.iter().map(at).collect::<Vec<_>>(), [(2, 3), (2, 3)]);
    for empty in ["", "# only a comment\n", "\u{feff}", "~\n"] {
        let (talks, found) = parse(&file, empty, 0).unwrap().read_items::<Talk>();
        assert!(talks.is_empty() && found[0].message == "this list has no entries", "{empty:?}");
    }
}

#[test]
fn a_key_that_stands_twice_is_reported_and_its_first_value_kept() {
    let (talk, found) = read("title: A\nrank: 1\ntitle: B\n");
    assert_eq!(found, ["error 3:1 the key `title` stands here a second time | the first is in line 1; keep one"]);
    assert_eq!(&*talk.unwrap().title, "A");
}

#[test]
fn a_comment_that_cuts_a_value_is_a_hint() {
    let found = |text: &str| {
        let file = SourceFile::new("a.yaml", text);
        let span = |d: &Diagnostic| (d.span.line, d.span.column, d.span.width);
        parse(&file, text, 0).unwrap().diagnostics.iter().map(span).collect::<Vec<_>>()
    };
    assert_eq!(found("topic: Lernen für #deep \nvenue: #TBA\n"), [(1, 19, 5), (2, 8, 4)]);
    assert_eq!(found("tags: [A, B #c\n]\ntitle: A\n  b #c\n"), [(1, 13, 2), (4, 5, 2)]);
    assert_eq!(found("title: Muon in C # and Rust\r\n"), [(1, 18, 10)]);
    for fine in [
        "a: b # comment\n",
        "a: 'b' #c\n",
        "a: b#c\n",
        "a: b\n#c\n",
        "a: b ##\n",
        "a: \"b c\" # d\n",
        "a: |\n  b #c\n",
        "a: |-\n  b c\n# d\nb: e\n",
        "a:\n  #c\n  b: d\n",
        "a: # list\n  - b\n",
    ] {
        assert_eq!(found(fine), [], "{fine:?}");
    }
}

#[test]
fn places_count_from_the_first_line_of_the_file_whatever_its_line_ends() {
    for text in ["---\ntitle: Ä\nfoo: B\n---\n", "---\r\ntitle: Ä\r\nfoo: B\r\n---\r\n"] {
        let file = SourceFile::new("a.md", text);
        let front = &text[text.find('t').unwrap()..text.rfind("---").unwrap()];
        let (_, found) = parse(&file, front, 1).unwrap().read::<Talk>();
        assert_eq!(found.iter().map(at).collect::<Vec<_>>(), [(3, 1)], "{text:?}");
    }
}

#[test]
fn syntax_errors_are_explained_where_they_are() {
    for (text, line, column, message) in [
        ("title: \"A b\nvenue: C\n", 1, 8, "the quotation mark is not closed"),
        ("title: 'A b", 1, 8, "the quotation mark is not closed"),
        ("title: 'It's so'\n", 1, 12, "the quotation ends before this"),
        ("title: \"A\" or B\n", 1, 12, "the quotation ends before this"),
        ("title: \"A\\q\"\n", 1, 8, "an escape in double quotes that YAML does not know"),
        ("title: *A* B\n", 1, 8, "anchors (&) and aliases (*) are not supported"),
        ("title: &A B\n", 1, 8, "anchors (&) and aliases (*) are not supported"),
        ("title: !important\n", 1, 8, "tags (!) are not supported"),
        ("title: @home\n", 1, 8, "a value cannot begin with this character"),
        ("title: `A`\n", 1, 8, "a value cannot begin with this character"),
        ("title: %A\n", 1, 8, "a value cannot begin with this character"),
        ("title: A: B\n", 1, 9, "a colon that YAML does not expect here"),
        ("title:A\nvenue: B\n", 2, 6, "a colon that YAML does not expect here"),
        ("topic: - A\n", 1, 8, "a dash that begins a list where none can be"),
        ("title: A\nand more\n", 2, 1, "a line without a key"),
        ("tags: [A, B\nvenue: C\n", 2, 6, "a bracket before this is not closed"),
        ("tags: [A]]\n", 1, 10, "this bracket closes none"),
        ("tags: {a: b\nc: d\n", 2, 2, "a bracket before this is not closed, or a comma is missing"),
        ("title: \u{0}\n", 1, 8, "a control character"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> theirs\n", 2, 1, "a merge that is not finished"),
        ("talks:\n  - title: A\n\tspeakers: [B]\n", 3, 1, "a tab in the indentation"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document begins here"),
        (&("[".repeat(40) + &"]".repeat(40)), 1, 33, "too deeply nested"),
        ("? [a]\n: b\n", 1, 3, "a key has to be text"),
    ] {
        let error = syntax_error(text);
        assert_eq!((at(&error), error.message.as_str()), ((line, column), message), "{text:?}");
    }
}
