//! The query of an address: what a visitor asked a list to show.

use std::cell::Cell;

use url::form_urlencoded;

/// Longest value that is looked at: longer than any name or title, short enough to be searched for in every row.
const LONGEST: usize = 200;

/// Names and values, in order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    /// True if the query has been read.
    asked: Cell<bool>,
}

impl Query {
    /// Reads `a=1&b=x+y`. Bytes that are not UTF-8 become replacement characters and match nothing.
    pub(crate) fn parse(query: &str) -> Self {
        Self { pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect(), asked: Cell::default() }
    }

    /// Returns whether another query may give another answer, that is, whether this one has been read.
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.get()
    }

    /// Returns whether it is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.asked.set(true);
        self.pairs.is_empty()
    }

    /// The first value of a name that is more than white space, as far as it is looked at.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.whole(name)?;
        Some(value.char_indices().nth(LONGEST).map_or(value, |(end, _)| value[..end].trim_end()))
    }

    /// The same, however long it is.
    pub(crate) fn whole(&self, name: &str) -> Option<&str> {
        self.asked.set(true);
        let mut values = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim());
        values.find(|value| !value.is_empty())
    }
}

/// The value of a field in a form that was sent as `a=1&b=x+y`, if there is more than white space in it.
pub fn form_field(body: &str, name: &str) -> Option<String> {
    Query::parse(body).whole(name).map(str::to_owned)
}

/// A path with a query of these names and values; pairs without a value are left out.
pub(crate) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded_and_empty_values_are_no_values() {
        let query = Query::parse("q=Schl%C3%BCter+Jan&year=&x&&topic=+%20");
        assert_eq!(query.get("q"), Some("Schlüter Jan"));
        for name in ["year", "x", "topic", "none"] {
            assert_eq!(query.get(name), None, "{name}");
        }
        assert_eq!(Query::parse("q=%ff").get("q"), Some("\u{fffd}"));
        let long = Query::parse(&format!("q={}", "ü".repeat(LONGEST + 1)));
        assert_eq!(long.get("q").map(|q| q.chars().count()), Some(LONGEST));
        assert_eq!(long.whole("q").map(|q| q.chars().count()), Some(LONGEST + 1));
    }

    #[test]
    fn an_address_survives_being_read_again() {
        let address = address("/talks/", &[("q", "a & b=c+d"), ("year", ""), ("sort", "title")]);
        let (path, query) = address.split_once('?').unwrap();
        assert_eq!(path, "/talks/");
        assert_eq!(Query::parse(query).get("q"), Some("a & b=c+d"));
        assert_eq!(Query::parse(query).get("sort"), Some("title"));
        assert!(!query.contains("year"));
    }
}
