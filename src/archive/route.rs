//! Addresses of pages. Only the archive makes them, so that a template cannot link to a page that is not there.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

/// The path of a page of this site, with a slash at both ends: `/meetups/29/`. A clone shares its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route(Arc<str>);

impl Route {
    pub(super) fn new(section: &str, slug: &str) -> Self {
        Self(format!("/{section}/{slug}/").into())
    }

    /// The address of a file's page: its name as it is where an address can hold it, and else its slug. Pages of prose
    /// are in no section.
    pub(super) fn of_file(section: &str, stem: &str) -> Self {
        let slug = file_slug(stem);
        match section {
            "" => Self(format!("/{slug}/").into()),
            section => Self::new(section, &slug),
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// So that a map by route can be asked for a path. `Hash` and `Ord` of both are those of the text.
impl Borrow<str> for Route {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Route {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

/// The part of an address that a file's name becomes.
pub(crate) fn file_slug(stem: &str) -> Cow<'_, str> {
    // The unreserved characters of RFC 3986, section 2.3.
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if stem.chars().all(is_safe) { Cow::Borrowed(stem) } else { Cow::Owned(segment(stem)) }
}

/// Longest slug, in characters: long titles stay recognisable and addresses stay short enough to be shared.
const LONGEST: usize = 72;

/// The part of an address that a title or name becomes: ASCII letters and digits of its words, joined by dashes, cut
/// between words. `Jan Schlüter` becomes `jan-schluter`.
pub(super) fn slug(text: &str) -> String {
    let mut slug = slug::slugify(text);
    if slug.len() > LONGEST {
        let end = slug[..=LONGEST].rfind('-').unwrap_or(LONGEST);
        slug.truncate(end);
    }
    slug
}

/// Returns the part of an address for a title or name: its slug, or a word where nothing is left of it.
pub(super) fn segment(text: &str) -> String {
    match slug(text) {
        empty if empty.is_empty() => "untitled".to_owned(),
        slug => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_ascii_words_cut_between_words() {
        assert_eq!(slug("Jan Schlüter"), "jan-schluter");
        assert_eq!(slug("OpenAI: CLIP & DALL·E"), "openai-clip-dall-e");
        assert_eq!(slug("ÖBB Innovation Factory"), "obb-innovation-factory");
        let long = slug(&"word ".repeat(40));
        assert!(long.len() <= LONGEST && long.ends_with("word"), "{long}");
        assert_eq!(slug("…"), "");
    }
}
