//! Markdown to HTML.
//!
//! A [`Host`] says where links lead and what stands for a fenced block such as a figure. Everything wrong is reported
//! with its place in the file, and the text renders all the same.
//!
//! * CommonMark with tables, footnotes, strikethrough, formulas (`$…$` by the rules of pandoc and GitHub), ids of
//!   headings (`{#id}`) and links for bare web addresses. Punctuation stays as typed.
//! * HTML in the text is shown as text and reported; an HTML comment is left out.
//! * Headings move so that the highest one of the text becomes [`Host::top_level`], an `h2` by default: the page keeps
//!   its one `h1`, whether the author began with `#` or with `##`.

mod code;
mod footnotes;
mod headings;
mod html;
mod links;
mod math;
mod parse;
mod placeholders;
mod places;
mod plain;
mod tables;

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

pub use code::highlight;
pub use headings::Heading;
pub use plain::plain;

use crate::diagnostics::{Diagnostic, SourceFile};
use crate::html::{Html, escape};
use footnotes::Footnotes;
use parse::parse;
use places::Places;
use tables::Table;

/// An event and the bytes of the body it was read from.
type Located<'a> = (Event<'a>, Range<usize>);

/// A reference in a text, such as `[words][reference]`, and its bytes.
type Reference = (String, Range<usize>);

/// Answers of the caller while a text is rendered.
pub trait Host {
    /// Returns the address for the target of a link. Targets `#…` are looked up among the headings instead, and schemes
    /// that are never followed, such as `javascript:`, are not asked for.
    ///
    /// # Errors
    /// If the target does not exist; the words of the link then stand as text.
    fn link(&mut self, target: &str) -> Result<String, Refused>;

    /// Returns the element that shows an image; `alt` is its description, plain text not yet escaped.
    ///
    /// # Errors
    /// If the image does not exist; the description then stands in its place.
    fn image(&mut self, target: &str, alt: &str) -> Result<Html, Refused> {
        let address = links::attribute(&self.link(target)?);
        Ok(Html::trusted(format!(r#"<img src="{address}" alt="{}" loading="lazy">"#, escape(alt))))
    }

    /// Returns the HTML for a fenced block with this info string, or `None` to show it as code. `lines_before` is the
    /// number of lines of the file before the body of the block.
    fn block(&mut self, _info: &str, _body: &str, _lines_before: usize) -> Option<Html> {
        None
    }

    /// Returns the value of a placeholder `{{reference}}` in running text, or `None` to show it as it was written.
    fn value(&mut self, _reference: &str) -> Option<Value> {
        None
    }

    /// Prefix of every id of the text, so that several texts can stand on one page.
    fn id_prefix(&self) -> &str {
        ""
    }

    /// Returns whether each heading has a link to itself beside it.
    fn anchors(&self) -> bool {
        true
    }

    /// Level of the highest heading, from 2 to 6.
    fn top_level(&self) -> u8 {
        2
    }
}

/// Value of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// HTML to show.
    pub html: Html,
    /// Fault of the placeholder.
    pub diagnostic: Option<Refused>,
}

/// Reason why a host has nothing for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Fault in one sentence without a full stop.
    pub message: String,
    /// Advice how to mend it.
    pub help: Option<String>,
}

impl Refused {
    /// Refuses for this reason.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Result of rendering a text.
#[derive(Debug)]
pub struct Rendered {
    /// The whole text, its footnotes at the end.
    pub html: Html,
    /// Headings in order, for a table of contents.
    pub headings: Vec<Heading>,
    /// Warnings and hints in the order of the file. There are no errors: the text shows in any case.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders `body`, a part of `file` that begins at the start of a line, after `lines_before` lines of the file.
pub fn render(file: &Arc<SourceFile>, body: &str, lines_before: usize, host: &mut dyn Host) -> Rendered {
    let body = body.trim_start_matches('\u{feff}');
    let (events, undefined) = parse(body);
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
        diagnostics: Vec::new(),
    };
    writer.report_undefined(undefined);
    writer.write()
}

/// Walks over the events once. Most pass to pulldown-cmark's own writer as they are; the others are replaced by
/// finished HTML.
struct Writer<'a, 'h> {
    events: std::vec::IntoIter<Located<'a>>,
    out: Vec<Event<'a>>,
    places: Places<'a>,
    host: &'h mut dyn Host,
    headings: Vec<Heading>,
    /// Number of headings opened so far.
    headings_open: usize,
    footnotes: Footnotes<'a>,
    table: Table,
    /// End tags of the open links.
    link_ends: Vec<&'static str>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Writer<'a, '_> {
    fn write(mut self) -> Rendered {
        while let Some((event, range)) = self.events.next() {
            self.event(event, range);
        }
        self.end_of_text();
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, self.out.into_iter());
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.line, diagnostic.span.column));
        Rendered { html: Html::trusted(html), headings: self.headings, diagnostics: self.diagnostics }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { classes, attrs, .. }) => {
                self.heading_start(!classes.is_empty() || !attrs.is_empty(), range);
            }
            Event::End(TagEnd::Heading(_)) => self.heading_end(),
            Event::Start(Tag::CodeBlock(kind)) => self.code_block(kind, range),
            Event::Start(Tag::HtmlBlock) => self.html_block(range),
            Event::Html(html) | Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                self.link_start(link_type, &dest_url, &title, range)
            }
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
        let diagnostic = Diagnostic::warning(self.places.place(range), message);
        self.diagnostics.push(Diagnostic { help, ..diagnostic });
    }

    fn report_undefined(&mut self, references: Vec<Reference>) {
        for (reference, range) in references {
            let message = format!("nothing defines `[{reference}]`");
            let help = format!("add a line `[{reference}]: …`, or put it between backticks if it is no reference");
            self.warn(range, message, Some(help));
        }
    }
}

#[cfg(test)]
mod tests;
