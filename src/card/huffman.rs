//! Huffman codes as Deflate has them (RFC 1951, 3.2.2).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No code word is longer.
const LONGEST: usize = 15;

/// The bits of a code word, the first one lowest, and how many they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) bits: u64,
    pub(super) count: u32,
}

impl Bits {
    /// These bits, and others after them.
    pub(super) fn then(self, bits: u64, count: u32) -> Self {
        Self { bits: self.bits | bits << self.count, count: self.count + count }
    }
}

/// Lengths of the code words of symbols that occur so often, 0 for those that do not occur; none longer than `most`. Two symbols or more
/// must occur, and no more than 2 to the power of `most`.
///
/// Where Huffman's own code has longer words, the counts are made more even until it has not: that is a little worse than the best code
/// with such a limit, and such counts are rare.
pub(super) fn lengths(counts: &[u32], most: u8) -> Vec<u8> {
    let mut counts = counts.to_vec();
    loop {
        let lengths = unlimited(&counts);
        if lengths.iter().all(|length| *length <= most) {
            return lengths;
        }
        counts.iter_mut().for_each(|count| *count = count.div_ceil(2));
    }
}

/// Huffman (1952): the two rarest trees become one, until there is one.
fn unlimited(counts: &[u32]) -> Vec<u8> {
    let occurs = |(_, count): &(usize, &u32)| **count > 0;
    let mut trees: BinaryHeap<_> = counts.iter().enumerate().filter(occurs).map(|(at, count)| Reverse((*count, at))).collect();
    // Leaves have the numbers of their symbols, a tree of two the next one: parents have higher numbers than their children.
    let mut parents = vec![0; counts.len()];
    while let (Some(Reverse((rarest, left))), Some(Reverse((rare, right)))) = (trees.pop(), trees.pop()) {
        let parent = parents.len();
        (parents[left], parents[right]) = (parent, parent);
        parents.push(0);
        trees.push(Reverse((rarest + rare, parent)));
        if trees.len() == 1 {
            break;
        }
    }
    let mut depths = vec![0_u8; parents.len()];
    for at in (0..parents.len() - 1).rev() {
        if at >= counts.len() || counts[at] > 0 {
            depths[at] = depths[parents[at]] + 1;
        }
    }
    depths.truncate(counts.len());
    depths
}

/// The code words of these lengths: shorter ones first, and of the same length in the order of their symbols.
pub(super) fn words(lengths: &[u8]) -> Vec<Bits> {
    let mut of_length = [0_u64; LONGEST + 1];
    lengths.iter().filter(|length| **length > 0).for_each(|length| of_length[usize::from(*length)] += 1);
    // The next word of each length, as a number.
    let mut next = [0_u64; LONGEST + 1];
    for length in 1..=LONGEST {
        next[length] = (next[length - 1] + of_length[length - 1]) << 1;
    }
    let word = |length: &u8| {
        if *length == 0 {
            return Bits::default();
        }
        let word = &mut next[usize::from(*length)];
        *word += 1;
        Bits { bits: (*word - 1).reverse_bits() >> (64 - u32::from(*length)), count: u32::from(*length) }
    };
    lengths.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_example_of_the_rfc() {
        // RFC 1951, 3.2.2: ABCDEFGH have 3, 3, 3, 3, 3, 2, 4, 4 bits.
        let words = words(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let written: Vec<String> = words
            .iter()
            .map(|word| (0..word.count).map(|at| if word.bits >> at & 1 == 1 { '1' } else { '0' }).collect())
            .collect();
        assert_eq!(written, ["010", "011", "100", "101", "110", "00", "1110", "1111"]);
    }

    #[test]
    fn a_code_is_complete_short_and_within_its_limit() {
        let kraft = |lengths: &[u8]| lengths.iter().filter(|it| **it > 0).map(|it| 0.5_f64.powi(i32::from(*it))).sum::<f64>();
        // Cormen et al., Introduction to Algorithms, 16.3: a file of 100,000 characters takes 224,000 bits.
        let counts = [45, 13, 12, 16, 9, 5];
        let best = lengths(&counts, 15);
        assert_eq!(counts.iter().zip(&best).map(|(count, bits)| count * u32::from(*bits)).sum::<u32>(), 224);
        let fibonacci: Vec<u32> = (0..30)
            .scan((1, 1), |at, _| {
                *at = (at.1, at.0 + at.1);
                Some(at.0)
            })
            .collect();
        for most in [7, 15] {
            let lengths = lengths(&fibonacci, most);
            assert!(lengths.iter().all(|length| (1..=most).contains(length)), "{lengths:?}");
            assert!((kraft(&lengths) - 1.0).abs() < 1e-9 && (kraft(&best) - 1.0).abs() < 1e-9);
        }
        assert_eq!(lengths(&[0, 3, 0, 3], 15), [0, 1, 0, 1]);
    }
}
