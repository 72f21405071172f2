//! `meetups/*.yaml`: one event with its talks, agenda, hot topics and links.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::{Date, Time};

use super::change::{self, Change};
use super::decks;
use super::link::{self, Link, Target, url_text};
use super::price::{self, Price};
use crate::problem::{At, Place, Problem, SourceFile, Text};
use crate::yaml::{Cursor, Fields};

/// What an event is called in lists and addresses: a number, or a code for events outside the count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKey {
    /// One of the counted meetups.
    Number(u32),
    /// A side event: `AI`.
    Code(String),
}

impl EventKey {
    /// The part of an address: `29`, `ai`.
    pub fn slug(&self) -> String {
        self.to_string().to_lowercase()
    }
}

/// A number when it is one, else a code.
impl FromStr for EventKey {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.parse().map_or_else(|_| EventKey::Code(text.to_owned()), EventKey::Number))
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventKey::Number(number) => write!(f, "{number}"),
            EventKey::Code(code) => f.write_str(code),
        }
    }
}

/// An event as its file tells it.
#[derive(Debug, Clone)]
pub struct Meetup {
    /// The file, for problems with the whole of it.
    pub file: Arc<SourceFile>,
    /// Number or code.
    pub key: At<EventKey>,
    /// The heading under which it was announced.
    pub title: Option<Text>,
    /// The day, or the first of several.
    pub date: Option<At<Date>>,
    /// The last of several days.
    pub end_date: Option<At<Date>>,
    /// When the programme begins.
    pub time: Option<Time>,
    /// When it ends, on its last day.
    pub end_time: Option<Time>,
    /// Whether it takes place.
    pub status: Status,
    /// What was changed after it had been announced, oldest first.
    pub changes: Vec<Change>,
    /// How one could take part.
    pub format: Format,
    /// Names or aliases of the venues, as the source spells them.
    pub venues: Vec<Text>,
    /// Address or room, as given for this event.
    pub address: Option<Text>,
    /// The subject in a line.
    pub topic: Option<Text>,
    /// Topics beside those of the talks.
    pub tags: Vec<Text>,
    /// Page on meetup.com.
    pub meetup_url: Option<Text>,
    /// A page of its own elsewhere.
    pub web_page: Option<Text>,
    /// Where one registers.
    pub registration: Option<Text>,
    /// What it costs to take part.
    pub price: Option<Price>,
    /// Folder of the files repository.
    pub folder: Option<Link>,
    /// Hosts and sponsors.
    pub hosts: Vec<Text>,
    /// Who organised, where a source says it for this event.
    pub organisers: Vec<Named>,
    /// The evening in order.
    pub agenda: Vec<AgendaItem>,
    /// The talks in order.
    pub talks: Vec<Talk>,
    /// The panel.
    pub panel: Option<Panel>,
    /// The hot topics in order.
    pub hot_topics: Vec<HotTopic>,
    /// Decks of the event itself.
    pub slides: Vec<Link>,
    /// Recordings of the event as a whole.
    pub videos: Vec<Link>,
    /// Photo albums.
    pub photos: Vec<Photos>,
    /// Poster and header image.
    pub poster: Option<Link>,
    /// Header image.
    pub banner: Option<Link>,
    /// Further files.
    pub files: Vec<Link>,
    /// Pages the event's text refers to.
    pub links: Vec<Link>,
    /// People with other roles.
    pub credits: Vec<Credit>,
    /// Slugs of announcements.
    pub announcements: Vec<Text>,
    /// Slugs of job offers.
    pub jobs: Vec<Text>,
    /// What was said of the next event.
    pub next: Option<Text>,
    /// Contradictions and irregularities of the sources.
    pub notes: Vec<Text>,
}

/// How one could take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// At the venue.
    InPerson,
    /// By video call.
    Online,
    /// At the venue or by video call.
    Hybrid,
}

/// A name with the institution at the time.
#[derive(Debug, Clone)]
pub struct Named {
    /// Name or alias of a person.
    pub name: Text,
    /// Institution, as written.
    pub affiliation: Option<Text>,
}

/// A person with a role in the event that is none of the others.
#[derive(Debug, Clone)]
pub struct Credit {
    /// Name or alias of a person.
    pub name: Text,
    /// The role.
    pub role: Text,
    /// Institution, as written.
    pub affiliation: Option<Text>,
}

/// A talk as its event tells it.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Its title.
    pub title: Text,
    /// Names or aliases of who speaks, in order.
    pub speakers: Vec<Text>,
    /// Institution at the time, as written.
    pub affiliation: Option<Text>,
    /// What kind of talk, when it is no ordinary one.
    pub kind: Option<TalkKind>,
    /// Whether it took place.
    pub status: Status,
    /// Its topics.
    pub tags: Vec<Text>,
    /// Its decks.
    pub slides: Vec<Link>,
    /// Its recordings.
    pub videos: Vec<Link>,
    /// The title another list gives it.
    pub listed_as: Option<Text>,
    /// What else is to be known.
    pub note: Option<Text>,
}

/// Kinds of talk that the archive knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TalkKind {
    /// An invited opening.
    Keynote,
    /// The talk of the evening.
    Main,
    /// A talk that prepares the others.
    Intro,
    /// Shorter than a full talk.
    Short,
    /// A short presentation.
    ShortPresentation,
    /// A few minutes.
    Lightning,
    /// Shown from elsewhere.
    Webinar,
    /// What was seen at a conference.
    Review,
}

impl TalkKind {
    const WORDS: [(&'static str, TalkKind); 8] = [
        ("keynote", TalkKind::Keynote),
        ("main talk", TalkKind::Main),
        ("intro talk", TalkKind::Intro),
        ("short talk", TalkKind::Short),
        ("short presentation", TalkKind::ShortPresentation),
        ("lightning talk", TalkKind::Lightning),
        ("external webinar", TalkKind::Webinar),
        ("conference review", TalkKind::Review),
    ];

    /// The words for it.
    pub fn words(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("talk", |(words, _)| words)
    }
}

/// Whether something took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It did, or is going to.
    Held,
    /// It did not.
    Cancelled,
    /// It was moved to another day.
    Postponed,
    /// It did not, and the sources do not say whether for good.
    CancelledOrPostponed,
}

impl Status {
    const WORDS: [(&'static str, Status); 3] = [
        ("cancelled", Status::Cancelled),
        ("postponed", Status::Postponed),
        ("cancelled / postponed", Status::CancelledOrPostponed),
    ];

    /// The words for what did not take place.
    pub fn words(self) -> Option<&'static str> {
        Self::WORDS.iter().find(|(_, status)| *status == self).map(|(words, _)| *words)
    }
}

/// A discussion on the stage.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Its title.
    pub title: Text,
    /// Who discussed.
    pub panelists: Vec<Named>,
    /// Who led it.
    pub moderator: Option<Named>,
}

/// A short block on recent papers and news.
#[derive(Debug, Clone)]
pub struct HotTopic {
    /// What it was about, as the sources title it.
    pub title: Text,
    /// Who presented it.
    pub presenters: Vec<Text>,
    /// Its decks.
    pub slides: Vec<Link>,
    /// Slugs of articles on what was presented.
    pub articles: Vec<Text>,
}

/// An album.
#[derive(Debug, Clone)]
pub struct Photos {
    /// Where it is.
    pub link: Link,
    /// How many photos it holds.
    pub count: Option<u32>,
}

/// An item of the agenda.
#[derive(Debug, Clone)]
pub struct AgendaItem {
    /// When, as written.
    pub time: Option<Text>,
    /// What.
    pub what: Agenda,
    /// Whether it took place.
    pub status: Status,
}

/// What an agenda item is.
#[derive(Debug, Clone)]
pub enum Agenda {
    /// Something that only the agenda names.
    Item {
        /// What.
        title: Text,
        /// Who.
        speakers: Vec<Text>,
    },
    /// A talk of the event, by its title, and how the agenda words it.
    Talk {
        /// Title of the talk.
        title: Text,
        /// `Talk 1`, or another wording.
        wording: Option<Text>,
    },
    /// The panel of the event.
    Panel {
        /// Title of the panel.
        title: Text,
    },
}

pub(super) fn read(cursor: Cursor<'_>, file: &Arc<SourceFile>) -> Option<Meetup> {
    cursor.fields("a meetup", |f| {
        let key = key(f);
        let title = f.text("title");
        let (date, end_date) = (f.date("date"), f.date("end_date"));
        if let (Some(date), Some(end)) = (&date, &end_date)
            && end.it < date.it
        {
            f.problem(Problem::error(end.place.clone(), format!("ends on {} and begins on {}", end.it, date.it)));
        }
        let time = f.get("time").and_then(time);
        let end_time = end_time(f, time, end_date.is_none());
        let (status, changes) = event_status(f);
        let format = f
            .get("format")
            .and_then(|c| c.choice(&[("in person", Format::InPerson), ("online", Format::Online), ("hybrid", Format::Hybrid)]));
        let venues = f.texts("venue");
        let [address, topic] = ["address", "topic"].map(|key| f.text(key));
        let tags = f.texts("tags");
        let [meetup_url, web_page, registration] = ["meetup_url", "web_page", "registration"].map(|key| url_text(f, key));
        let price = f.get("price").and_then(price::read);
        let folder = f.get("folder").and_then(link::read);
        let hosts = f.texts("hosts");
        let organisers = f.list("organisers", named);
        let agenda = f.list("agenda", agenda_item);
        let talks = f.list("talks", talk);
        let panel = f.get("panel").and_then(panel);
        let hot_topics = f.list("hot_topics", hot_topic);
        let [slides, videos] = ["slides", "videos"].map(|key| link::list(f, key));
        let photos = f.list("photos", photos);
        let [poster, banner] = ["poster", "banner"].map(|key| f.get(key).and_then(link::read));
        let [files, links] = ["files", "links"].map(|key| link::list(f, key));
        let credits = f.list("credits", credit);
        let [announcements, jobs] = ["announcements", "jobs"].map(|key| f.texts(key));
        let next = f.text("next");
        let notes = f.texts("notes");
        let meetup = Meetup {
            file: file.clone(),
            key: key?,
            title,
            date,
            end_date,
            time,
            end_time,
            status,
            changes,
            format: format.unwrap_or(Format::InPerson),
            venues,
            address,
            topic,
            tags,
            meetup_url,
            web_page,
            registration,
            price,
            folder,
            hosts,
            organisers,
            agenda,
            talks,
            panel,
            hot_topics,
            slides,
            videos,
            photos,
            poster,
            banner,
            files,
            links,
            credits,
            announcements,
            jobs,
            next,
            notes,
        };
        decks::suspicious(&meetup).into_iter().for_each(|problem| f.problem(problem));
        Some(meetup)
    })
}

fn key(f: &mut Fields<'_>) -> Option<At<EventKey>> {
    let (number, code_given) = (f.get("number"), f.get("code"));
    let is_given = number.is_some() || code_given.is_some();
    let number = number
        .and_then(|number| number.parse::<u32>("a whole number below 4294967296"))
        .map(|n| At { it: EventKey::Number(n.it), place: n.place });
    let code = code_given.and_then(code);
    match (number, code) {
        (Some(number), None) => Some(number),
        (None, Some(code)) => Some(code),
        // What is wrong with it has been told.
        (None, None) if is_given => None,
        (None, None) => {
            let help = "add `number: 76`, or `code: AI` for an event outside the count";
            f.problem(Problem::error(f.place(), "a meetup needs `number` or `code`").help(help));
            None
        }
        (Some(_), Some(code)) => {
            f.problem(Problem::error(code.place, "a meetup has `number` or `code`, not both").help("remove one of them"));
            None
        }
    }
}

fn code(cursor: Cursor<'_>) -> Option<At<EventKey>> {
    let text = cursor.text()?;
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Some(At { it: EventKey::Code(text.into()), place: cursor.place() });
    }
    cursor.error(format!("`{text}` cannot be a code"), "use letters, digits and dashes, a letter first: AI");
    None
}

fn time(cursor: Cursor<'_>) -> Option<Time> {
    let text = cursor.text()?;
    let parsed = text
        .split_once(':')
        .filter(|(_, minutes)| minutes.len() == 2)
        .and_then(|(hour, minute)| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok());
    if parsed.is_none() {
        cursor.error(format!("`{text}` is not a time"), "write hours and minutes: 18:30");
    }
    parsed
}

/// The end of an event, if it fits to its beginning.
fn end_time(f: &mut Fields<'_>, begins: Option<Time>, one_day: bool) -> Option<Time> {
    let cursor = f.get("end_time")?;
    let ends = time(cursor)?;
    match begins {
        None => cursor.error("an end without a beginning", "add `time: 18:30`"),
        Some(begins) if one_day && ends <= begins => {
            cursor.error(format!("ends at {ends:.0} and begins at {begins:.0}"), "for an end after midnight add `end_date`");
        }
        Some(_) => return Some(ends),
    }
    None
}

/// Whether an event takes place, and its changes. That it does not is a change itself.
pub(super) fn event_status(f: &mut Fields<'_>) -> (Status, Vec<Change>) {
    let place = f.get("status").map(|status| status.place());
    let (status, changes) = (status(f), change::list(f));
    if let (Some(place), true, true) = (place, status != Status::Held, changes.is_empty()) {
        let help = "add the day and a sentence, so that calendars and feeds can tell it: changes: [{date: 2026-11-20, what: …}]";
        f.problem(Problem::warning(place, "no change on record says when this was decided").help(help));
    }
    (status, changes)
}

fn named(cursor: Cursor<'_>) -> Option<Named> {
    if !cursor.is_map() {
        return Some(Named { name: cursor.text()?, affiliation: None });
    }
    cursor.fields("a person", |f| {
        let (name, affiliation) = (f.need_text("name"), f.text("affiliation"));
        Some(Named { name: name?, affiliation })
    })
}

fn credit(cursor: Cursor<'_>) -> Option<Credit> {
    cursor.fields("a credit", |f| {
        let (name, role, affiliation) = (f.need_text("name"), f.need_text("role"), f.text("affiliation"));
        Some(Credit { name: name?, role: role?, affiliation })
    })
}

fn talk(cursor: Cursor<'_>) -> Option<Talk> {
    cursor.fields("a talk", |f| {
        let title = f.need_text("title");
        let speakers = f.texts("speakers");
        let affiliation = f.text("affiliation");
        let kind = f.get("kind").and_then(|kind| kind.choice(&TalkKind::WORDS));
        let status = status(f);
        let tags = f.texts("tags");
        let [slides, videos] = ["slides", "videos"].map(|key| link::list(f, key));
        let [listed_as, note] = ["listed_as", "note"].map(|key| f.text(key));
        let title = title?;
        if speakers.is_empty() {
            f.problem(Problem::warning(title.place(), "a talk without speakers").help("add `speakers: [Name]`"));
        }
        Some(Talk { title, speakers, affiliation, kind, status, tags, slides, videos, listed_as, note })
    })
}

fn status(f: &mut Fields<'_>) -> Status {
    f.get("status").and_then(|status| status.choice(&Status::WORDS)).unwrap_or(Status::Held)
}

fn panel(cursor: Cursor<'_>) -> Option<Panel> {
    cursor.fields("a panel", |f| {
        let (title, panelists) = (f.need_text("title"), f.list("panelists", named));
        let moderator = f.get("moderator").and_then(named);
        Some(Panel { title: title?, panelists, moderator })
    })
}

fn hot_topic(cursor: Cursor<'_>) -> Option<HotTopic> {
    if !cursor.is_map() {
        return Some(HotTopic { title: cursor.text()?, presenters: Vec::new(), slides: Vec::new(), articles: Vec::new() });
    }
    cursor.fields("a hot topic", |f| {
        let (title, presenters) = (f.need_text("title"), f.texts("presenters"));
        let (slides, articles) = (link::list(f, "slides"), f.texts("articles"));
        Some(HotTopic { title: title?, presenters, slides, articles })
    })
}

fn photos(cursor: Cursor<'_>) -> Option<Photos> {
    if !cursor.is_map() {
        return Some(Photos { link: link::read(cursor)?, count: None });
    }
    cursor.fields("an album", |f| {
        let label = f.text("label");
        let path = f.text("path").map(Target::Path);
        let url = f.get("url").and_then(link::url);
        let count = f.get("count").and_then(|count| count.parse("a whole number")).map(|count| count.it);
        let target = path.or(url);
        if target.is_none() {
            f.problem(Problem::error(f.place(), "an album needs `path` or `url`"));
        }
        Some(Photos { link: Link { label, target: target? }, count })
    })
}

fn agenda_item(cursor: Cursor<'_>) -> Option<AgendaItem> {
    if !cursor.is_map() {
        let what = Agenda::Item { title: cursor.text()?, speakers: Vec::new() };
        return Some(AgendaItem { time: None, what, status: Status::Held });
    }
    cursor.fields("an agenda item", |f| {
        let time = f.text("time");
        let (talk, panel, title) = (f.text("talk"), f.text("panel"), f.text("title"));
        let (wording, speakers) = (f.text("as"), f.texts("speakers"));
        let status = status(f);
        let what = match (talk, panel, title) {
            (Some(title), None, None) => Agenda::Talk { title, wording },
            (None, Some(title), None) => Agenda::Panel { title },
            (None, None, Some(title)) => Agenda::Item { title, speakers },
            _ => return one_of_three(f, f.place()),
        };
        Some(AgendaItem { time, what, status })
    })
}

fn one_of_three(f: &Fields<'_>, place: Place) -> Option<AgendaItem> {
    f.problem(
        Problem::error(place, "an agenda item needs one of `talk`, `panel` and `title`")
            .help("`talk` names a talk of this event by its title, `title` is for everything else"),
    );
    None
}
