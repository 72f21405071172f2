//! A topic.

use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{Ref, slug, text};
use crate::archive::{Archive, Target, TopicId};

/// A topic.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Topic")]
pub struct TopicView {
    /// The topic itself.
    #[serde(skip)]
    pub key: TopicId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Address of its feed, if there is anything in it.
    #[schemars(extend("format" = "uri-reference"))]
    pub feed: Option<String>,
    /// Its name.
    pub name: String,
    /// Description, in a sentence.
    pub about: Option<String>,
    /// Meetups, oldest first.
    pub events: Vec<Ref>,
    /// Talks, oldest first.
    pub talks: Vec<Ref>,
    /// Articles.
    pub articles: Vec<Ref>,
}

impl TopicView {
    pub(super) fn new(archive: &Archive, id: TopicId) -> Self {
        let topic = &archive[id];
        let has_entries = !topic.articles.is_empty() || !topic.talks.is_empty() || !topic.events.is_empty();
        Self {
            key: id,
            id: slug(&topic.route).to_owned(),
            url: topic.route.to_string(),
            feed: has_entries.then(|| format!("{}feed.xml", topic.route)),
            name: topic.source.name.to_string(),
            about: text(topic.source.about.as_ref()),
            events: Ref::events(archive, &topic.events),
            talks: Ref::talks(archive, &topic.talks),
            articles: Ref::articles(archive, &topic.articles),
        }
    }

    /// A reference to it, under its own name.
    pub fn to_ref(&self) -> Ref {
        Ref { target: Target::Topic(self.key), id: self.id.clone(), name: self.name.clone(), url: self.url.clone() }
    }
}
