//! The search over a site: its index on the live server, and the index file of an export.

use std::sync::OnceLock;

use serde::Serialize;

use super::documents;
use crate::search::{self, Document, Index, NEXT_MEETUP, STOP_WORDS};
use crate::views::Views;

/// Address of the page.
pub(crate) const PATH: &str = "/search/";
/// Address of the index file, before its hash and after it.
pub(crate) const INDEX: (&str, &str) = ("/search/index-", ".json");

/// The search over an archive. It is made for the first query, because most versions of a site that is being edited are
/// never searched.
#[derive(Debug, Default)]
pub struct Search {
    index: OnceLock<Index>,
    file: OnceLock<(String, Vec<u8>)>,
}

/// The index file of an export.
#[derive(Serialize)]
struct IndexFile {
    documents: Vec<Document>,
    /// Name in addresses, for one, for several, and label of what has expired.
    kinds: Vec<[&'static str; 4]>,
    stop_words: &'static [&'static str],
    next_meetup: &'static [&'static str],
}

impl Search {
    /// Returns the index of the views, which is always the same for one value.
    pub(crate) fn index(&self, views: &Views) -> &Index {
        self.index.get_or_init(|| Index::new(documents::all(views)))
    }

    /// Returns the address and the bytes of the index file. The address has a hash, so that browsers may keep the file
    /// for good.
    pub(crate) fn file(&self, views: &Views) -> &(String, Vec<u8>) {
        self.file.get_or_init(|| {
            let kind = |kind: search::Kind| {
                [kind.slug(), kind.singular(), kind.plural(), kind.expired_label().unwrap_or_default()]
            };
            let file = IndexFile {
                documents: documents::all(views).collect(),
                kinds: search::Kind::ALL.into_iter().map(kind).collect(),
                stop_words: &STOP_WORDS,
                next_meetup: &NEXT_MEETUP,
            };
            // Strings and lists always become JSON.
            let bytes = serde_json::to_vec(&file).unwrap_or_default();
            let hash = blake3::hash(&bytes).to_hex();
            (format!("{}{}{}", INDEX.0, &hash[..10], INDEX.1), bytes)
        })
    }
}
