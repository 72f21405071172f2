//! A text as the words that it is searched by.

use std::ops::Range;

use super::fold::{Sign, sign, spelling};

/// What stands between two gaps: a word, or some that are joined, as in `U-Net`.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// All letters and digits, folded.
    letters: String,
    /// Each word: where it is in the letters, and where in the text.
    parts: Vec<(Range<usize>, Range<usize>)>,
    /// The two digits after an apostrophe at the end: `19` in `ICLR'19`.
    century: bool,
}

impl Chunk {
    /// The words, folded, each with its place in the text.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.parts.iter().map(|(letters, place)| (&self.letters[letters.clone()], place.clone()))
    }

    /// All words in one, where there are several.
    pub(super) fn joined(&self) -> Option<&str> {
        (self.parts.len() > 1).then_some(self.letters.as_str())
    }

    /// Where all of it is in the text.
    pub(super) fn place(&self) -> Range<usize> {
        let start = self.parts.first().map_or(0, |(_, place)| place.start);
        start..self.parts.last().map_or(start, |(_, place)| place.end)
    }

    /// Gives each spelling under which a text with this chunk is kept, with its place.
    pub(super) fn each_spelling(&self, buffer: &mut String, mut each: impl FnMut(&str, Range<usize>)) {
        for (part, place) in self.parts() {
            spelling(part, buffer);
            each(buffer, place);
        }
        if let Some(joined) = self.joined() {
            spelling(joined, buffer);
            each(buffer, self.place());
        }
        if self.century {
            let (digits, place) = &self.parts[self.parts.len() - 1];
            buffer.clear();
            buffer.push_str("20");
            buffer.push_str(&self.letters[digits.clone()]);
            each(buffer, place.clone());
        }
    }

    fn clear(&mut self) {
        self.letters.clear();
        self.parts.clear();
        self.century = false;
    }
}

/// Reads the chunks of a text in their order.
pub(super) fn chunks(text: &str, mut each: impl FnMut(&Chunk)) {
    let mut reader = Reader::default();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match sign(c) {
            Sign::Letters(letters) => reader.letters(letters, at, end, &mut each),
            Sign::Letter(letter) => reader.letters(letter.encode_utf8(&mut [0; 4]), at, end, &mut each),
            Sign::Nothing => reader.end = if reader.open { end } else { reader.end },
            Sign::Joiner => reader.joiner(false, &mut each),
            Sign::Apostrophe => reader.joiner(true, &mut each),
            Sign::Suffix(c) => reader.suffix(c, end, &mut each),
            Sign::Gap => reader.gap(&mut each),
        }
    }
    reader.gap(&mut each);
}

#[derive(Default)]
struct Reader {
    chunk: Chunk,
    /// Whether a word is being read.
    open: bool,
    /// Where it began, in the letters and in the text, and where it has come to in the text.
    from: usize,
    start: usize,
    end: usize,
    /// The number of signs after a single letter.
    suffix: usize,
    /// Whether an apostrophe stands before the word.
    apostrophe: bool,
}

impl Reader {
    fn letters(&mut self, letters: &str, at: usize, end: usize, each: &mut impl FnMut(&Chunk)) {
        if self.suffix > 0 {
            self.after_suffix(each);
        }
        if !self.open {
            (self.open, self.from, self.start) = (true, self.chunk.letters.len(), at);
        }
        self.chunk.letters.push_str(letters);
        self.end = end;
    }

    /// Letters follow a suffix: `C++11` is `C++` and `11`, but `A+B` is `A` and `B`.
    fn after_suffix(&mut self, each: &mut impl FnMut(&Chunk)) {
        if self.suffix == 1 && self.chunk.letters.ends_with('+') {
            self.chunk.letters.pop();
            self.end -= 1;
        }
        self.gap(each);
    }

    fn close(&mut self) {
        if self.open {
            self.chunk.parts.push((self.from..self.chunk.letters.len(), self.start..self.end));
        }
        (self.open, self.suffix) = (false, 0);
    }

    fn joiner(&mut self, apostrophe: bool, each: &mut impl FnMut(&Chunk)) {
        if self.open {
            self.close();
            self.apostrophe = apostrophe;
        } else {
            self.gap(each);
        }
    }

    fn suffix(&mut self, c: char, end: usize, each: &mut impl FnMut(&Chunk)) {
        let letters = self.chunk.letters.as_bytes();
        let single =
            self.open && self.chunk.parts.is_empty() && letters.len() == 1 + self.suffix && letters[0].is_ascii_lowercase();
        if !single {
            return self.gap(each);
        }
        self.chunk.letters.push(c);
        (self.suffix, self.end) = (self.suffix + 1, end);
    }

    fn gap(&mut self, each: &mut impl FnMut(&Chunk)) {
        let ended_in_word = self.open;
        self.close();
        if let Some((last, _)) = self.chunk.parts.last() {
            let digits = &self.chunk.letters[last.clone()];
            let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            self.chunk.century = two && ended_in_word && self.apostrophe && self.chunk.parts.len() > 1;
            each(&self.chunk);
        }
        self.chunk.clear();
        self.apostrophe = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spellings(text: &str) -> Vec<String> {
        let (mut out, mut buffer) = (Vec::new(), String::new());
        chunks(text, |chunk| {
            chunk.each_spelling(&mut buffer, |spelling, place| out.push(format!("{spelling}={}", &text[place])))
        });
        out
    }

    #[test]
    fn words_are_read_with_their_places() {
        for (text, expected) in [
            ("", &[][..]),
            ("  … – !? 😀", &[]),
            ("Jan Schlüter,", &["jan=Jan", "schluter=Schlüter"]),
            ("U-Net's", &["u=U", "net=Net", "s=s", "unets=U-Net's"]),
            ("Schlu\u{308}ter", &["schluter=Schlu\u{308}ter"]),
            (
                "C++ and C++11, C# A+B 5+ 1000+",
                &["c++=C++", "and=and", "c++=C++", "11=11", "c#=C#", "a=A", "b=B", "5=5", "1000=1000"],
            ),
            ("ICLR'19", &["iclr=ICLR", "19=19", "iclr19=ICLR'19", "2019=19"]),
            ("’19 4–5", &["19=19", "4=4", "5=5"]),
            ("2019-09-24.", &["2019=2019", "9=09", "24=24", "20190924=2019-09-24"]),
            ("#VDLM -x- a--b", &["vdlm=VDLM", "x=x", "a=a", "b=b"]),
            ("DALL·E", &["dall=DALL", "e=E", "dalle=DALL·E"]),
        ] {
            assert_eq!(spellings(text), expected, "{text}");
        }
    }
}
