//! `hot-topics/*.md`: articles on what was presented in an event's hot topics.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Body;
use super::link::WebAddress;
use super::meetup::EventKey;
use crate::diagnostics::Spanned;

/// An article.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a hot topic")]
pub struct Article {
    /// Title.
    pub title: Arc<str>,
    /// One sentence about it.
    pub summary: Option<Arc<str>>,
    /// Day on which it was presented.
    pub date: Option<Spanned<Date>>,
    /// Number or code of the event at which it was presented.
    pub meetup: Option<Spanned<EventKey>>,
    /// Names of those who presented it.
    #[serde(default)]
    pub presenters: Vec<Spanned<Arc<str>>>,
    /// Names of its topics.
    #[serde(default)]
    pub tags: Vec<Spanned<Arc<str>>>,
    /// Papers and posts that it is about.
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
}

/// A paper or post.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a paper")]
pub struct Paper {
    /// Title.
    pub title: Arc<str>,
    /// Authors, as written.
    pub authors: Option<Arc<str>>,
    /// Address where it can be read.
    pub url: Option<Spanned<WebAddress>>,
    /// arXiv number.
    pub arxiv: Option<Arc<str>>,
}
