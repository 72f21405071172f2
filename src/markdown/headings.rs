//! Headings: their levels, their ids, and the link each carries to itself.

use std::collections::HashSet;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Host, Located, Writer, plain};
use crate::html::escape;
use crate::problem::fold;

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The level it has on the page, from 2 to 6.
    pub level: u8,
    /// Its id on the page.
    pub id: String,
    /// Its words, plain text not yet escaped.
    pub text: String,
}

/// All headings of a text, before it is written: links may point forward.
pub(super) fn collect(events: &[Located], host: &dyn Host) -> Vec<Heading> {
    let mut headings = raw(events);
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
    let mut taken = HashSet::new();
    for heading in &mut headings {
        heading.level = (heading.level - highest + host.top_level().clamp(2, 6)).min(6);
        heading.id = unique(format!("{}{}", host.id_prefix(), slug(&heading.text)), &mut taken);
    }
    headings
}

/// Levels as they were written, and no ids yet.
fn raw(events: &[Located]) -> Vec<Heading> {
    let mut headings = Vec::new();
    for (at, (event, _)) in events.iter().enumerate() {
        if let Event::Start(Tag::Heading { level, .. }) = event {
            let inner = events[at + 1..].iter().map(|(event, _)| event);
            let text = plain::words(inner.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))));
            headings.push(Heading { level: *level as u8, id: String::new(), text });
        }
    }
    headings
}

/// Lower-case ASCII letters, digits and single hyphens. Ids made by other parts of this room hold an underscore, so that
/// no heading can take one.
fn slug(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "section".into() } else { words.join("-") }
}

fn unique(wanted: String, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{wanted}-{n}"));
    let id = std::iter::once(wanted.clone()).chain(numbered).find(|id| !taken.contains(id)).expect("numbers do not end");
    taken.insert(id.clone());
    id
}

impl Writer<'_, '_> {
    pub(super) fn heading_start(&mut self) {
        let Heading { level, id, .. } = &self.headings[self.headings_open];
        let around = if self.host.anchors() { "<div class=\"heading\">" } else { "" };
        let html = format!("{around}<h{level} id=\"{}\">", escape(id));
        self.headings_open += 1;
        self.push(html);
    }

    /// The link stands beside the heading, not in it, so that the heading's name for a screen reader is its words alone.
    pub(super) fn heading_end(&mut self) {
        let Heading { level, id, text } = &self.headings[self.headings_open - 1];
        let (id, text) = (escape(id), escape(text));
        if !self.host.anchors() {
            return self.push(format!("</h{level}>\n"));
        }
        let html = format!("</h{level}><a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to section: {text}\">#</a></div>\n");
        self.push(html);
    }
}
