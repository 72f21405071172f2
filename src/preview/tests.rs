//! Preview images are looked at as pixels.

use std::ops::Range;

use super::*;

fn preview(title: &str) -> Preview {
    Preview {
        site: "Vienna Deep Learning Meetup".to_owned(),
        hashtag: Some("#VDLM".to_owned()),
        kicker: "Meetup 29".to_owned(),
        numeral: Some("29".to_owned()),
        title: title.to_owned(),
        facts: vec!["Tuesday, 24 September 2019".to_owned(), "Raiffeisen Software".to_owned()],
        chart: None,
    }
}

/// Decodes a preview to three bytes a pixel.
fn pixels(preview: &Preview) -> Vec<[u8; 3]> {
    let bytes = png(&preview.svg());
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(&bytes));
    decoder.set_transformations(::png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    assert_eq!(reader.info().size(), SIZE);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// Counts the pixels of a region that are not paper.
fn inked(pixels: &[[u8; 3]], columns: Range<usize>, rows: Range<usize>) -> usize {
    let paper = pixels[20 * SIZE.0 as usize];
    let row = |y: usize| &pixels[y * SIZE.0 as usize..][columns.clone()];
    rows.map(|y| row(y).iter().filter(|pixel| **pixel != paper).count()).sum()
}

#[test]
fn a_preview_has_its_number_title_and_facts_and_stays_small() {
    let preview = preview("Recommender Systems");
    let pixels = pixels(&preview);
    assert_eq!(pixels[20 * SIZE.0 as usize], [0xfa, 0xf8, 0xf3]);
    assert!(inked(&pixels, 72..300, 200..400) > 3000, "the number");
    assert!(inked(&pixels, 330..1128, 200..320) > 5000, "the title");
    assert!(inked(&pixels, 330..1128, 480..580) > 1000, "the facts");
    assert_eq!(inked(&pixels, 0..60, 20..630), 0, "nothing in the left margin");
    assert_eq!(inked(&pixels, 1140..1200, 20..630), 0, "nothing in the right margin");
    let bytes = png(&preview.svg());
    assert!(bytes.len() < 40_000, "{} bytes", bytes.len());
    assert_eq!(bytes, png(&preview.svg()));
}

#[test]
fn other_words_give_other_pixels() {
    assert_ne!(pixels(&preview("Recommender Systems")), pixels(&preview("Recommender Systemz")));
    let other = Preview { numeral: Some("30".to_owned()), ..preview("Recommender Systems") };
    assert_ne!(pixels(&preview("Recommender Systems")), pixels(&other));
}

#[test]
fn a_chart_stands_beside_the_text_in_its_own_colours() {
    let line = "<svg width=\"640\" height=\"400\"><path d=\"M0 0H640V400H0Z\" fill=\"#0072B2\"/></svg>";
    let chart = Some(Html::trusted(line.to_owned()));
    let pixels = pixels(&Preview { numeral: None, chart, ..preview("Recommender Systems") });
    let blue = |columns: Range<usize>| {
        let row = &pixels[300 * SIZE.0 as usize..][columns];
        row.iter().filter(|pixel| **pixel == [0x00, 0x72, 0xb2]).count()
    };
    assert_eq!((blue(0..560), blue(570..1126)), (0, 556));
    assert!(inked(&pixels, 72..500, 200..420) > 5000, "the title beside it");
}

#[test]
fn hostile_titles_stay_inside_the_margins() {
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
            let site = title.clone() + "S";
            let pixels = pixels(&Preview { numeral, site, facts: vec![title.clone(); 5], ..preview(&title) });
            assert!(inked(&pixels, 72..1128, 130..600) > 300, "{title} is not blank");
            assert_eq!(inked(&pixels, 0..60, 20..630) + inked(&pixels, 1145..1200, 20..630), 0, "{title} stays inside");
            assert_eq!(inked(&pixels, 0..1200, 600..630), 0, "{title} stays above the edge");
        }
    }
}
