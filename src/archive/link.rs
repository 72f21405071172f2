//! Links with their final addresses.

use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::Archive;
use crate::content;

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
    /// Label, if it has one of its own.
    pub label: Option<Arc<str>>,
    /// The address.
    pub href: String,
    /// Kind of content.
    pub medium: Medium,
}

/// Kind of content behind a link, as far as its address shows.
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

    /// Returns whether it leads away from this site.
    pub fn external(&self) -> bool {
        self.href.contains("://")
    }

    /// The host of an address elsewhere, without `www.`.
    pub fn host(&self) -> Option<&str> {
        host(&self.href)
    }
}

/// The host of an address elsewhere, without `www.`.
pub fn host(address: &str) -> Option<&str> {
    let host = address.split_once("://")?.1.split('/').next()?;
    Some(host.trim_start_matches("www."))
}

impl Archive {
    /// Resolves what an organiser wrote to an address.
    pub fn link(&self, link: &content::Link) -> Link {
        let (href, medium) = match &link.target {
            content::Target::Url(url) => (url.to_string(), Medium::of(url)),
            content::Target::Path(path) => (self.address_of(path), Medium::of(path)),
        };
        Link { label: link.label.clone(), href, medium }
    }

    /// The address of a file: below `/files/` if it is in the content folder, else where `files` of `site.yaml` says.
    fn address_of(&self, path: &str) -> String {
        let encoded = utf8_percent_encode(path, IN_PATH);
        if self.files.contains(path) {
            return format!("/files/{encoded}");
        }
        let elsewhere = self.site.source.files.as_ref().map_or("", |files| files);
        format!("{elsewhere}{encoded}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
