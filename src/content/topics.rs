//! `topics.yaml`: the tags that talks, events and articles may carry.

use crate::problem::Text;
use crate::yaml::Cursor;

/// A subject of the field.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its name, as pages show it.
    pub name: Text,
    /// Other names that a `tags:` list may use.
    pub aliases: Vec<Text>,
    /// What it is, in a sentence.
    pub about: Option<Text>,
}

pub(super) fn read(cursor: Cursor<'_>) -> Option<Topic> {
    cursor.fields("a topic", |f| {
        let (name, aliases) = (f.need_text("name"), f.texts("aliases"));
        let about = f.text("about");
        Some(Topic { name: name?, aliases, about })
    })
}
