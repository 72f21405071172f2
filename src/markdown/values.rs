//! Placeholders: `{{figure: what}}` in running text stands for a number that the host knows.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::{Located, Writer};

/// Joins neighbouring texts. The parser ends a text at every character that might have meant something, such as the `_` of a name.
pub(super) fn join_texts(events: Vec<Located<'_>>) -> Vec<Located<'_>> {
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

impl<'a> Writer<'a, '_> {
    /// A text, with what its placeholders stand for.
    pub(super) fn text(&mut self, text: CowStr<'a>, range: Range<usize>) {
        let mut rest: &str = &text;
        if !rest.contains("{{") {
            self.out.push(Event::Text(text));
            return;
        }
        while let Some((before, inside, after)) = first_placeholder(rest) {
            self.out.push(Event::Text(before.to_owned().into()));
            let whole = &rest[before.len()..rest.len() - after.len()];
            match self.host.value(inside.trim()) {
                None => self.out.push(Event::Text(whole.to_owned().into())),
                Some(value) => {
                    if let Some(refused) = value.problem {
                        let place = self.places.place_within(range.clone(), whole);
                        let problem = crate::problem::Problem::warning(place, refused.message);
                        self.problems.push(crate::problem::Problem { help: refused.help, ..problem });
                    }
                    self.push(value.html.as_str().to_owned());
                }
            }
            rest = after;
        }
        self.out.push(Event::Text(rest.to_owned().into()));
    }
}

/// An event with three dots for each placeholder in its text.
pub(super) fn without_values(event: Event<'_>) -> Event<'_> {
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

/// What stands before the first placeholder, in it, and after it.
fn first_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inside, after) = rest.split_once("}}")?;
    Some((before, inside, after))
}
