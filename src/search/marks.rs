//! Where the words of a query are in a text.

use std::ops::Range;

use super::words::chunks;
use super::{Found, Index};

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether the query has it.
    pub marked: bool,
}

/// Words of an excerpt, and those of them before the first hit.
const WINDOW: usize = 28;
const LEAD: usize = 7;

/// A word of the query in a text.
struct Place {
    at: Range<usize>,
    word: usize,
}

impl Index {
    /// A text in pieces, with those marked that a query found.
    pub fn mark<'a>(&self, found: &Found, text: &'a str) -> Vec<Piece<'a>> {
        pieces(text, 0..text.len(), &self.places(found, text))
    }

    /// The part of a text with the most words of a query, in pieces; nothing if there are none. A text is one line with single spaces.
    pub fn excerpt<'a>(&self, found: &Found, text: &'a str) -> Vec<Piece<'a>> {
        let places = self.places(found, text);
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect();
        let number = |at: usize| starts.partition_point(|start| *start <= at) - 1;
        let distinct = |first: usize| {
            let near = places[first..]
                .iter()
                .take_while(|place| number(place.at.start) < number(places[first].at.start) + WINDOW - LEAD);
            near.fold(0_u32, |words, place| words | 1 << place.word).count_ones()
        };
        // The first of the best.
        let Some(best) = (0..places.len()).rev().max_by_key(|first| distinct(*first)) else { return Vec::new() };
        let from = number(places[best].at.start).saturating_sub(LEAD).min(starts.len().saturating_sub(WINDOW));
        let end = starts.get(from + WINDOW).map_or(text.len(), |start| start - 1);
        let mut out = Vec::new();
        let dots = |text| Piece { text, marked: false };
        out.extend((from > 0).then(|| dots("… ")));
        out.extend(pieces(text, starts[from]..end, &places));
        out.extend((end < text.len()).then(|| dots(" …")));
        out
    }

    /// The places of all words, in their order.
    fn places(&self, found: &Found, text: &str) -> Vec<Place> {
        let (mut places, mut buffer) = (Vec::new(), String::new());
        chunks(text, |chunk| {
            chunk.each_spelling(&mut buffer, |spelling, at| {
                let Some(number) = self.number(spelling) else { return };
                let word = found.words.iter().position(|word| word.means(number));
                places.extend(word.map(|word| Place { at, word }));
            });
        });
        places
    }
}

/// The part of a text in pieces. What is joined comes after its parts and is marked as one with them.
fn pieces<'a>(text: &'a str, part: Range<usize>, places: &[Place]) -> Vec<Piece<'a>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for place in places.iter().filter(|place| place.at.start >= part.start && place.at.end <= part.end) {
        let mut mark = place.at.clone();
        while let Some(last) = marks.pop_if(|last| last.end > mark.start) {
            mark = mark.start.min(last.start)..mark.end.max(last.end);
        }
        marks.push(mark);
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
