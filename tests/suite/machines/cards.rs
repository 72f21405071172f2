//! Preview images of the real content.

use std::collections::BTreeSet;

use rayon::prelude::*;
use vdlm::preview;
use vdlm::site::{self, Body};

use super::{BASE, BUSY, LATE, real, routes};

fn svg(site: &site::Site, day: jiff::civil::Date, route: &str) -> String {
    let answer = site::answer(site, day, route, "");
    assert_eq!((answer.status, answer.media_type), (200, "image/png"), "{route}");
    let Body::Preview(svg) = answer.body else { panic!("{route}") };
    svg
}

#[test]
fn the_preview_of_every_page_is_an_image_of_its_own() {
    let site = real(Some(BASE));
    let all = routes(&site, "/card.png");
    let images: Vec<(&String, Vec<u8>)> =
        all.par_iter().map(|route| (route, preview::png(&svg(&site, LATE, route)))).collect();
    let different: BTreeSet<&Vec<u8>> = images.iter().map(|(_, image)| image).collect();
    let (sum, max) =
        (images.iter().map(|(_, it)| it.len()).sum::<usize>(), images.iter().map(|(_, it)| it.len()).max());
    println!("{} previews, {} bytes each, {max:?} at most", all.len(), sum / all.len());
    // Two entries of the archive may say the same.
    assert!(all.len() > 400 && different.len() * 100 > all.len() * 95, "{} of {}", different.len(), all.len());
    images.par_iter().for_each(|(route, image)| {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(image));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap_or_else(|error| panic!("{route}: {error}"));
        assert_eq!(reader.info().size(), (1200, 630), "{route}");
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let paper = &pixels[3 * (1200 * 40 + 20)..][..3];
        let inked = pixels.chunks_exact(3).filter(|pixel| *pixel != paper).count();
        // The bar at the top alone is 16,800 pixels.
        assert!(inked > 20_000 && inked < 300_000, "{route}: {inked} pixels");
    });
}

#[test]
fn a_preview_is_the_same_on_every_day() {
    let site = real(None);
    for route in ["/card.png", "/meetups/29/card.png", "/jobs/card.png"] {
        assert_eq!(svg(&site, LATE, route), svg(&site, BUSY, route), "{route}");
    }
    for nothing in ["/nowhere/card.png", "/meetups/29card.png", "/meetups/29/card.png/", "card.png"] {
        assert_ne!(site::answer(&site, LATE, nothing, "").status, 200, "{nothing}");
    }
}
