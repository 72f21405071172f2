//! Compressed forms of texts, as HTTP names them: gzip (RFC 1952) and brotli (RFC 7932). The same text gives the same
//! bytes.

use std::io::Write;

use brotli::enc::{BrotliCompress, BrotliEncoderParams};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Bytes from which on compression pays: a shorter text fits one packet anyway.
pub const WORTH_COMPRESSING: usize = 1024;

const GZIP_LEVEL: u32 = 6;
const BROTLI_QUALITY: i32 = 5;

/// Returns whether a media type is text. Fonts and images are compressed by their own formats.
pub fn is_text(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.starts_with("text/")
        || ["application/json", "application/xml"].contains(&essence)
        || essence.ends_with("+xml")
        || essence.ends_with("+json")
}

/// Compresses as gzip, without a name or a time.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), Compression::new(GZIP_LEVEL));
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Compresses as brotli.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    // No window larger than the text, for which memory would have to be cleared.
    let window = (usize::BITS - bytes.len().leading_zeros()).clamp(18, 22) as i32;
    let params = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: window,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 4 + 64);
    let mut input = bytes;
    // Writing to memory cannot fail.
    let _ = BrotliCompress(&mut input, &mut out, &params);
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn foreign_decoders_give_the_text_back() {
        for page in [b"<p>hello</p>".repeat(500), b"<p>hello</p>".repeat(100_000), Vec::new()] {
            let (gzipped, brotlied) = (gzip(&page), brotli(&page));
            // Bytes 4 to 7 are the time of the file (RFC 1952 §2.3), which would make each build another.
            assert_eq!(gzipped[4..8], [0; 4]);
            let (mut from_gzip, mut from_brotli) = (Vec::new(), Vec::new());
            libflate::gzip::Decoder::new(&gzipped[..]).unwrap().read_to_end(&mut from_gzip).unwrap();
            brotli_decompressor::BrotliDecompress(&mut &brotlied[..], &mut from_brotli).unwrap();
            assert!(from_gzip == page && from_brotli == page);
            assert!(page.is_empty() || gzipped.len().max(brotlied.len()) < page.len() / 12);
        }
    }
}
