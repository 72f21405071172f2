//! `pages/*.md`: pages of prose.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Body;

/// A page such as "About".
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a page")]
pub struct Page {
    /// Heading and title.
    pub title: Arc<str>,
    /// One sentence for search engines.
    pub summary: Option<Arc<str>>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
}
