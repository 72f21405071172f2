//! What a character is to a search, and the spelling under which a word is kept.
//!
//! Both doors search with the same table: the script of an export gets it with the index, so that no two implementations of folding have
//! to agree.

use std::sync::LazyLock;

use deunicode::deunicode_char;

/// Longest spelling, in characters; what is longer is no word.
const LONGEST: usize = 40;

/// Code points that the table knows: Latin, Greek and Cyrillic with their marks, and punctuation. Letters of other scripts stand for
/// themselves.
const TABLE: [std::ops::RangeInclusive<u32>; 2] = [0x80..=0x52F, 0x1E00..=0x206F];

/// What a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign<'a> {
    /// These letters or digits, in lower case.
    Letters(&'a str),
    /// A letter or digit without another form.
    Letter(char),
    /// Nothing by itself: a mark that combines, a soft hyphen.
    Nothing,
    /// Joins what stands at its sides to one word, as in `U-Net`.
    Joiner,
    /// Joins, and may stand for a century, as in `ICLR'19`.
    Apostrophe,
    /// Belongs to a single letter before it: `C++`, `C#`.
    Suffix(char),
    /// Stands between words.
    Gap,
}

/// ASCII letters and digits in lower case, by their code.
const ASCII: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Forms of the code points in [`TABLE`], as the script reads them: letters, `-` and `'` for joiners, a space for gaps.
static FORMS: LazyLock<Vec<String>> =
    LazyLock::new(|| TABLE.into_iter().flatten().map(|code| char::from_u32(code).map_or_else(|| " ".to_owned(), form)).collect());

fn form(c: char) -> String {
    match c {
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' => return String::new(),
        '\u{2010}' | '\u{2011}' | '·' => return "-".to_owned(),
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => return "'".to_owned(),
        c if !c.is_alphanumeric() => return " ".to_owned(),
        _ => {}
    }
    deunicode_char(c).unwrap_or("").to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The form of a code point in the table.
fn tabled(code: u32) -> Option<&'static str> {
    let [first, second] = &TABLE;
    let at = match code {
        code if first.contains(&code) => code - first.start(),
        code if second.contains(&code) => code - second.start() + (first.end() - first.start() + 1),
        _ => return None,
    };
    FORMS.get(at as usize).map(String::as_str)
}

/// The table for the script: each character that is no gap, and its form.
pub(super) fn table() -> impl Iterator<Item = (char, &'static str)> {
    TABLE.into_iter().flatten().filter_map(|code| Some((char::from_u32(code)?, tabled(code)?))).filter(|(_, form)| *form != " ")
}

/// What a character is.
pub(super) fn sign(c: char) -> Sign<'static> {
    match c {
        '0'..='9' => Sign::Letters(&ASCII[c as usize - 48..][..1]),
        'a'..='z' => Sign::Letters(&ASCII[c as usize - 87..][..1]),
        'A'..='Z' => Sign::Letters(&ASCII[c as usize - 55..][..1]),
        '-' | '.' | '_' | '&' => Sign::Joiner,
        '\'' => Sign::Apostrophe,
        '+' | '#' => Sign::Suffix(c),
        '\0'..='\x7f' => Sign::Gap,
        _ => match tabled(c as u32) {
            Some("") => Sign::Nothing,
            Some("-") => Sign::Joiner,
            Some("'") => Sign::Apostrophe,
            Some(" ") => Sign::Gap,
            Some(letters) => Sign::Letters(letters),
            // Beyond the basic plane there are pictures, and letters that no script of a browser counts as one.
            None if c <= '\u{ffff}' && c.is_alphanumeric() => Sign::Letter(c.to_lowercase().next().unwrap_or(c)),
            None => Sign::Gap,
        },
    }
}

/// The spelling under which a folded word is kept, so that all its spellings are one.
///
/// * `ae`, `oe`, `ue` are `a`, `o`, `u`: with folded umlauts *Schlüter*, *Schluter* and *Schlueter* are one. The German 2 stemmer of
///   Snowball does the same to find words written without umlauts.
/// * `ss` is `s`, for *ß*.
/// * Numbers have no zeros before them: *029* is *29*.
///
/// A part of the spelling depends on what stands before it only, so that a beginning of a word has a beginning of its spelling.
pub(super) fn spelling(word: &str, out: &mut String) {
    out.clear();
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = word.trim_start_matches('0');
        out.push_str(if number.is_empty() { "0" } else { number });
        out.truncate(LONGEST);
        return;
    }
    let mut before = ' ';
    for c in word.chars() {
        if !is_silent(before, c) {
            out.push(c);
        }
        before = c;
    }
    if out.len() > LONGEST {
        let end = out.char_indices().nth(LONGEST).map_or(out.len(), |(at, _)| at);
        out.truncate(end);
    }
}

/// Whether a letter adds nothing to a spelling after this one.
pub(super) fn is_silent(before: char, c: char) -> bool {
    (c == 'e' && matches!(before, 'a' | 'o' | 'u')) || (c == 's' && before == 's')
}

#[cfg(test)]
pub(super) fn spelt(word: &str) -> String {
    let folded: String = word
        .chars()
        .flat_map(|c| match sign(c) {
            Sign::Letters(letters) => letters.chars().collect::<Vec<_>>(),
            Sign::Letter(c) => vec![c],
            _ => Vec::new(),
        })
        .collect();
    let mut out = String::new();
    spelling(&folded, &mut out);
    out
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
            &["李飞", "李飞"],
        ] {
            let spelt: Vec<String> = group.iter().map(|word| spelt(word)).collect();
            assert!(!spelt[0].is_empty() && spelt.iter().all(|other| *other == spelt[0]), "{group:?}: {spelt:?}");
        }
        for (one, other) in [("Bach", "Buch"), ("Jan", "Jen"), ("2019", "2018"), ("0", "00001")] {
            assert_ne!(spelt(one), spelt(other));
        }
    }

    #[test]
    fn the_beginning_of_a_word_has_the_beginning_of_its_spelling() {
        for word in ["schlueter", "michael", "queue", "strasse", "weissensee", "aueue", "ssss"] {
            for end in 1..word.len() {
                assert!(spelt(word).starts_with(&spelt(&word[..end])), "{} of {word}", &word[..end]);
            }
        }
    }

    #[test]
    fn the_table_holds_no_sign_that_would_split_what_it_folds_to() {
        let mut letters = 0;
        for (c, form) in table() {
            let word = form.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            assert!(word || form == "-" || form == "'", "{c}: {form:?}");
            letters += usize::from(word && !form.is_empty());
        }
        assert!(letters > 1000, "{letters}");
    }
}
