//! Pictures for previews, read by a decoder that is not the one of the program.

use std::collections::BTreeMap;
use std::time::Instant;

use vdlm::pages::{self, Body};

use super::{BASE, BUSY, LATE, real, routes};

#[test]
fn the_card_of_every_page_is_a_picture_of_its_own() {
    let site = real(Some(BASE));
    let mut seen: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    let (mut bytes_of_all, mut largest) = (0, 0);
    let start = Instant::now();
    let all = routes(&site, "/card.png");
    for route in &all {
        let answer = pages::answer(&site, LATE, route, "");
        assert_eq!((answer.status, answer.media_type), (200, "image/png"), "{route}");
        let Body::Bytes(bytes) = answer.body else { panic!("{route}") };
        (bytes_of_all, largest) = (bytes_of_all + bytes.len(), largest.max(bytes.len()));
        let other = seen.insert(bytes, route.clone());
        // Two entries of the archive may say the same.
        assert!(other.as_ref().is_none_or(|other| other.split('/').nth(1) == route.split('/').nth(1)), "{route} is {other:?}");
    }
    let took = start.elapsed();
    println!("{} cards, {} bytes each, {largest} at most, {took:.1?}", all.len(), bytes_of_all / all.len());
    assert!(all.len() > 400 && seen.len() * 100 > all.len() * 95, "{} of {}", seen.len(), all.len());
    for (bytes, route) in &seen {
        let image = lodepng::decode24(bytes).unwrap_or_else(|error| panic!("{route}: {error}"));
        assert_eq!((image.width, image.height), (1200, 630), "{route}");
        let paper = image.buffer[1200 * 40 + 20];
        let inked = image.buffer.iter().filter(|pixel| **pixel != paper).count();
        // The bar at the top alone is 16,800 pixels.
        assert!(inked > 20_000 && inked < 300_000, "{route}: {inked} pixels");
    }
}

#[test]
fn a_card_is_the_same_on_every_day_and_at_every_time() {
    let site = real(None);
    for route in ["/card.png", "/meetups/29/card.png", "/jobs/card.png"] {
        let body = |day| pages::answer(&site, day, route, "").body;
        assert_eq!(body(LATE), body(BUSY), "{route}");
    }
    for nothing in ["/nowhere/card.png", "/meetups/29card.png", "/meetups/29/card.png/", "card.png"] {
        assert_ne!(pages::answer(&site, LATE, nothing, "").status, 200, "{nothing}");
    }
}
