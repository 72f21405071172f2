//! The text of an Atom feed (RFC 4287).

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{ids, links};
use crate::html::escape;
use crate::pages::Site;

/// A feed.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    pub(super) site: &'a Site,
    pub(super) title: String,
    /// Where the feed is.
    pub(super) path: &'a str,
    /// The page it belongs to.
    pub(super) page: &'a str,
    /// Since when it is as it is.
    pub(super) updated: Option<Date>,
    /// Newest first.
    pub(super) entries: Vec<Entry>,
}

/// An entry of a feed.
#[derive(Debug)]
pub(super) struct Entry {
    /// The path of its page, which names it.
    pub(super) page: String,
    pub(super) title: String,
    /// Since when it is as it is.
    pub(super) updated: Date,
    /// Names; where there are none, the group is the author, as of the whole feed.
    pub(super) authors: Vec<String>,
    /// Names of those whose work it tells of.
    pub(super) contributors: Vec<String>,
    /// Topics.
    pub(super) categories: Vec<String>,
    /// In a sentence.
    pub(super) summary: Option<String>,
    /// HTML, its links as they are on its page.
    pub(super) content: String,
}

impl Feed<'_> {
    /// The feed as XML.
    pub(super) fn xml(&self) -> String {
        let archive = &self.site.archive;
        let zone = TimeZone::get(&archive.site.time_zone).unwrap_or(TimeZone::UTC);
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        let language = text(&archive.site.language);
        xml.push_str(&format!("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n"));
        self.id(&mut xml, self.path);
        element(&mut xml, "title", &self.title);
        // Each feed must have a day; where the content has none at all, the first one of all says so.
        element(&mut xml, "updated", &instant(self.updated.unwrap_or(jiff::civil::date(1970, 1, 1)), &zone));
        let link = |relation: &str, media_type: &str, path: &str| {
            let href = text(&links::reference(self.site, self.path, path));
            format!("<link rel=\"{relation}\" type=\"{media_type}\" href=\"{href}\"/>\n")
        };
        xml.push_str(&link("self", "application/atom+xml", self.path));
        xml.push_str(&link("alternate", "text/html", self.page));
        xml.push_str(&format!("<author><name>{}</name></author>\n", text(&archive.site.name)));
        element(&mut xml, "generator", "vdlm");
        for entry in &self.entries {
            xml.push_str("<entry>\n");
            self.id(&mut xml, &entry.page);
            xml.push_str(&link("alternate", "text/html", &entry.page));
            self.entry(&mut xml, entry, &instant(entry.updated, &zone));
            xml.push_str("</entry>\n");
        }
        xml.push_str("</feed>\n");
        xml
    }

    fn id(&self, xml: &mut String, path: &str) {
        element(xml, "id", &format!("urn:uuid:{}", ids::uuid(&self.site.archive.site, path)));
    }

    fn entry(&self, xml: &mut String, entry: &Entry, updated: &str) {
        element(xml, "title", &entry.title);
        element(xml, "updated", updated);
        for (role, names) in [("author", &entry.authors), ("contributor", &entry.contributors)] {
            for name in names {
                xml.push_str(&format!("<{role}><name>{}</name></{role}>\n", text(name)));
            }
        }
        for category in &entry.categories {
            xml.push_str(&format!("<category term=\"{}\"/>\n", text(category)));
        }
        if let Some(summary) = &entry.summary {
            element(xml, "summary", summary);
        }
        let content = links::away(&entry.content, self.site, self.path, &entry.page);
        xml.push_str(&format!("<content type=\"html\">{}</content>\n", text(&content)));
    }
}

fn element(xml: &mut String, name: &str, value: &str) {
    xml.push_str(&format!("<{name}>{}</{name}>\n", text(value)));
}

/// Text for XML 1.0, which has no way to write most control characters (§2.2).
pub(super) fn text(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r') || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    escape(&text.chars().filter(allowed).collect::<String>())
}

/// The beginning of a day as RFC 3339 writes it: `2019-09-24T00:00:00+02:00`.
pub(super) fn instant(day: Date, zone: &TimeZone) -> String {
    match day.to_zoned(zone.clone()) {
        Ok(start) => start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Err(_) => format!("{day}T00:00:00Z"),
    }
}
