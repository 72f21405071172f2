//! Links to files and addresses: decks, recordings, albums, pages elsewhere.

use std::ops::Deref;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostics::Spanned;
use crate::yaml::{Invalid, Scalar};

/// A link: a path or an address, and a name if it has one of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "LinkKeys")]
pub struct Link {
    /// Name of the link.
    pub label: Option<Arc<str>>,
    /// Target.
    pub target: Target,
}

/// Target of a link.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub enum Target {
    /// A file or folder of the repository that `files` in `site.yaml` names, or one kept beside the content.
    Path(Spanned<FilePath>),
    /// An address with its scheme.
    Url(Spanned<WebAddress>),
}

/// A link as it is written: with a path or a URL.
#[derive(Deserialize, JsonSchema)]
#[serde(expecting = "a link")]
#[schemars(rename = "Link")]
struct LinkKeys {
    /// Name of the link.
    label: Option<Arc<str>>,
    /// Path from the root of the files repository or of the content folder.
    path: Option<Spanned<FilePath>>,
    /// Web address.
    url: Option<Spanned<WebAddress>>,
}

impl TryFrom<LinkKeys> for Link {
    type Error = &'static str;

    fn try_from(LinkKeys { label, path, url }: LinkKeys) -> Result<Self, Self::Error> {
        let target = Target::one_of(path, url).map_err(|both| {
            if both { "a link has `path` or `url`, not both" } else { "a link needs `path` or `url`" }
        })?;
        Ok(Self { label, target })
    }
}

impl From<Spanned<Arc<str>>> for Link {
    fn from(text: Spanned<Arc<str>>) -> Self {
        let is_address = text.contains("://");
        let target =
            if is_address { Target::Url(Spanned::convert(&text)) } else { Target::Path(Spanned::convert(&text)) };
        Self { label: None, target }
    }
}

impl Target {
    /// Takes the one that is there.
    ///
    /// # Errors
    /// Returns `true` if both are there, `false` if neither is.
    pub(super) fn one_of(path: Option<Spanned<FilePath>>, url: Option<Spanned<WebAddress>>) -> Result<Self, bool> {
        match (path, url) {
            (Some(path), None) => Ok(Target::Path(path)),
            (None, Some(url)) => Ok(Target::Url(url)),
            (path, _) => Err(path.is_some()),
        }
    }
}

/// Defines a text that is checked when it is read.
macro_rules! checked_text {
    ($(#[$meta:meta])* $name:ident($text:ident) $check:block) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
        pub struct $name(pub Arc<str>);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Scalar for $name {
            fn from_text($text: &str) -> Result<Self, Invalid> {
                $check
                Ok(Self($text.into()))
            }

            fn placeholder() -> Self {
                Self("".into())
            }
        }
    };
}

checked_text! {
    /// An `http` or `https` address.
    WebAddress(text) {
        refuse_placeholder(text)?;
        if !text.starts_with("http://") && !text.starts_with("https://") || text.contains(char::is_whitespace) {
            let invalid = Invalid::new(format!("`{text}` is not a web address"));
            return Err(invalid.help("write the whole address: https://…"));
        }
    }
}

checked_text! {
    /// A path below the root of the files repository or of the content folder, unescaped.
    FilePath(text) {
        refuse_placeholder(text)?;
        if text.contains("://") {
            return Err(Invalid::new(format!("`{text}` is an address, not a path")).help("use `url:` for addresses"));
        }
        if text.starts_with('/') || text.split('/').any(|part| part == "..") {
            let invalid = Invalid::new(format!("`{text}` leaves the folder"));
            return Err(invalid.help("write the path from the root of the files repository"));
        }
    }
}

/// Refuses placeholders, the most frequent mistake of the archive this program was made for: links to `TODO`, `tbd`
/// and `#`.
fn refuse_placeholder(text: &str) -> Result<(), Invalid> {
    let last = text.rsplit('/').next().unwrap_or("").to_lowercase();
    let name = last.split('.').next().unwrap_or("");
    if ["todo", "tbd", "tba", "n-a", "xxx"].contains(&name) || text == "#" {
        let invalid = Invalid::new(format!("`{text}` is a placeholder"));
        return Err(invalid.help("leave the link out until there is a file"));
    }
    Ok(())
}
