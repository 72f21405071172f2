//! Files that cannot be used as they are. What they define is unknown, so references to it are not reported.

use super::Archive;
use crate::content::EventKey;

impl Archive {
    /// Returns whether the page at a path may come from a broken file, so that a link to it may be right.
    pub fn may_exist(&self, path: &str) -> bool {
        let (section, slug) = path.trim_matches('/').split_once('/').unwrap_or(("pages", path.trim_matches('/')));
        match section {
            "meetups" | "talks" => self.has_broken_meetup(),
            "people" => self.has_broken_meetup() || self.is_broken("people.yaml"),
            "venues" | "topics" => self.is_broken(&format!("{section}.yaml")),
            folder => self.is_broken(&format!("{folder}/{slug}.md")),
        }
    }

    /// Returns whether this file of the content folder is broken, or its folder cannot be read.
    pub(super) fn is_broken(&self, name: &str) -> bool {
        let folder = name.rfind('/').map_or("", |end| &name[..=end]);
        self.broken.contains(name) || self.broken.contains(folder)
    }

    /// Returns whether the file of some meetup is broken. Its number is in the file, so it may be any.
    pub(super) fn has_broken_meetup(&self) -> bool {
        self.broken.iter().any(|name| name.starts_with("meetups/"))
    }
}

/// Returns whether a file is named after its meetup: `meetups/029.yaml` for 29.
pub(super) fn is_named_after(file: &str, key: &EventKey) -> bool {
    let stem = file.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    match key {
        EventKey::Number(number) => stem.parse() == Ok(*number),
        EventKey::Code(code) => stem.eq_ignore_ascii_case(code),
    }
}
