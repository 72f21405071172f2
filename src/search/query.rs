//! Turns a query into terms, and finds a term in the fields of a document.

use memchr::memmem::Finder;

use super::Vocabulary;
use super::text::{Token, groups, without_stop_words};

/// Further words of a query are ignored: each costs a scan.
const MAX_TERMS: usize = 10;
/// Most words that a typo is taken for.
const MAX_CORRECTIONS: usize = 16;
/// Most suggestions for a word.
const MAX_SUGGESTIONS: usize = 3;
/// A hit in the title, in the names and in the text weighs this much; each is multiplied by how well the word fits,
/// from 2 to 4.
const FIELD_WEIGHTS: [usize; 3] = [10, 4, 1];

/// A word of a query.
#[derive(Debug)]
pub(super) struct Term {
    token: Token,
    /// Words of documents that it stands for.
    needles: Vec<Needle>,
    /// The words of a joined word, all of which may stand in a document instead: `deep` and `learning` for
    /// `deep-learning`.
    parts: Vec<Term>,
}

/// A word that is looked for.
#[derive(Debug)]
struct Needle {
    word: String,
    /// Finds the word in a field, from the space before it; with the space behind it unless it may be the beginning of
    /// a word.
    finder: Finder<'static>,
    is_prefix: bool,
    /// Score of a whole word.
    fit: usize,
    /// The word as documents write it, where a typo is forgiven.
    correction: Option<String>,
}

/// Score of a term for a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match<'a> {
    pub(super) score: usize,
    pub(super) in_title: bool,
    pub(super) begins_title: bool,
    /// True if the parts of a joined word were found one by one.
    pub(super) apart: bool,
    /// Corrected word.
    pub(super) correction: Option<&'a str>,
}

/// Reads a query. Joined words are one term where a document has them, or something near, as one, and several terms
/// otherwise.
pub(super) fn terms(query: &str, vocabulary: &Vocabulary) -> Vec<Term> {
    let mut all: Vec<Term> = Vec::new();
    for group in groups(query) {
        let joined = group.joined.and_then(|joined| Term::new(group.parts.clone(), Some(joined)));
        match joined.filter(|term| term.is_known(vocabulary)) {
            Some(joined) => all.push(joined),
            None => all.extend(group.parts.into_iter().filter_map(|part| Term::new(vec![part], None))),
        }
    }
    all = without_stop_words(all, |term| &term.token.plain);
    let mut seen = Vec::new();
    all.retain(|term| {
        let is_new = !seen.contains(&term.token.word);
        seen.push(term.token.word.clone());
        is_new
    });
    all.truncate(MAX_TERMS);
    // The word that is being typed may be the beginning of any; short words before it may not.
    if let Some(last) = all.last_mut() {
        last.allow_prefix();
    }
    all
}

/// The query with the corrections that a document needs.
pub(super) fn corrected(terms: &[Term], fields: &[String; 3]) -> String {
    let word = |term| correction(term, fields).unwrap_or(&term.token.shown);
    terms.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn correction<'a>(term: &'a Term, fields: &[String; 3]) -> Option<&'a str> {
    term.find(fields)?.correction
}

/// The query with another word in the place of a term.
pub(super) fn with_term(terms: &[Term], at: usize, word: &str) -> String {
    let words = terms.iter().enumerate().map(|(other, term)| if other == at { word } else { &term.token.shown });
    words.collect::<Vec<_>>().join(" ")
}

impl Term {
    fn new(parts: Vec<Token>, joined: Option<Token>) -> Option<Self> {
        let parts = without_stop_words(parts, |part| &part.plain);
        let token = joined.or_else(|| parts.first().cloned())?;
        // The figures of a day mean nothing one by one.
        let is_joined = parts.len() > 1 && !is_number(&token.word);
        let parts = if is_joined { parts } else { Vec::new() };
        let parts = parts.into_iter().filter_map(|part| Self::new(vec![part], None)).collect();
        let mut needles = vec![Needle::new(&token.word, token.word.len() > 2 && !is_number(&token.word), 4)];
        let singular = token.word.strip_suffix('s').filter(|singular| singular.len() > 2);
        needles.extend(singular.map(|singular| Needle::new(singular, false, 3)));
        Some(Self { token, needles, parts })
    }

    fn allow_prefix(&mut self) {
        let word = &self.token.word;
        if !is_number(word) {
            self.needles[0] = Needle::new(word, true, 4);
        }
        if let Some(last) = self.parts.last_mut() {
            last.allow_prefix();
        }
    }

    /// Returns whether a document has the word, or one that it may be a typo of.
    fn is_known(&self, vocabulary: &Vocabulary) -> bool {
        vocabulary.contains_key(&self.token.word) || !self.meant(vocabulary).is_empty()
    }

    /// Words that it may be a typo of, those at most two edits away, nearest first.
    fn meant<'a>(&self, vocabulary: &'a Vocabulary) -> Vec<(usize, &'a str, &'a str)> {
        self.near(vocabulary, |a, b| match a.max(b) {
            0..5 => 0,
            5..9 => 1,
            _ => 2,
        })
    }

    /// Makes the term stand for the words that it may be a typo of, too.
    pub(super) fn forgive_typos(&mut self, vocabulary: &Vocabulary) {
        let near = self.meant(vocabulary);
        let needle = |(_, word, shown): (usize, &str, &str)| Needle {
            correction: Some(shown.to_owned()),
            ..Needle::new(word, false, 2)
        };
        self.needles.extend(near.into_iter().take(MAX_CORRECTIONS).map(needle));
    }

    /// Words of the documents that somebody may have meant by a word that is in none of them.
    pub(super) fn nearest<'a>(&self, vocabulary: &'a Vocabulary) -> Vec<&'a str> {
        let first = self.token.word.chars().next();
        let mut near =
            self.near(vocabulary, |typed, other| if typed < 3 { 0 } else { (typed / 3).max(2).min((other - 1) / 2) });
        near.retain(|(_, word, _)| word.chars().next() == first);
        near.into_iter().take(MAX_SUGGESTIONS).map(|(_, _, shown)| shown).collect()
    }

    /// Other words within a number of edits that depends on both lengths: edits, word, and the word as it is written;
    /// nearest first.
    fn near<'a>(
        &self,
        vocabulary: &'a Vocabulary,
        limit: impl Fn(usize, usize) -> usize,
    ) -> Vec<(usize, &'a str, &'a str)> {
        let Token { word: typed, plain: typed_plain, .. } = &self.token;
        if is_number(typed) {
            return Vec::new();
        }
        let typed_letters = letters(typed_plain);
        let edits = |(word, spelling): (&'a String, &'a super::Spelling)| {
            let limit = limit(typed_plain.len(), spelling.plain.len());
            // An edit puts at most one letter in and takes one out.
            let too_far = (typed_letters ^ spelling.letters).count_ones() as usize > 2 * limit;
            if limit == 0 || too_far || word == typed || is_number(word) {
                return None;
            }
            let edits = strsim::osa_distance(typed, word).min(strsim::osa_distance(typed_plain, &spelling.plain));
            (edits <= limit).then_some((edits, word.as_str(), spelling.shown.as_str()))
        };
        let mut near: Vec<_> = vocabulary.iter().filter_map(edits).collect();
        near.sort_unstable();
        near
    }

    /// Finds the term in a document: in the first field that has it, by the needle that fits best, or by its parts.
    pub(super) fn find(&self, fields: &[String; 3]) -> Option<Match<'_>> {
        let whole = self.needles.iter().filter_map(|needle| needle.find(fields));
        let whole = whole.max_by_key(|found| (found.correction.is_none(), found.score));
        let parts = || {
            let all: Vec<Match<'_>> = self.parts.iter().map(|part| part.find(fields)).collect::<Option<_>>()?;
            let weakest = all.iter().min_by_key(|found| found.score)?;
            Some(Match { apart: true, in_title: all.iter().all(|found| found.in_title), ..*weakest })
        };
        whole.filter(|found| found.correction.is_none()).or_else(parts).or(whole)
    }

    /// Returns whether the term stands for a word of a text.
    pub(super) fn matches(&self, word: &str) -> bool {
        let is = |needle: &Needle| needle.word == word || (needle.is_prefix && word.starts_with(&needle.word));
        self.needles.iter().any(is) || self.parts.iter().any(|part| part.matches(word))
    }
}

impl Needle {
    fn new(word: &str, is_prefix: bool, fit: usize) -> Self {
        let end = if is_prefix { "" } else { " " };
        let finder = Finder::new(&format!(" {word}{end}")).into_owned();
        Self { word: word.to_owned(), finder, is_prefix, fit, correction: None }
    }

    fn find(&self, fields: &[String; 3]) -> Option<Match<'_>> {
        let (field, fit) = fields.iter().enumerate().find_map(|(at, field)| Some((at, self.fit_in(field)?)))?;
        Some(Match {
            score: FIELD_WEIGHTS[field] * fit,
            in_title: field == 0 && fit == self.fit,
            begins_title: field == 0 && fields[0].as_bytes().starts_with(self.finder.needle()),
            apart: false,
            correction: self.correction.as_deref(),
        })
    }

    /// Returns the score of a word in a field: a whole word better than the beginning of one.
    fn fit_in(&self, field: &str) -> Option<usize> {
        let mut found = self.finder.find_iter(field.as_bytes()).peekable();
        found.peek()?;
        let is_whole = |at: usize| field.as_bytes().get(at + 1 + self.word.len()) == Some(&b' ');
        Some(if found.any(is_whole) { self.fit } else { 2 })
    }
}

/// The set of letters of a word, without `e`, which folding may take away.
pub(super) fn letters(plain: &str) -> u32 {
    let letters = plain.bytes().filter(|byte| byte.is_ascii_lowercase() && *byte != b'e');
    letters.fold(0, |set, letter| set | 1 << (letter - b'a'))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}
