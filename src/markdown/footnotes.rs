//! Footnotes: numbered as they are first referred to, written at the end of the text, with links back.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, TagEnd};

use super::Writer;
use super::{Located, Reference};
use crate::html::escape;

/// Footnotes of a text that is being written.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    notes: Vec<Note<'a>>,
    /// Index into `notes` by label in lower case.
    by_label: HashMap<String, usize>,
    /// Notes being written, each with the text around it; no index if the label is taken.
    open: Vec<(Option<usize>, Vec<Event<'a>>)>,
    last_number: usize,
}

struct Note<'a> {
    label: String,
    /// Number from 1, in the order of the first references; 0 before there is one.
    number: usize,
    references: usize,
    defined_at: Option<Range<usize>>,
    content: Vec<Event<'a>>,
}

impl<'a> Footnotes<'a> {
    fn find(&mut self, label: &str) -> usize {
        let next = self.notes.len();
        let index = *self.by_label.entry(label.to_lowercase()).or_insert(next);
        if index == next {
            self.notes.push(Note {
                label: label.to_owned(),
                number: 0,
                references: 0,
                defined_at: None,
                content: Vec::new(),
            });
        }
        index
    }

    /// Counts a reference. Returns the number of the note, and which of its references this is.
    fn refer(&mut self, label: &str) -> (usize, usize) {
        let index = self.find(label);
        let note = &mut self.notes[index];
        if note.number == 0 {
            self.last_number += 1;
            note.number = self.last_number;
        }
        note.references += 1;
        (note.number, note.references)
    }
}

/// Finds references to footnotes that are not defined. The parser leaves them as text that begins with `^` after a
/// bracket of its own.
pub(super) fn undefined(body: &str, events: &[Located]) -> Vec<Reference> {
    let texts = events.iter().filter(|(event, _)| matches!(event, Event::Text(text) if text.starts_with('^')));
    let marks = texts.filter(|(_, range)| body[..range.start].ends_with('[') && !body[..range.start].ends_with("\\["));
    let labels =
        marks.filter_map(|(_, range)| Some((range.start, body[range.start..].lines().next()?.split_once(']')?.0)));
    labels.map(|(at, label)| (label.to_owned(), at - 1..at + label.len() + 1)).collect()
}

/// Returns the id of a reference to a note. Ids of headings have no underscore, so they cannot be the same.
fn reference_id(prefix: &str, number: usize, reference: usize) -> String {
    escape(&format!("{prefix}fnref_{number}_{reference}"))
}

fn note_id(prefix: &str, number: usize) -> String {
    escape(&format!("{prefix}fn_{number}"))
}

impl<'a> Writer<'a, '_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let (number, reference) = self.footnotes.refer(label);
        let (id, to) = (reference_id(self.host.id_prefix(), number, reference), note_id(self.host.id_prefix(), number));
        let link =
            format!("<a id=\"{id}\" href=\"#{to}\" role=\"doc-noteref\" aria-label=\"Footnote {number}\">{number}</a>");
        self.push(format!("<sup class=\"footnote-ref\">{link}</sup>"));
    }

    /// Keeps what follows, up to the end of the note, for the end of the text.
    pub(super) fn footnote_start(&mut self, label: &CowStr<'a>, range: Range<usize>) {
        let index = self.footnotes.find(label);
        let note = &mut self.footnotes.notes[index];
        let twice = note.defined_at.is_some();
        note.defined_at.get_or_insert(range.clone());
        if twice {
            self.warn(
                range,
                format!("the footnote `[^{label}]` is defined twice"),
                Some("give it a label of its own".into()),
            );
        }
        let around = std::mem::take(&mut self.out);
        self.footnotes.open.push(((!twice).then_some(index), around));
    }

    pub(super) fn footnote_end(&mut self) {
        let Some((index, around)) = self.footnotes.open.pop() else { return };
        let content = std::mem::replace(&mut self.out, around);
        if let Some(index) = index {
            self.footnotes.notes[index].content = content;
        }
    }

    /// Writes the notes that are referred to, and reports the others.
    pub(super) fn end_of_text(&mut self) {
        let mut notes = std::mem::take(&mut self.footnotes.notes);
        notes.sort_by_key(|note| note.number);
        let unused = notes.partition_point(|note| note.number == 0);
        let used = notes.split_off(unused);
        for note in notes {
            let range = note.defined_at.unwrap_or(0..0);
            self.warn(range, format!("nothing refers to the footnote `[^{}]`", note.label), None);
        }
        if !used.is_empty() {
            self.push("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n");
            used.into_iter().for_each(|note| self.note(note));
            self.push("</ol>\n</section>\n");
        }
    }

    fn note(&mut self, mut note: Note<'a>) {
        let back = back_links(self.host.id_prefix(), note.number, note.references);
        // The links back end the last paragraph; after a list or a formula they stand alone.
        let paragraph = note.content.pop_if(|last| *last == Event::End(TagEnd::Paragraph));
        self.push(format!("<li id=\"{}\">", note_id(self.host.id_prefix(), note.number)));
        self.out.append(&mut note.content);
        self.push(back);
        self.out.extend(paragraph);
        self.push("</li>\n");
    }
}

fn back_links(prefix: &str, number: usize, references: usize) -> String {
    let mut links = String::new();
    for reference in 1..=references {
        let id = reference_id(prefix, number, reference);
        let which = if references == 1 { String::new() } else { format!("<sup>{reference}</sup>") };
        // U+FE0E asks for the arrow as text: some fonts would draw it as an emoji.
        let _ = write!(
            links,
            " <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\"Back to reference {reference} of footnote {number}\">↩\u{fe0e}{which}</a>"
        );
    }
    links
}
