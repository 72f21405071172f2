//! From documents to the index.
//!
//! The weight of a word in a document is Okapi BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009,
//! eq. 3.15) of each field, added up with the weights of the fields:
//!
//! ```text
//! w = ln(1 + (N − n + ½) / (n + ½)) · Σ_f v_f · tf_f / (tf_f + k₁ · (1 − b_f + b_f · length_f / average length_f))
//! ```
//!
//! with N documents, n of which have the word. The one within the logarithm keeps the weight of words that are everywhere above zero, as
//! Lucene does. Fields are added after saturation, not before as in BM25F, so that however often a text has a word, a title that has it
//! weighs more.

use std::collections::HashMap;

use super::fold::spelling;
use super::postings::{Posting, write_posting};
use super::words::chunks;
use super::{Document, Entry, Index};

/// A part of a document that has a weight of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Names,
    Text,
}

const FIELDS: usize = 3;
/// v, by field: a word in a title of average length weighs more than any number of them in the other fields.
const WEIGHT: [f64; FIELDS] = [10.0, 3.0, 1.0];
/// k₁, the usual value of Lucene.
const K1: f64 = 1.2;
/// b, by field: long titles and lists of names are hardly about less, long texts are.
const B: [f64; FIELDS] = [0.3, 0.3, 0.75];
/// Weights are kept in steps of an eighth.
const STEPS: f64 = 8.0;

/// A word in a document: how often it is in each field.
struct Count {
    term: u32,
    document: u32,
    times: [u16; FIELDS],
}

#[derive(Default)]
struct Builder {
    numbers: HashMap<Box<str>, u32>,
    counts: Vec<Count>,
    lengths: Vec<[u32; FIELDS]>,
    entries: Vec<Entry>,
    /// The words of the document that is being read.
    here: Vec<(u32, Field)>,
}

impl Index {
    /// The index of these documents. Where two fit a query equally, the first stands first.
    pub fn build(documents: impl IntoIterator<Item = Document>) -> Self {
        let mut builder = Builder::default();
        let mut buffer = String::new();
        for document in documents {
            builder.add(&document, &mut buffer);
        }
        builder.finish()
    }
}

impl Builder {
    fn add(&mut self, document: &Document, buffer: &mut String) {
        let fields = [
            (Field::Title, &document.key),
            (Field::Title, &document.title),
            (Field::Title, &document.aliases),
            (Field::Names, &document.context),
            (Field::Names, &document.unseen),
            (Field::Names, &document.about),
            (Field::Text, &document.text),
        ];
        let mut lengths = [0; FIELDS];
        self.here.clear();
        for (field, text) in fields {
            let mut begins = std::ptr::eq(text, &document.title);
            chunks(text, |chunk| {
                lengths[field as usize] += chunk.parts().count() as u32;
                chunk.each_spelling(buffer, |spelling, _| {
                    let number = self.number(spelling);
                    self.here.push((number, field));
                    // What a title begins with is what the rest of it is about, as in `RAdam: Rectified Adam`.
                    self.here.extend(begins.then_some((number, field)));
                });
                begins = false;
            });
        }
        self.count();
        self.lengths.push(lengths);
        let key = whole(&document.key, buffer).then(|| self.number(buffer));
        self.entries.push(Entry { kind: document.kind, key, until: document.until });
    }

    /// The number of a spelling, in the order in which they came.
    fn number(&mut self, spelling: &str) -> u32 {
        let new = self.numbers.len() as u32;
        self.numbers.get(spelling).copied().unwrap_or_else(|| *self.numbers.entry(spelling.into()).or_insert(new))
    }

    /// Counts the words of the document that was read.
    fn count(&mut self) {
        self.here.sort_unstable_by_key(|(term, _)| *term);
        let document = self.entries.len() as u32;
        for same in self.here.chunk_by(|a, b| a.0 == b.0) {
            let mut times = [0_u16; FIELDS];
            for (_, field) in same {
                times[*field as usize] = times[*field as usize].saturating_add(1);
            }
            self.counts.push(Count { term: same[0].0, document, times });
        }
    }

    fn finish(mut self) -> Index {
        let mut terms: Vec<(Box<str>, u32)> = self.numbers.drain().collect();
        terms.sort_unstable();
        let averages = self.averages();
        let counts = self.by_term(terms.len());
        let mut place = vec![0; terms.len()];
        terms.iter().enumerate().for_each(|(at, (_, number))| place[*number as usize] = at as u32);
        self.entries.iter_mut().for_each(|entry| entry.key = entry.key.map(|number| place[number as usize]));
        let mut index = Index { entries: self.entries, ..Index::default() };
        let documents = index.entries.len() as f64;
        for (term, number) in &terms {
            let with = &counts[*number as usize];
            let rarity = (1.0 + (documents - with.len() as f64 + 0.5) / (with.len() as f64 + 0.5)).ln();
            let mut before = 0;
            for count in with {
                let lengths = &self.lengths[count.document as usize];
                let weight = (rarity * share(&count.times, lengths, &averages) * STEPS).round().max(1.0) as u32;
                let in_title = count.times[Field::Title as usize] > 0;
                let posting = Posting { document: count.document as usize, weight, in_title };
                write_posting(posting, before, &mut index.postings);
                before = posting.document;
            }
            index.terms.push_str(term);
            index.term_ends.push(index.terms.len() as u32);
            index.posting_ends.push(index.postings.len() as u32);
        }
        index.terms.shrink_to_fit();
        index.postings.shrink_to_fit();
        index
    }

    /// The average length of each field, over the documents that have it.
    fn averages(&self) -> [f64; FIELDS] {
        std::array::from_fn(|field| {
            let (mut sum, mut with) = (0_u64, 0_u64);
            for lengths in self.lengths.iter().filter(|lengths| lengths[field] > 0) {
                (sum, with) = (sum + u64::from(lengths[field]), with + 1);
            }
            sum as f64 / with.max(1) as f64
        })
    }

    /// The counts of each term, by document.
    fn by_term(&mut self, terms: usize) -> Vec<Vec<Count>> {
        let mut sizes = vec![0; terms];
        self.counts.iter().for_each(|count| sizes[count.term as usize] += 1);
        let mut by_term: Vec<Vec<Count>> = sizes.into_iter().map(Vec::with_capacity).collect();
        for count in self.counts.drain(..) {
            by_term[count.term as usize].push(count);
        }
        by_term
    }
}

/// The spelling of a key as one word, as a query that is nothing else is read: `29`, `ai`, and `gpt4` for `GPT-4`. False where it is none.
fn whole(key: &str, out: &mut String) -> bool {
    let mut chunks_of_it = 0;
    chunks(key, |chunk| {
        chunks_of_it += 1;
        if let Some(word) = chunk.joined().or_else(|| chunk.parts().next().map(|(word, _)| word)) {
            spelling(word, out);
        }
    });
    chunks_of_it == 1
}

/// The sum over the fields.
fn share(times: &[u16; FIELDS], lengths: &[u32; FIELDS], averages: &[f64; FIELDS]) -> f64 {
    let of = |field: usize| {
        let times = f64::from(times[field]);
        if times == 0.0 {
            return 0.0;
        }
        let length = f64::from(lengths[field]) / averages[field];
        WEIGHT[field] * times / (times + K1 * (1.0 - B[field] + B[field] * length))
    };
    (0..FIELDS).map(of).sum()
}
