//! The same facts as on the pages in the forms that programs read: data, calendars, feeds, JSON-LD, and what leads
//! search engines and browsers to the pages. Everything is made from the [views](crate::views).

pub(crate) mod api;
pub(crate) mod calendar;
pub(crate) mod feed;
mod ical;
pub(crate) mod json_ld;
mod links;
pub(crate) mod llms;
pub(crate) mod markdown;
pub(crate) mod opensearch;
pub(crate) mod preview;
pub(crate) mod result;
pub(crate) mod sitemap;
pub(crate) mod subscriptions;
mod times;
mod updated;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::context::{Answer, CachePolicy, Kind, Request};
use crate::views::SiteView;

pub(crate) const ROBOTS: Kind = Kind { answer: robots, paths: |_| vec!["/robots.txt".to_owned()] };

/// The date where one must be given and the content has none at all.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

fn robots(request: &Request<'_>) -> Option<Answer> {
    if request.path != "/robots.txt" {
        return None;
    }
    let sitemap =
        sitemap::is_there(request.site).then(|| format!("Sitemap: {}\n", request.site.address(sitemap::PATH)));
    let text = format!("User-agent: *\nAllow: /\n{}", sitemap.unwrap_or_default());
    Some(Answer::new(200, "text/plain; charset=utf-8", CachePolicy::Page, text.into_bytes()))
}

/// Makes the permanent id of an event in calendars (`UID`), or of a feed or its entry (`id`): a UUID of version 8 (RFC
/// 9562 §5.8, as RFC 7986 §5.3 asks for) from a hash of the site's id and of what is named, mostly the path of a page.
/// Neither a build nor the day nor the address of the site changes it.
fn uuid(site: &SiteView, name: &str) -> String {
    let hash = blake3::hash(format!("{}\n{name}", site.id).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// The time zone of a site, from the database that is part of the program: the same on every machine.
fn time_zone(site: &SiteView) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(&site.time_zone).ok()
}

/// Renders a template as XML 1.0, which has no way to write most control characters (§2.2).
fn xml(media_type: &'static str, template: &impl askama::Template) -> Answer {
    // Templates write to a string, and nothing in them can fail.
    let mut xml = template.render().unwrap_or_default();
    xml.retain(|c| matches!(c, '\t' | '\n' | '\r') || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')));
    Answer::new(200, media_type, CachePolicy::Page, xml.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_that_subscribers_have() {
        // By a transcription of BLAKE3 from its paper, with version and variant of RFC 9562 §5.8.
        const ID: &str = "16cdfe47-6f6e-8618-875d-f29e2e26e510";
        let site = |id: &str| SiteView { id: id.to_owned(), ..crate::site::tests::site().views.site.clone() };
        assert_eq!(uuid(&site("a"), "/meetups/1/"), ID);
        let ids = [("a", "/meetups/2/"), ("b", "/meetups/1/")].map(|(id, name)| uuid(&site(id), name));
        assert!(ids[0] != ids[1] && !ids.contains(&ID.to_owned()), "{ids:?}");
    }
}
