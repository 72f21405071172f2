//! Markdown from words: what is escaped, and how its pieces are put together.

use crate::archive::{Link, Route};
use crate::pages::{Site, words};

/// A page on its way.
pub(super) struct Page<'a> {
    pub(super) site: &'a Site,
    out: String,
}

impl<'a> Page<'a> {
    /// A page with its heading.
    pub(super) fn new(site: &'a Site, title: &str) -> Self {
        let mut page = Self { site, out: String::new() };
        page.heading(1, title);
        page
    }

    /// A heading of plain words.
    pub(super) fn heading(&mut self, level: usize, title: &str) {
        self.apart();
        self.out.push_str(&format!("{} {}\n", "#".repeat(level), escape(title)));
    }

    /// A paragraph of Markdown; nothing where it is empty.
    pub(super) fn paragraph(&mut self, markdown: &str) {
        if !markdown.trim().is_empty() {
            self.apart();
            self.out.push_str(markdown.trim());
            self.out.push('\n');
        }
    }

    /// A list of items that are Markdown.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.apart();
        for item in items.into_iter().filter(|item| !item.is_empty()) {
            self.out.push_str(&format!("- {}\n", item.trim()));
        }
    }

    /// A heading with a list below it; nothing where the list is empty.
    pub(super) fn part(&mut self, title: &str, items: impl IntoIterator<Item = String>) {
        let items: Vec<String> = items.into_iter().filter(|item| !item.is_empty()).collect();
        if !items.is_empty() {
            self.heading(2, title);
            self.list(items);
        }
    }

    /// Facts by name, those that are known.
    pub(super) fn facts<const N: usize>(&mut self, facts: [(&str, Option<String>); N]) {
        let known = facts.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
        let lines: Vec<String> = known.map(|(name, value)| format!("{name}: {value}")).collect();
        if !lines.is_empty() {
            self.list(lines);
        }
    }

    /// Markdown that has been written elsewhere.
    pub(super) fn text(&mut self, markdown: &str) {
        self.paragraph(markdown);
    }

    pub(super) fn done(self) -> String {
        self.out
    }

    fn apart(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }
}

/// A link to a page of the site.
pub(super) fn to(site: &Site, words: &str, route: &Route) -> String {
    link(words, &site.address(route.as_str()))
}

/// A link with plain words.
pub(super) fn link(words: &str, address: &str) -> String {
    // Within `<…>` an address may hold brackets (CommonMark §6.3).
    let address = address.replace('<', "%3C").replace('>', "%3E");
    let bare = !address.contains(['(', ')', ' ']) && !address.is_empty();
    if bare { format!("[{}]({address})", escape(words)) } else { format!("[{}](<{address}>)", escape(words)) }
}

/// Links that all are `what`.
pub(super) fn links(site: &Site, list: &[Link], what: &str) -> Vec<String> {
    let one =
        |it: &Link| format!("{} ({})", link(&words::link_name(it, what), &whole(site, &it.href)), escape(words::link_kind(it)));
    list.iter().map(one).collect()
}

/// The address of a file or page, also of one of this site.
pub(super) fn whole(site: &Site, address: &str) -> String {
    if address.starts_with('/') { site.address(address) } else { address.to_owned() }
}

/// Plain words that mean nothing to Markdown, on one line.
pub(in crate::pages) fn escape(text: &str) -> String {
    let text = words::one_line(text);
    // Names and most titles have no sign.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ' || !byte.is_ascii()) {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => true,
            // Within a word it is a letter.
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            // Only what looks like an entity.
            '&' => next.is_alphanumeric() || next == '#',
            // What opens a block at the begin of a line.
            '#' | '+' | '-' | '=' | ':' => at == 0,
            '.' | ')' => next == ' ' && !text[..at].is_empty() && text[..at].chars().all(|c| c.is_ascii_digit()),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    // A heading may end in signs that count as its closing.
    if out.ends_with('#') {
        out.truncate(out.len() - 1);
        out.push_str("\\#");
    }
    out
}

/// A table of plain words.
pub(in crate::pages) fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" | "));
    let rule = format!("|{}\n", " --- |".repeat(head.len()));
    let mut out = row(head) + &rule;
    out.extend(rows.iter().map(|cells| row(cells)));
    out
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    fn read(markdown: &str) -> String {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH | Options::ENABLE_FOOTNOTES;
        let mut out = String::new();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(text) => out.push_str(&text),
                Event::Start(_) | Event::End(_) => {}
                other => panic!("{markdown}: {other:?}"),
            }
        }
        out
    }

    #[test]
    fn words_come_back_as_they_were() {
        for words in [
            "a*b* _c_ snake_case `code` [x](y) <b> &amp; AT&T ~~s~~ $x$ $y$",
            "# no heading",
            "- no item",
            "1. no item",
            "2019) neither",
            "1.5 and 2.",
            "Café für 10 Leute",
            "back\\slash and [^1] and ![p]",
            "C#",
            "++ and == and :::",
            "a | b",
        ] {
            for (before, after) in [("", ""), ("- ", ""), ("## ", "")] {
                let markdown = format!("{before}{}{after}\n", escape(words));
                assert_eq!(read(&markdown), words, "{markdown}");
            }
            assert_eq!(read(&link(words, "https://e.org/a_(b)?x=1&y=2")), words);
        }
        assert_eq!(escape("  two\n words\u{a0}more "), "two words more");
        let cells = [vec!["a|b".to_owned(), "`x`".to_owned()]];
        assert_eq!(read(&table(&["h*".to_owned(), "i".to_owned()], &cells)), "h*ia|b`x`");
    }
}
