//! Marks the words of a query in a text, and cuts excerpts around them.

use std::ops::Range;

use super::Found;
use super::text::tokens;

/// Bytes of an excerpt, and of what stands before its first hit, give or take a word.
const LENGTH: usize = 200;
const BEFORE: usize = 50;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// True if the query contains it.
    pub marked: bool,
}

impl Found<'_> {
    /// Splits a text into pieces, marked where it has words of the query.
    pub fn mark<'a>(&self, text: &'a str) -> Vec<Piece<'a>> {
        pieces(text, 0..text.len(), &self.hits_in(text))
    }

    /// Cuts the part with the most words of the query out of a text; empty if it has none.
    pub fn excerpt<'a>(&self, text: &'a str) -> Vec<Piece<'a>> {
        let hits = self.hits_in(text);
        let distinct = |first: usize| {
            let near = hits[first..].iter().take_while(|(range, _)| range.end < hits[first].0.start + LENGTH - BEFORE);
            near.fold(0_u32, |terms, (_, term)| terms | 1 << term).count_ones()
        };
        let Some(best) = (0..hits.len()).rev().max_by_key(|first| distinct(*first)) else { return Vec::new() };
        // Whole words only: from behind one space to before another. Near its end, the text is shown from further
        // ahead.
        let from = hits[best].0.start.saturating_sub(BEFORE).min(text.len().saturating_sub(LENGTH));
        let from = if from == 0 {
            0
        } else {
            text.as_bytes()[..from].iter().rposition(|byte| *byte == b' ').map_or(0, |at| at + 1)
        };
        let long_enough = hits[best].0.end.max(from + LENGTH).min(text.len());
        let rest = &text.as_bytes()[long_enough..];
        let to = rest.iter().position(|byte| *byte == b' ').map_or(text.len(), |length| long_enough + length);
        let ellipsis = |text| Piece { text, marked: false };
        let mut out = Vec::new();
        out.extend((from > 0).then(|| ellipsis("… ")));
        out.extend(pieces(text, from..to, &hits));
        out.extend((to < text.len()).then(|| ellipsis(" …")));
        out
    }

    /// The places in a text that have a term, each with its number.
    fn hits_in(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let term = |word: &str| self.terms.iter().position(|term| term.matches(word));
        tokens(text).filter_map(|token| Some((token.range, term(&token.word)?))).collect()
    }
}

/// Splits a part of a text into pieces. A joined word comes after its parts and swallows their marks.
fn pieces<'a>(text: &'a str, part: Range<usize>, hits: &[(Range<usize>, usize)]) -> Vec<Piece<'a>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for (range, _) in hits.iter().filter(|(range, _)| range.start >= part.start && range.end <= part.end) {
        while marks.pop_if(|last| last.start >= range.start).is_some() {}
        marks.push(range.clone());
    }
    let (mut out, mut at) = (Vec::new(), part.start);
    for mark in marks {
        out.push(Piece { text: &text[at..mark.start], marked: false });
        out.push(Piece { text: &text[mark.clone()], marked: true });
        at = mark.end;
    }
    out.push(Piece { text: &text[at..part.end], marked: false });
    out.retain(|piece| !piece.text.is_empty());
    out
}
