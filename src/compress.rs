//! Bytes in fewer bytes, as HTTP knows them: gzip (RFC 1952), brotli (RFC 7932) and zstd (RFC 8878). The same bytes always give the same.

use std::cell::RefCell;
use std::io;

use compu::decoder::{self, DecodeStatus};
use compu::encoder::{BrotliC, BrotliOptions, BrotliQuality, EncodeOp, EncodeStatus};
use compu::{Decoder as _, Encoder as _};
use libdeflater::{CompressionLvl, Compressor, Decompressor};

/// 11,161 texts of an archive, 8 KB each, take 64 µs at this level and have 23.2 MB together; 112 µs and 22.8 MB at 6, 36 µs and 24.2 MB at 1.
const GZIP_LEVEL: i32 = 4;
/// The same texts take 0.3 ms and have 20.5 MB. Of those below, quality 4 takes 0.23 ms and is hardly shorter than gzip (22.2 MB); 11 takes ten times as long.
const BROTLI_QUALITY: BrotliQuality = BrotliQuality::Q5;
/// Texts of fewer bytes gain nothing: they fit one packet anyway.
pub const WORTH_COMPRESSING: usize = 1024;
/// Zstandard level: at 9 the list of talks is 9 % shorter than by gzip (19.0 and 20.9 KB of 157), in about twice the time; each page is compressed
/// once. The window is below the 8 MB that RFC 9659 allows.
const ZSTD_LEVEL: i32 = 9;

/// Whether bytes of a media type are text, so that compression pays. Fonts and pictures are compressed by their formats.
pub fn is_text(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default();
    kind.starts_with("text/")
        || ["application/json", "application/xml"].contains(&kind)
        || kind.ends_with("+xml")
        || kind.ends_with("+json")
}

thread_local! {
    /// What is needed to compress, kept from one text to the next: to make it ready takes as long as a page.
    static GZIP: RefCell<Option<Compressor>> = RefCell::new(CompressionLvl::new(GZIP_LEVEL).ok().map(Compressor::new));
    static GUNZIP: RefCell<Decompressor> = RefCell::new(Decompressor::new());
}

/// In the format of gzip, without a name or a time.
///
/// # Errors
/// Never for lack of anything but memory; the type is that of a writer.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    GZIP.with_borrow_mut(|compressor| {
        let compressor = compressor.as_mut().ok_or(io::ErrorKind::OutOfMemory)?;
        let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
        let length = compressor.gzip_compress(bytes, &mut out).map_err(io::Error::other)?;
        out.truncate(length);
        out.shrink_to_fit();
        Ok(out)
    })
}

/// Whether bytes are a text in the format of gzip, all of it and no more. It takes a quarter of the time that [`gzip`] takes.
pub fn is_gzip_of(packed: &[u8], text: &[u8]) -> bool {
    // The end is a sum over the text and its length (RFC 1952 §2.3.1), and the decoder does not say whether something follows it.
    let end = [libdeflater::crc32(text).to_le_bytes(), (text.len() as u32).to_le_bytes()].concat();
    let mut out = vec![0; text.len()];
    let mut unpack = || GUNZIP.with_borrow_mut(|decompressor| decompressor.gzip_decompress(packed, &mut out));
    packed.ends_with(&end) && unpack() == Ok(text.len()) && out == text
}

/// In the format of brotli.
///
/// # Errors
/// Never for lack of anything but memory; the type is that of a writer.
pub fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = BrotliC::new(BrotliOptions::new().quality(BROTLI_QUALITY)).ok_or(io::ErrorKind::OutOfMemory)?;
    // With no room at all the library would ask for more and never get it.
    let mut out = Vec::with_capacity(bytes.len() / 2 + 64);
    match encoder.encode_vec_full(bytes, &mut out, EncodeOp::Finish)?.status {
        EncodeStatus::Finished => {
            out.shrink_to_fit();
            Ok(out)
        }
        status => Err(io::Error::other(format!("brotli: {status:?}"))),
    }
}

/// Whether bytes are a text in the format of brotli, all of it and no more. It takes a sixth of the time that [`brotli`] takes.
pub fn is_brotli_of(packed: &[u8], text: &[u8]) -> bool {
    let Some(mut decoder) = decoder::BrotliC::new() else { return false };
    let mut out = vec![0; text.len()];
    let end = decoder.decode(packed, &mut out);
    matches!(end.status, Ok(DecodeStatus::Finished)) && (end.input_remain, end.output_remain) == (0, 0) && out == text
}

/// In the format of Zstandard.
///
/// # Errors
/// Never for lack of anything but memory; the type is that of a writer.
pub fn zstd(bytes: &[u8]) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(bytes, ZSTD_LEVEL)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_was_compressed_comes_back() {
        let page = b"<p>hello</p>".repeat(500);
        let (gzipped, brotlied) = (gzip(&page).unwrap(), brotli(&page).unwrap());
        // Bytes 4 to 7 are the time of the file (RFC 1952 §2.3), which would make each build another.
        assert_eq!(gzipped[4..8], [0; 4]);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&gzipped[..]).read_to_end(&mut back).unwrap();
        assert!(back == page && gzipped.len() < 500);
        let mut back = Vec::new();
        brotli_decompressor::BrotliDecompress(&mut &brotlied[..], &mut back).unwrap();
        assert!(back == page && brotlied.len() < 500);
    }

    #[test]
    fn a_text_with_the_same_sum_is_another_text() {
        let page = b"<p>hello</p>".repeat(500);
        let mut twin = page.clone();
        // The generator of the CRC (RFC 1952 §8), lowest bit first: what differs by a multiple of it has the same sum.
        twin[100..105].iter_mut().zip([0x41, 0x06, 0x71, 0xdb, 0x01]).for_each(|(byte, generator)| *byte ^= generator);
        assert_eq!(libdeflater::crc32(&page), libdeflater::crc32(&twin));
        assert!(page != twin && !is_gzip_of(&gzip(&page).unwrap(), &twin));
    }

    #[test]
    fn compressed_bytes_are_told_from_those_of_another_text_and_from_damaged_ones() {
        let (page, other) = (b"<p>hello</p>".repeat(500), b"<p>hallo</p>".repeat(500));
        let (longer, shorter) = ([&page[..], b"!"].concat(), &page[1..]);
        type Form = (fn(&[u8]) -> io::Result<Vec<u8>>, fn(&[u8], &[u8]) -> bool);
        for (pack, is_of) in [(gzip, is_gzip_of), (brotli, is_brotli_of)] as [Form; 2] {
            let packed = pack(&page).unwrap();
            assert!(is_of(&packed, &page) && is_of(&pack(b"").unwrap(), b""));
            for text in [&other, &longer, shorter, b""] {
                assert!(!is_of(&packed, text));
            }
            for damaged in [&packed[..packed.len() - 1], &packed[1..], &[], &page, &[&packed[..], b"!"].concat()] {
                assert!(!is_of(damaged, &page), "{damaged:?}");
            }
        }
    }
}
