//! The two painters beside each other: what resvg draws in full colour, and what is put together from stamps, read by another's decoder.

use resvg::tiny_skia::Pixmap;

use super::face::{DISPLAY, SANS};
use super::{Card, SIZE, direct, label, layout, svg};

fn card(title: &str, numeral: Option<&str>, facts: &[&str]) -> Card {
    Card {
        series: "Vienna Deep Learning Meetup".to_owned(),
        mark: Some("#VDLM".to_owned()),
        kicker: "Lightning talk (cancelled)".to_owned(),
        numeral: numeral.map(str::to_owned),
        title: title.to_owned(),
        facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
        chart: None,
    }
}

/// Cards with what differs: kerning, ligatures, accents, sizes, shrunk numerals, letters that the second face lacks.
fn cards() -> Vec<Card> {
    let long = "Efficient fine-tuning of office waffles: AVATAR, Tea & Typography after 10 years of difficult affairs (Part II)";
    let lacking =
        Card { kicker: format!("Talk {} ȘȚ", lacking_in_sans()), ..card("Škoda, Żółć & Ångström", None, &["Łódź"]) };
    let marked = Card { mark: Some(format!("#{}", lacking_in_sans())), ..card("To AVA", Some("SE"), &[]) };
    vec![
        card("Recommender Systems", Some("29"), &["Tuesday, 24 September 2019", "Raiffeisen Software"]),
        card(long, Some("7"), &["Jakub Mačina, Thomas Schlüter", "AIT Austrian Institute of Technology", "Meetup 7"]),
        card("Yann T. LeVoy", None, &["“fi fl ffi” – ‘quoted’ …", "12 talks"]),
        card("Special", Some("SPECIAL"), &["1234567890"]),
        card(&"Donaudampfschifffahrtsgesellschaft".repeat(6), Some("1234567"), &["a", "b", "c"]),
        lacking,
        marked,
    ]
}

/// A character of the first face that the second one has not.
fn lacking_in_sans() -> char {
    let has = |face: &super::face::Face, c| face.font.as_ref().unwrap().has(c);
    let lacking = ('\u{a1}'..'\u{2fff}').find(|c| c.is_alphabetic() && has(&DISPLAY, *c) && !has(&SANS, *c));
    lacking.unwrap()
}

/// How far each pixel of a card is from that of another, or of the same, that resvg draws: the largest of the channels.
fn differences(card: &Card, other: &Card) -> Vec<u8> {
    let drawn: Pixmap = svg::paint(&layout::drawing(other)).unwrap();
    let image = lodepng::decode24(direct::png(&layout::drawing(card))).unwrap();
    assert_eq!((image.width, image.height), (SIZE.0 as usize, SIZE.1 as usize));
    let far = |(ours, theirs): (&lodepng::RGB<u8>, &[u8])| {
        let channels = [ours.r.abs_diff(theirs[0]), ours.g.abs_diff(theirs[1]), ours.b.abs_diff(theirs[2])];
        channels.into_iter().max().unwrap_or(0)
    };
    image.buffer.iter().zip(drawn.data().chunks_exact(4)).map(far).collect()
}

/// Pixels of a tile, each way: about a letter of a fact.
const TILE: usize = 20;

/// The mean of the differences in the tile where it is largest.
fn worst_tile(differences: &[u8]) -> f64 {
    let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
    let corners = (0..height - TILE).step_by(TILE / 2).flat_map(|y| (0..width - TILE).step_by(TILE / 2).map(move |x| (x, y)));
    let sum = |(x, y): (usize, usize)| -> u32 {
        let row = |y: usize| differences[y * width + x..][..TILE].iter().map(|it| u32::from(*it)).sum::<u32>();
        (y..y + TILE).map(row).sum()
    };
    f64::from(corners.map(sum).max().unwrap_or(0)) / (TILE * TILE) as f64
}

#[test]
fn both_painters_draw_the_same_text() {
    for card in cards() {
        let differences = differences(&card, &card);
        let (worst, largest) = (worst_tile(&differences), differences.iter().max().unwrap());
        let mean = differences.iter().map(|it| f64::from(*it)).sum::<f64>() / differences.len() as f64;
        println!("{}: mean {mean:.3}, {worst:.2} in the worst tile, {largest} at most", card.title);
        // Half a step of an ink with four steps is 25, of 255; an eighth of a pixel, by which a glyph may be moved, is as much again, each way.
        assert!(mean < 0.8 && worst < WORST && *largest < 128, "{}", card.title);
    }
}

/// What both painters may differ by in a tile; one letter of the smallest size is more.
const WORST: f64 = 14.0;

#[test]
fn one_other_letter_is_more_than_the_painters_may_differ_by() {
    for (one, other) in [("To go", "To ga"), ("Tuesday", "Tuesdoy"), ("Tin", "Tim")] {
        let worst = worst_tile(&differences(&card("Title", None, &[one]), &card("Title", None, &[other])));
        println!("{one} and {other}: {worst:.2}");
        assert!(worst > WORST, "{one} and {other}: {worst}");
    }
}

#[test]
fn a_card_is_the_same_after_any_other_and_on_any_thread() {
    let cards = cards();
    let at_desk = |desk: &mut direct::Desk, card| label::labelled(desk.png(&layout::drawing(card)), &label::of(card));
    let alone: Vec<Vec<u8>> = cards.iter().map(|card| at_desk(&mut direct::Desk::new(), card)).collect();
    std::thread::scope(|scope| {
        for shift in 0..4 {
            let (cards, alone) = (&cards, &alone);
            scope.spawn(move || {
                for at in (0..3 * cards.len()).map(|at| (at * (shift + 1) + shift) % cards.len()) {
                    assert!(cards[at].png() == alone[at], "{}", cards[at].title);
                }
            });
        }
    });
    let mut desk = direct::Desk::new();
    for at in [1, 4, 0, 2, 1, 3, 0] {
        assert!(at_desk(&mut desk, &cards[at]) == alone[at], "{}", cards[at].title);
    }
}
