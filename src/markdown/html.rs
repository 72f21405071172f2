//! HTML that an author wrote: shown as text, never passed on.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use super::Writer;
use crate::html::escape;

impl Writer<'_, '_> {
    /// Takes all lines of the block.
    pub(super) fn html_block(&mut self, range: Range<usize>) {
        let mut html = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::End(TagEnd::HtmlBlock) => break,
                Event::Html(line) | Event::Text(line) => html.push_str(&line),
                _ => {}
            }
        }
        if !is_comment(&html) {
            self.report_html(range);
            self.push(format!("<p>{}</p>\n", escape(html.trim())));
        }
    }

    pub(super) fn inline_html(&mut self, html: &str, range: Range<usize>) {
        if !is_comment(html) {
            self.report_html(range);
            self.push(escape(html));
        }
    }

    fn report_html(&mut self, range: Range<usize>) {
        let help = "write Markdown instead, or put it between backticks";
        self.warn(range, "HTML is shown as text", Some(help.into()));
    }
}

/// Returns whether this is one comment and nothing else. Comments are left out.
fn is_comment(html: &str) -> bool {
    let inner = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}
