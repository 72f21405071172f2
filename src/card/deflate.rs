//! The compression of cards of text.
//!
//! It takes most of the time of a card, and libraries take more of it or make larger files: for the card of an event, fdeflate took 0.06 ms
//! and made 38 KB of it, zlib-rs at level 2 took 0.17 ms and made 16 KB, miniz_oxide at level 1 0.38 ms and 20 KB; this takes 0.12 ms and
//! makes 16 KB. They do not know where to look: most bytes are paper, rows without ink are known, and what repeats stands to the left or
//! in the row above. This finds no more than that, in one block with a Huffman code of its own.

use simd_adler32::Adler32;

use super::huffman::{Bits, lengths, words};
use super::image::{Image, ROW, ROWS};

/// The longest and the shortest repetition (RFC 1951, 3.2.5).
const LONGEST: usize = 258;
const SHORTEST: usize = 3;
/// The symbol for the end of the block, and the first of those for lengths.
const END: usize = 256;
const LENGTHS: usize = 257;
/// The code of the distance of a row, the least distance of that code, and how many extra bits it has.
const ABOVE: usize = 18;
const ABOVE_FROM: usize = 513;
const ABOVE_EXTRA: u32 = 8;
/// Least length of a repetition of the row above: the distance takes 8 bits, as much as a byte or two.
const WORTH: usize = 4;

/// Tokens by number: a byte as it is, then the lengths of what repeats the byte before, then of what repeats the row above.
const LEFT_TOKENS: usize = 256;
const ABOVE_TOKENS: usize = LEFT_TOKENS + LONGEST - SHORTEST + 1;
const TOKENS: usize = ABOVE_TOKENS + LONGEST - SHORTEST + 1;

/// An image as a zlib stream (RFC 1950).
pub(super) fn zlib(image: &Image) -> Vec<u8> {
    // A window of 32 KB, and by the fastest method.
    let mut out = Writer { out: Vec::with_capacity(32 << 10), ..Writer::default() };
    out.out.extend([0x78, 0x01]);
    block(&tokens(image), &mut out);
    out.finish();
    out.out.extend(checksum(image).to_be_bytes());
    out.out
}

/// What the image is made of.
fn tokens(image: &Image) -> Vec<u16> {
    let bytes = image.padded();
    let mut tokens = Vec::with_capacity(32 << 10);
    // The first row has none above it, and is a bar: it is long enough that nobody need look.
    let mut at = 1;
    tokens.push(u16::from(bytes[0]));
    while at < image.bytes().len() {
        let here = word(bytes, at);
        let left = same(here ^ word(bytes, at - 1));
        let above = at.checked_sub(ROW).map_or(0, |above| same(here ^ word(bytes, above)));
        if left.max(above) < SHORTEST {
            tokens.push(here as u16 & 0xff);
            at += 1;
            continue;
        }
        let paper = here & 0xff == 0 && left >= SHORTEST;
        let (left, above) = match paper {
            true => (paper_end(image, at) - at, 0),
            false => (common(bytes, at, 1, left), common(bytes, at, ROW, above)),
        };
        let (first, length) = if above >= WORTH && above > left + 1 { (ABOVE_TOKENS, above) } else { (LEFT_TOKENS, left) };
        if length >= SHORTEST {
            repeat(&mut tokens, first, length);
            at += length;
        } else {
            tokens.push(here as u16 & 0xff);
            at += 1;
        }
    }
    tokens
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}

/// How many bytes are the same, from the difference of two words.
fn same(difference: u64) -> usize {
    difference.trailing_zeros() as usize / 8
}

/// Where the zeros from `at` on end.
fn paper_end(image: &Image, mut at: usize) -> usize {
    let bytes = image.bytes();
    for row in at / ROW..ROWS {
        let end = (row + 1) * ROW;
        if image.is_empty(row) {
            at = end;
            continue;
        }
        let words = bytes[at..end].chunks_exact(8).take_while(|word| **word == [0; 8]).count();
        at += words * 8;
        if let Some(ink) = bytes[at..end].iter().position(|byte| *byte != 0) {
            return at + ink;
        }
        at = end;
    }
    at
}

/// How many bytes from `at` on are the same as those at a distance before them, where `known` are, of the first eight.
fn common(bytes: &[u8], at: usize, distance: usize, known: usize) -> usize {
    let mut length = known;
    while length % 8 == 0 && length > 0 && length < LONGEST && at + length + 8 <= bytes.len() {
        let more = same(word(bytes, at + length) ^ word(bytes, at + length - distance));
        length += more;
        if more == 0 {
            break;
        }
    }
    length.min(LONGEST).min(ROW * ROWS - at)
}

/// A repetition of any length from [`SHORTEST`] on, in pieces.
fn repeat(tokens: &mut Vec<u16>, first: usize, mut length: usize) {
    while length > 0 {
        // What is left must be long enough too.
        let piece = if (LONGEST + 1..LONGEST + SHORTEST).contains(&length) { length - SHORTEST } else { length.min(LONGEST) };
        tokens.push((first + piece - SHORTEST) as u16);
        length -= piece;
    }
}

/// The symbol of the length of a repetition, its extra bits and how many they are: RFC 1951, 3.2.5.
fn length_symbol(length: usize) -> (usize, u64, u32) {
    let past = length - SHORTEST;
    match past {
        0..8 => (LENGTHS + past, 0, 0),
        255 => (285, 0, 0),
        _ => {
            // From 8 on there are four symbols to each power of two.
            let extra = past.ilog2() - 2;
            let symbol = LENGTHS + 4 * extra as usize + (past >> extra);
            (symbol, (past & ((1 << extra) - 1)) as u64, extra)
        }
    }
}

/// The symbol of a token.
fn symbol(token: usize) -> usize {
    match token {
        0..LEFT_TOKENS => token,
        LEFT_TOKENS..ABOVE_TOKENS => length_symbol(token - LEFT_TOKENS + SHORTEST).0,
        _ => length_symbol(token - ABOVE_TOKENS + SHORTEST).0,
    }
}

/// One block with a code of its own, the last one: RFC 1951, 3.2.7.
fn block(tokens: &[u16], out: &mut Writer) {
    let mut seen = [0_u32; TOKENS];
    tokens.iter().for_each(|token| seen[usize::from(*token)] += 1);
    let mut counts = [0; 286];
    counts[END] = 1;
    seen.iter().enumerate().for_each(|(token, count)| counts[symbol(token)] += count);
    let symbols = lengths(&counts, 15);
    // Two distances, one bit each: that of a byte, which is code 0, and that of a row.
    let mut distances = [0; ABOVE + 1];
    (distances[0], distances[ABOVE]) = (1, 1);
    out.push(Bits::default().then(1, 1).then(2, 2));
    header(&symbols, &distances, out);
    let symbols = words(&symbols);
    let code: Vec<Bits> = (0..TOKENS).map(|token| bits_of(token, &symbols)).collect();
    tokens.iter().for_each(|token| out.push(code[usize::from(*token)]));
    out.push(symbols[END]);
}

/// All bits of a token.
fn bits_of(token: usize, symbols: &[Bits]) -> Bits {
    let word = symbols[symbol(token)];
    let with_length = |first: usize| {
        let (_, extra, count) = length_symbol(token - first + SHORTEST);
        word.then(extra, count)
    };
    match token {
        0..LEFT_TOKENS => word,
        LEFT_TOKENS..ABOVE_TOKENS => with_length(LEFT_TOKENS).then(0, 1),
        _ => with_length(ABOVE_TOKENS).then(1, 1).then((ROW - ABOVE_FROM) as u64, ABOVE_EXTRA),
    }
}

/// The order in which the lengths of the code for lengths are written (RFC 1951, 3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The lengths of the two codes, in a code of their own.
fn header(symbols: &[u8], distances: &[u8], out: &mut Writer) {
    let both = [symbols, distances].concat();
    // A length, or zeros in number: symbol, extra bits and how many they are.
    let mut parts: Vec<(usize, u64, u32)> = Vec::new();
    for same in both.chunk_by(|a, b| a == b) {
        let zeros = if same[0] == 0 { same.len() } else { 0 };
        for piece in same[..zeros].chunks(138) {
            match piece.len() {
                1..3 => parts.extend(piece.iter().map(|_| (0, 0, 0))),
                few @ 3..11 => parts.push((17, few as u64 - 3, 3)),
                many => parts.push((18, many as u64 - 11, 7)),
            }
        }
        parts.extend(same[zeros..].iter().map(|length| (usize::from(*length), 0, 0)));
    }
    let mut counts = [0; 19];
    parts.iter().for_each(|(symbol, _, _)| counts[*symbol] += 1);
    let lengths = lengths(&counts, 7);
    let sizes = Bits::default().then(symbols.len() as u64 - 257, 5).then(distances.len() as u64 - 1, 5).then(19 - 4, 4);
    out.push(sizes);
    ORDER.iter().for_each(|symbol| out.push(Bits::default().then(u64::from(lengths[*symbol]), 3)));
    let words = words(&lengths);
    parts.iter().for_each(|(symbol, extra, count)| out.push(words[*symbol].then(*extra, *count)));
}

/// Bits into bytes, the first bit lowest.
#[derive(Default)]
struct Writer {
    out: Vec<u8>,
    bits: u64,
    count: u32,
}

impl Writer {
    /// Up to 32 bits.
    fn push(&mut self, bits: Bits) {
        self.bits |= bits.bits << self.count;
        self.count += bits.count;
        if self.count >= 32 {
            self.out.extend((self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }

    /// The last bits, filled up to a byte.
    fn finish(&mut self) {
        self.out.extend(&self.bits.to_le_bytes()[..self.count.div_ceil(8) as usize]);
        (self.bits, self.count) = (0, 0);
    }
}

/// Adler-32 (RFC 1950, 9). Rows of zeros leave the first sum and add it to the second once a byte.
fn checksum(image: &Image) -> u32 {
    const PRIME: u32 = 65521;
    let mut sum: u32 = 1;
    for (at, row) in image.bytes().chunks_exact(ROW).enumerate() {
        if image.is_empty(at) {
            let (first, second) = (sum & 0xffff, sum >> 16);
            sum = (second + first * ROW as u32) % PRIME << 16 | first;
        } else {
            let mut adler = Adler32::from_checksum(sum);
            adler.write(row);
            sum = adler.finish();
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::super::drawing::Bar;
    use super::super::ink::Ink;
    use super::super::stamp::Stamp;
    use super::*;

    /// What a decoder of others makes of it; it checks the sum.
    fn read(zlib: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut decoder = libflate::zlib::Decoder::new(zlib).unwrap();
        decoder.read_to_end(&mut out).unwrap();
        assert!(decoder.into_inner().is_empty(), "nothing after the end");
        out
    }

    fn bar(left: u32, top: u32, width: u32, height: u32) -> Bar {
        Bar { ink: Ink::Soft, left, top, width, height }
    }

    #[test]
    fn paper_takes_next_to_nothing() {
        let image = Image::new();
        let zlib = zlib(&image);
        assert!(read(&zlib) == image.bytes() && zlib.len() < 500, "{} bytes", zlib.len());
    }

    #[test]
    fn ink_up_to_every_edge_comes_back() {
        for bars in [
            vec![bar(0, 0, 1200, 630)],
            vec![bar(0, 0, 2, 1), bar(1198, 629, 2, 1)],
            vec![bar(1190, 100, 10, 3), bar(0, 103, 4, 300)],
            (0..630).map(|y| bar(y % 200 * 2, y, 2, 1)).collect(),
        ] {
            let mut image = Image::new();
            bars.iter().for_each(|it| image.bar(it));
            assert!(read(&zlib(&image)) == image.bytes(), "{bars:?}");
            image.clear();
            assert!(image.bytes().iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn symbols_of_lengths_are_those_of_the_table() {
        // RFC 1951, 3.2.5.
        let table = [
            (3, 257, 0, 0),
            (10, 264, 0, 0),
            (11, 265, 0, 1),
            (12, 265, 1, 1),
            (18, 268, 1, 1),
            (19, 269, 0, 2),
            (130, 280, 15, 4),
            (131, 281, 0, 5),
            (257, 284, 30, 5),
            (258, 285, 0, 0),
        ];
        for (length, symbol, extra, count) in table {
            assert_eq!(length_symbol(length), (symbol, extra, count), "{length}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_is_drawn_comes_back(
            stamps in prop::collection::vec((-20..620_i32, -20..640_i32, 1..40_usize, prop::collection::vec(any::<u8>(), 0..600)), 0..12),
            bars in prop::collection::vec((0..500_u32, 0..600_u32, 1..100_u32, 1..30_u32), 0..4),
            few in 1..255_u8,
        ) {
            let mut image = Image::new();
            for (left, top, width, bytes) in stamps {
                let bytes = bytes.into_iter().map(|byte| byte % few).collect();
                image.press(&Stamp { width, bytes, ..Stamp::default() }, (left, top));
            }
            bars.into_iter().for_each(|(left, top, width, height)| image.bar(&bar(2 * left, top, 2 * width, height)));
            prop_assert!(read(&zlib(&image)) == image.bytes());
        }
    }
}
