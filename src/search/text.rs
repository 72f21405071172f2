//! Splits text into folded words, so that all spellings of a name are one.

use std::ops::Range;

use deunicode::deunicode_char;

/// Words that say nothing about what is looked for, unless a query has no others. Sorted and folded.
pub const STOP_WORDS: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "auf", "be", "by", "das", "der", "die", "ein", "eine", "for", "from", "fur",
    "how", "im", "in", "is", "it", "mit", "of", "on", "or", "that", "the", "this", "to", "und", "von", "was", "what",
    "when", "where", "which", "who", "with", "zu",
];

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The word as it is compared.
    pub(super) word: String,
    /// Its letters in lower-case ASCII.
    pub(super) plain: String,
    /// The word as it is written.
    pub(super) shown: String,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
}

/// A word, or several that are joined as in `U-Net`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) parts: Vec<Token>,
    /// All parts as one word, if there are several.
    pub(super) joined: Option<Token>,
}

/// Splits a text into groups of words.
pub(super) fn groups(text: &str) -> impl Iterator<Item = Group> {
    runs(text, 0..text.len(), |c| is_word(c) || is_joiner(c)).filter_map(move |range| {
        let parts: Vec<Token> =
            runs(text, range, is_word).filter_map(|part| Token::new(text, with_suffix(text, part))).collect();
        let (first, last) = (parts.first()?, parts.last()?);
        let joined = if parts.len() > 1 { Token::new(text, first.range.start..last.range.end) } else { None };
        Some(Group { parts, joined })
    })
}

/// Splits a text into words; joined words come one by one and as one: `u`, `net`, `unet`.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    groups(text).flat_map(|group| group.parts.into_iter().chain(group.joined))
}

/// Removes the words that say nothing, unless there are no others.
pub(super) fn without_stop_words<T>(mut all: Vec<T>, plain: impl Fn(&T) -> &str) -> Vec<T> {
    let is_stop_word = |item: &T| STOP_WORDS.binary_search(&plain(item)).is_ok();
    if !all.iter().all(is_stop_word) {
        all.retain(|item| !is_stop_word(item));
    }
    all
}

/// Joins the words of a name, so that `GPT-4` and `gpt4`, or `The U-Net` and `u net`, are the same.
pub(super) fn squash(text: &str) -> String {
    let parts = groups(text).flat_map(|group| group.parts).collect();
    without_stop_words(parts, |part: &Token| &part.plain).into_iter().map(|part| part.word).collect()
}

impl Token {
    fn new(text: &str, range: Range<usize>) -> Option<Self> {
        let shown = text[range.clone()].to_owned();
        let plain = plain(&shown);
        let word = fold(&plain);
        (!word.is_empty()).then_some(Self { word, plain, shown, range })
    }
}

/// The ranges of a text whose characters all satisfy a condition, each as long as possible.
fn runs(text: &str, within: Range<usize>, keep: impl Fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let start = at + text[at..within.end].find(&keep)?;
        at = text[start..within.end].find(|c| !keep(c)).map_or(within.end, |length| start + length);
        Some(start..at)
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Returns whether a character changes a letter or is not seen: combining marks, soft hyphens, joiners without width.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

fn is_joiner(c: char) -> bool {
    "-._&'‘’ʼ‐‑·".contains(c)
}

/// Extends a single letter by the sign of a programming language: `C++`, `C#`.
fn with_suffix(text: &str, word: Range<usize>) -> Range<usize> {
    let is_letter = word.len() == 1 && text.as_bytes()[word.start].is_ascii_alphabetic();
    let suffix = ["++", "#"].into_iter().find(|suffix| is_letter && text[word.end..].starts_with(suffix));
    word.start..word.end + suffix.map_or(0, str::len)
}

fn plain(word: &str) -> String {
    let mut letters = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '+' | '#' => letters.push(c),
            c if c.is_ascii_alphanumeric() => letters.push(c.to_ascii_lowercase()),
            c if c.is_alphanumeric() => {
                let ascii = deunicode_char(c).unwrap_or_default().chars().filter(char::is_ascii_alphanumeric);
                letters.extend(ascii.map(|c| c.to_ascii_lowercase()));
            }
            _ => {}
        }
    }
    letters
}

/// Folds letters in ASCII: `ae`, `oe`, `ue` are `a`, `o`, `u`, as in the German stemmer of Snowball, so that
/// *Schlüter*, *Schluter* and *Schlueter* are one; `ss` is `s`, for *ß*; and numbers have no leading zeros.
fn fold(plain: &str) -> String {
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = plain.trim_start_matches('0');
        return if number.is_empty() { plain.get(..1).unwrap_or_default() } else { number }.to_owned();
    }
    let mut before = ' ';
    let mut keep = |c| {
        let silent = (c == 'e' && "aou".contains(before)) || (c == 's' && before == 's');
        before = c;
        !silent
    };
    plain.chars().filter(|c| keep(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_word_are_one() {
        for group in [
            &["Schlüter", "Schluter", "Schlueter", "SCHLÜTER", "Schlu\u{308}ter"][..],
            &["Weiß", "Weiss", "WEISS", "weiẞ"],
            &["Mačina", "Macina"],
            &["Söderström", "Soederstroem", "Soderstrom"],
            &["Ångström", "Angstroem"],
            &["œuvre", "oeuvre"],
            &["Łukasz", "lukasz"],
            &["029", "29", "0029"],
            &["Ελλάδα", "ελλαδα"],
        ] {
            let folded: Vec<String> = group.iter().map(|word| tokens(word).next().unwrap().word).collect();
            assert!(folded.iter().all(|other| *other == folded[0]), "{group:?}: {folded:?}");
        }
        for (one, other) in [("Bach", "Buch"), ("Jan", "Jen"), ("2019", "2018"), ("0", "00001")] {
            assert_ne!(squash(one), squash(other));
        }
    }

    #[test]
    fn joined_words_are_found_one_by_one_and_as_one() {
        let words =
            |text: &str| tokens(text).map(|token| format!("{}={}", token.word, token.shown)).collect::<Vec<_>>();
        for (text, expected) in [
            ("", &[][..]),
            ("  … – !? 😀 -", &[]),
            ("Jan Schlüter,", &["jan=Jan", "schluter=Schlüter"]),
            ("U-Net's", &["u=U", "net=Net", "s=s", "unets=U-Net's"]),
            ("C++ and C++11, C# A+B 5+", &["c++=C++", "and=and", "c++=C++", "11=11", "c#=C#", "a=A", "b=B", "5=5"]),
            ("2019-09-24.", &["2019=2019", "9=09", "24=24", "20190924=2019-09-24"]),
            ("#VDLM -x- DALL·E", &["vdlm=VDLM", "x=x", "dall=DALL", "e=E", "dalle=DALL·E"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
        assert_eq!((squash("The GPT-4"), squash("the"), squash("#05")), ("gpt4".into(), "the".into(), "5".into()));
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }
}
