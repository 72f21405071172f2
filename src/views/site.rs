//! The group and its site.

use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{Day, LinkView, Ref, text};
use crate::archive::Archive;

/// The site.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Site")]
pub struct SiteView {
    /// Text from which ids in calendars and feeds are made. It never changes.
    #[serde(skip)]
    pub id: String,
    /// The group's name.
    pub name: String,
    /// Its abbreviation.
    pub short_name: String,
    /// Address of the home page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Description, in a sentence.
    pub description: String,
    /// BCP 47 tag.
    pub language: String,
    /// IANA name of the zone of all dates and times.
    pub time_zone: String,
    /// City.
    pub city: Option<String>,
    /// Mail address of the organisers.
    pub contact: Option<String>,
    /// Its tag elsewhere, with `#`.
    #[serde(skip)]
    pub hashtag: Option<String>,
    /// The first day of the archive.
    #[serde(skip)]
    pub first_day: Option<Day>,
    /// Files with the logo.
    #[serde(skip)]
    pub logo: Vec<LinkView>,
    /// Pages of the group elsewhere.
    #[serde(skip)]
    pub links: Vec<LinkView>,
    /// Organisers.
    #[serde(skip)]
    pub organisers: Vec<Ref>,
    /// People and institutions that helped to run single events.
    #[serde(skip)]
    pub co_organisers: Vec<CoOrganiserView>,
}

/// A co-organiser of one event: a person of the archive, or an institution.
#[derive(Debug, Clone)]
pub struct CoOrganiserView {
    /// The name.
    pub name: String,
    /// The person, when it is one.
    pub person: Option<Ref>,
    /// The person's institution.
    pub affiliation: Option<String>,
    /// The event.
    pub event: Option<Ref>,
    /// Further remarks.
    pub note: Option<String>,
}

impl SiteView {
    pub(super) fn new(archive: &Archive) -> Self {
        let site = &archive.site;
        Self {
            id: site.source.id.as_ref().unwrap_or(&site.source.name).to_string(),
            name: site.source.name.to_string(),
            short_name: site.source.short_name.to_string(),
            url: "/".to_owned(),
            description: site.source.description.to_string(),
            language: site.source.language.to_string(),
            time_zone: site.source.time_zone.to_string(),
            city: text(site.source.city.as_ref()),
            contact: text(site.source.contact.as_ref()),
            hashtag: text(site.source.hashtag.as_ref()),
            first_day: archive.first_day().map(Day),
            logo: LinkView::list(archive, &site.source.logo, "Logo"),
            links: LinkView::list_as_written(archive, &site.source.links),
            organisers: site.organisers.iter().map(|organiser| Ref::person(archive, organiser.person)).collect(),
            co_organisers: site
                .co_organisers
                .iter()
                .map(|other| CoOrganiserView {
                    name: other.source.name.to_string(),
                    person: other.person.map(|person| Ref::person(archive, person)),
                    affiliation: text(other.source.affiliation.as_ref()),
                    event: other.event.map(|event| Ref::event(archive, event)),
                    note: text(other.source.note.as_ref()),
                })
                .collect(),
        }
    }
}
