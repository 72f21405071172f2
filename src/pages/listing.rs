//! Tables that are searched, filtered and sorted by the query of their address, so that they work without a script and
//! a view of them can be shared.

use std::collections::BTreeSet;

use super::query::{Query, address};
use crate::diagnostics::fold;
use crate::views::Ref;

/// Features of a table.
pub(super) struct Plan {
    pub(super) path: &'static str,
    /// Noun for a row: `talk`.
    pub(super) noun: &'static str,
    /// Label of the search field.
    pub(super) search: &'static str,
    pub(super) columns: &'static [Column],
    /// The column by which the table is sorted unless asked otherwise.
    pub(super) default: &'static str,
    pub(super) facets: Vec<Facet>,
}

/// A column by which rows can be sorted.
pub(super) struct Column {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    /// True if large or late values come first when the column is chosen.
    pub(super) descending: bool,
}

/// A property of which one value can be chosen.
pub(super) struct Facet {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Values with their labels.
    pub(super) options: Vec<(String, String)>,
}

/// A table as it was asked for.
pub(super) struct Listing {
    pub(super) path: &'static str,
    pub(super) noun: &'static str,
    pub(super) search: &'static str,
    pub(super) q: String,
    words: Vec<String>,
    pub(super) selects: Vec<Select>,
    pub(super) headings: Vec<Heading>,
    /// The column that is sorted by.
    pub(super) sort: &'static str,
    pub(super) descending: bool,
    /// Name and value of the order, when it is not the usual one: the filter form carries them along.
    pub(super) hidden: Vec<(&'static str, &'static str)>,
    /// Rows there are and rows that are shown.
    pub(super) total: usize,
    pub(super) shown: usize,
}

/// A facet with its chosen value.
pub(super) struct Select {
    pub(super) facet: Facet,
    pub(super) chosen: Option<String>,
}

/// The head of a column.
pub(super) struct Heading {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    /// Address of the table sorted by this column, or in the opposite order if it is already.
    pub(super) href: String,
    /// Value of `aria-sort`.
    pub(super) order: Option<&'static str>,
}

impl Facet {
    /// The years that occur, the last first.
    pub(super) fn year(years: impl Iterator<Item = i16>) -> Self {
        let years: BTreeSet<i16> = years.collect();
        let options = years.iter().rev().map(|year| (year.to_string(), year.to_string())).collect();
        Self { name: "year", label: "Year", options }
    }

    /// Things that occur, by name.
    pub(super) fn by_name(name: &'static str, label: &'static str, things: impl Iterator<Item = Ref>) -> Self {
        let mut options: Vec<(String, String)> = things.map(|thing| (thing.id, thing.name)).collect();
        options.sort_by_cached_key(|(id, name)| (sortable(name), id.clone()));
        options.dedup();
        Self { name, label, options }
    }

    /// Values, each with its label, that do not depend on the archive.
    pub(super) fn fixed(name: &'static str, label: &'static str, options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
        Self { name, label, options }
    }
}

impl Listing {
    /// Reads the query; what it says of unknown columns, facets and values is passed over.
    pub(super) fn new(plan: Plan, query: &Query) -> Self {
        let q = query.get("q").unwrap_or("").to_owned();
        let default = plan.columns.iter().find(|column| column.key == plan.default).unwrap_or(&plan.columns[0]);
        let column =
            query.get("sort").and_then(|key| plan.columns.iter().find(|column| column.key == key)).unwrap_or(default);
        let descending = match query.get("order") {
            Some("asc") => false,
            Some("desc") => true,
            _ => column.descending,
        };
        let select = |facet: Facet| {
            let known = |value: &&str| facet.options.iter().any(|(option, _)| option == value);
            Select { chosen: query.get(facet.name).filter(known).map(str::to_owned), facet }
        };
        let mut listing = Self {
            path: plan.path,
            noun: plan.noun,
            search: plan.search,
            words: fold(&q).split_whitespace().map(str::to_owned).collect(),
            q,
            selects: plan.facets.into_iter().map(select).collect(),
            headings: Vec::new(),
            sort: column.key,
            descending,
            hidden: order(column, descending, default),
            total: 0,
            shown: 0,
        };
        listing.headings = plan.columns.iter().map(|heading| listing.heading(heading, default)).collect();
        listing
    }

    fn heading(&self, column: &Column, default: &Column) -> Heading {
        let sorted = column.key == self.sort;
        let descending = if sorted { !self.descending } else { column.descending };
        let mut pairs = self.filters();
        pairs.extend(order(column, descending, default));
        let order = sorted.then_some(if self.descending { "descending" } else { "ascending" });
        Heading { key: column.key, label: column.label, href: address(self.path, &pairs), order }
    }

    fn filters(&self) -> Vec<(&str, &str)> {
        let chosen = self.selects.iter().filter_map(|select| Some((select.facet.name, select.chosen.as_deref()?)));
        std::iter::once(("q", self.q.as_str())).chain(chosen).collect()
    }

    /// Returns whether the text has all words that are searched for, whatever the case and the accents.
    pub(super) fn finds(&self, text: &str) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let text = searchable(text);
        self.words.iter().all(|word| text.contains(word))
    }

    /// Returns whether a row has the chosen value of a facet.
    pub(super) fn accepts(&self, facet: &str, has: impl FnOnce(&str) -> bool) -> bool {
        let chosen =
            self.selects.iter().find(|select| select.facet.name == facet).and_then(|select| select.chosen.as_deref());
        chosen.is_none_or(has)
    }

    /// Keeps the rows that pass, and counts.
    pub(super) fn filter<T>(&mut self, rows: &mut Vec<T>, passes: impl Fn(&Self, &T) -> bool) {
        self.total = rows.len();
        rows.retain(|row| passes(self, row));
        self.shown = rows.len();
    }

    /// Returns whether the rows are filtered.
    pub(super) fn filtered(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.is_empty())
    }

    /// Returns whether this view differs from that of the plain address.
    pub(super) fn special(&self) -> bool {
        self.filtered() || !self.hidden.is_empty()
    }
}

/// The parameters that ask for an order; none for the usual one, so that it has one address.
fn order(column: &Column, descending: bool, default: &Column) -> Vec<(&'static str, &'static str)> {
    let mut pairs = Vec::new();
    if column.key != default.key {
        pairs.push(("sort", column.key));
    }
    if descending != column.descending {
        pairs.push(("order", if descending { "desc" } else { "asc" }));
    }
    pairs
}

/// Text for searching: folded, and once more with umlauts written out, because both spellings are typed.
fn searchable(text: &str) -> String {
    let written_out = text.replace(['ä', 'Ä'], "ae").replace(['ö', 'Ö'], "oe").replace(['ü', 'Ü'], "ue");
    format!("{}\n{}", fold(text), fold(&written_out))
}

/// A title for sorting: folded, without the quotes and brackets before its first word.
pub(super) fn sortable(text: &str) -> String {
    fold(text).trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { key: "date", label: "Date", descending: true },
        Column { key: "title", label: "Title", descending: false },
    ];

    fn listing(query: &str) -> Listing {
        let years = vec![("2019".to_owned(), "2019".to_owned())];
        let facets = vec![Facet { name: "year", label: "Year", options: years }];
        Listing::new(
            Plan { path: "/talks/", noun: "talk", search: "x", columns: COLUMNS, default: "date", facets },
            &Query::parse(query),
        )
    }

    #[test]
    fn words_are_found_in_any_order_case_and_spelling() {
        let text = "Deep Learning\nJan Schlüter";
        for (q, found) in [
            ("schluter", true),
            ("SCHLÜTER", true),
            ("schlueter", true),
            ("jan+deep", true),
            ("jan+shallow", false),
            ("", true),
            ("++", true),
        ] {
            assert_eq!(listing(&format!("q={q}")).finds(text), found, "{q}");
        }
    }

    #[test]
    fn unknown_values_and_columns_are_passed_over() {
        let listing = listing("year=1066&sort=colour&order=sideways&nonsense=1");
        assert!(listing.accepts("year", |_| false));
        assert!(!listing.filtered() && !listing.special());
        assert_eq!((listing.sort, listing.descending), ("date", true));
    }

    #[test]
    fn a_heading_sorts_turns_around_and_keeps_the_filter() {
        let plain = listing("year=2019");
        assert!(!plain.accepts("year", |year| year == "2018") && plain.accepts("year", |year| year == "2019"));
        let hrefs: Vec<&str> = plain.headings.iter().map(|heading| heading.href.as_str()).collect();
        assert_eq!(hrefs, ["/talks/?year=2019&order=asc", "/talks/?year=2019&sort=title"]);
        let sorted = listing("sort=title");
        let heads: Vec<_> = sorted.headings.iter().map(|heading| (heading.href.as_str(), heading.order)).collect();
        assert_eq!(heads, [("/talks/", None), ("/talks/?sort=title&order=desc", Some("ascending"))]);
        assert!(sorted.special() && !sorted.filtered());
    }

    #[test]
    fn titles_sort_by_their_first_letter() {
        assert_eq!(sortable("“Über” alles"), "uber\" alles");
    }
}
