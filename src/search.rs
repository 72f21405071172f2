//! A search over everything: an inverted index of our own, which serves the live server and the script of an export alike.
//!
//! Words are folded so that all spellings of a name are one ([`fold`]). What a word adds to the rank of a document is worked out when the
//! index is built ([`build`]) and kept as a small whole number, so that a search only adds whole numbers and both doors give the same
//! order to the last place. Documents themselves are not kept: their texts are in the archive.

mod ask;
mod build;
mod edits;
mod find;
mod fold;
mod marks;
mod postings;
mod script;
mod suggest;
mod words;

use jiff::civil::Date;

pub use find::{Found, Hit};
pub use marks::Piece;
pub use script::script;
pub use suggest::Suggestion;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Something that was announced.
    Announcement,
    /// A job offer.
    Job,
    /// A page of prose.
    Page,
}

impl Kind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Kind; 9] = [
        Kind::Meetup,
        Kind::Talk,
        Kind::Article,
        Kind::Person,
        Kind::Venue,
        Kind::Topic,
        Kind::Announcement,
        Kind::Job,
        Kind::Page,
    ];

    /// Its word in addresses.
    pub fn slug(self) -> &'static str {
        ["meetups", "talks", "hot-topics", "people", "venues", "topics", "events", "jobs", "pages"][self as usize]
    }

    /// What one is called.
    pub fn one(self) -> &'static str {
        ["Meetup", "Talk", "Hot topic", "Person", "Venue", "Topic", "Event", "Job", "Page"][self as usize]
    }

    /// What many are called.
    pub fn many(self) -> &'static str {
        ["Meetups", "Talks", "Hot topics", "People", "Venues", "Topics", "Events", "Jobs", "Pages"][self as usize]
    }

    /// The kind of a word in an address.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// What one is when its last day is over, where that matters.
    pub fn when_over(self) -> Option<&'static str> {
        match self {
            Kind::Job => Some("Closed"),
            Kind::Announcement => Some("Past"),
            _ => None,
        }
    }
}

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// The number or code that it goes by. A query that is that and nothing else finds it first.
    pub key: String,
    /// Its title or name.
    pub title: String,
    /// Other names, which count like the title.
    pub aliases: String,
    /// Who, when and where, in a line that is shown below the title.
    pub context: String,
    /// More of the same that is not shown: days in figures, other names of the people above.
    pub unseen: String,
    /// Names that belong to it: topics, institutions, hosts. Shown around a hit.
    pub about: String,
    /// Its text. Shown around a hit.
    pub text: String,
    /// Its last day, where it has one after which it is of less use.
    pub until: Option<Date>,
}

impl Document {
    /// A document of which only the title is known.
    pub fn new(kind: Kind, title: impl Into<String>) -> Self {
        let [key, aliases, context, unseen, about, text] = [const { String::new() }; 6];
        Self { kind, key, title: title.into(), aliases, context, unseen, about, text, until: None }
    }

    /// What is shown around a hit: the names, then the text.
    pub fn shown(&self) -> String {
        match (self.about.is_empty(), self.text.is_empty()) {
            (false, false) => format!("{} – {}", self.about, self.text),
            _ => format!("{}{}", self.about, self.text),
        }
    }
}

/// What is kept of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    kind: Kind,
    /// The number of the spelling of its key, if it has one.
    key: Option<u32>,
    until: Option<Date>,
}

/// Which words are in which documents, and what they add to their rank. Documents are numbered in the order in which they were given.
#[derive(Debug, Default)]
pub struct Index {
    /// The spellings, sorted, one after the other; each ends where the next begins.
    terms: String,
    term_ends: Vec<u32>,
    /// The documents of each spelling, as [`postings`] writes them.
    postings: Vec<u8>,
    posting_ends: Vec<u32>,
    entries: Vec<Entry>,
}

impl Index {
    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.entries.len()
    }

    /// How many spellings there are.
    pub fn terms(&self) -> usize {
        self.term_ends.len()
    }

    /// Bytes of memory that it takes.
    pub fn bytes(&self) -> usize {
        let ends = self.term_ends.capacity() + self.posting_ends.capacity();
        self.terms.capacity() + self.postings.capacity() + 4 * ends + self.entries.capacity() * size_of::<Entry>()
    }

    fn term(&self, number: usize) -> &str {
        let start = if number == 0 { 0 } else { self.term_ends[number - 1] as usize };
        &self.terms[start..self.term_ends[number] as usize]
    }

    /// The number of the first spelling for which `before` does not hold.
    fn first_not(&self, before: impl Fn(&str) -> bool) -> usize {
        self.first_not_in(0..self.terms(), before)
    }

    /// The first of these numbers for whose spelling it does not hold, or their end.
    fn first_not_in(&self, among: std::ops::Range<usize>, before: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (among.start, among.end);
        while low < high {
            let middle = low.midpoint(high);
            if before(self.term(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The number of a spelling.
    fn number(&self, spelling: &str) -> Option<usize> {
        let number = self.first_not(|term| term < spelling);
        (number < self.terms() && self.term(number) == spelling).then_some(number)
    }

    /// The numbers of the spellings that begin so.
    fn beginning_with(&self, beginning: &str) -> std::ops::Range<usize> {
        let start = self.first_not(|term| term < beginning);
        start..self.first_not(|term| term < beginning || term.starts_with(beginning))
    }

    /// The documents of a spelling.
    fn postings(&self, number: usize) -> postings::Postings<'_> {
        let start = if number == 0 { 0 } else { self.posting_ends[number - 1] as usize };
        postings::Postings::new(&self.postings[start..self.posting_ends[number] as usize])
    }
}

#[cfg(test)]
mod tests;
