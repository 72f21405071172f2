//! Writer of iCalendar content lines (RFC 5545 §3.1), which end with CRLF and are folded, with escaped values.

use jiff::Timestamp;
use jiff::civil::Date;

/// Maximum number of octets of a line without its end (RFC 5545 §3.1).
const MAX_OCTETS: usize = 75;

/// A calendar that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    /// Writes a property whose value is not text, such as a time or an address. `name` may include parameters.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        // Addresses come from the content and could break the line.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        self.fold(&format!("{name}:{value}"));
    }

    /// Writes a property whose value is text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.fold(&format!("{name}:{}", escaped(text)));
    }

    /// Writes a property whose value is a list of texts, unless it is empty.
    pub(super) fn texts<'t>(&mut self, name: &str, texts: impl Iterator<Item = &'t str>) {
        let list: Vec<String> = texts.map(escaped).collect();
        if !list.is_empty() {
            self.fold(&format!("{name}:{}", list.join(",")));
        }
    }

    /// Returns all lines.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// Writes a line, folded after at most 75 octets and never inside a character: some readers unfold characters, not
    /// octets.
    fn fold(&mut self, line: &str) {
        let mut rest = line;
        let mut space = MAX_OCTETS;
        while rest.len() > space {
            let whole = (0..=space).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
            let (now, later) = rest.split_at(whole);
            self.0.push_str(now);
            self.0.push_str("\r\n ");
            // The blank that marks the line as a continuation is one of its octets.
            (rest, space) = (later, MAX_OCTETS - 1);
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }
}

/// Escapes a value of type TEXT (RFC 5545 §3.3.11), which may not have control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Formats a value of type DATE (RFC 5545 §3.3.4).
pub(super) fn date(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// Formats a value of type DATE-TIME in UTC (RFC 5545 §3.3.5, form 2).
pub(super) fn instant(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::default();
        write(&mut writer);
        String::from_utf8(writer.into_bytes()).unwrap()
    }

    #[test]
    fn lines_are_folded_by_octets_and_never_inside_a_character() {
        // `SUMMARY:` is 8 octets, so that 67 are left; `ü` has two octets and would begin with the 75th.
        let text = format!("{}{}", "x".repeat(66), "ü".repeat(80));
        let folded = lines(|writer| writer.text("SUMMARY", &text));
        let octets: Vec<usize> = folded.trim_end_matches("\r\n").split("\r\n").map(str::len).collect();
        assert_eq!(octets, [74, 75, 75, 13]);
        assert_eq!(folded.replace("\r\n ", ""), format!("SUMMARY:{text}\r\n"));
        for length in 60..80 {
            let folded = lines(|writer| writer.raw("URL", &"y".repeat(length)));
            assert!(folded.split("\r\n").all(|line| line.len() <= 75), "{length}");
            assert_eq!(folded.contains("\r\n y"), length + 4 > 75, "{length}");
        }
        for character in ["ü", "€", "😀"] {
            let folded = lines(|writer| writer.text("DESCRIPTION", &character.repeat(100)));
            assert!(folded.split("\r\n").all(|line| line.len() <= 75 && line.len() != 1), "{character}");
            assert_eq!(folded.replace("\r\n ", ""), format!("DESCRIPTION:{}\r\n", character.repeat(100)));
        }
    }

    #[test]
    fn texts_are_escaped_and_addresses_are_not() {
        assert_eq!(
            lines(|w| w.text("X", "a,b;c\\d\r\ne\nf\rg\u{0}\u{7f}\"h\":i\tj")),
            "X:a\\,b\\;c\\\\d\\ne\\nf\\ng\"h\":i\tj\r\n"
        );
        assert_eq!(lines(|w| w.texts("X", ["a,b", "c"].into_iter())), "X:a\\,b,c\r\n");
        assert_eq!(lines(|w| w.texts("X", std::iter::empty())), "");
        assert_eq!(
            lines(|w| w.raw("URL", "https://example.org/a,b;c\r\nATTENDEE:x")),
            "URL:https://example.org/a,b;cATTENDEE:x\r\n"
        );
    }
}
