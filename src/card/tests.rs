//! Cards are read again by a decoder that is not the one they were written with.

use super::*;

fn card(title: &str) -> Card {
    Card {
        series: "Vienna Deep Learning Meetup".to_owned(),
        mark: Some("#VDLM".to_owned()),
        kicker: "Meetup 29".to_owned(),
        numeral: Some("29".to_owned()),
        title: title.to_owned(),
        facts: vec!["Tuesday, 24 September 2019".to_owned(), "Raiffeisen Software".to_owned()],
        chart: None,
    }
}

/// The pixels of a card.
fn pixels(card: &Card) -> Vec<lodepng::RGB<u8>> {
    let bytes = card.png();
    let image = lodepng::decode24(&bytes).unwrap();
    assert_eq!((image.width, image.height), (SIZE.0 as usize, SIZE.1 as usize));
    image.buffer
}

/// How many pixels of a region are not paper.
fn inked(pixels: &[lodepng::RGB<u8>], columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> usize {
    let paper = pixels[20 * SIZE.0 as usize];
    let row = |y: usize| &pixels[y * SIZE.0 as usize..][columns.clone()];
    rows.map(|y| row(y).iter().filter(|pixel| **pixel != paper).count()).sum()
}

#[test]
fn a_card_has_its_number_title_and_facts_and_stays_small() {
    let card = card("Recommender Systems");
    let pixels = pixels(&card);
    assert!(inked(&pixels, 72..300, 200..400) > 3000, "the number");
    assert!(inked(&pixels, 330..1128, 200..320) > 5000, "the title");
    assert!(inked(&pixels, 330..1128, 480..580) > 1000, "the facts");
    assert_eq!(inked(&pixels, 0..60, 20..630), 0, "nothing in the margin");
    assert_eq!(inked(&pixels, 1140..1200, 20..630), 0, "nothing in the margin");
    let bytes = card.png();
    assert!(bytes.len() < 22_000, "{} bytes", bytes.len());
    assert_eq!(bytes, card.png());
}

#[test]
fn other_words_give_other_pixels() {
    assert_ne!(pixels(&card("Recommender Systems")), pixels(&card("Recommender Systemz")));
    let other = Card { numeral: Some("30".to_owned()), ..card("Recommender Systems") };
    assert_ne!(pixels(&card("Recommender Systems")), pixels(&other));
}

#[test]
fn hostile_titles_stay_on_the_card() {
    for title in [
        "A very long title ".repeat(40),
        "Donaudampfschifffahrtsgesellschaftskapitän".repeat(8),
        "🚀🔥🤖".to_owned(),
        "التعلم العميق \u{202e}RTL".to_owned(),
        "<script>&amp;\"'</text></svg>".to_owned(),
        "\u{0}\u{8}\u{fffe} control".to_owned(),
        String::new(),
    ] {
        for numeral in [None, Some("1234567".to_owned()), Some("SPECIAL EDITION".to_owned())] {
            let card = Card { numeral, series: title.clone() + "S", facts: vec![title.clone(); 5], ..card(&title) };
            let pixels = pixels(&card);
            assert!(inked(&pixels, 72..1128, 130..600) > 300, "{title} is not blank");
            assert_eq!(inked(&pixels, 0..60, 20..630) + inked(&pixels, 1145..1200, 20..630), 0, "{title} stays inside");
            assert_eq!(inked(&pixels, 0..1200, 600..630), 0, "{title} stays above the edge");
        }
    }
}

#[test]
fn a_picture_is_known_by_its_card_and_by_nothing_else() {
    let known = card("Recommender Systems");
    let png = known.png();
    assert!(known.is_drawn_in(&png));
    let line = Html::trusted("<svg width=\"640\" height=\"400\"><path d=\"M0 400L640 0\" stroke=\"#0072B2\"/></svg>".to_owned());
    let with_chart = Card { chart: Some(line), ..known.clone() };
    assert!(with_chart.is_drawn_in(&with_chart.png()) && !with_chart.is_drawn_in(&png));
    let fact = "Tuesday, 24 September 2019Raiffeisen Software".to_owned();
    for other in [
        Card { series: "Vienna".to_owned(), ..known.clone() },
        Card { mark: None, ..known.clone() },
        Card { mark: Some(String::new()), ..known.clone() },
        Card { kicker: "Meetup 2".to_owned(), ..known.clone() },
        Card { numeral: None, ..known.clone() },
        Card { title: "Recommender System".to_owned(), ..known.clone() },
        Card { facts: vec![fact], ..known.clone() },
        Card { facts: Vec::new(), ..known.clone() },
    ] {
        assert!(!other.is_drawn_in(&png) && other.is_drawn_in(&other.png()), "{other:?}");
    }
    let marked = |mark: Option<&str>| Card { mark: mark.map(str::to_owned), ..known.clone() };
    assert!(!marked(Some("")).is_drawn_in(&marked(None).png()), "one has no mark, the other an empty one");
    assert!(![&[][..], &png[..png.len() - 1], &png[1..], &[&png[..], b"!"].concat()].iter().any(|file| known.is_drawn_in(file)));
    for at in (0..png.len()).step_by(97) {
        let mut damaged = png.clone();
        damaged[at] ^= 1;
        assert!(!known.is_drawn_in(&damaged), "byte {at}");
    }
}
