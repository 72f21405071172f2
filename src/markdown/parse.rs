//! From a text to the events of pulldown-cmark, with their byte ranges.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, TagEnd};

use super::{Located, Reference, footnotes};

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_HEADING_ATTRIBUTES);

/// Parses a text. Returns its events, and the references in it that nothing defines.
pub(super) fn parse(body: &str) -> (Vec<Located<'_>>, Vec<Reference>) {
    let mut undefined = Vec::new();
    let note = |link: BrokenLink| {
        // A lone `[word]` is a word in brackets; `[words][reference]` can only be meant as a reference.
        if link.link_type != LinkType::Shortcut {
            undefined.push((link.reference.to_string(), link.span));
        }
        None
    };
    let mut events = Vec::new();
    for (event, range) in Parser::new_with_broken_link_callback(body, OPTIONS, Some(note)).into_offset_iter() {
        push(&mut events, body, event, range);
    }
    undefined.extend(footnotes::undefined(body, &events));
    (join_texts(events), undefined)
}

/// Appends an event. Dollars that are amounts and no formula are read again as text.
fn push<'a>(events: &mut Vec<Located<'a>>, body: &'a str, event: Event<'a>, range: Range<usize>) {
    if !matches!(event, Event::InlineMath(_)) || is_formula(body, &range) {
        events.push((event, range));
        return;
    }
    // The first dollar is escaped; what follows may hold emphasis, links and formulas.
    let escaped = format!("\\{}", &body[range.clone()]);
    for (event, inner) in Parser::new_ext(&escaped, OPTIONS).into_offset_iter() {
        let event = match event {
            event if is_inline(&event) => event,
            // The sign of a quotation or list at the start of a line.
            Event::Start(tag) if tag.to_end() != TagEnd::Paragraph => Event::SoftBreak,
            _ => continue,
        };
        let in_body = |at: usize| range.start + at.saturating_sub(1);
        push(events, body, event.into_static(), in_body(inner.start)..in_body(inner.end));
    }
}

/// Returns whether the dollars around these bytes set a formula by the rules of pandoc and GitHub: the first has no
/// letter or digit before it, and the last no digit after it.
fn is_formula(body: &str, range: &Range<usize>) -> bool {
    let before = body[..range.start].chars().next_back();
    let after = body[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(|c| c.is_ascii_digit())
}

fn is_inline(event: &Event) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong};
    match event {
        Event::Start(tag) => matches!(tag.to_end(), Emphasis | Strong | Strikethrough | Link | Image),
        Event::End(tag) => matches!(tag, Emphasis | Strong | Strikethrough | Link | Image),
        _ => true,
    }
}

/// Joins neighbouring texts. The parser ends a text at every character that might have had a meaning, such as the `_`
/// of a name.
fn join_texts(events: Vec<Located<'_>>) -> Vec<Located<'_>> {
    let mut joined: Vec<Located<'_>> = Vec::with_capacity(events.len());
    for (event, range) in events {
        if let (Event::Text(text), Some((Event::Text(before), last))) = (&event, joined.last_mut())
            && last.end == range.start
        {
            *before = CowStr::from(format!("{before}{text}"));
            last.end = range.end;
            continue;
        }
        joined.push((event, range));
    }
    joined
}
