//! Full-text search over everything that has a page: one scan over folded text.
//!
//! Each document is folded once into three fields of words ([`text`]). A query becomes terms ([`query`]), and each term
//! counts in the first field that has it: title before names before text. Documents with all terms are found; if there
//! are few, typos are forgiven, and if there are none, the documents with the most terms are found.

mod excerpt;
mod query;
mod text;

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

pub use excerpt::Piece;
use query::{Match, Term};
use text::Token;

pub use text::STOP_WORDS;

/// Queries that ask for the next meetup, with their words joined.
pub const NEXT_MEETUP: [&str; 6] = ["next", "nextmeetup", "nextevent", "nextmeeting", "upcoming", "upcomingmeetup"];

/// With fewer documents that have all words as they are typed, those that have them with typos follow.
const ENOUGH: usize = 5;

/// Kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A meetup.
    Meetup,
    /// A talk.
    Talk,
    /// An article on a hot topic.
    Article,
    /// A person.
    Person,
    /// A venue.
    Venue,
    /// A topic.
    Topic,
    /// An announcement.
    Announcement,
    /// A job offer.
    Job,
    /// A page of prose.
    Page,
    /// A list of all things of a kind.
    List,
}

impl Kind {
    /// All kinds, in the order in which they are offered as filters.
    pub const ALL: [Kind; 10] = [
        Kind::Meetup,
        Kind::Talk,
        Kind::Article,
        Kind::Person,
        Kind::Venue,
        Kind::Topic,
        Kind::Announcement,
        Kind::Job,
        Kind::Page,
        Kind::List,
    ];

    /// Its name in addresses, for one and for several.
    fn names(self) -> [&'static str; 3] {
        match self {
            Kind::Meetup => ["meetups", "Meetup", "Meetups"],
            Kind::Talk => ["talks", "Talk", "Talks"],
            Kind::Article => ["hot-topics", "Hot topic", "Hot topics"],
            Kind::Person => ["people", "Person", "People"],
            Kind::Venue => ["venues", "Venue", "Venues"],
            Kind::Topic => ["topics", "Topic", "Topics"],
            Kind::Announcement => ["events", "Event", "Events"],
            Kind::Job => ["jobs", "Job", "Jobs"],
            Kind::Page => ["pages", "Page", "Pages"],
            Kind::List => ["lists", "List", "Lists"],
        }
    }

    /// Name in addresses.
    pub fn slug(self) -> &'static str {
        self.names()[0]
    }

    /// Name of one.
    pub fn singular(self) -> &'static str {
        self.names()[1]
    }

    /// Name of several.
    pub fn plural(self) -> &'static str {
        self.names()[2]
    }

    /// Returns the kind with this name in addresses.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// Label of a document whose last day has passed, for the kinds that expire.
    pub fn expired_label(self) -> Option<&'static str> {
        match self {
            Kind::Job => Some("Closed"),
            Kind::Announcement => Some("Past"),
            _ => None,
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Address of its page.
    pub path: String,
    /// Kind of thing that it is.
    pub kind: Kind,
    /// Title or name.
    pub title: String,
    /// Queries that mean this document and put it first: the number of a meetup, the word for a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Other names, which count like the title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Line below the title: people, day, place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// Words that count like the context but are not shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hidden: String,
    /// Names that belong to it: topics, institutions, hosts. Shown in excerpts before the text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Text, shown in excerpts.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Last day of a meetup that takes place, an announcement or a job offer.
    #[serde(serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Document {
    /// Makes a document of which only the title is known.
    pub fn new(kind: Kind, path: impl ToString, title: impl Into<String>) -> Self {
        let [context, hidden, about, text] = [const { String::new() }; 4];
        let (path, title) = (path.to_string(), title.into());
        Self { path, kind, title, keys: Vec::new(), aliases: Vec::new(), context, hidden, about, text, until: None }
    }

    /// Text from which excerpts are taken.
    pub fn body(&self) -> String {
        let parts = [self.about.as_str(), &self.text];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" – ")
    }

    fn has_expired(&self, day: Date) -> bool {
        self.kind.expired_label().is_some() && self.until.is_some_and(|until| until < day)
    }
}

fn as_text<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

/// A word of the documents, to correct typos with.
#[derive(Debug)]
struct Spelling {
    /// Letters in ASCII, before `ue` becomes `u`: an edit is counted here or in the folded word, whichever needs fewer.
    plain: String,
    /// Set of its letters, to skip words that are too many edits away.
    letters: u32,
    /// The word as the first document with it writes it.
    shown: String,
}

/// Spellings by folded word.
type Vocabulary = HashMap<String, Spelling>;

/// A document with its folded text.
#[derive(Debug)]
struct Entry {
    document: Document,
    /// Title and aliases; context, hidden words and `about`; text. Words stand between single spaces: ` jan schluter `.
    fields: [String; 3],
    /// Number of words of the title.
    title_words: usize,
    /// Title and aliases as [`text::squash`] writes them.
    names: Vec<String>,
    keys: Vec<String>,
}

impl Entry {
    fn new(document: Document, vocabulary: &mut Vocabulary) -> Self {
        let mut field = |texts: &mut dyn Iterator<Item = &str>| {
            let mut field = " ".to_owned();
            for token in texts.flat_map(text::tokens) {
                field.push_str(&token.word);
                field.push(' ');
                let Token { word, plain, shown, .. } = token;
                vocabulary.entry(word).or_insert_with(|| Spelling { letters: query::letters(&plain), plain, shown });
            }
            field
        };
        let aliases = || document.aliases.iter().map(String::as_str);
        let fields = [
            field(&mut std::iter::once(document.title.as_str()).chain(aliases())),
            field(&mut [document.context.as_str(), &document.hidden, &document.about].into_iter()),
            field(&mut std::iter::once(document.text.as_str())),
        ];
        let title_words = text::tokens(&document.title).count();
        let names = std::iter::once(document.title.as_str()).chain(aliases()).map(text::squash).collect();
        let keys = document.keys.iter().map(|key| text::squash(key)).collect();
        Self { document, fields, title_words, names, keys }
    }
}

/// The documents of a site, folded for searching. Where two fit a query equally, the one that was given first comes
/// first.
#[derive(Debug)]
pub struct Index {
    entries: Vec<Entry>,
    vocabulary: Vocabulary,
}

/// Result of a search.
#[derive(Debug)]
pub struct Found<'a> {
    terms: Vec<Term>,
    /// Documents, best first.
    pub hits: Vec<Hit<'a>>,
    /// Number of terms that each hit has: all, or as many as any document has.
    pub matched: usize,
    /// The query with the typos corrected that had to be forgiven for the first hit.
    pub corrected: Option<String>,
}

/// A document that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// The document.
    pub document: &'a Document,
    /// True if its last day has passed.
    pub expired: bool,
}

impl Found<'_> {
    /// Number of terms of the query.
    pub fn asked(&self) -> usize {
        self.terms.len()
    }

    /// Number of hits of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.hits.iter().filter(|hit| hit.document.kind == kind).count()
    }
}

/// A document with what ranks it.
struct Ranked<'a> {
    entry: &'a Entry,
    matched: usize,
    /// True if a typo was corrected.
    has_typo: bool,
    /// The smaller, the better: reasons to stand further back, the strongest first, then the negated score.
    order: ([bool; 7], Reverse<usize>),
}

impl Index {
    /// Folds the documents.
    pub fn new(documents: impl IntoIterator<Item = Document>) -> Self {
        let mut vocabulary = Vocabulary::new();
        let entries = documents.into_iter().map(|document| Entry::new(document, &mut vocabulary)).collect();
        Self { entries, vocabulary }
    }

    /// Searches for a query. `day` decides what has expired and which meetup is the next.
    pub fn search(&self, query: &str, day: Date) -> Found<'_> {
        let mut terms = query::terms(query, &self.vocabulary);
        let name = text::squash(query);
        let mut ranked = self.scan(&terms, &name, day);
        if ranked.iter().filter(|ranked| ranked.matched == terms.len()).count() < ENOUGH {
            terms.iter_mut().for_each(|term| term.forgive_typos(&self.vocabulary));
            ranked = self.scan(&terms, &name, day);
        }
        let matched = ranked.iter().map(|ranked| ranked.matched).max().unwrap_or(0);
        ranked.retain(|ranked| ranked.matched == matched && matched > 0);
        ranked.sort_by_key(|ranked| ranked.order);
        let first = ranked.first().filter(|first| matched == terms.len() && first.has_typo);
        let corrected = first.map(|first| query::corrected(&terms, &first.entry.fields));
        let hits = ranked.iter().map(|ranked| {
            let document = &ranked.entry.document;
            Hit { document, expired: document.has_expired(day) }
        });
        Found { hits: hits.collect(), terms, matched, corrected }
    }

    /// Finds all documents that have at least one term, or the query as a key.
    fn scan(&self, terms: &[Term], name: &str, day: Date) -> Vec<Ranked<'_>> {
        let next = if NEXT_MEETUP.contains(&name) { self.next_meetup(day) } else { None };
        let ranked = self.entries.iter().enumerate().map(|(at, entry)| rank(entry, terms, name, next == Some(at), day));
        ranked.flatten().collect()
    }

    fn next_meetup(&self, day: Date) -> Option<usize> {
        let documents = self.entries.iter().map(|entry| &entry.document).enumerate();
        let to_come = documents
            .filter(|(_, document)| document.kind == Kind::Meetup && document.until.is_some_and(|last| last >= day));
        to_come.min_by_key(|(_, document)| document.until).map(|(at, _)| at)
    }

    /// Words of the documents that are near those that were not found, each with the query that has it.
    pub fn suggest(&self, found: &Found<'_>) -> Vec<(String, String)> {
        let near = |at: usize| {
            let nearest = found.terms[at].nearest(&self.vocabulary);
            let query = move |shown: &str| query::with_term(&found.terms, at, shown);
            nearest.into_iter().map(move |shown| (shown.to_owned(), query(shown)))
        };
        (0..found.terms.len()).flat_map(near).collect()
    }
}

fn rank<'a>(entry: &'a Entry, terms: &[Term], name: &str, is_next: bool, day: Date) -> Option<Ranked<'a>> {
    let matches: Vec<Match<'_>> = terms.iter().filter_map(|term| term.find(&entry.fields)).collect();
    let has_key = is_next || entry.keys.iter().any(|key| key == name);
    if matches.is_empty() && !has_key {
        return None;
    }
    let has_typo = !has_key && matches.iter().any(|found| found.correction.is_some());
    let in_title = matches.iter().filter(|found| found.in_title).count();
    // A title that is mostly the query, or begins with it, is about it.
    let density = 20 * in_title.min(entry.title_words) / entry.title_words.max(1);
    let begins = matches.first().is_some_and(|first| first.begins_title);
    let score = matches.iter().map(|found| found.score).sum::<usize>() + density + if begins { 15 } else { 0 };
    let reasons = [
        !is_next,
        !has_key,
        has_typo,
        !entry.names.iter().any(|other| other == name),
        matches.iter().any(|found| found.apart),
        entry.document.has_expired(day),
        in_title < terms.len(),
    ];
    let matched = if has_key { terms.len().max(1) } else { matches.len() };
    Some(Ranked { entry, matched, has_typo, order: (reasons, Reverse(score)) })
}

#[cfg(test)]
mod tests;
