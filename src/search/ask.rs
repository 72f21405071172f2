//! A query as words, and the spellings that each stands for.

use std::ops::Range;

use super::Index;
use super::edits::{each_edit, forgiven};
use super::fold::spelling;
use super::words::{Chunk, chunks};

/// Words beyond that are not looked at: no question has so many, and each costs time.
const WORDS: usize = 8;
/// Characters beyond that are not looked at.
const CHARACTERS: usize = 200;

/// Words that say nothing of what is looked for, unless there are no others. Sorted.
pub(super) const QUIET: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "auf", "be", "by", "das", "der", "die", "ein", "eine", "for", "from", "fur", "how",
    "im", "in", "is", "it", "mit", "of", "on", "or", "that", "the", "this", "to", "und", "von", "was", "what", "when", "where",
    "which", "who", "with", "zu",
];

/// A word of a query.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// As it was typed.
    pub(super) typed: String,
    /// Folded, with umlauts that are written out.
    letters: String,
    /// How it is kept.
    pub(super) spelling: String,
    /// Whether it may be the beginning of one, as the last word of a query may.
    open: bool,
    /// What it stands for.
    pub(super) matches: Vec<Match>,
    /// The words that it is joined of, where a document may have them one by one instead: `deep` and `learning` of `deep-learning`.
    pub(super) parts: Vec<Word>,
}

/// Spellings that a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// Their numbers.
    pub(super) terms: Range<usize>,
    pub(super) how: How,
}

/// How a word stands for a spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It is the same.
    Same,
    /// It is the same but for an `s` at the end.
    Plural,
    /// It is the first so many letters of it.
    Beginning(u32),
    /// It is one slip away.
    Near,
    /// It is one slip away from its first so many letters.
    NearBeginning(u32),
}

impl How {
    /// Whether nothing has to be forgiven.
    pub(super) fn as_written(self) -> bool {
        !matches!(self, How::Near | How::NearBeginning(_))
    }

    /// Whether the word is there as a whole.
    pub(super) fn whole(self) -> bool {
        matches!(self, How::Same | How::Plural)
    }

    /// What of a weight counts, in 256ths, for a spelling of so many letters: the more of it was typed, the more.
    pub(super) fn share(self, length: u32) -> u32 {
        match self {
            How::Same => 256,
            How::Plural => 224,
            How::Beginning(typed) => 64 + 128 * typed / length.max(1),
            How::Near => 128,
            How::NearBeginning(typed) => 32 + 64 * typed / length.max(1),
        }
    }
}

/// Reads a query.
pub(super) fn words(index: &Index, query: &str) -> Vec<Word> {
    let end = query.char_indices().nth(CHARACTERS).map_or(query.len(), |(at, _)| at);
    let query = &query[..end];
    let mut words: Vec<Word> = Vec::new();
    chunks(query, |chunk| add(index, query, chunk, &mut words));
    if let Some(last) = words.last_mut() {
        last.open = true;
        if let Some(part) = last.parts.last_mut() {
            part.open = true;
        }
    }
    words.iter_mut().for_each(|word| word.parts = telling(std::mem::take(&mut word.parts)));
    telling(words)
}

/// The words that are looked for: each once, and none that says nothing where there are others.
fn telling(mut words: Vec<Word>) -> Vec<Word> {
    let mut seen = Vec::new();
    words.retain(|word| {
        let new = !seen.contains(&word.spelling);
        seen.push(word.spelling.clone());
        new
    });
    if words.iter().any(|word| !QUIET.contains(&word.letters.as_str())) {
        words.retain(|word| !QUIET.contains(&word.letters.as_str()));
    }
    words.truncate(WORDS);
    words
}

/// Joined words are one where some document has them as one, and may still be there one by one; else they are looked for one by one.
fn add(index: &Index, query: &str, chunk: &Chunk, words: &mut Vec<Word>) {
    let parts = chunk.parts().map(|(part, place)| Word::new(&query[place], part));
    let joined = chunk.joined().map(|joined| Word::new(&query[chunk.place()], joined));
    match joined.filter(|word| index.number(&word.spelling).is_some()) {
        // The figures of a day mean nothing else.
        Some(word) if word.letters.bytes().all(|byte| byte.is_ascii_digit()) => words.push(word),
        Some(word) => words.push(Word { parts: parts.collect(), ..word }),
        None => words.extend(parts),
    }
}

impl Word {
    fn new(typed: &str, letters: &str) -> Self {
        let mut kept = String::new();
        spelling(letters, &mut kept);
        let (typed, letters) = (typed.to_owned(), letters.to_owned());
        Self { typed, letters, spelling: kept, open: false, matches: Vec::new(), parts: Vec::new() }
    }

    /// Whether a slip in the word would be forgiven.
    pub(super) fn forgiven(&self) -> bool {
        forgiven(&self.letters)
    }

    /// Whether the word, or a part of it, stands for the spelling of that number.
    pub(super) fn means(&self, term: usize) -> bool {
        self.matches.iter().any(|found| found.terms.contains(&term)) || self.parts.iter().any(|part| part.means(term))
    }

    /// Looks up the spellings that the word stands for, and those a slip away if they are asked for. In parts no slip is forgiven.
    pub(super) fn look_up(&mut self, index: &Index, near: bool) {
        self.matches.clear();
        self.as_written(index);
        self.parts.iter_mut().for_each(|part| part.look_up(index, false));
        if near && self.forgiven() {
            self.one_slip_away(index);
        }
    }

    fn as_written(&mut self, index: &Index) {
        let same = index.number(&self.spelling);
        self.matches.extend(same.map(|number| Match { terms: number..number + 1, how: How::Same }));
        if self.spelling.bytes().all(|byte| byte.is_ascii_digit()) {
            // 29 is not 290, unless there is no 29.
            if same.is_some() {
                return;
            }
        } else if self.spelling.chars().count() >= 4 {
            let shorter = self.spelling.strip_suffix('s').and_then(|word| index.number(word));
            let longer = index.number(&format!("{}s", self.spelling));
            self.matches
                .extend(shorter.into_iter().chain(longer).map(|number| Match { terms: number..number + 1, how: How::Plural }));
        }
        if self.open {
            let how = How::Beginning(self.spelling.chars().count() as u32);
            self.matches.push(Match { terms: index.beginning_with(&self.spelling), how });
        }
        self.matches.retain(|found| !found.terms.is_empty());
    }

    /// Whatever is slipped in, a spelling begins as the letters before it do: of most places, that leaves few or none to look through.
    fn one_slip_away(&mut self, index: &Index) {
        let (mut kept, mut seen) = (String::new(), std::collections::BTreeSet::new());
        let (mut place, mut around) = (usize::MAX, 0..0);
        let mut found = Vec::new();
        each_edit(&self.letters, |before, edit| {
            if before != place {
                spelling(&self.letters[..before], &mut kept);
                (place, around) = (before, index.beginning_with(&kept));
            }
            if around.is_empty() {
                return;
            }
            spelling(edit, &mut kept);
            let start = index.first_not_in(around.clone(), |term| term < kept.as_str());
            if start == around.end || !index.term(start).starts_with(&kept) || !seen.insert((start, kept.len())) {
                return;
            }
            if index.term(start) == kept {
                found.push(Match { terms: start..start + 1, how: How::Near });
            }
            if self.open {
                let how = How::NearBeginning(kept.chars().count() as u32);
                found.push(Match { terms: index.beginning_with(&kept), how });
            }
        });
        self.matches.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_words_are_sorted_and_folded() {
        assert!(QUIET.is_sorted());
        assert!(QUIET.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
