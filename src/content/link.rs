//! Links to files and addresses: decks, recordings, albums, pages elsewhere.

use crate::problem::{Problem, Text};
use crate::yaml::{Cursor, Fields};

/// A link as an organiser writes it: a bare path or address, or `{label: …, path: …}` or `{label: …, url: …}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is called, when it has a name of its own.
    pub label: Option<Text>,
    /// Where it leads.
    pub target: Target,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file or folder of the repository that `files` in `site.yaml` names, unescaped, or one kept beside the content.
    Path(Text),
    /// An address with its scheme.
    Url(Text),
}

/// Reads one link.
pub(super) fn read(cursor: Cursor<'_>) -> Option<Link> {
    if !cursor.is_map() {
        return Some(Link { label: None, target: bare(cursor)? });
    }
    cursor.fields("a link", |f| {
        let label = f.text("label");
        let (path, url) = (f.get("path").and_then(path), f.get("url").and_then(url));
        if path.is_none() == url.is_none() {
            let message = if path.is_none() { "a link needs `path` or `url`" } else { "a link has `path` or `url`, not both" };
            f.problem(Problem::error(f.place(), message));
        }
        Some(Link { label, target: path.or(url)? })
    })
}

/// The links under a key, in their order.
pub(super) fn list(fields: &mut Fields<'_>, key: &'static str) -> Vec<Link> {
    fields.list(key, read)
}

/// An `http` or `https` address.
pub(super) fn url(cursor: Cursor<'_>) -> Option<Target> {
    let text = not_a_placeholder(cursor)?;
    if !text.starts_with("http://") && !text.starts_with("https://") || text.contains(char::is_whitespace) {
        cursor.error(format!("`{text}` is not a web address"), "write the whole address: https://…");
        return None;
    }
    Some(Target::Url(text))
}

/// The text of an `http` or `https` address under a key.
pub(super) fn url_text(fields: &mut Fields<'_>, key: &'static str) -> Option<Text> {
    match url(fields.get(key)?)? {
        Target::Url(url) => Some(url),
        Target::Path(_) => None,
    }
}

fn path(cursor: Cursor<'_>) -> Option<Target> {
    let text = not_a_placeholder(cursor)?;
    if text.contains("://") {
        cursor.error(format!("`{text}` is an address, not a path"), "use `url:` for addresses");
        return None;
    }
    if text.starts_with('/') || text.split('/').any(|part| part == "..") {
        cursor.error(format!("`{text}` leaves the folder"), "write the path from the root of the files repository");
        return None;
    }
    Some(Target::Path(text))
}

fn bare(cursor: Cursor<'_>) -> Option<Target> {
    if cursor.text()?.contains("://") { url(cursor) } else { path(cursor) }
}

/// Placeholders were the most frequent mistake of the archive this program was made for: links to `TODO`, `tbd` and `#`.
fn not_a_placeholder(cursor: Cursor<'_>) -> Option<Text> {
    let text = cursor.text()?;
    let last = text.rsplit('/').next().unwrap_or("").to_lowercase();
    let name = last.split('.').next().unwrap_or("");
    if ["todo", "tbd", "tba", "n-a", "xxx"].contains(&name) || text == "#" {
        cursor.error(format!("`{text}` is a placeholder"), "leave the link out until there is a file");
        return None;
    }
    Some(text)
}
