//! `topics.yaml`: the tags that talks, events and articles may carry.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostics::Spanned;

/// A subject of the field.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a topic")]
pub struct Topic {
    /// Name, as pages show it.
    pub name: Spanned<Arc<str>>,
    /// Other names that a `tags` list may use.
    #[serde(default)]
    pub aliases: Vec<Spanned<Arc<str>>>,
    /// One sentence about it.
    pub about: Option<Arc<str>>,
}
