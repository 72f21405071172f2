//! Bytes in fewer bytes, as HTTP knows them: gzip (RFC 1952), brotli (RFC 7932) and zstd (RFC 8878). The same bytes always give the same.

use std::cell::RefCell;
use std::io;

use compu::Encoder as _;
use compu::encoder::{BrotliC, BrotliOptions, BrotliQuality, EncodeOp, EncodeStatus};
use libdeflater::{CompressionLvl, Compressor};

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

/// In the format of brotli.
///
/// # Errors
/// Never for lack of anything but memory; the type is that of a writer.
pub fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = BrotliC::new(BrotliOptions::new().quality(BROTLI_QUALITY)).ok_or(io::ErrorKind::OutOfMemory)?;
    let mut out = Vec::new();
    match encoder.encode_vec_full(bytes, &mut out, EncodeOp::Finish)?.status {
        EncodeStatus::Finished => Ok(out),
        status => Err(io::Error::other(format!("brotli: {status:?}"))),
    }
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
}
