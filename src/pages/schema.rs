//! What a page is about, in the words of schema.org, for search engines and whoever else reads JSON-LD.
//!
//! Only what the content says is said: a field that is not known is absent, also where search engines would like it.

mod article;
mod event;
mod group;
mod job;
mod who;

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
pub(super) enum Thing {
    Article(Box<Article>),
    BreadcrumbList(BreadcrumbList),
    CreativeWork(Work),
    DefinedTerm(Term),
    Event(Box<Event>),
    ImageObject(Image),
    JobPosting(Box<JobPosting>),
    Organization(Organization),
    Person(Person),
    Place(Place),
    PresentationDigitalDocument(Work),
    ScholarlyArticle(Paper),
    VirtualLocation(Place),
    WebSite(WebSite),
}

/// <https://schema.org/Event>; a talk is one within an event.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
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
    pub(super) location: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) organizer: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) performer: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sub_event: Vec<Thing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) super_event: Option<Box<Thing>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) work_featured: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) recorded_in: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) about: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_as: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
}

/// <https://schema.org/Person>
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) alternate_name: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) affiliation: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_as: Vec<String>,
}

/// <https://schema.org/Place>, and with the same fields <https://schema.org/VirtualLocation>.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) alternate_name: Vec<String>,
    /// As the content writes it: taking it apart would be guessing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// <https://schema.org/Organization>
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organization {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alternate_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Box<Thing>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) member: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_as: Vec<String>,
}

/// <https://schema.org/WebSite>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebSite {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: String,
    pub(super) alternate_name: String,
    pub(super) description: String,
    pub(super) url: String,
    pub(super) in_language: String,
    pub(super) publisher: Box<Thing>,
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
pub(super) struct Article {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) headline: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    pub(super) url: String,
    pub(super) main_entity_of_page: String,
    pub(super) in_language: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_published: Option<String>,
    pub(super) author: Vec<Thing>,
    pub(super) publisher: Box<Thing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<Box<Thing>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) about: Vec<Thing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) citation: Vec<Thing>,
}

/// <https://schema.org/ScholarlyArticle>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paper {
    pub(super) name: String,
    /// As the content writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// <https://schema.org/JobPosting>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobPosting {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) title: String,
    /// HTML.
    pub(super) description: String,
    pub(super) url: String,
    pub(super) date_posted: String,
    pub(super) valid_through: String,
    pub(super) hiring_organization: Box<Thing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) job_location: Option<Box<Thing>>,
}

/// <https://schema.org/DefinedTerm>
#[derive(Debug, Clone, Serialize)]
pub(super) struct Term {
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    pub(super) url: String,
}

/// <https://schema.org/CreativeWork>: a deck, a recording.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Work {
    pub(super) name: String,
    pub(super) url: String,
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
pub(super) struct BreadcrumbList {
    item_list_element: Vec<ListItem>,
}

/// <https://schema.org/ListItem>
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "@type")]
struct ListItem {
    /// From 1.
    position: usize,
    name: String,
    item: String,
}

#[derive(Serialize)]
struct Graph<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    things: &'a [&'a Thing],
}

/// The way from the home page to a page.
pub(super) fn crumbs(site: &Site, above: &[Crumb], path: &str, title: &str) -> Thing {
    let home = ("/", site.archive.site.name.as_str());
    let between = above.iter().map(|crumb| (crumb.path.as_str(), crumb.label.as_str()));
    let all = std::iter::once(home).chain(between).chain([(path, title)]);
    let item = |(at, (path, name)): (usize, (&str, &str))| ListItem {
        position: at + 1,
        name: name.to_owned(),
        item: site.address(path),
    };
    Thing::BreadcrumbList(BreadcrumbList { item_list_element: all.enumerate().map(item).collect() })
}

/// The things as JSON-LD that can stand in a `script` element: with `<` written as an escape, no string can end the element or begin a
/// comment in it (HTML §4.12.1.3).
pub(super) fn json(things: &[&Thing]) -> Html {
    let graph = Graph { context: "https://schema.org", things };
    // Strings and numbers only: writing them cannot fail.
    let json = serde_json::to_string(&graph).unwrap_or_default();
    // All signs to be escaped begin with one of these bytes, and most texts have none of them.
    if !json.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xE2)) {
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
        let thing = Thing::Person(Person { name: name.clone(), ..Person::default() });
        let text = json(&[&thing]);
        assert!(!text.as_str().contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: serde_json::Value = serde_json::from_str(text.as_str()).unwrap();
        assert_eq!(read["@graph"][0]["name"], name);
        assert_eq!(read["@graph"][0]["@type"], "Person");
    }
}
