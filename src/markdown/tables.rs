//! Tables, each in a box that scrolls sideways on a narrow screen. pulldown-cmark's own writer aligns cells by inline
//! styles, which the content security policy forbids.

use pulldown_cmark::{Alignment, Event, TagEnd};

use super::{Writer, plain};
use crate::html::escape;

/// Table that is being written. Markdown has no nested tables.
#[derive(Default)]
pub(super) struct Table {
    columns: Vec<Alignment>,
    in_head: bool,
    next_cell: usize,
}

impl Writer<'_, '_> {
    /// Opens a box that can be focused, so that it can be scrolled by keyboard; its name is the header row.
    pub(super) fn table_start(&mut self, columns: Vec<Alignment>) {
        self.table = Table { columns, ..Table::default() };
        let words = self.header_words();
        let label = if words.is_empty() { "Table".into() } else { format!("Table: {}", escape(&words)) };
        self.push(format!("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table>\n"));
    }

    fn header_words(&self) -> String {
        let rest = self.events.as_slice().iter().map(|(event, _)| event);
        let head: Vec<&Event> = rest.take_while(|event| **event != Event::End(TagEnd::TableHead)).collect();
        let cells = head.split(|event| **event == Event::End(TagEnd::TableCell));
        let words = cells.map(|cell| plain::words(cell.iter().copied())).filter(|words| !words.is_empty());
        words.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn table_end(&mut self) {
        self.push("</tbody></table></div>\n");
    }

    pub(super) fn table_head_start(&mut self) {
        self.table.in_head = true;
        self.push("<thead><tr>");
    }

    pub(super) fn table_head_end(&mut self) {
        self.table.in_head = false;
        self.push("</tr></thead>\n<tbody>\n");
    }

    pub(super) fn table_row_start(&mut self) {
        self.table.next_cell = 0;
        self.push("<tr>");
    }

    pub(super) fn table_row_end(&mut self) {
        self.push("</tr>\n");
    }

    pub(super) fn table_cell_start(&mut self) {
        let class = match self.table.columns.get(self.table.next_cell) {
            Some(Alignment::Left) => " class=\"left\"",
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::None) | None => "",
        };
        self.table.next_cell += 1;
        let tag = if self.is_header_cell() { "th scope=\"col\"" } else { "td" };
        self.push(format!("<{tag}{class}>"));
    }

    /// Returns whether the next cell is a header. An empty corner is none.
    fn is_header_cell(&self) -> bool {
        let next = self.events.as_slice().first();
        self.table.in_head && next.is_some_and(|(event, _)| *event != Event::End(TagEnd::TableCell))
    }

    pub(super) fn table_cell_end(&mut self) {
        let empty = matches!(self.out.last(), Some(Event::Html(html)) if html.starts_with("<td"));
        self.push(if self.table.in_head && !empty { "</th>" } else { "</td>" });
    }
}
