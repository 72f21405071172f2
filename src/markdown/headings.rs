//! Headings: their levels, their ids, and the link beside each to itself.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Located;
use super::{Host, Writer, plain};
use crate::html::escape;

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Level on the page, from 2 to 6.
    pub level: u8,
    /// Id on the page.
    pub id: String,
    /// Words, plain text not yet escaped.
    pub text: String,
}

/// Collects the headings of a text before it is written: links may point forward.
pub(super) fn collect(events: &[Located], host: &dyn Host) -> Vec<Heading> {
    let mut headings = as_written(events);
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
    let mut taken = HashSet::new();
    // Ids that the author chose come first, so that no other heading takes one of them.
    for chosen in [true, false] {
        for heading in headings.iter_mut().filter(|heading| heading.id.is_empty() != chosen) {
            let wanted = if chosen { slug(&heading.id) } else { slug(&heading.text) };
            heading.id = unique(format!("{}{wanted}", host.id_prefix()), &mut taken);
        }
    }
    for heading in &mut headings {
        heading.level = (heading.level - highest + host.top_level().clamp(2, 6)).min(6);
    }
    headings
}

/// Collects headings with the levels and ids that were written; the id is empty where there is none.
fn as_written(events: &[Located]) -> Vec<Heading> {
    let mut headings = Vec::new();
    for (at, (event, _)) in events.iter().enumerate() {
        if let Event::Start(Tag::Heading { level, id, .. }) = event {
            let inner = events[at + 1..].iter().map(|(event, _)| event);
            let text = plain::words(inner.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))));
            let id = id.as_deref().unwrap_or_default().to_owned();
            headings.push(Heading { level: *level as u8, id, text });
        }
    }
    headings
}

/// Returns lower-case ASCII letters, digits and single hyphens. Other ids of a text hold an underscore, so that no
/// heading can take one.
fn slug(text: &str) -> String {
    let slug = slug::slugify(text);
    if slug.is_empty() { "section".to_owned() } else { slug }
}

fn unique(wanted: String, taken: &mut HashSet<String>) -> String {
    let mut id = wanted.clone();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{wanted}-{number}");
        number += 1;
    }
    id
}

impl Writer<'_, '_> {
    /// Opens a heading. `has_attributes` says that its braces hold more than an id.
    pub(super) fn heading_start(&mut self, has_attributes: bool, range: Range<usize>) {
        if has_attributes {
            let help = "write `{#id}` alone, or a backslash before each brace to show it";
            self.warn(
                range,
                "braces at the end of a heading hold only its id; the rest is not shown",
                Some(help.into()),
            );
        }
        let Heading { level, id, .. } = &self.headings[self.headings_open];
        let around = if self.host.anchors() { "<div class=\"heading\">" } else { "" };
        let html = format!("{around}<h{level} id=\"{}\">", escape(id));
        self.headings_open += 1;
        self.push(html);
    }

    /// Closes a heading. The link stands beside it, not in it, so that its name for a screen reader is its words alone.
    pub(super) fn heading_end(&mut self) {
        let Heading { level, id, text } = &self.headings[self.headings_open - 1];
        let (id, text) = (escape(id), escape(text));
        if !self.host.anchors() {
            return self.push(format!("</h{level}>\n"));
        }
        let html = format!(
            "</h{level}><a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to section: {text}\">#</a></div>\n"
        );
        self.push(html);
    }
}
