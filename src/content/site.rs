//! `site.yaml`: what the whole site is about.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::base_url::BaseUrl;
use super::link::{Link, WebAddress};
use super::meetup::EventKey;
use crate::diagnostics::Spanned;
use crate::yaml::TextOr;

/// The site itself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "the site")]
pub struct Site {
    /// Text from which ids of events in calendars and of entries in feeds are made; the name if there is none. Another
    /// one makes all of them new.
    pub id: Option<Arc<str>>,
    /// Name of the group.
    pub name: Arc<str>,
    /// Its abbreviation.
    pub short_name: Arc<str>,
    /// Tag that people use for it elsewhere, with its `#`.
    pub hashtag: Option<Arc<str>>,
    /// City where it meets.
    pub city: Option<Arc<str>>,
    /// BCP 47 tag of the pages' language.
    #[serde(default = "english")]
    pub language: Arc<str>,
    /// IANA name of the time zone in which days begin and events start: `Europe/Vienna`.
    pub time_zone: Spanned<Arc<str>>,
    /// Day of the first event.
    pub first_meetup: Option<Spanned<Date>>,
    /// One sentence for search engines and the head of the home page.
    pub description: Arc<str>,
    /// Mail address of the organisers.
    pub contact: Option<Arc<str>>,
    /// Mail address for hot topics, if it is another.
    pub hot_topics_contact: Option<Arc<str>>,
    /// Address that the path of a file is appended to, if the site does not hold the file.
    pub files: Option<Spanned<WebAddress>>,
    /// Files with the group's logo.
    #[serde(default)]
    pub logo: Vec<TextOr<Link>>,
    /// Pages of the group elsewhere.
    #[serde(default)]
    pub links: Vec<TextOr<Link>>,
    /// People who run it, in the order of the file.
    #[serde(default)]
    pub organisers: Vec<Organiser>,
    /// People and institutions that helped to run single events.
    #[serde(default)]
    pub co_organisers: Vec<CoOrganiser>,
    /// Address of the published site: https://example.org/.
    pub base_url: Option<Spanned<BaseUrl>>,
}

/// Somebody who runs the group; affiliations and links are the person's.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "an organiser")]
pub struct Organiser {
    /// Name or alias of a person.
    pub name: Spanned<Arc<str>>,
    /// Role, in the words of the sources.
    pub role: Option<Arc<str>>,
    /// A portrait elsewhere.
    pub photo: Option<Spanned<WebAddress>>,
    /// Versions of the overview that name the person as a host, by the last event each lists.
    pub hosts_table: Option<Arc<str>>,
    /// First and last event whose text the person signed.
    pub signs: Option<Arc<str>>,
}

/// A person or an institution that ran one event together with the organisers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a co-organiser")]
pub struct CoOrganiser {
    /// Name.
    pub name: Arc<str>,
    /// Institution of the person.
    pub affiliation: Option<Arc<str>>,
    /// Number or code of the event.
    pub event: Option<Spanned<EventKey>>,
    /// Anything else to know.
    pub note: Option<Arc<str>>,
}

fn english() -> Arc<str> {
    "en".into()
}
