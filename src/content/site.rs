//! `site.yaml`: what the whole site is about.

use jiff::civil::Date;

use super::link::{self, Link, url_text};
use super::meetup::EventKey;
use super::settings;
use crate::problem::{At, Text};
use crate::yaml::Cursor;

/// The site itself.
#[derive(Debug, Clone)]
pub struct Site {
    /// What the ids of events in calendars and of entries in feeds are made of; the name where there is none. Another one makes all of them new.
    pub id: Option<Text>,
    /// The group's name.
    pub name: Text,
    /// Its abbreviation.
    pub short_name: Text,
    /// The tag people use for it elsewhere, with its `#`.
    pub hashtag: Option<Text>,
    /// Where it meets.
    pub city: Option<Text>,
    /// BCP 47 tag of the pages' language.
    pub language: Text,
    /// IANA name of the time zone in which days begin and events start: `Europe/Vienna`.
    pub time_zone: Text,
    /// Day of the first event.
    pub first_meetup: Option<Date>,
    /// One sentence for search engines and the head of the home page.
    pub description: Text,
    /// Mail address of the organisers.
    pub contact: Option<Text>,
    /// Mail address for hot topics, when it is another.
    pub hot_topics_contact: Option<Text>,
    /// What stands before the path of a file that the site does not hold.
    pub files: Text,
    /// Files with the group's logo.
    pub logo: Vec<Link>,
    /// Where else the group is found.
    pub links: Vec<Link>,
    /// Who runs it, in the order of the file.
    pub organisers: Vec<Organiser>,
    /// Who helped to run single events.
    pub co_organisers: Vec<CoOrganiser>,
}

/// Somebody who runs the group; affiliations and links are the person's.
#[derive(Debug, Clone)]
pub struct Organiser {
    /// Name or alias of a person.
    pub name: Text,
    /// What the sources call the role.
    pub role: Option<Text>,
    /// A portrait elsewhere.
    pub photo: Option<Text>,
    /// Versions of the overview that name the person as a host, by the last event each lists.
    pub hosts_table: Option<Text>,
    /// First and last event whose text the person signed.
    pub signs: Option<Text>,
}

/// A person or an institution that ran one event together with the organisers.
#[derive(Debug, Clone)]
pub struct CoOrganiser {
    /// The name.
    pub name: Text,
    /// The person's institution.
    pub affiliation: Option<Text>,
    /// The event.
    pub event: Option<At<EventKey>>,
    /// What else is known.
    pub note: Option<Text>,
}

pub(super) fn read(cursor: Cursor<'_>) -> Option<Site> {
    cursor.fields("the site", |f| {
        let id = f.text("id");
        let name = f.need_text("name");
        let short_name = f.need_text("short_name");
        let hashtag = f.text("hashtag");
        let city = f.text("city");
        let language = f.text("language").unwrap_or_else(|| Text::from("en"));
        let time_zone = f.need_text("time_zone");
        let first_meetup = f.date("first_meetup").map(|date| date.it);
        let description = f.need_text("description");
        let contact = f.text("contact");
        let hot_topics_contact = f.text("hot_topics_contact");
        let files = url_text(f, "files");
        let (logo, links) = (link::list(f, "logo"), link::list(f, "links"));
        let organisers = f.list("organisers", organiser);
        let co_organisers = f.list("co_organisers", co_organiser);
        // They are no part of the site; what is wrong with them as YAML is.
        settings::read(f);
        Some(Site {
            id,
            name: name?,
            short_name: short_name?,
            hashtag,
            city,
            language,
            time_zone: time_zone?,
            first_meetup,
            description: description?,
            contact,
            hot_topics_contact,
            files: files.unwrap_or_else(|| Text::from("")),
            logo,
            links,
            organisers,
            co_organisers,
        })
    })
}

fn organiser(cursor: Cursor<'_>) -> Option<Organiser> {
    cursor.fields("an organiser", |f| {
        let name = f.need_text("name");
        let role = f.text("role");
        let photo = url_text(f, "photo");
        let hosts_table = f.text("hosts_table");
        let signs = f.text("signs");
        Some(Organiser { name: name?, role, photo, hosts_table, signs })
    })
}

fn co_organiser(cursor: Cursor<'_>) -> Option<CoOrganiser> {
    cursor.fields("a co-organiser", |f| {
        let name = f.need_text("name");
        let affiliation = f.text("affiliation");
        let event = f.parse("event", "a meetup");
        let note = f.text("note");
        Some(CoOrganiser { name: name?, affiliation, event, note })
    })
}
