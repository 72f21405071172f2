//! The words that are one slip of the keyboard away.

use super::fold::is_silent;

/// Letters that a slip may put in. Where others were meant, they fold to these.
const ALPHABET: std::ops::RangeInclusive<char> = 'a'..='z';

/// Whether a slip in the word is forgiven: short words and numbers are too close to others.
pub(super) fn forgiven(word: &str) -> bool {
    word.chars().count() >= SHORTEST && !word.contains(|c: char| c.is_ascii_digit())
}

/// The fewest letters of a word in which a slip is forgiven, before and after; of an umlaut that is written out, one counts.
const SHORTEST: usize = 4;
/// The fewest where the slip itself makes two letters one, as in *alert*, *aert*, *art*: to the reader two letters are gone then, though who left
/// one out of *Schlueter* has made one slip.
const SHORTEST_JOINED: usize = 6;

/// Gives all words at Damerau-Levenshtein distance 1 (Damerau 1964): one letter left out, put in, exchanged, or two neighbours swapped. This
/// way round, a look-up of some hundred candidates costs less than a comparison with each word there is; Norvig's spelling corrector
/// does the same. Slips are made in the word as it was typed, before umlauts that are written out become one letter. With each comes how many
/// bytes of the word stand before the slip.
pub(super) fn each_edit(word: &str, mut each: impl FnMut(usize, &str)) {
    let letters: Vec<char> = word.chars().collect();
    let mut edit = String::with_capacity(word.len() + 4);
    let mut give = |before: &[char], middle: &[char], after: &[char]| {
        if is_near(before, middle, after) {
            edit.clear();
            edit.extend(before);
            let place = edit.len();
            edit.extend(middle.iter().chain(after));
            each(place, &edit);
        }
    };
    for at in 0..=letters.len() {
        let (before, after) = letters.split_at(at);
        if let [_, rest @ ..] = after {
            give(before, &[], rest);
            ALPHABET.for_each(|c| give(before, &[c], rest));
        }
        if let [one, other, rest @ ..] = after {
            give(before, &[*other, *one], rest);
        }
        ALPHABET.for_each(|c| give(before, &[c], after));
    }
}

/// Whether enough is left of a word with a slip between `before` and `after`.
fn is_near(before: &[char], middle: &[char], after: &[char]) -> bool {
    let (mut last, mut at, mut heard, mut joins) = (' ', 0, 0, false);
    for c in before.iter().chain(middle).chain(after) {
        if is_silent(last, *c) {
            joins |= (before.len()..=before.len() + middle.len()).contains(&at);
        } else {
            heard += 1;
        }
        (last, at) = (*c, at + 1);
    }
    heard >= if joins { SHORTEST_JOINED } else { SHORTEST }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn edits(word: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        each_edit(word, |before, edit| {
            assert_eq!(word[..before], edit[..before]);
            found.insert(edit.to_owned());
        });
        found
    }

    #[test]
    fn edits_are_the_words_at_distance_one() {
        let found = edits("adams");
        for edit in ["adam", "dams", "radams", "adamsx", "adasm", "daams", "adxms"] {
            assert!(found.contains(edit), "{edit}");
        }
        // The distance without two edits at one place, as another library counts it.
        assert!(found.iter().all(|edit| strsim::osa_distance(edit, "adams") <= 1));
        // 5 deletions, 4 swaps, 125 exchanges, the word itself, 156 insertions less 5 that give a word twice; less the 6 that make two letters
        // one: aedams, adaems, adamss, aeams, adaes, adass.
        assert_eq!(found.len(), 5 + 4 + 125 + 1 + 151 - 6);
        assert!(edits("lion").iter().all(|edit| edit.len() >= 4));
    }

    #[test]
    fn no_slip_makes_an_umlaut_that_hides_another() {
        for (word, edit, near) in [
            // By hand: what is left of the edits is art, art, plat, lookahead, michal, schluter, gos.
            ("alert", "aert", false),
            ("bert", "aert", false),
            ("planet", "plaet", false),
            ("lokahead", "lookahead", true),
            ("michqel", "michael", true),
            ("schlxeter", "schlueter", true),
            ("does", "goes", false),
        ] {
            assert_eq!(edits(word).contains(edit), near, "{word}, {edit}");
        }
    }
}
