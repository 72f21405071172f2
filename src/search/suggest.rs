//! Words that are there, for one that is not.

use super::words::chunks;
use super::{Document, Found, Index};

/// Suggestions for one word.
const SUGGESTIONS: usize = 3;

/// A word that is there instead of one that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// The number of the word in the query.
    word: usize,
    /// The number of the spelling.
    term: usize,
    /// A document that has it.
    pub document: usize,
}

impl Index {
    /// Words near those that no document has, the nearest first.
    pub fn suggest(&self, found: &Found) -> Vec<Suggestion> {
        let unknown = found.words.iter().enumerate().filter(|(_, word)| word.matches.is_empty());
        unknown
            .flat_map(|(word, unknown)| {
                self.nearest(&unknown.spelling).into_iter().map(move |(term, document)| Suggestion { word, term, document })
            })
            .collect()
    }

    /// Spellings with the same first letter and the fewest slips between, each with a document.
    fn nearest(&self, spelling: &str) -> Vec<(usize, usize)> {
        let Some(first) = spelling.chars().next().filter(|first| !first.is_ascii_digit()) else { return Vec::new() };
        let most = (spelling.chars().count() / 3).max(2);
        let slips = |term: usize| strsim::osa_distance(spelling, self.term(term));
        let mut near: Vec<(usize, std::cmp::Reverse<usize>, usize)> = self
            .beginning_with(first.encode_utf8(&mut [0; 4]))
            .map(|term| (slips(term), term))
            .filter(|(slips, term)| *slips <= most && *slips < self.term(*term).chars().count() / 2)
            // More bytes are more documents.
            .map(|(slips, term)| (slips, std::cmp::Reverse(self.postings(term).bytes()), term))
            .collect();
        near.sort_unstable();
        near.truncate(SUGGESTIONS);
        near.into_iter().filter_map(|(_, _, term)| Some((term, self.postings(term).next()?.document))).collect()
    }

    /// A suggestion as its document spells it, and the query with it.
    pub fn spell_out(&self, found: &Found, suggestion: Suggestion, document: &Document) -> Option<(String, String)> {
        let word = [&document.title, &document.aliases, &document.context, &document.unseen, &document.about, &document.text]
            .into_iter()
            .find_map(|text| self.spelt_in(suggestion.term, text))?;
        let words = found.words.iter().enumerate().map(|(at, other)| if at == suggestion.word { &word } else { &other.typed });
        let query = words.map(String::as_str).collect::<Vec<_>>().join(" ");
        Some((word, query))
    }

    fn spelt_in(&self, term: usize, text: &str) -> Option<String> {
        let (mut found, mut buffer) = (None, String::new());
        chunks(text, |chunk| {
            chunk.each_spelling(&mut buffer, |spelling, place| {
                if found.is_none() && spelling == self.term(term) {
                    found = Some(text[place].to_owned());
                }
            });
        });
        found
    }
}
