//! Numbers as text, for whoever wants them exactly.

use super::words::{NONE, digits};
use crate::html::{Html, escape};

/// A table of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it holds.
    pub caption: String,
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows, each as long as the head; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The table as HTML. Columns of numbers are marked by the class `numeric`.
    pub fn html(&self) -> Html {
        let numeric: Vec<bool> = (0..self.head.len()).map(|column| self.is_numeric(column)).collect();
        let class = |column: usize| if numeric[column] { " class=\"numeric\"" } else { "" };
        let mut out = format!("<table><caption>{}</caption>\n<thead><tr>", escape(&self.caption));
        for (column, name) in self.head.iter().enumerate() {
            out.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(column), escape(name)));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            out.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                let cell = escape(cell);
                match column {
                    0 => out.push_str(&format!("<th scope=\"row\">{cell}</th>")),
                    _ => out.push_str(&format!("<td{}>{cell}</td>", class(column))),
                }
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table>");
        Html::trusted(out)
    }

    /// The table as CSV (RFC 4180): the head, then the rows; lines end with CR LF. A cell without a value is empty.
    pub fn csv(&self) -> String {
        let quote = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
            _ if cell == NONE => String::new(),
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let line = |cells: &Vec<String>| cells.iter().map(quote).collect::<Vec<String>>().join(",") + "\r\n";
        std::iter::once(&self.head).chain(&self.rows).map(line).collect()
    }

    fn is_numeric(&self, column: usize) -> bool {
        let numbers = self.rows.iter().filter(|row| row[column].starts_with(|c: char| c.is_ascii_digit())).count();
        numbers * 2 > self.rows.len()
    }
}

/// A table of words and numbers.
#[derive(Debug, Clone)]
pub(super) struct Data {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    /// Rows, each as long as the head.
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone)]
pub(super) enum Cell {
    Words(String),
    Number(f64),
}

impl Data {
    pub(super) fn table(&self) -> Table {
        let text = |cell: &Cell| match cell {
            Cell::Words(words) => words.clone(),
            Cell::Number(number) => digits(*number),
        };
        let rows = self.rows.iter().map(|row| row.iter().map(text).collect());
        Table { caption: self.caption.clone(), head: self.head.clone(), rows: rows.collect() }
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Cell {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_escaped_and_numbers_are_marked() {
        let table = Table {
            caption: "A & B".to_owned(),
            head: vec!["name".to_owned(), "n".to_owned()],
            rows: vec![vec!["<x>".to_owned(), "12.5".to_owned()]],
        };
        let quoted = Table { rows: vec![vec!["a, \"b\"".to_owned(), "1".to_owned()]], ..table.clone() };
        assert_eq!(quoted.csv(), "name,n\r\n\"a, \"\"b\"\"\",1\r\n");
        let html = table.html();
        assert!(html.as_str().contains("<caption>A &amp; B</caption>"), "{html}");
        assert!(html.as_str().contains("<th scope=\"row\">&lt;x&gt;</th><td class=\"numeric\">12.5</td>"), "{html}");
    }
}
