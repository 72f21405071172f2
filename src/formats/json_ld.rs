//! Subject of a page in the vocabulary of schema.org, as JSON-LD for search engines.
//!
//! It only says what the content says: a field that is not known is absent, even where search engines would like it.
//! Fields may be null or empty here; [`script`] removes them.

mod events;

use jiff::civil::{Date, Time, time};
use serde_json::{Value, json};

use super::time_zone;
use crate::content::Body;
use crate::context::{Site, search};
use crate::formats::preview;
use crate::html::Html;
use crate::markdown::plain;
use crate::views::{ArticleView, JobView, PaperView, PersonView, Ref, TopicView, VenueView};

pub(crate) use events::{announcement, event, talk};

/// The group.
pub(crate) fn group(site: &Site) -> Value {
    let group = &site.views.site;
    json!({
        "@type": "Organization",
        "@id": site.address("/#group"),
        "name": group.name,
        "alternateName": group.short_name,
        "description": group.description,
        "url": site.address("/"),
        "logo": group.logo.first().map(|logo| &logo.url),
        "email": group.contact,
        "location": group.city.as_deref().map(place),
        "member": people(site, &group.organisers),
        "sameAs": group.links.iter().map(|link| &link.url).collect::<Vec<_>>(),
    })
}

/// The group where another thing refers to it.
fn group_ref(site: &Site) -> Value {
    let (id, url) = (site.address("/#group"), site.address("/"));
    json!({ "@type": "Organization", "@id": id, "name": site.views.site.name, "url": url })
}

/// The site.
pub(crate) fn website(site: &Site) -> Value {
    let of = &site.views.site;
    // With its input in the short form that search engines read (https://schema.org/docs/actions.html).
    let search = site.extras.search.then(|| {
        json!({
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{}?q={{words}}", site.address(search::PATH)) },
            "query-input": "required name=words",
        })
    });
    json!({
        "@type": "WebSite",
        "@id": site.address("/#site"),
        "name": of.name,
        "alternateName": of.short_name,
        "description": of.description,
        "url": site.address("/"),
        "inLanguage": of.language,
        "publisher": group_ref(site),
        "potentialAction": search,
    })
}

/// A person.
pub(crate) fn person(site: &Site, person: &PersonView) -> Value {
    let mut institutions: Vec<&str> = Vec::new();
    for affiliation in &person.affiliations {
        if !institutions.contains(&affiliation.name.as_str()) {
            institutions.push(&affiliation.name);
        }
    }
    let address = site.address(&person.url);
    json!({
        "@type": "Person",
        "@id": address,
        "name": person.name,
        "alternateName": person.aliases,
        "description": described(person.bio.as_ref()),
        "url": address,
        "image": person.organises.as_ref().and_then(|organiser| organiser.photo.as_ref()),
        "affiliation": institutions.into_iter().map(organization).collect::<Vec<_>>(),
        "sameAs": person.links.iter().filter(|link| link.is_external()).map(|link| &link.url).collect::<Vec<_>>(),
    })
}

/// People where another thing refers to them.
fn people(site: &Site, people: &[Ref]) -> Vec<Value> {
    people.iter().map(|person| reference(site, "Person", person)).collect()
}

/// A venue. A video call is not a place.
pub(crate) fn venue(site: &Site, venue: &VenueView) -> Value {
    let address = site.address(&venue.url);
    json!({
        "@type": if venue.online { "VirtualLocation" } else { "Place" },
        "@id": address,
        "name": venue.name,
        "alternateName": venue.aliases,
        "description": described(venue.description.as_ref()),
        // As in the content: taking it apart would be guessing.
        "address": venue.address,
        "url": address,
    })
}

/// A topic.
pub(crate) fn topic(site: &Site, topic: &TopicView) -> Value {
    let address = site.address(&topic.url);
    json!({ "@type": "DefinedTerm", "@id": address, "name": topic.name, "description": topic.about, "url": address })
}

fn topics(site: &Site, topics: &[Ref]) -> Vec<Value> {
    topics.iter().map(|topic| reference(site, "DefinedTerm", topic)).collect()
}

/// An article. It speaks for the group, which is named as its author, as in feeds. Those who presented the topic on
/// stage have not written it, and are on the page of the event. When an article for a later day was published is not
/// known.
pub(crate) fn article(site: &Site, article: &ArticleView, day: Date) -> Value {
    let address = site.address(&article.url);
    let image = preview::address(site, &article.url).map(
        |path| json!({ "@type": "ImageObject", "url": site.address(&path), "width": preview::WIDTH, "height": preview::HEIGHT }),
    );
    json!({
        "@type": "Article",
        "@id": address,
        "headline": article.title,
        "description": article.summary,
        "url": address,
        "mainEntityOfPage": address,
        "inLanguage": site.views.site.language,
        "datePublished": article.date.filter(|date| date.0 <= day),
        "author": [group_ref(site)],
        "publisher": group_ref(site),
        "image": image,
        "about": topics(site, &article.topics),
        "citation": article.papers.iter().map(paper).collect::<Vec<_>>(),
    })
}

fn paper(paper: &PaperView) -> Value {
    json!({
        "@type": "ScholarlyArticle",
        "name": paper.title,
        "author": paper.authors,
        "identifier": paper.arxiv.as_ref().map(|number| format!("arXiv:{number}")),
        "url": paper.read_at(),
    })
}

/// An open position with its description. There is nothing to apply for at a closed one, so no page has it.
pub(crate) fn job(site: &Site, job: &JobView, text: &Html) -> Value {
    let address = site.address(&job.url);
    json!({
        "@type": "JobPosting",
        "@id": address,
        "title": job.title,
        "description": text.as_str(),
        "url": address,
        "datePosted": job.date,
        "validThrough": end_of_day(site, job.closes.0),
        "hiringOrganization": organization(&job.company),
        "jobLocation": job.place.as_deref().map(place),
    })
}

/// The way from the home page to a page; `crumbs` are the paths and labels of the pages between.
pub(crate) fn breadcrumbs(site: &Site, crumbs: &[(String, String)], path: &str, title: &str) -> Value {
    let home = ("/", site.views.site.name.as_str());
    let between = crumbs.iter().map(|(path, label)| (path.as_str(), label.as_str()));
    let items =
        std::iter::once(home).chain(between).chain([(path, title)]).enumerate().map(
            |(at, (path, name))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": site.address(path) }),
        );
    json!({ "@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>() })
}

/// Something with a page where another thing refers to it.
fn reference(site: &Site, kind: &str, to: &Ref) -> Value {
    let address = site.address(&to.url);
    json!({ "@type": kind, "@id": address, "name": to.name, "url": address })
}

/// A text without its marks.
fn described(text: Option<&Body>) -> Option<String> {
    text.map(|text| plain(&text.markdown))
}

fn organization(name: &str) -> Value {
    json!({ "@type": "Organization", "name": name })
}

fn place(name: &str) -> Value {
    json!({ "@type": "Place", "name": name })
}

/// A day, or a time on it with the offset of the site's time zone on that day: `2019-09-24T18:30:00+02:00`.
fn moment(site: &Site, day: Date, time: Option<Time>) -> String {
    let zoned = |time: Time| day.to_datetime(time).to_zoned(time_zone(&site.views.site)?).ok();
    match time.and_then(zoned) {
        Some(moment) => moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        None => day.to_string(),
    }
}

/// The last second of a day: a date alone would be read as its first.
fn end_of_day(site: &Site, day: Date) -> String {
    moment(site, day, Some(time(23, 59, 59, 0)))
}

/// Copies the fields of an object over those of another.
fn with(mut base: Value, fields: Value) -> Value {
    if let (Value::Object(base), Value::Object(fields)) = (&mut base, fields) {
        base.extend(fields);
    }
    base
}

/// Removes nulls and empty lists.
fn prune(value: Value) -> Value {
    let is_known = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, prune(value))).filter(|(_, value)| is_known(value)).collect()
        }
        Value::Array(items) => items.into_iter().map(prune).collect(),
        value => value,
    }
}

/// Things as JSON-LD for a `script` element. No string can end the element or begin a comment in it (HTML §4.12.1.3),
/// because `<` and the like are escaped, which only occur in strings.
pub(crate) fn script(things: &[Value]) -> Html {
    let graph = prune(json!({ "@context": "https://schema.org", "@graph": things })).to_string();
    let escape = |text: String, c: char| text.replace(c, &format!("\\u{:04x}", u32::from(c)));
    Html::trusted(['<', '>', '&', '\u{2028}', '\u{2029}'].into_iter().fold(graph, escape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_string_can_leave_its_script_element() {
        let name = "a</script><!-- <script> & \u{2028} \"quoted\" \\";
        let text = script(&[json!({ "@type": "Person", "name": name, "image": null, "sameAs": [], "member": [{}] })]);
        assert!(!text.as_str().contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: Value = serde_json::from_str(text.as_str()).unwrap();
        assert_eq!(read["@graph"], json!([{ "@type": "Person", "name": name, "member": [{}] }]));
    }
}
