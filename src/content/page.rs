//! `pages/*.md`: pages of prose.

use super::Body;
use crate::problem::Text;
use crate::yaml::Fields;

/// A page such as "About".
#[derive(Debug, Clone)]
pub struct Page {
    /// Heading and title.
    pub title: Text,
    /// One sentence for search engines.
    pub summary: Option<Text>,
    /// The text.
    pub body: Body,
}

pub(super) fn read(f: &mut Fields<'_>, body: Body) -> Option<Page> {
    let title = f.need_text("title");
    let summary = f.text("summary");
    Some(Page { title: title?, summary, body })
}
