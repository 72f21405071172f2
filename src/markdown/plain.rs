//! The words of a text without its markup.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::parse::parse;
use super::placeholders::without_placeholders;

/// Returns the words of a Markdown text on one line, for summaries, titles and feeds: without markup, code blocks,
/// images, footnotes and HTML. Formulas stay as LaTeX; three dots stand for a number that only the page knows.
pub fn plain(text: &str) -> String {
    let (events, _) = parse(text.trim_start_matches('\u{feff}'));
    let mut skipped = 0;
    let shown = events.into_iter().map(|(event, _)| event).filter(|event| {
        match event {
            Event::Start(tag) if is_skipped(tag) => skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Image | TagEnd::FootnoteDefinition | TagEnd::HtmlBlock) => {
                skipped -= 1
            }
            _ => {}
        }
        skipped == 0
    });
    let shown: Vec<Event> = shown.map(without_placeholders).collect();
    words(shown.iter())
}

fn is_skipped(tag: &Tag) -> bool {
    matches!(tag, Tag::CodeBlock(_) | Tag::Image { .. } | Tag::FootnoteDefinition(_) | Tag::HtmlBlock)
}

/// Returns the words in these events, one space between them.
pub(super) fn words<'a>(events: impl Iterator<Item = &'a Event<'a>>) -> String {
    let mut out = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                out.push_str(text)
            }
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
