//! Links with their final addresses.

use std::collections::BTreeSet;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::content;
use crate::yaml::TextOr;

/// Characters that a path of RFC 3986 §3.3 may not hold as they are; `/` stays.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// A link to a file or page, ready for a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is called, when it has a name of its own.
    pub label: Option<Arc<str>>,
    /// The address.
    pub href: String,
    /// What is found there.
    pub medium: Medium,
}

/// What a link leads to, as far as its address tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A PDF.
    Pdf,
    /// A film, by its file name or by a known address.
    Video,
    /// A picture.
    Image,
    /// A folder.
    Folder,
    /// Any page.
    Web,
}

impl Medium {
    /// A short word for it, for links without a name.
    pub fn word(self) -> &'static str {
        match self {
            Medium::Pdf => "PDF",
            Medium::Video => "Video",
            Medium::Image => "Image",
            Medium::Folder => "Folder",
            Medium::Web => "Link",
        }
    }

    fn of(address: &str) -> Self {
        let path = address.split(['?', '#']).next().unwrap_or("").to_lowercase();
        let video_host = ["youtube.com/", "youtu.be/", "vimeo.com/"].iter().any(|host| path.contains(host));
        match path.rsplit_once('.').map(|(_, ending)| ending) {
            _ if video_host => Medium::Video,
            _ if path.ends_with('/') && !path.contains("://") => Medium::Folder,
            Some("pdf") => Medium::Pdf,
            Some("mov" | "mp4" | "webm") => Medium::Video,
            Some("jpg" | "jpeg" | "png" | "gif" | "webp" | "svg") => Medium::Image,
            _ => Medium::Web,
        }
    }
}

impl Link {
    /// The name, or what is found there.
    pub fn text(&self) -> &str {
        self.label.as_deref().unwrap_or(self.medium.word())
    }

    /// Whether it leads away from this site.
    pub fn external(&self) -> bool {
        self.href.contains("://")
    }

    /// The host of an address elsewhere, without `www.`.
    pub fn host(&self) -> Option<&str> {
        let host = self.href.split_once("://")?.1.split('/').next()?;
        Some(host.trim_start_matches("www."))
    }
}

/// A photo album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// Where it is.
    pub link: Link,
    /// How many photos it holds.
    pub count: Option<u32>,
}

/// Turns what organisers write into addresses.
#[derive(Debug, Clone)]
pub(super) struct Addresses<'a> {
    /// What stands before the path of a file that is kept elsewhere.
    pub(super) files: &'a str,
    /// Names of the files kept beside the content.
    pub(super) local: &'a BTreeSet<String>,
}

impl Addresses<'_> {
    pub(super) fn link(&self, link: &content::Link) -> Link {
        let (href, medium) = match &link.target {
            content::Target::Url(url) => (url.to_string(), Medium::of(url)),
            content::Target::Path(path) => (self.path(path), Medium::of(path)),
        };
        Link { label: link.label.clone(), href, medium }
    }

    pub(super) fn links(&self, links: &[TextOr<content::Link>]) -> Vec<Link> {
        links.iter().map(|link| self.link(link)).collect()
    }

    pub(super) fn album(&self, photos: &content::Photos) -> Album {
        Album { link: self.link(&photos.link), count: photos.count }
    }

    fn path(&self, path: &str) -> String {
        let encoded = utf8_percent_encode(path, IN_PATH);
        if self.local.contains(path) { format!("/files/{encoded}") } else { format!("{}{encoded}", self.files) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses_with_spaces_and_umlauts_encoded() {
        let local = BTreeSet::from(["meetups/076/poster.pdf".to_owned()]);
        let addresses = Addresses { files: "https://example.org/blob/HEAD/", local: &local };
        assert_eq!(
            addresses.path("a b/Schlüter #1?.pdf"),
            "https://example.org/blob/HEAD/a%20b/Schl%C3%BCter%20%231%3F.pdf"
        );
        assert_eq!(addresses.path("meetups/076/poster.pdf"), "/files/meetups/076/poster.pdf");
    }

    #[test]
    fn the_medium_follows_from_the_address() {
        for (address, medium) in [
            ("Meetups/Meetup_1/slides/a.PDF", Medium::Pdf),
            ("https://youtu.be/GSMh5fw2Mjo", Medium::Video),
            ("Meetups/x/clip.mov", Medium::Video),
            ("Meetups/Meetup_71/Matryoshka RAG code example/", Medium::Folder),
            ("https://mostly.ai/summit/", Medium::Web),
            ("https://example.org/a.pdf?x=1#p2", Medium::Pdf),
        ] {
            assert_eq!(Medium::of(address), medium, "{address}");
        }
    }
}
