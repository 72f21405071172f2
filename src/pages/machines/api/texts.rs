//! Articles, job offers and announcements as records. The descriptions here are those of the schema.

use crate::problem::Text;
use schemars::JsonSchema;
use serde::Serialize;

use super::records::{Change, Price, Ref, Status};

/// An article.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Article<'a> {
    /// Last part of the address of its page.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Its title.
    pub(super) title: &'a str,
    /// What it tells, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<&'a str>,
    /// When it was presented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    /// Where it was presented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Ref<'a>>,
    /// Who presented the topic on stage.
    pub(super) presenters: Vec<Ref<'a>>,
    /// Its topics.
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
    /// Its title.
    pub(super) title: &'a str,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authors: Option<&'a str>,
    /// Where it can be read.
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
    /// The figure's title.
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
    /// Last part of the address of its page.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// What is offered.
    pub(super) title: &'a str,
    /// The positions, when there are several.
    pub(super) roles: &'a [Text],
    /// Who offers it.
    pub(super) company: &'a str,
    /// Where the work is.
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
    /// Last part of the address of its page.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Address of its calendar entry, where its day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) calendar: Option<String>,
    /// What it is called.
    pub(super) title: &'a str,
    /// What it is: `festival`, `workshop`, `hackathon`, `conference`, `announcement`.
    pub(super) kind: &'static str,
    /// Whether it took place.
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
    /// Hours, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<&'a str>,
    /// The place's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<&'a str>,
    /// Street and city, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    /// Who runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<&'a str>,
    /// Its page elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) web_page: Option<&'a str>,
    /// Where one registers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) registration: Option<&'a str>,
    /// What it costs to take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Price<'a>>,
    /// What it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part_of: Option<Ref<'a>>,
    /// The meetup at which it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Ref<'a>>,
    /// What happens when, in order.
    pub(super) programme: Vec<Slot<'a>>,
    /// The text, as the Markdown of its page has it: with addresses for its links, words and tables for its figures, and their numbers.
    pub(super) markdown: String,
}

/// An item of a programme.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Slot<'a> {
    /// The day, where the programme has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) day: Option<String>,
    /// Hours, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<&'a str>,
    /// Name or number of the stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stage: Option<&'a str>,
    /// What kind of item it is, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'a str>,
    /// What it is.
    pub(super) title: &'a str,
    /// Names, as written.
    pub(super) speakers: Vec<&'a str>,
}
