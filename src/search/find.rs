//! From a query to documents in their order.

use jiff::civil::Date;

use super::ask::{self, Word};
use super::{Index, Kind};

/// With so many documents that have all words as they were typed, no others are looked for.
const ENOUGH: usize = 5;

/// What a query found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The words that were looked for.
    pub(super) words: Vec<Word>,
    /// The documents, the best first.
    pub hits: Vec<Hit>,
    /// How many words each of them has: all, or as many as any document has.
    pub matched: usize,
}

/// A document that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its number.
    pub document: usize,
    /// What it is.
    pub kind: Kind,
    /// Whether a slip had to be forgiven to find it. Those come after the others.
    pub near: bool,
    /// Whether its last day is over.
    pub over: bool,
}

impl Found {
    /// How many words were looked for.
    pub fn asked(&self) -> usize {
        self.words.len()
    }

    /// How many documents of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.hits.iter().filter(|hit| hit.kind == kind).count()
    }
}

/// What the words add up to in a document.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    score: u32,
    words: u8,
    titles: u8,
    near: bool,
    apart: bool,
}

/// Bits of a word in a document, above those of its weight: it is there as it was typed, or all its parts are, one by one.
const AS_WRITTEN: u32 = 1 << 31;
const APART: u32 = 1 << 30;

impl Index {
    /// Searches for a query, on a day.
    ///
    /// Documents with all words come first, a slip in a word is forgiven where few have them as typed, and where none has all,
    /// those with the most are shown. First is what the query names by its number or code, then what has joined words as one stands before
    /// what has them one by one, closed offers go last, titles that have all words first, and the weight decides.
    pub fn search(&self, query: &str, day: Date) -> Found {
        let mut words = ask::words(self, query);
        let mut sums = self.sum(&mut words, false);
        let all = |sums: &[Sum]| sums.iter().filter(|sum| usize::from(sum.words) == words.len()).count();
        if all(&sums) < ENOUGH && words.iter().any(Word::forgiven) {
            sums = self.sum(&mut words, true);
        }
        let matched = sums.iter().map(|sum| sum.words).max().unwrap_or(0);
        let mut hits = Vec::new();
        if matched > 0 {
            let named = self.named(&words);
            let best = sums.iter().enumerate().filter(|(_, sum)| sum.words == matched);
            let mut keys: Vec<u64> = best.map(|(document, sum)| self.key(document, sum, named, day)).collect();
            keys.sort_unstable();
            hits.extend(keys.into_iter().map(|key| self.hit((key & DOCUMENT) as usize, &sums, day)));
        }
        Found { words, hits, matched: usize::from(matched) }
    }

    fn hit(&self, document: usize, sums: &[Sum], day: Date) -> Hit {
        Hit { document, kind: self.entries[document].kind, near: sums[document].near, over: self.over(document, day) }
    }

    fn over(&self, document: usize, day: Date) -> bool {
        self.entries[document].until.is_some_and(|last| last < day)
    }

    /// The spelling that a query of a single word has, which may be the number or code of a document.
    fn named(&self, words: &[Word]) -> Option<u32> {
        let [word] = words else { return None };
        self.number(&word.spelling).map(|number| number as u32)
    }

    /// A number that is smaller the further ahead a document stands.
    fn key(&self, document: usize, sum: &Sum, named: Option<u32>, day: Date) -> u64 {
        let entry = &self.entries[document];
        let other = named.is_none() || entry.key != named;
        let closed = entry.kind == Kind::Job && self.over(document, day);
        let later = [other, sum.near, sum.apart, closed, sum.titles < sum.words];
        let later = later.into_iter().fold(0, |bits, bit| bits << 1 | u64::from(bit));
        (later << SCORE_BITS | (HIGHEST - u64::from(sum.score).min(HIGHEST))) << DOCUMENT_BITS | document as u64
    }

    /// Adds up the words in each document.
    fn sum(&self, words: &mut [Word], near: bool) -> Vec<Sum> {
        let mut sums = vec![Sum::default(); self.entries.len()];
        let mut best = vec![0; self.entries.len()];
        let mut with = Vec::new();
        for word in words {
            word.look_up(self, near);
            self.weigh(word, &mut best, &mut with);
            for document in with.drain(..) {
                let (sum, best) = (&mut sums[document], std::mem::take(&mut best[document]));
                sum.words += 1;
                sum.score += (best & (APART - 1)) >> 1;
                sum.titles += (best & 1) as u8;
                sum.near |= best < APART;
                sum.apart |= (APART..AS_WRITTEN).contains(&best);
            }
        }
        sums
    }

    /// What a word weighs in each document, and which have it: of several spellings that it stands for, the heaviest counts. Twice the
    /// weight, plus one if it is in the title as a whole.
    fn weigh(&self, word: &Word, best: &mut [u32], with: &mut Vec<usize>) {
        for found in &word.matches {
            let as_written = if found.how.as_written() { AS_WRITTEN } else { 0 };
            for term in found.terms.clone() {
                let share = found.how.share(self.term(term).chars().count() as u32);
                for posting in self.postings(term) {
                    let in_title = u32::from(posting.in_title && found.how.whole());
                    let weight = as_written | (posting.weight * share) << 1 | in_title;
                    let best = &mut best[posting.document];
                    if *best == 0 {
                        with.push(posting.document);
                    }
                    *best = weight.max(*best);
                }
            }
        }
        for (document, weight) in self.with_parts(word) {
            if best[document] == 0 {
                with.push(document);
            }
            best[document] = best[document].max(weight);
        }
    }

    /// The documents that have all parts of a joined word, and what it weighs there: as much as its parts if they had been typed apart.
    fn with_parts(&self, word: &Word) -> Vec<(usize, u32)> {
        let Some((first, rest)) = word.parts.split_first() else { return Vec::new() };
        let mut all = self.with_part(first);
        for part in rest {
            let these = self.with_part(part);
            all.retain_mut(|(document, weight)| {
                let Ok(at) = these.binary_search_by_key(document, |(document, _)| *document) else { return false };
                // The lowest bit says whether both are in the title.
                let in_title = *weight & these[at].1 & 1;
                *weight = ((*weight & !1) + (these[at].1 & !1)) | in_title;
                true
            });
        }
        all.iter_mut().for_each(|(_, weight)| *weight |= APART);
        all
    }

    /// The documents that have a part of a joined word, by their numbers, and what it weighs there.
    fn with_part(&self, part: &Word) -> Vec<(usize, u32)> {
        let (mut best, mut with) = (vec![0; self.entries.len()], Vec::new());
        self.weigh(part, &mut best, &mut with);
        with.sort_unstable();
        with.into_iter().map(|document| (document, best[document] & (APART - 1))).collect()
    }
}

/// Bits of a key, below the five by which documents are parted first. Eight words weigh less than half of the highest score.
const DOCUMENT_BITS: u32 = 24;
const DOCUMENT: u64 = (1 << DOCUMENT_BITS) - 1;
const SCORE_BITS: u32 = 24;
const HIGHEST: u64 = (1 << SCORE_BITS) - 1;
