//! In which form an answer is sent, and how much of it: `Accept-Encoding`, `If-Match`, `If-None-Match`, `Range` and `If-Range` of RFC 9110.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, header};

/// A form in which bytes can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Gzip,
    Zstd,
    Brotli,
}

impl Coding {
    /// The best first: of forms that a client likes equally well it gets the shortest.
    const BY_SIZE: [Coding; 4] = [Coding::Brotli, Coding::Zstd, Coding::Gzip, Coding::Plain];

    /// The name in `Content-Encoding`, if it needs one.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Coding::Plain => None,
            Coding::Gzip => Some("gzip"),
            Coding::Zstd => Some("zstd"),
            Coding::Brotli => Some("br"),
        }
    }

    /// What tells the entity tags of the forms of one page apart; a strong tag is of one form only (RFC 9110 §8.8.3.3).
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Coding::Plain => "",
            Coding::Gzip => "-gz",
            Coding::Zstd => "-zst",
            Coding::Brotli => "-br",
        }
    }
}

/// What an `Accept-Encoding` header says of each coding, in thousandths: `Some(0)` forbids it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Accepted {
    gzip: Option<u16>,
    zstd: Option<u16>,
    brotli: Option<u16>,
    identity: Option<u16>,
    others: Option<u16>,
}

impl Accepted {
    /// Reads the header (RFC 9110 §12.5.3). Without one any coding would do; the plain form is what such clients can read.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            value.as_bytes().split(|byte| *byte == b',').for_each(|item| accepted.take(item));
        }
        accepted
    }

    fn take(&mut self, item: &[u8]) {
        let mut parts = item.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = parts.next().unwrap_or_default();
        // Who writes a weight that is none has not said what is wanted; the item does not count.
        let Some(weight) = parts.next().map_or(Some(1000), weight) else { return };
        let slot = match name {
            b"*" => &mut self.others,
            name if name.eq_ignore_ascii_case(b"br") => &mut self.brotli,
            name if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => &mut self.gzip,
            name if name.eq_ignore_ascii_case(b"zstd") => &mut self.zstd,
            name if name.eq_ignore_ascii_case(b"identity") => &mut self.identity,
            _ => return,
        };
        *slot = Some(weight);
    }

    /// How well a coding is liked; 0 when it is not acceptable. What is not listed is not, but the plain form then comes last.
    fn liking(&self, coding: Coding) -> u16 {
        let listed = match coding {
            Coding::Plain => self.identity,
            Coding::Gzip => self.gzip,
            Coding::Zstd => self.zstd,
            Coding::Brotli => self.brotli,
        };
        let unlisted = u16::from(coding == Coding::Plain);
        listed.or(self.others).map_or(unlisted, |weight| 2 * weight)
    }

    /// The best form of an answer. One that gains nothing by compression is sent plain unless that is forbidden. `None` when nothing is acceptable.
    pub(super) fn choose(&self, gains: bool) -> Option<Coding> {
        if !gains && self.liking(Coding::Plain) > 0 {
            return Some(Coding::Plain);
        }
        // The first of the greatest.
        let best = Coding::BY_SIZE.into_iter().rev().max_by_key(|coding| self.liking(*coding))?;
        (self.liking(best) > 0).then_some(best)
    }
}

/// A weight in thousandths: `q=0.25` (RFC 9110 §12.4.2).
fn weight(part: &[u8]) -> Option<u16> {
    let [b'q' | b'Q', b'=', whole, rest @ ..] = part else { return None };
    let digits = match rest {
        [] => &[],
        [b'.', digits @ ..] if digits.len() <= 3 => digits,
        _ => return None,
    };
    let mut thousandths = u16::from(whole.checked_sub(b'0').filter(|digit| *digit <= 1)?) * 1000;
    for (digit, unit) in digits.iter().zip([100, 10, 1]) {
        thousandths += u16::from(digit.checked_sub(b'0').filter(|digit| *digit <= 9)?) * unit;
    }
    (thousandths <= 1000).then_some(thousandths)
}

/// Whether a client has this form already: one of the tags of `If-None-Match` is its own, or a weak one of any form, since all say the same
/// (RFC 9110 §13.1.2, §8.8.3.2). `hash` is the tag without quotes and suffix.
pub(super) fn has_it(headers: &HeaderMap, etag: &HeaderValue, hash: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).any(|tag| match tag {
        b"*" => true,
        [b'W', b'/', b'"', of @ .., b'"'] => {
            let forms = Coding::BY_SIZE.into_iter().map(|coding| coding.suffix().as_bytes());
            of.strip_prefix(hash.as_bytes()).is_some_and(|suffix| forms.into_iter().any(|form| form == suffix))
        }
        tag => tag == etag.as_bytes(),
    })
}

/// Whether a request is for another form than this one, by its `If-Match`. A weak tag matches nothing there (RFC 9110 §13.1.1).
pub(super) fn is_for_another(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let mut tags = headers.get_all(header::IF_MATCH).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    headers.contains_key(header::IF_MATCH)
        && !tags.any(|tag| matches!(tag.trim_ascii(), b"*") || tag.trim_ascii() == etag.as_bytes())
}

/// How much of an answer is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Span {
    Whole,
    Part(Range<usize>),
    /// No byte of it is there.
    Nothing,
}

impl Span {
    /// Reads `Range` and `If-Range` (RFC 9110 §14.2, §13.1.5) for `length` bytes with a strong tag. Several ranges at once are answered by
    /// the whole, as the standard allows; so is what is no range of bytes.
    pub(super) fn read(headers: &HeaderMap, etag: &HeaderValue, length: usize) -> Self {
        let Some(range) = headers.get(header::RANGE) else { return Span::Whole };
        // A date never is this form's: pages have none.
        if headers.get(header::IF_RANGE).is_some_and(|tag| tag != etag) {
            return Span::Whole;
        }
        range.to_str().ok().and_then(|text| Self::of(text, length)).unwrap_or(Span::Whole)
    }

    /// Whether a `Range` names one range of bytes; of anything else the whole is sent.
    pub(super) fn is_one(range: &HeaderValue) -> bool {
        range.to_str().is_ok_and(|text| Self::of(text, usize::MAX).is_some())
    }

    fn of(text: &str, length: usize) -> Option<Self> {
        let (unit, range) = text.split_once('=')?;
        let (first, last) = range.trim().split_once('-')?;
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // More than fits is more than is there.
            digits.then(|| text.parse().unwrap_or(usize::MAX))
        };
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (start, end) = match (first.trim_end(), last.trim_start()) {
            ("", suffix) => (length.saturating_sub(number(suffix)?), length),
            (first, "") => (number(first)?, length),
            (first, last) if number(last)? >= number(first)? => (number(first)?, number(last)?.saturating_add(1).min(length)),
            _ => return None,
        };
        Some(if start < end { Span::Part(start..end) } else { Span::Nothing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_best_allowed_coding_is_chosen() {
        use Coding::{Brotli, Gzip, Plain, Zstd};
        for (header, coding) in [
            ("gzip, deflate, br, zstd", Some(Brotli)),
            ("gzip, deflate, zstd", Some(Zstd)),
            ("gzip;q=1.0, br;q=0", Some(Gzip)),
            ("gzip;q=1.0, br;q=0.999", Some(Gzip)),
            ("gzip ; q=0.2 , br ;q=0.1", Some(Gzip)),
            ("GZIP", Some(Gzip)),
            ("x-gzip", Some(Gzip)),
            ("identity", Some(Plain)),
            ("identity;q=0.5, gzip;q=0.4", Some(Plain)),
            ("", Some(Plain)),
            ("deflate", Some(Plain)),
            ("*", Some(Brotli)),
            ("*;q=0.5, br;q=0.4", Some(Zstd)),
            ("br;q=0, *", Some(Zstd)),
            ("gzip;q=2", Some(Plain)),
            ("gzip;q=0.1234, br;q=x", Some(Plain)),
            ("gzip;q=0", Some(Plain)),
            ("identity;q=0, gzip;q=0.001", Some(Gzip)),
            ("*;q=0, gzip", Some(Gzip)),
            ("*;q=0", None),
            ("identity;q=0", None),
            ("identity;q=0, deflate", None),
        ] {
            assert_eq!(Accepted::read(&headers(header::ACCEPT_ENCODING, &[header])).choose(true), coding, "{header}");
        }
        assert_eq!(Accepted::read(&HeaderMap::new()).choose(true), Some(Plain));
        assert_eq!(Accepted::read(&headers(header::ACCEPT_ENCODING, &["br;q=0.1", "gzip"])).choose(true), Some(Gzip));
    }

    #[test]
    fn what_gains_nothing_stays_plain_unless_that_is_forbidden() {
        for (header, coding) in [("br", Some(Coding::Plain)), ("br, *;q=0", Some(Coding::Brotli)), ("*;q=0", None)] {
            assert_eq!(Accepted::read(&headers(header::ACCEPT_ENCODING, &[header])).choose(false), coding, "{header}");
        }
    }

    #[test]
    fn tags_are_of_one_form_and_weak_ones_of_all() {
        let etag = HeaderValue::from_static("\"abc-gz\"");
        for (tags, has) in [
            (vec!["\"abc-gz\""], true),
            (vec!["\"x\" ,\"abc-gz\""], true),
            (vec!["\"x\"", "\"abc-gz\""], true),
            (vec!["*"], true),
            (vec!["W/\"abc\""], true),
            (vec!["W/\"abc-gz\""], true),
            (vec!["W/\"abc-br\""], true),
            (vec!["\"abc\""], false),
            (vec!["\"abc-br\""], false),
            (vec!["W/\"abcd\""], false),
            (vec!["abc-gz"], false),
            (vec![""], false),
            (vec![], false),
        ] {
            assert_eq!(has_it(&headers(header::IF_NONE_MATCH, &tags), &etag, "abc"), has, "{tags:?}");
        }
    }

    #[test]
    fn a_request_for_another_form_is_told_from_one_for_this() {
        let etag = HeaderValue::from_static("\"abc-gz\"");
        for (tags, another) in [
            (vec![], false),
            (vec!["*"], false),
            (vec!["\"abc-gz\""], false),
            (vec!["\"x\", \"abc-gz\""], false),
            (vec!["\"x\"", "\"abc-gz\""], false),
            (vec!["\"abc\""], true),
            (vec!["W/\"abc-gz\""], true),
            (vec![""], true),
        ] {
            assert_eq!(is_for_another(&headers(header::IF_MATCH, &tags), &etag), another, "{tags:?}");
        }
    }

    #[test]
    fn one_range_is_answered_and_all_else_gets_the_whole() {
        let etag = HeaderValue::from_static("\"abc\"");
        for (range, span) in [
            ("bytes=0-0", Span::Part(0..1)),
            ("bytes=0-99", Span::Part(0..10)),
            ("bytes=4-", Span::Part(4..10)),
            ("bytes=-3", Span::Part(7..10)),
            ("bytes=-30", Span::Part(0..10)),
            ("Bytes = 2-3", Span::Part(2..4)),
            ("bytes=10-", Span::Nothing),
            ("bytes=99999999999999999999999-", Span::Nothing),
            ("bytes=-0", Span::Nothing),
            ("bytes=3-2", Span::Whole),
            ("bytes=0-1,4-5", Span::Whole),
            ("bytes=-", Span::Whole),
            ("bytes=+1-2", Span::Whole),
            ("lines=0-1", Span::Whole),
            ("bytes", Span::Whole),
        ] {
            assert_eq!(Span::read(&headers(header::RANGE, &[range]), &etag, 10), span, "{range}");
        }
        for (of, span) in [("\"abc\"", Span::Part(0..1)), ("W/\"abc\"", Span::Whole), ("\"x\"", Span::Whole)] {
            let mut headers = headers(header::RANGE, &["bytes=0-0"]);
            headers.insert(header::IF_RANGE, of.parse().unwrap());
            assert_eq!(Span::read(&headers, &etag, 10), span, "{of}");
        }
    }
}
