//! `site.yaml`: what the whole site is about.

use jiff::civil::Date;

use super::link::{self, Link, url_text};
use super::meetup::EventKey;
use super::settings::{self, Setting};
use crate::problem::At;
use crate::yaml::Cursor;

/// The site itself.
#[derive(Debug, Clone)]
pub struct Site {
    /// What the ids of events in calendars and of entries in feeds are made of; the name where there is none. Another one makes all of them new.
    pub id: Option<String>,
    /// The group's name.
    pub name: At<String>,
    /// Its abbreviation.
    pub short_name: String,
    /// The tag people use for it elsewhere, with its `#`.
    pub hashtag: Option<String>,
    /// Where it meets.
    pub city: Option<String>,
    /// BCP 47 tag of the pages' language.
    pub language: String,
    /// IANA name of the time zone in which days begin and events start: `Europe/Vienna`.
    pub time_zone: At<String>,
    /// Day of the first event.
    pub first_meetup: Option<Date>,
    /// One sentence for search engines and the head of the home page.
    pub description: String,
    /// Mail address of the organisers.
    pub contact: Option<String>,
    /// Mail address for hot topics, when it is another.
    pub hot_topics_contact: Option<String>,
    /// What stands before the path of a file that the site does not hold.
    pub files: String,
    /// Files with the group's logo.
    pub logo: Vec<Link>,
    /// Where else the group is found.
    pub links: Vec<Link>,
    /// Who runs it, in the order of the file.
    pub organisers: Vec<Organiser>,
    /// Who helped to run single events.
    pub co_organisers: Vec<CoOrganiser>,
    /// How the site is served.
    pub settings: Vec<Setting>,
}

/// Somebody who runs the group; affiliations and links are the person's.
#[derive(Debug, Clone)]
pub struct Organiser {
    /// Name or alias of a person.
    pub name: At<String>,
    /// What the sources call the role.
    pub role: Option<String>,
    /// A portrait elsewhere.
    pub photo: Option<String>,
    /// Versions of the overview that name the person as a host, by the last event each lists.
    pub hosts_table: Option<String>,
    /// First and last event whose text the person signed.
    pub signs: Option<String>,
}

/// A person or an institution that ran one event together with the organisers.
#[derive(Debug, Clone)]
pub struct CoOrganiser {
    /// The name.
    pub name: At<String>,
    /// The person's institution.
    pub affiliation: Option<String>,
    /// The event.
    pub event: Option<At<EventKey>>,
    /// What else is known.
    pub note: Option<String>,
}

pub(super) fn read(cursor: Cursor<'_>) -> Option<Site> {
    cursor.fields("the site", |f| {
        let id = f.text("id").map(|id| id.it);
        let name = f.need_text("name");
        let short_name = f.need_text("short_name");
        let hashtag = f.text("hashtag").map(|tag| tag.it);
        let city = f.text("city").map(|city| city.it);
        let language = f.text("language").map_or_else(|| "en".to_owned(), |language| language.it);
        let time_zone = f.need_text("time_zone");
        let first_meetup = f.date("first_meetup").map(|date| date.it);
        let description = f.need_text("description");
        let contact = f.text("contact").map(|mail| mail.it);
        let hot_topics_contact = f.text("hot_topics_contact").map(|mail| mail.it);
        let files = url_text(f, "files");
        let (logo, links) = (link::list(f, "logo"), link::list(f, "links"));
        let organisers = f.list("organisers", organiser);
        let co_organisers = f.list("co_organisers", co_organiser);
        let settings = settings::read(f);
        Some(Site {
            id,
            name: name?,
            short_name: short_name?.it,
            hashtag,
            city,
            language,
            time_zone: time_zone?,
            first_meetup,
            description: description?.it,
            contact,
            hot_topics_contact,
            files: files.unwrap_or_default(),
            logo,
            links,
            organisers,
            co_organisers,
            settings,
        })
    })
}

fn organiser(cursor: Cursor<'_>) -> Option<Organiser> {
    cursor.fields("an organiser", |f| {
        let name = f.need_text("name");
        let role = f.text("role").map(|role| role.it);
        let photo = url_text(f, "photo");
        let hosts_table = f.text("hosts_table").map(|versions| versions.it);
        let signs = f.text("signs").map(|signs| signs.it);
        Some(Organiser { name: name?, role, photo, hosts_table, signs })
    })
}

fn co_organiser(cursor: Cursor<'_>) -> Option<CoOrganiser> {
    cursor.fields("a co-organiser", |f| {
        let name = f.need_text("name");
        let affiliation = f.text("affiliation").map(|affiliation| affiliation.it);
        let event = f.text("event").map(|key| key.map(EventKey::from_text));
        let note = f.text("note").map(|note| note.it);
        Some(CoOrganiser { name: name?, affiliation, event, note })
    })
}
