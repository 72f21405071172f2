//! The words that are one slip of the keyboard away.

/// Letters that a slip may put in. Where others were meant, they fold to these.
const ALPHABET: std::ops::RangeInclusive<char> = 'a'..='z';

/// Whether a slip in the word is forgiven: short words and numbers are too close to others.
pub(super) fn forgiven(word: &str) -> bool {
    word.chars().count() >= SHORTEST && !word.contains(|c: char| c.is_ascii_digit())
}

/// The fewest letters of a word in which a slip is forgiven, before and after.
const SHORTEST: usize = 4;

/// Gives all words at Damerau-Levenshtein distance 1 (Damerau 1964): one letter left out, put in, exchanged, or two neighbours swapped. This
/// way round, a look-up of some hundred candidates costs less than a comparison with each word there is; Norvig's spelling corrector
/// does the same. Slips are made in the word as it was typed, before umlauts that are written out become one letter. With each comes how many
/// bytes of the word stand before the slip.
pub(super) fn each_edit(word: &str, mut each: impl FnMut(usize, &str)) {
    let letters: Vec<char> = word.chars().collect();
    let mut edit = String::with_capacity(word.len() + 4);
    let mut give = |before: &[char], middle: &[char], after: &[char]| {
        if before.len() + middle.len() + after.len() >= SHORTEST {
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
        // 5 deletions, 4 swaps, 125 exchanges, the word itself, 156 insertions less 5 that give a word twice.
        assert_eq!(found.len(), 5 + 4 + 125 + 1 + 151);
        assert!(edits("lion").iter().all(|edit| edit.len() >= 4));
    }
}
