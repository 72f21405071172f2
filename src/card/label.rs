//! The label of a picture: which card it is of, kept in the PNG itself, so that a card need not be drawn to find out whether it was drawn before.

use super::Card;

/// What a PNG begins with: its signature and the 25 bytes of the chunk that always comes first (PNG, third edition, 5.2 and 11.2.1).
const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
const HEAD: usize = SIGNATURE.len() + 25;
/// A chunk of Latin-1 text: a keyword, a zero, and the text (11.3.3.2).
const KIND: [u8; 4] = *b"tEXt";
const KEYWORD: &str = "Card";

/// The label of a card: another for each other content. What the painters make of it is not in it.
pub(super) fn of(card: &Card) -> String {
    let Card { series, mark, kicker, numeral, title, facts, chart } = card;
    let mut hasher = blake3::Hasher::new();
    // Lengths go ahead, so that no two cards run together to the same bytes.
    let mut add = |part: Option<&str>| {
        hasher.update(&part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
        hasher.update(part.unwrap_or_default().as_bytes());
    };
    [Some(series.as_str()), mark.as_deref(), Some(kicker), numeral.as_deref(), Some(title)].into_iter().for_each(&mut add);
    add(chart.as_ref().map(|svg| svg.as_str()));
    facts.iter().for_each(|fact| add(Some(fact)));
    hasher.finalize().to_hex()[..32].to_owned()
}

/// The PNG with a label.
pub(super) fn labelled(mut png: Vec<u8>, label: &str) -> Vec<u8> {
    if png.len() > HEAD {
        let typed = [&KIND[..], KEYWORD.as_bytes(), &[0], label.as_bytes()].concat();
        let length = (typed.len() - KIND.len()) as u32;
        let chunk = [&length.to_be_bytes()[..], &typed, &libdeflater::crc32(&typed).to_be_bytes()].concat();
        png.splice(HEAD..HEAD, chunk);
    }
    png
}

/// Whether a file is a PNG with this label, from its first byte to its last.
pub(super) fn has(file: &[u8], label: &str) -> bool {
    let wanted = [KEYWORD.as_bytes(), &[0], label.as_bytes()].concat();
    let mut found = false;
    let mut rest = file.strip_prefix(&SIGNATURE);
    while let Some((kind, data, after)) = rest.and_then(chunk) {
        if kind == *b"IEND" {
            return found && after.is_empty();
        }
        found |= kind == KIND && data == wanted;
        rest = Some(after);
    }
    false
}

/// The kind and the data of the first chunk, and what follows it. None if its sum is wrong (5.3).
fn chunk(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = KIND.len().checked_add(u32::from_be_bytes(*length) as usize)?;
    let (typed, rest) = rest.split_at_checked(length)?;
    let (sum, rest) = rest.split_first_chunk()?;
    let (kind, data) = typed.split_first_chunk()?;
    (libdeflater::crc32(typed) == u32::from_be_bytes(*sum)).then_some((*kind, data, rest))
}
