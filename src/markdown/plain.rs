//! The words of a text without its markup.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::OPTIONS;
use super::values::{join_texts, without_values};

/// The words of a Markdown text on one line, for summaries, titles and feeds: without markup, fenced blocks, images,
/// footnotes and HTML. Formulas stay as they were typed; for a number that only the page knows there are three dots.
pub fn plain(text: &str) -> String {
    let mut skipped = 0;
    let parser = Parser::new_ext(text.trim_start_matches('\u{feff}'), OPTIONS);
    let shown = parser.into_offset_iter().filter(|(event, _)| {
        match event {
            Event::Start(tag) if is_skipped(tag) => skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Image | TagEnd::FootnoteDefinition | TagEnd::HtmlBlock) => skipped -= 1,
            _ => {}
        }
        skipped == 0
    });
    let shown: Vec<Event> = join_texts(shown.collect()).into_iter().map(|(event, _)| without_values(event)).collect();
    words(shown.iter())
}

fn is_skipped(tag: &Tag) -> bool {
    matches!(tag, Tag::CodeBlock(_) | Tag::Image { .. } | Tag::FootnoteDefinition(_) | Tag::HtmlBlock)
}

/// The words in these events, one space between them.
pub(super) fn words<'a>(events: impl Iterator<Item = &'a Event<'a>>) -> String {
    let mut out = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => out.push_str(text),
            Event::SoftBreak | Event::HardBreak | Event::Rule => out.push(' '),
            Event::Start(tag) if is_block(&tag.to_end()) => out.push(' '),
            Event::End(tag) if is_block(tag) => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_block(tag: &TagEnd) -> bool {
    use TagEnd::{BlockQuote, Heading, Item, List, Paragraph, Table, TableCell};
    matches!(tag, Paragraph | Heading(_) | Item | List(_) | TableCell | Table | BlockQuote(_))
}
