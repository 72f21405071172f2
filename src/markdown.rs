//! Markdown to HTML.
//!
//! What the text cannot know, a [`Host`] supplies: where a link goes, what stands for a fenced block such as a figure.
//! Everything that is wrong is collected with its place in the file, and the text renders all the same.
//!
//! * CommonMark with tables, footnotes, strikethrough and math. Punctuation stays as it was typed: facts keep their
//!   characters.
//! * HTML in the text is shown, not obeyed, and reported; an HTML comment is left out.
//! * Headings move so that the highest one of the text becomes [`Host::top_level`], an `h2` unless the host says
//!   otherwise: the page keeps its one `h1`, whether the author began with `#` or with `##`.

mod code;
mod footnotes;
mod headings;
mod html;
mod links;
mod math;
mod places;
mod plain;
mod resolved;
mod tables;
mod values;

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

pub use code::highlight;
pub use headings::Heading;
pub use plain::plain;
pub use resolved::{Resolver, relink, resolve};

use crate::html::{Html, escape};
use crate::problem::{Problem, SourceFile};
use footnotes::Footnotes;
use places::Places;
use tables::Table;

/// What the caller knows and the text does not.
pub trait Host {
    /// The address a link leads to. Asked for every target but `#…`, which is looked up among the headings, and those
    /// of a scheme that is never followed, such as `javascript:`.
    ///
    /// # Errors
    /// Why there is no such place; the words of the link then stand as text.
    fn link(&mut self, target: &str) -> Result<String, Refused>;

    /// The element that shows an image; `alt` is its description, plain text not yet escaped.
    ///
    /// # Errors
    /// Why there is no such image; the description then stands in its place.
    fn image(&mut self, target: &str, alt: &str) -> Result<Html, Refused> {
        let address = links::attribute(&self.link(target)?);
        Ok(Html::trusted(format!(r#"<img src="{address}" alt="{}" loading="lazy">"#, escape(alt))))
    }

    /// What stands for a fenced block whose opening fence says `info`, or `None` to show it as code. `lines_before`
    /// counts the lines of the file before the block's body, so that the host can name places in it.
    fn block(&mut self, _info: &str, _body: &str, _lines_before: usize) -> Option<Html> {
        None
    }

    /// What a placeholder `{{reference}}` in running text stands for, or `None` to show it as it was written.
    fn value(&mut self, _reference: &str) -> Option<Value> {
        None
    }

    /// Put before every id of the text, so that several texts can stand on one page.
    fn id_prefix(&self) -> &str {
        ""
    }

    /// Whether a heading has a link to itself beside it.
    fn anchors(&self) -> bool {
        true
    }

    /// The level of the highest heading, from 2 to 6.
    fn top_level(&self) -> u8 {
        2
    }
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What is shown.
    pub html: Html,
    /// What is wrong with the placeholder.
    pub problem: Option<Refused>,
}

/// Why a host has nothing at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Refused {
    /// A refusal for this reason.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A text as HTML.
#[derive(Debug)]
pub struct Rendered {
    /// The whole text, its footnotes at the end.
    pub html: Html,
    /// Its headings in order, for a table of contents.
    pub headings: Vec<Heading>,
    /// What is wrong in it, in the order of the file. All are warnings or hints: the text shows in any case.
    pub problems: Vec<Problem>,
}

/// Renders `body`, a part of `file` that begins at the start of a line; `lines_before` says how many lines of the file
/// stand before it.
pub fn render(file: &Arc<SourceFile>, body: &str, lines_before: usize, host: &mut dyn Host) -> Rendered {
    let body = body.trim_start_matches('\u{feff}');
    let (events, dangling) = parse(body);
    let headings = headings::collect(&events, host);
    let mut writer = Writer {
        events: events.into_iter(),
        out: Vec::new(),
        places: Places::new(file, body, lines_before),
        host,
        headings,
        headings_open: 0,
        footnotes: Footnotes::default(),
        table: Table::default(),
        link_ends: Vec::new(),
        problems: Vec::new(),
    };
    writer.report_dangling(dangling);
    writer.write()
}

/// An event and the bytes of the body it was read from.
type Located<'a> = (Event<'a>, Range<usize>);

const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES).union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_MATH);

/// The events of a text, and the references in it that nothing defines.
fn parse(body: &str) -> (Vec<Located<'_>>, Vec<(String, Range<usize>)>) {
    let mut dangling = Vec::new();
    let note = |link: BrokenLink| {
        // A lone `[word]` is a word in brackets; `[words][reference]` can only be meant as a reference.
        if link.link_type != LinkType::Shortcut {
            dangling.push((link.reference.to_string(), link.span));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(body, OPTIONS, Some(note));
    let events: Vec<Located> = parser.into_offset_iter().collect();
    dangling.extend(footnotes::undefined(body, &events));
    (values::join_texts(events), dangling)
}

/// One walk over the events. Most pass to pulldown-cmark's own writer as they are; the others are replaced by finished
/// HTML.
struct Writer<'a, 'h> {
    events: std::vec::IntoIter<Located<'a>>,
    out: Vec<Event<'a>>,
    places: Places<'a>,
    host: &'h mut dyn Host,
    headings: Vec<Heading>,
    /// How many of the headings have been opened.
    headings_open: usize,
    footnotes: Footnotes<'a>,
    table: Table,
    /// The end tags of the links that are open.
    link_ends: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Writer<'a, '_> {
    fn write(mut self) -> Rendered {
        while let Some((event, range)) = self.events.next() {
            self.event(event, range);
        }
        self.end_of_text();
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, self.out.into_iter());
        self.problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
        Rendered { html: Html::trusted(html), headings: self.headings, problems: self.problems }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading_start(),
            Event::End(TagEnd::Heading(_)) => self.heading_end(),
            Event::Start(Tag::CodeBlock(kind)) => self.code_block(kind, range),
            Event::Start(Tag::HtmlBlock) => self.html_block(range),
            Event::Html(html) | Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => self.link_start(link_type, &dest_url, &title, range),
            Event::End(TagEnd::Link) => self.link_end(),
            Event::Start(Tag::Image { dest_url, title, .. }) => self.image(&dest_url, &title, range),
            Event::InlineMath(source) => self.inline_math(&source, range),
            Event::DisplayMath(source) => self.display_math(&source, range),
            Event::Start(Tag::Table(columns)) => self.table_start(columns),
            Event::End(TagEnd::Table) => self.table_end(),
            Event::Start(Tag::TableHead) => self.table_head_start(),
            Event::End(TagEnd::TableHead) => self.table_head_end(),
            Event::Start(Tag::TableRow) => self.table_row_start(),
            Event::End(TagEnd::TableRow) => self.table_row_end(),
            Event::Start(Tag::TableCell) => self.table_cell_start(),
            Event::End(TagEnd::TableCell) => self.table_cell_end(),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::Start(Tag::FootnoteDefinition(label)) => self.footnote_start(&label, range),
            Event::End(TagEnd::FootnoteDefinition) => self.footnote_end(),
            Event::Text(text) => self.text(text, range),
            other => self.out.push(other),
        }
    }

    /// Appends finished HTML.
    fn push(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::Html(html.into()));
    }

    fn warn(&mut self, range: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let problem = Problem::warning(self.places.place(range), message);
        self.problems.push(Problem { help, ..problem });
    }

    fn report_dangling(&mut self, dangling: Vec<(String, Range<usize>)>) {
        for (reference, range) in dangling {
            let message = format!("nothing defines `[{reference}]`");
            let help = format!("add a line `[{reference}]: …`, or put what is no reference between backticks");
            self.warn(range, message, Some(help));
        }
    }
}

#[cfg(test)]
mod tests;
