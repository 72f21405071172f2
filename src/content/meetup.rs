//! `meetups/*.yaml`, or `meetups/*.md` with a text below the keys: one event with its talks, agenda, hot topics and
//! links.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::civil::{Date, Time};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::change::{self, Change, Status};
use super::link::{FilePath, Link, Target, WebAddress};
use super::price::Price;
use super::{Body, ends_before};
use crate::diagnostics::{Diagnostic, SourceFile, Span, Spanned};
use crate::yaml::{Invalid, Scalar, TextOr, choices};

/// Name of an event in lists and addresses: a number, or a code for events outside the count.
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

/// A number if it is one, else a code.
impl Scalar for EventKey {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        Ok(text.parse().map_or_else(|_| EventKey::Code(text.to_owned()), EventKey::Number))
    }

    fn placeholder() -> Self {
        EventKey::Number(0)
    }
}

impl JsonSchema for EventKey {
    fn schema_name() -> Cow<'static, str> {
        "EventKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "description": "Number or code of an event" })
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

/// Code of an event outside the count: letters, digits and dashes, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub struct EventCode(#[schemars(regex(pattern = "^[A-Za-z][A-Za-z0-9-]*$"))] String);

impl Scalar for EventCode {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
        if starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Ok(Self(text.to_owned()));
        }
        let invalid = Invalid::new(format!("`{text}` cannot be a code"));
        Err(invalid.help("use letters, digits and dashes, a letter first: AI"))
    }

    fn placeholder() -> Self {
        Self(String::new())
    }
}

/// An event as its file describes it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a meetup")]
pub struct Meetup {
    /// The file, for diagnostics about the whole of it.
    #[serde(skip)]
    pub file: Arc<SourceFile>,
    /// The text of a Markdown file.
    #[serde(skip)]
    pub(super) body: Option<Body>,
    /// Number, if it is one of the counted meetups.
    pub number: Option<Spanned<u32>>,
    /// Code, if it is an event outside the count.
    pub code: Option<Spanned<EventCode>>,
    /// Heading under which it was announced.
    pub title: Option<Arc<str>>,
    /// The day, or the first of several.
    pub date: Option<Spanned<Date>>,
    /// The last of several days.
    pub end_date: Option<Spanned<Date>>,
    /// Beginning of the programme.
    #[schemars(with = "Option<String>", regex(pattern = r"^\d{1,2}:\d{2}$"))]
    pub time: Option<Spanned<Time>>,
    /// End of the programme, on its last day.
    #[schemars(with = "Option<String>", regex(pattern = r"^\d{1,2}:\d{2}$"))]
    pub end_time: Option<Spanned<Time>>,
    /// Set if it does not take place as announced.
    pub status: Option<Spanned<Status>>,
    /// Changes after the announcement, oldest first.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Form of attendance; in person by default.
    pub format: Option<Spanned<Format>>,
    /// Names or aliases of the venues, as the source spells them.
    #[serde(default, rename = "venue")]
    pub venues: Vec<Spanned<Arc<str>>>,
    /// Address or room, as given for this event.
    pub address: Option<Arc<str>>,
    /// The subject in a line.
    pub topic: Option<Arc<str>>,
    /// What it is about, in Markdown; in a Markdown file the text below the keys says it.
    #[schemars(with = "Option<String>")]
    pub(super) description: Option<Body>,
    /// Topics beside those of the talks.
    #[serde(default)]
    pub tags: Vec<Spanned<Arc<str>>>,
    /// Page on meetup.com.
    pub meetup_url: Option<Spanned<WebAddress>>,
    /// A page of its own elsewhere.
    pub web_page: Option<Spanned<WebAddress>>,
    /// Address where one registers.
    pub registration: Option<Spanned<WebAddress>>,
    /// Price of admission.
    pub price: Option<Spanned<Price>>,
    /// Folder of the files repository.
    pub folder: Option<TextOr<Link>>,
    /// Hosts and sponsors.
    #[serde(default)]
    pub hosts: Vec<Arc<str>>,
    /// People who organised it, if a source says it for this event.
    #[serde(default)]
    pub organisers: Vec<TextOr<Named>>,
    /// The evening in order.
    #[serde(default)]
    pub agenda: Vec<TextOr<AgendaItem>>,
    /// The talks in order.
    #[serde(default)]
    pub talks: Vec<Talk>,
    /// The panel.
    pub panel: Option<Panel>,
    /// The hot topics in order.
    #[serde(default)]
    pub hot_topics: Vec<TextOr<HotTopic>>,
    /// Decks of the event itself.
    #[serde(default)]
    pub slides: Vec<TextOr<Link>>,
    /// Recordings of the event as a whole.
    #[serde(default)]
    pub videos: Vec<TextOr<Link>>,
    /// Photo albums.
    #[serde(default)]
    pub photos: Vec<TextOr<Photos>>,
    /// Poster.
    pub poster: Option<TextOr<Link>>,
    /// Header image.
    pub banner: Option<TextOr<Link>>,
    /// Further files.
    #[serde(default)]
    pub files: Vec<TextOr<Link>>,
    /// Pages the event's text refers to.
    #[serde(default)]
    pub links: Vec<TextOr<Link>>,
    /// People with other roles.
    #[serde(default)]
    pub credits: Vec<Credit>,
    /// Slugs of announcements.
    #[serde(default)]
    pub announcements: Vec<Spanned<Arc<str>>>,
    /// Slugs of job offers.
    #[serde(default)]
    pub jobs: Vec<Spanned<Arc<str>>>,
    /// Remark about the next event.
    pub next: Option<Arc<str>>,
    /// Contradictions and irregularities of the sources.
    #[serde(default)]
    pub notes: Vec<Arc<str>>,
}

choices! {
    /// Form of attendance.
    pub enum Format {
        /// At the venue.
        InPerson = "in person",
        /// By video call.
        Online = "online",
        /// At the venue or by video call.
        Hybrid = "hybrid",
    }
}

/// A name with the institution at the time.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a person")]
pub struct Named {
    /// Name or alias of a person.
    pub name: Spanned<Arc<str>>,
    /// Institution, as written.
    pub affiliation: Option<Arc<str>>,
}

impl From<Spanned<Arc<str>>> for Named {
    fn from(name: Spanned<Arc<str>>) -> Self {
        Self { name, affiliation: None }
    }
}

/// A person with another role in the event.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a credit")]
pub struct Credit {
    /// Name or alias of a person.
    pub name: Spanned<Arc<str>>,
    /// The role.
    pub role: Arc<str>,
    /// Institution, as written.
    pub affiliation: Option<Arc<str>>,
}

/// A talk as its event describes it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a talk")]
pub struct Talk {
    /// Title.
    pub title: Spanned<Arc<str>>,
    /// Names or aliases of the speakers, in order.
    #[serde(default)]
    pub speakers: Vec<Spanned<Arc<str>>>,
    /// Institution at the time, as written.
    pub affiliation: Option<Arc<str>>,
    /// What it is about, in Markdown.
    #[serde(rename = "abstract")]
    #[schemars(with = "Option<String>")]
    pub summary: Option<Body>,
    /// Kind of talk, if it is no ordinary one.
    pub kind: Option<Spanned<TalkKind>>,
    /// Set if it does not take place as announced.
    pub status: Option<Spanned<Status>>,
    /// Names of its topics.
    #[serde(default)]
    pub tags: Vec<Spanned<Arc<str>>>,
    /// Decks.
    #[serde(default)]
    pub slides: Vec<TextOr<Link>>,
    /// Recordings.
    #[serde(default)]
    pub videos: Vec<TextOr<Link>>,
    /// Papers, code and other pages on it.
    #[serde(default)]
    pub links: Vec<TextOr<Link>>,
    /// Title that another list gives it.
    pub listed_as: Option<Arc<str>>,
    /// Anything else to know.
    pub note: Option<Arc<str>>,
}

choices! {
    /// Kind of a talk.
    pub enum TalkKind {
        /// An invited opening.
        Keynote = "keynote",
        /// The talk of the evening.
        Main = "main talk",
        /// A talk that prepares the others.
        Intro = "intro talk",
        /// Shorter than a full talk.
        Short = "short talk",
        /// A short presentation.
        ShortPresentation = "short presentation",
        /// A few minutes.
        Lightning = "lightning talk",
        /// Shown from elsewhere.
        Webinar = "external webinar",
        /// A report from a conference.
        Review = "conference review",
    }
}

/// A discussion on the stage.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a panel")]
pub struct Panel {
    /// Title.
    pub title: Arc<str>,
    /// People who discussed.
    #[serde(default)]
    pub panelists: Vec<TextOr<Named>>,
    /// Person who led it.
    pub moderator: Option<TextOr<Named>>,
}

/// A short block on recent papers and news.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a hot topic")]
pub struct HotTopic {
    /// Title, as in the sources.
    pub title: Arc<str>,
    /// Names of those who presented it.
    #[serde(default)]
    pub presenters: Vec<Spanned<Arc<str>>>,
    /// Decks.
    #[serde(default)]
    pub slides: Vec<TextOr<Link>>,
    /// Slugs of articles on what was presented.
    #[serde(default)]
    pub articles: Vec<Spanned<Arc<str>>>,
}

impl From<Spanned<Arc<str>>> for HotTopic {
    fn from(title: Spanned<Arc<str>>) -> Self {
        Self { title: title.value, presenters: Vec::new(), slides: Vec::new(), articles: Vec::new() }
    }
}

/// A photo album.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "PhotosKeys")]
pub struct Photos {
    /// Address.
    pub link: Link,
    /// Number of photos.
    pub count: Option<u32>,
}

/// An album as it is written: with a path or a URL.
#[derive(Deserialize, JsonSchema)]
#[serde(expecting = "an album")]
#[schemars(rename = "Photos")]
struct PhotosKeys {
    /// Name of the album.
    label: Option<Arc<str>>,
    /// Path from the root of the files repository or of the content folder.
    path: Option<Spanned<FilePath>>,
    /// Web address.
    url: Option<Spanned<WebAddress>>,
    /// Number of photos.
    count: Option<Spanned<u32>>,
}

impl TryFrom<PhotosKeys> for Photos {
    type Error = &'static str;

    fn try_from(PhotosKeys { label, path, url, count }: PhotosKeys) -> Result<Self, Self::Error> {
        let target = path.map(Target::Path).or(url.map(Target::Url)).ok_or("an album needs `path` or `url`")?;
        Ok(Self { link: Link { label, target }, count: count.map(|count| count.value) })
    }
}

impl From<Spanned<Arc<str>>> for Photos {
    fn from(text: Spanned<Arc<str>>) -> Self {
        Self { link: text.into(), count: None }
    }
}

/// An item of the agenda.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "AgendaKeys")]
pub struct AgendaItem {
    /// Time, as written.
    pub time: Option<Arc<str>>,
    /// The item itself.
    pub what: Agenda,
    /// Status of the item.
    pub status: Status,
}

/// Kind of an agenda item.
#[derive(Debug, Clone, JsonSchema)]
pub enum Agenda {
    /// Something that only the agenda names.
    Item {
        /// Title.
        title: Arc<str>,
        /// Names of the speakers.
        speakers: Vec<Spanned<Arc<str>>>,
    },
    /// A talk of the event, by its title, and how the agenda words it.
    Talk {
        /// Title of the talk.
        title: Spanned<Arc<str>>,
        /// `Talk 1`, or another wording.
        wording: Option<Arc<str>>,
    },
    /// The panel of the event.
    Panel {
        /// Title of the panel.
        title: Spanned<Arc<str>>,
    },
}

/// An agenda item as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(expecting = "an agenda item")]
#[schemars(rename = "AgendaItem")]
struct AgendaKeys {
    /// Time, as written.
    time: Option<Arc<str>>,
    /// Title of a talk of this event.
    talk: Option<Spanned<Arc<str>>>,
    /// Title of the panel of this event.
    panel: Option<Spanned<Arc<str>>>,
    /// Title of anything else.
    title: Option<Arc<str>>,
    /// Wording of the agenda for a talk.
    #[serde(rename = "as")]
    wording: Option<Arc<str>>,
    /// Names of the speakers of anything else.
    #[serde(default)]
    speakers: Vec<Spanned<Arc<str>>>,
    /// Set if it does not take place as announced.
    status: Option<Spanned<Status>>,
}

impl TryFrom<AgendaKeys> for AgendaItem {
    type Error = &'static str;

    fn try_from(keys: AgendaKeys) -> Result<Self, Self::Error> {
        let what = match (keys.talk, keys.panel, keys.title) {
            (Some(title), None, None) => Agenda::Talk { title, wording: keys.wording },
            (None, Some(title), None) => Agenda::Panel { title },
            (None, None, Some(title)) => Agenda::Item { title, speakers: keys.speakers },
            _ => {
                return Err("an agenda item needs one of `talk`, `panel` and `title`\n\
                            `talk` names a talk of this event by its title, `title` is for everything else");
            }
        };
        Ok(Self { time: keys.time, what, status: Status::of(&keys.status) })
    }
}

impl From<Spanned<Arc<str>>> for AgendaItem {
    fn from(title: Spanned<Arc<str>>) -> Self {
        Self { time: None, what: Agenda::Item { title: title.value, speakers: Vec::new() }, status: Status::Held }
    }
}

impl Meetup {
    /// The number or the code. A file without a valid one, which is an error, goes by its own name.
    pub fn key(&self) -> Spanned<EventKey> {
        if let Some(number) = self.number.as_ref().filter(|number| number.value != u32::placeholder()) {
            return Spanned { value: EventKey::Number(number.value), span: number.span.clone() };
        }
        match self.code.as_ref().filter(|code| code.value != EventCode::placeholder()) {
            Some(code) => Spanned { value: EventKey::Code(code.0.clone()), span: code.span.clone() },
            None => Spanned { value: EventKey::Code(self.file.name.clone()), span: Span::start_of(&self.file) },
        }
    }

    /// What it is about: the text of its file, or else that of its key.
    pub fn description(&self) -> Option<&Body> {
        self.text().or(self.description.as_ref())
    }

    fn text(&self) -> Option<&Body> {
        self.body.as_ref().filter(|body| !body.markdown.trim().is_empty())
    }

    fn lint_description(&self) -> Option<Diagnostic> {
        let span = self.description.as_ref()?.value.clone()?;
        let twice = Diagnostic::error(span, "the description stands here and below the keys");
        self.text().map(|_| twice.help("keep one of the two"))
    }

    /// Finds what is wrong or suspicious beside single values.
    pub(super) fn lint(&self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        diagnostics.extend(self.lint_description());
        diagnostics.extend(self.lint_key());
        diagnostics.extend(ends_before(self.date.as_ref(), self.end_date.as_ref(), |begin, end| {
            format!("ends on {end} and begins on {begin}")
        }));
        diagnostics.extend(self.lint_end_time());
        diagnostics.extend(change::lint(self.status.as_ref(), &self.changes));
        let silent = self.talks.iter().filter(|talk| talk.speakers.is_empty());
        diagnostics.extend(silent.map(|talk| {
            let warning = Diagnostic::warning(talk.title.span.clone(), "a talk without speakers");
            warning.help("add `speakers: [Name]`")
        }));
        diagnostics
    }

    fn lint_key(&self) -> Option<Diagnostic> {
        match (&self.number, &self.code) {
            (None, None) => {
                let help = "add `number: 76`, or `code: AI` for an event outside the count";
                let error = Diagnostic::error(Span::start_of(&self.file), "a meetup needs `number` or `code`");
                Some(error.help(help))
            }
            (Some(_), Some(code)) => {
                let error = Diagnostic::error(code.span.clone(), "a meetup has `number` or `code`, not both");
                Some(error.help("remove one of them"))
            }
            _ => None,
        }
    }

    fn lint_end_time(&self) -> Option<Diagnostic> {
        let end = self.end_time.as_ref()?;
        let error = |message: String| Diagnostic::error(end.span.clone(), message);
        match &self.time {
            None => Some(error("an end without a beginning".to_owned()).help("add `time: 18:30`")),
            Some(begin) if self.end_date.is_none() && end.value <= begin.value => {
                let message = format!("ends at {:.0} and begins at {:.0}", end.value, begin.value);
                Some(error(message).help("for an end after midnight add `end_date`"))
            }
            Some(_) => None,
        }
    }
}
