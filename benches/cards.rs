//! How long a card takes to draw, how large it is, and what libraries make of the same pixels.
//!
//! Times are the best of many turns on one thread, the glyphs having been drawn before.
//!
//! ```sh
//! cargo bench --bench cards
//! ```

use std::hint::black_box;
use std::time::Instant;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use vdlm::card::{Card, SIZE};
use vdlm::html::Html;

const TURNS: usize = 200;

fn card(title: &str, numeral: Option<&str>, facts: &[&str]) -> Card {
    Card {
        series: "Vienna Deep Learning Meetup".to_owned(),
        mark: Some("#VDLM".to_owned()),
        kicker: "Talk".to_owned(),
        numeral: numeral.map(str::to_owned),
        title: title.to_owned(),
        facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
        chart: None,
    }
}

/// Milliseconds of the fastest turn, and what it gave.
fn best<T>(turns: usize, mut turn: impl FnMut() -> T) -> (f64, T) {
    let mut timed = || {
        let start = Instant::now();
        let out = black_box(turn());
        (start.elapsed().as_secs_f64() * 1e3, out)
    };
    let mut best = timed();
    for _ in 1..turns {
        let next = timed();
        if next.0 < best.0 {
            best = next;
        }
    }
    best
}

/// The pixels of a card as they are in the file.
fn pixels(bytes: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("pixels");
    pixels
}

fn packed(pixels: &[u8], compression: Compression, filter: Filter) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, SIZE.0, SIZE.1);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Four);
    encoder.set_palette(vec![0; 48]);
    encoder.set_compression(compression);
    encoder.set_filter(filter);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels)).expect("memory");
    out
}

fn main() {
    let long = "Deep Learning for Recommender Systems in the Wild, and What Came of It";
    let facts = ["Jakub Mačina, Alexander Schindler", "AIT Austrian Institute of Technology", "Meetup 7, 24 September 2019"];
    let texts = [
        ("a person", card("Alexander Schindler", None, &["AIT", "12 talks"])),
        ("an event", card("Recommender Systems", Some("29"), &["Tuesday, 24 September 2019", "Raiffeisen Software"])),
        ("a talk with a long title", card(long, Some("7"), &facts)),
    ];
    println!("milliseconds and bytes a card of {} by {} pixels, the best of {TURNS} turns", SIZE.0, SIZE.1);
    for (what, card) in &texts {
        let (took, bytes) = best(TURNS, || card.png());
        println!("{what}: {took:.3} ms, {} bytes", bytes.len());
        let pixels = pixels(&bytes);
        for (name, compression, filter) in [
            ("png, fast", Compression::Fast, Filter::NoFilter),
            ("png, fast, each row by the filter that suits it", Compression::Fast, Filter::Adaptive),
            ("png, balanced", Compression::Balanced, Filter::NoFilter),
        ] {
            let (took, bytes) = best(TURNS / 10, || packed(&pixels, compression, filter));
            println!("  its pixels alone, {name}: {took:.3} ms, {} bytes", bytes.len());
        }
    }
    let line = "<svg width=\"640\" height=\"400\" viewBox=\"0 0 640 400\"><path d=\"M0 400L640 0\" stroke=\"#0072B2\"/></svg>";
    let chart = Card { chart: Some(Html::trusted(line.to_owned())), ..card(long, None, &facts) };
    let (took, bytes) = best(TURNS / 10, || chart.png());
    println!("an article with a chart: {took:.3} ms, {} bytes", bytes.len());
}
