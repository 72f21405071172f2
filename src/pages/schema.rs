//! What a page is about, in the words of schema.org, for search engines and whoever else reads JSON-LD.
//!
//! Only what the content says is said: a field that is not known is absent, also where search engines would like it.

mod article;
mod event;
mod group;
mod job;
mod who;

use std::borrow::Cow;

use serde::Serialize;

use super::Site;
use super::frame::Crumb;
use crate::html::Html;

pub(super) use article::article;
pub(super) use event::{announcement, event, talk};
pub(super) use group::{group, site};
pub(super) use job::job;
pub(super) use who::{person, topic, venue};

/// A thing of <https://schema.org>, by its type.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "@type")]
pub(super) enum Thing<'a> {
    Article(Box<Article<'a>>),
    BreadcrumbList(BreadcrumbList<'a>),
    CreativeWork(Work<'a>),
    DefinedTerm(Term<'a>),
    Event(Box<Event<'a>>),
    ImageObject(Image),
    JobPosting(Box<JobPosting<'a>>),
    Offer(Offer<'a>),
    Organization(Organization<'a>),
    Person(Person<'a>),
    Place(Place<'a>),
    PresentationDigitalDocument(Work<'a>),
    ScholarlyArticle(Paper<'a>),
    VirtualLocation(Place<'a>),
    WebSite(WebSite<'a>),
}

/// <https://schema.org/Event>; a talk is one within an event.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    /// A date, or with the time and the offset of the zone on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_date: Option<String>,
    pub(super) event_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event_attendance_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) location: Vec<Thing<'a>>,
    /// How one can still take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offers: Option<Box<Thing<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_accessible_for_free: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) organizer: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) performer: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sub_event: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) super_event: Option<Box<Thing<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) work_featured: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) recorded_in: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) about: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_as: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
}

/// <https://schema.org/Offer>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Offer<'a> {
    /// Where one registers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<Cow<'a, str>>,
    /// A decimal number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Cow<'a, str>>,
    /// Code of ISO 4217; what is free has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price_currency: Option<Cow<'a, str>>,
    pub(super) valid_through: String,
}

/// <https://schema.org/Person>
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) alternate_name: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) affiliation: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_as: Vec<Cow<'a, str>>,
}

/// <https://schema.org/Place>, and with the same fields <https://schema.org/VirtualLocation>.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) alternate_name: Vec<Cow<'a, str>>,
    /// As the content writes it: taking it apart would be guessing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// <https://schema.org/Organization>
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organization<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alternate_name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logo: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Box<Thing<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) member: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_as: Vec<Cow<'a, str>>,
}

/// <https://schema.org/WebSite>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebSite<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: Cow<'a, str>,
    pub(super) alternate_name: Cow<'a, str>,
    pub(super) description: Cow<'a, str>,
    pub(super) url: String,
    pub(super) in_language: Cow<'a, str>,
    pub(super) publisher: Box<Thing<'a>>,
    /// How it is searched, where it can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) potential_action: Option<SearchAction>,
}

/// <https://schema.org/SearchAction>, with the input in the short form that search engines read
/// (<https://schema.org/docs/actions.html>).
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "@type")]
pub(super) struct SearchAction {
    pub(super) target: EntryPoint,
    #[serde(rename = "query-input")]
    pub(super) query_input: &'static str,
}

/// <https://schema.org/EntryPoint>
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub(super) struct EntryPoint {
    /// A template of RFC 6570.
    pub(super) url_template: String,
}

/// <https://schema.org/Article>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Article<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) headline: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'a, str>>,
    pub(super) url: String,
    pub(super) main_entity_of_page: String,
    pub(super) in_language: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_published: Option<String>,
    pub(super) author: Vec<Thing<'a>>,
    pub(super) publisher: Box<Thing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<Box<Thing<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) about: Vec<Thing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) citation: Vec<Thing<'a>>,
}

/// <https://schema.org/ScholarlyArticle>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paper<'a> {
    pub(super) name: Cow<'a, str>,
    /// As the content writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// <https://schema.org/JobPosting>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobPosting<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) title: Cow<'a, str>,
    /// HTML.
    pub(super) description: Cow<'a, str>,
    pub(super) url: String,
    pub(super) date_posted: String,
    pub(super) valid_through: String,
    pub(super) hiring_organization: Box<Thing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) job_location: Option<Box<Thing<'a>>>,
}

/// <https://schema.org/DefinedTerm>
#[derive(Debug, Clone, Serialize)]
pub(super) struct Term<'a> {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'a, str>>,
    pub(super) url: String,
}

/// <https://schema.org/CreativeWork>: a deck, a recording.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Work<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) url: Cow<'a, str>,
}

/// <https://schema.org/ImageObject>
#[derive(Debug, Clone, Serialize)]
pub(super) struct Image {
    pub(super) url: String,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// <https://schema.org/BreadcrumbList>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BreadcrumbList<'a> {
    item_list_element: Vec<ListItem<'a>>,
}

/// <https://schema.org/ListItem>
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "@type")]
struct ListItem<'a> {
    /// From 1.
    position: usize,
    name: Cow<'a, str>,
    item: String,
}

/// Bytes of most pages' JSON-LD, so that it is not copied while it grows.
const USUAL: usize = 4096;

#[derive(Serialize)]
struct Graph<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    things: &'a [&'a Thing<'a>],
}

/// The way from the home page to a page.
pub(super) fn crumbs<'a>(site: &'a Site, above: &'a [Crumb], path: &str, title: &'a str) -> Thing<'a> {
    let home = ("/", site.archive.site.name.as_str());
    let between = above.iter().map(|crumb| (crumb.path.as_str(), crumb.label.as_str()));
    let all = std::iter::once(home).chain(between).chain([(path, title)]);
    let item =
        |(at, (path, name)): (usize, (&str, &'a str))| ListItem { position: at + 1, name: name.into(), item: site.address(path) };
    Thing::BreadcrumbList(BreadcrumbList { item_list_element: all.enumerate().map(item).collect() })
}

/// The things as JSON-LD that can stand in a `script` element: with `<` written as an escape, no string can end the element or begin a
/// comment in it (HTML §4.12.1.3).
pub(super) fn json(things: &[&Thing]) -> Html {
    let graph = Graph { context: "https://schema.org", things };
    let mut json = Vec::with_capacity(USUAL);
    // Strings and numbers only: writing them to memory cannot fail, and gives UTF-8.
    let written = serde_json::to_writer(&mut json, &graph);
    let json = written.ok().and_then(|()| String::from_utf8(json).ok()).unwrap_or_default();
    // All signs to be escaped begin with one of these bytes, and most texts have none of them. To look at all is faster than to stop at the first:
    // it is done many at a time.
    if !json.bytes().fold(false, |found, byte| found | matches!(byte, b'<' | b'>' | b'&' | 0xE2)) {
        return Html::trusted(json);
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    Html::trusted(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_string_can_leave_its_script_element() {
        let name = "a</script><!-- <script> & \u{2028} \"quoted\" \\".to_owned();
        let thing = Thing::Person(Person { name: name.as_str().into(), ..Person::default() });
        let text = json(&[&thing]);
        assert!(!text.as_str().contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: serde_json::Value = serde_json::from_str(text.as_str()).unwrap();
        assert_eq!(read["@graph"][0]["name"], name);
        assert_eq!(read["@graph"][0]["@type"], "Person");
    }
}
