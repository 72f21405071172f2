//! A page of prose.

use super::parts::{slug, text};
use crate::archive::{Archive, PageId};
use crate::content::Body;

/// A page of prose.
#[derive(Debug, Clone)]
pub struct PageView {
    /// The page itself.
    pub key: PageId,
    /// Last part of its address.
    pub id: String,
    /// Its address.
    pub url: String,
    /// Heading and title.
    pub title: String,
    /// One sentence for search engines.
    pub summary: Option<String>,
    /// The text.
    pub body: Body,
}

impl PageView {
    pub(super) fn new(archive: &Archive, id: PageId) -> Self {
        let page = &archive[id];
        Self {
            key: id,
            id: slug(&page.route).to_owned(),
            url: page.route.to_string(),
            title: page.source.title.to_string(),
            summary: text(page.source.summary.as_ref()),
            body: page.source.body.clone(),
        }
    }
}
