//! The documents of a word in few bytes, which are letters, so that the file of an export can hold them as they are.
//!
//! Numbers are written in base 32, the lowest digit first, a digit as a letter of base 64 whose highest bit says that more follow: the
//! variable-length quantities of source maps (ECMA-426 §6.1), without their sign. A posting is the distance to the document before, and twice
//! the weight plus one if the word is in the title.

/// The letters of base 64 (RFC 4648 §4).
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The digit of each letter.
const DIGITS: [u8; 128] = {
    let mut digits = [0; 128];
    let mut digit = 0;
    while digit < 64 {
        digits[LETTERS[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};

/// A word in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) document: usize,
    /// What it adds to the rank, at least 1.
    pub(super) weight: u32,
    /// Whether it is in the title.
    pub(super) in_title: bool,
}

/// Writes a number.
fn write(mut number: u32, out: &mut Vec<u8>) {
    while number >= 32 {
        out.push(LETTERS[(number % 32 + 32) as usize]);
        number /= 32;
    }
    out.push(LETTERS[number as usize]);
}

/// Writes a posting after one of the document `before`, or the first one with 0.
pub(super) fn write_posting(posting: Posting, before: usize, out: &mut Vec<u8>) {
    write((posting.document - before) as u32, out);
    write(posting.weight * 2 + u32::from(posting.in_title), out);
}

/// Reads postings.
#[derive(Debug, Clone)]
pub(super) struct Postings<'a> {
    letters: std::slice::Iter<'a, u8>,
    document: usize,
}

impl<'a> Postings<'a> {
    pub(super) fn new(letters: &'a [u8]) -> Self {
        Self { letters: letters.iter(), document: 0 }
    }

    /// The letters that have not been read.
    pub(super) fn letters(&self) -> &'a str {
        std::str::from_utf8(self.letters.as_slice()).unwrap_or("")
    }

    /// How many letters those are.
    pub(super) fn bytes(&self) -> usize {
        self.letters.len()
    }

    fn number(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let digit = DIGITS[usize::from(*self.letters.next()? & 127)];
            number |= u32::from(digit % 32) << shift;
            if digit < 32 {
                return Some(number);
            }
            shift += 5;
        }
    }
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        self.document += self.number()? as usize;
        let weight = self.number()?;
        Some(Posting { document: self.document, weight: weight / 2, in_title: weight % 2 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut out = Vec::new();
        let postings = [(0, 1, true), (1, 15, false), (40, 16, false), (2000, 700, true), (70_000, 100_000, false)];
        let postings = postings.map(|(document, weight, in_title)| Posting { document, weight, in_title });
        let mut before = 0;
        for posting in postings {
            write_posting(posting, before, &mut out);
            before = posting.document;
        }
        assert_eq!(Postings::new(&out).collect::<Vec<_>>(), postings);
    }

    #[test]
    fn numbers_are_as_in_source_maps() {
        for (number, letters) in [(0, "A"), (31, "f"), (32, "gB"), (1023, "/f"), (1024, "ggB")] {
            let mut out = Vec::new();
            write(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), letters);
        }
    }
}
