//! The index as a file, for a search where no server answers.
//!
//! It is a script that calls one function with the data, and not data by themselves: a page that was opened from disk may load scripts beside
//! it, but not fetch anything.

use serde::Serialize;

use super::ask::QUIET;
use super::{Document, Index, Kind, fold};

/// What the script gets. Lists are strings whose items are parted by line breaks or spaces: half the size of lists of strings, and read
/// several times as fast.
#[derive(Serialize)]
struct Data {
    /// Characters that have another form, and their forms.
    characters: String,
    forms: String,
    quiet: String,
    /// Slug, name of one, name of many, and what one is when its last day is over.
    kinds: Vec<(&'static str, &'static str, &'static str, Option<&'static str>)>,
    /// The kind of each document, a digit each.
    documents: String,
    paths: String,
    titles: String,
    contexts: String,
    texts: String,
    /// The number of a document and its last day.
    until: Vec<(usize, String)>,
    /// The number of a document and that of the spelling of its key.
    keys: Vec<(usize, u32)>,
    terms: String,
    postings: String,
}

/// The file. The documents are those of which the index was built, each with its path.
pub fn script(index: &Index, documents: impl IntoIterator<Item = (String, Document)>) -> Vec<u8> {
    let [mut paths, mut titles, mut contexts, mut texts] = [const { String::new() }; 4];
    for (path, document) in documents {
        for (list, item) in [
            (&mut paths, &path),
            (&mut titles, &document.title),
            (&mut contexts, &document.context),
            (&mut texts, &document.shown()),
        ] {
            list.push_str(if list.is_empty() { "" } else { "\n" });
            list.push_str(&item.replace('\n', " "));
        }
    }
    let until = index.entries.iter().enumerate().filter_map(|(number, entry)| Some((number, entry.until?.to_string())));
    let (characters, forms): (String, Vec<&str>) = fold::table().unzip();
    let data = Data {
        characters,
        forms: forms.join(" "),
        quiet: QUIET.join(" "),
        kinds: Kind::ALL.into_iter().map(|kind| (kind.slug(), kind.one(), kind.many(), kind.when_over())).collect(),
        documents: index.entries.iter().map(|entry| (b'0' + entry.kind as u8) as char).collect(),
        paths,
        titles,
        contexts,
        texts,
        until: until.collect(),
        keys: index.entries.iter().enumerate().filter_map(|(number, entry)| Some((number, entry.key?))).collect(),
        terms: (0..index.terms()).map(|number| index.term(number)).collect::<Vec<_>>().join(" "),
        postings: (0..index.terms()).map(|number| index.postings(number).letters()).collect::<Vec<_>>().join(" "),
    };
    // Strings, numbers and lists always become JSON.
    let json = serde_json::to_string(&data).unwrap_or_default();
    format!("searchIndex({json});\n").into_bytes()
}
