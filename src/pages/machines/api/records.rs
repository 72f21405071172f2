//! The shape of the JSON files. The descriptions here are those of the schema.

use schemars::JsonSchema;
use serde::Serialize;

/// Data of a site. Each file has the same shape: `all.json` has all lists, the others have one of them. A key that is absent is one of which
/// nothing is known. Addresses begin with the site's own where it is known, else with a slash: they are paths on the host of the file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Data of a meetup")]
pub(super) struct Data<'a> {
    /// Address of this schema.
    #[serde(rename = "$schema")]
    pub(super) schema: String,
    pub(super) site: Site<'a>,
    /// Meetups, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) events: Option<Vec<Event<'a>>>,
    /// Talks in the order of their meetups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) talks: Option<Vec<Talk<'a>>>,
    /// Everybody who spoke, presented, hosted or organised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) people: Option<Vec<Person<'a>>>,
    /// Places, in the order of the first meetup there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) venues: Option<Vec<Venue<'a>>>,
    /// Subjects of talks, meetups and articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) topics: Option<Vec<Topic<'a>>>,
    /// Articles on hot topics, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) articles: Option<Vec<Article<'a>>>,
    /// Job offers, newest first, closed ones too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) jobs: Option<Vec<Job<'a>>>,
    /// What was announced at meetups, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) announcements: Option<Vec<Announcement<'a>>>,
}

/// The site.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Site<'a> {
    pub(super) name: &'a str,
    pub(super) short_name: &'a str,
    /// Address of the home page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) description: &'a str,
    /// BCP 47 tag.
    pub(super) language: &'a str,
    /// IANA name of the zone of all dates and times.
    pub(super) time_zone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) city: Option<&'a str>,
    /// Mail address of the organisers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contact: Option<&'a str>,
}

/// Something else of the site.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ref<'a> {
    /// Its `id` in its list.
    pub(super) id: &'a str,
    /// Its name or title.
    pub(super) name: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
}

/// A file, recording or page.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link<'a> {
    /// What it is called, where it has a name of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<&'a str>,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
}

/// Whether something took place.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// It did, or is going to.
    Held,
    /// It did not.
    Cancelled,
    /// It was moved to another day.
    Postponed,
    /// It did not, and the sources do not say whether for good.
    CancelledOrPostponed,
}

/// A change after the announcement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change<'a> {
    #[schemars(extend("format" = "date"))]
    pub(super) date: String,
    pub(super) what: &'a str,
}

/// How one could take part.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// At the venue.
    InPerson,
    /// By video call.
    Online,
    /// At the venue or by video call.
    Hybrid,
}

/// A meetup.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Event<'a> {
    /// Last part of the address of its page: its number, or its code in small letters.
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Address of its calendar entry, where its day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) calendar: Option<String>,
    /// Its number, where it is one of the counted meetups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u32>,
    /// The heading under which it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    /// The subject in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) topic: Option<&'a str>,
    pub(super) status: Status,
    /// What was changed after it had been announced, oldest first.
    pub(super) changes: Vec<Change<'a>>,
    /// The day, or the first of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    /// The last of several days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) end_date: Option<String>,
    /// Hour and minute of the beginning, in the zone of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^\\d\\d:\\d\\d$"))]
    pub(super) time: Option<String>,
    /// Hour and minute of the end, on the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^\\d\\d:\\d\\d$"))]
    pub(super) end_time: Option<String>,
    pub(super) format: Format,
    pub(super) venues: Vec<Ref<'a>>,
    /// Address or room, as given for this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    /// Its own topics and those of its talks.
    pub(super) topics: Vec<Ref<'a>>,
    /// Hosts and sponsors, as written.
    pub(super) hosts: &'a [String],
    pub(super) talks: Vec<Ref<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) panel: Option<Panel<'a>>,
    pub(super) hot_topics: Vec<HotTopic<'a>>,
    /// Decks of the event itself.
    pub(super) slides: Vec<Link<'a>>,
    /// Recordings of the event as a whole.
    pub(super) videos: Vec<Link<'a>>,
    /// Photo albums.
    pub(super) photos: Vec<Link<'a>>,
    pub(super) announcements: Vec<Ref<'a>>,
    pub(super) jobs: Vec<Ref<'a>>,
    /// Its page on meetup.com.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) meetup_url: Option<&'a str>,
    /// A page of its own elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) web_page: Option<&'a str>,
    /// Contradictions and irregularities of the sources.
    pub(super) notes: &'a [String],
}

/// A discussion on the stage.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Panel<'a> {
    pub(super) title: &'a str,
    pub(super) panelists: Vec<Ref<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) moderator: Option<Ref<'a>>,
}

/// A short block on recent papers and news.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HotTopic<'a> {
    pub(super) title: &'a str,
    pub(super) presenters: Vec<Ref<'a>>,
    pub(super) slides: Vec<Link<'a>>,
    pub(super) articles: Vec<Ref<'a>>,
}

/// A talk.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Talk<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) title: &'a str,
    /// The meetup it belongs to.
    pub(super) event: Ref<'a>,
    /// The day of the meetup.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    pub(super) speakers: Vec<Ref<'a>>,
    /// Institution at the time, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) affiliation: Option<&'a str>,
    /// What kind of talk, when it is no ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) status: Status,
    pub(super) topics: Vec<Ref<'a>>,
    pub(super) slides: Vec<Link<'a>>,
    pub(super) videos: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<&'a str>,
}

/// A person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Person<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) name: &'a str,
    /// Other spellings.
    pub(super) aliases: &'a [String],
    /// Institutions over time.
    pub(super) affiliations: Vec<&'a str>,
    /// Pages about the person.
    pub(super) links: Vec<Link<'a>>,
    /// Whether the person runs the group.
    pub(super) organiser: bool,
    pub(super) talks: Vec<Ref<'a>>,
    pub(super) articles: Vec<Ref<'a>>,
    /// All meetups at which the person had a part, oldest first.
    pub(super) events: Vec<Ref<'a>>,
}

/// A place.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Venue<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) name: &'a str,
    /// Other spellings.
    pub(super) aliases: &'a [String],
    /// Street and city, as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    /// Degrees north and degrees east, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) coordinates: Option<[f64; 2]>,
    /// Whether it is no place but a video call.
    pub(super) online: bool,
    /// Meetups there, oldest first.
    pub(super) events: Vec<Ref<'a>>,
}

/// A topic.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Topic<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) name: &'a str,
    /// What it is, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<&'a str>,
    pub(super) events: Vec<Ref<'a>>,
    pub(super) talks: Vec<Ref<'a>>,
    pub(super) articles: Vec<Ref<'a>>,
}

/// An article.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Article<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<&'a str>,
    /// When it was presented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    /// Where it was presented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Ref<'a>>,
    pub(super) presenters: Vec<Ref<'a>>,
    pub(super) topics: Vec<Ref<'a>>,
    /// What it is about.
    pub(super) papers: Vec<Paper<'a>>,
    /// Its experiments whose results are at hand.
    pub(super) experiments: Vec<Experiment>,
    /// The text, as the Markdown of its page has it: with addresses for its links, words and tables for its figures, and their numbers.
    pub(super) markdown: String,
}

/// A paper or post.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Paper<'a> {
    pub(super) title: &'a str,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authors: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) url: Option<&'a str>,
    /// Its arXiv number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arxiv: Option<&'a str>,
}

/// An experiment with its result.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Experiment {
    /// Hash of all that decides the numbers.
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    /// Address of the figure.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) figure: String,
    /// Address of the whole result, as JSON.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) result: String,
}

/// A job offer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Job<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    pub(super) title: &'a str,
    /// The positions, when there are several.
    pub(super) roles: &'a [String],
    pub(super) company: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<&'a str>,
    /// Where to apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) apply: Option<&'a str>,
    /// When it was announced.
    #[schemars(extend("format" = "date"))]
    pub(super) date: String,
    /// Last day on which it counts as open.
    #[schemars(extend("format" = "date"))]
    pub(super) closes: String,
    /// Whether that day follows from the site's rule, because the offer has none.
    pub(super) closes_by_rule: bool,
    /// Where it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Ref<'a>>,
    /// The text, as the Markdown of its page has it: with addresses for its links, words and tables for its figures, and their numbers.
    pub(super) markdown: String,
}

/// Something that was announced at a meetup.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Announcement<'a> {
    pub(super) id: &'a str,
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Address of its calendar entry, where its day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) calendar: Option<String>,
    pub(super) title: &'a str,
    /// What it is: `festival`, `workshop`, `hackathon`, `conference`, `announcement`.
    pub(super) kind: &'static str,
    pub(super) status: Status,
    /// What was changed after it had been announced, oldest first.
    pub(super) changes: Vec<Change<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) end_date: Option<String>,
    /// Hours, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    /// Who runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<&'a str>,
    /// Its page elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) web_page: Option<&'a str>,
    /// What it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part_of: Option<Ref<'a>>,
    /// The meetup at which it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Ref<'a>>,
    pub(super) programme: Vec<Slot<'a>>,
    /// The text, as the Markdown of its page has it: with addresses for its links, words and tables for its figures, and their numbers.
    pub(super) markdown: String,
}

/// An item of a programme.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Slot<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) day: Option<String>,
    /// Hours, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'a str>,
    pub(super) title: &'a str,
    /// Names, as written.
    pub(super) speakers: Vec<&'a str>,
}
