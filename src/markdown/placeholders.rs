//! Placeholders: `{{figure: value}}` in running text stands for a number that the host knows.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::Writer;

impl<'a> Writer<'a, '_> {
    /// Writes a text with the values of its placeholders.
    pub(super) fn text(&mut self, text: CowStr<'a>, range: Range<usize>) {
        let mut rest: &str = &text;
        while let Some((before, inside, after)) = first_placeholder(rest) {
            self.text_with_links(before);
            let whole = &rest[before.len()..rest.len() - after.len()];
            match self.host.value(inside.trim()) {
                None => self.text_with_links(whole),
                Some(value) => {
                    if let Some(refused) = value.diagnostic {
                        self.refuse(range.clone(), whole, refused);
                    }
                    self.push(value.html.as_str().to_owned());
                }
            }
            rest = after;
        }
        self.text_with_links(rest);
    }
}

/// Puts three dots for each placeholder of a text.
pub(super) fn without_placeholders(event: Event<'_>) -> Event<'_> {
    let text = match event {
        Event::Text(text) if text.contains("{{") => text,
        other => return other,
    };
    let (mut out, mut rest) = (String::new(), &*text);
    while let Some((before, _, after)) = first_placeholder(rest) {
        out.push_str(before);
        out.push('…');
        rest = after;
    }
    out.push_str(rest);
    Event::Text(out.into())
}

/// Splits a text into what stands before the first placeholder, in it, and after it.
fn first_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inside, after) = rest.split_once("}}")?;
    Some((before, inside, after))
}
