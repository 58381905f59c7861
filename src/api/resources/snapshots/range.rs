//! Parts of a file (RFC 9110 section 14): one range of bytes; several are answered with the whole.

use actix_web::http::header::{self, HeaderMap};

use crate::api::problem::{HttpError, Problem, sentences};

/// The part to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RangePart {
    /// All of it.
    Whole,
    /// From the first byte to the last, both within.
    Bytes { first: usize, last: usize },
    /// The file has no such part.
    Nowhere,
}

/// The requested part of a file of this length. `If-Range` must have the strong entity tag of the same bytes; a
/// date is too coarse (RFC 9110 section 13.1.5).
///
/// # Errors
/// `invalid-parameter`: a range of bytes that cannot be read.
pub(super) fn asked_for(
    headers: &HeaderMap,
    length: usize,
    etag: &str,
) -> Result<RangePart, Problem> {
    let Some(range) = headers.get(header::RANGE) else { return Ok(RangePart::Whole) };
    if headers.get(header::IF_RANGE).is_some_and(|tag| tag != etag) {
        return Ok(RangePart::Whole);
    }
    part(range.to_str().unwrap_or_default(), length).ok_or_else(|| {
        let detail = sentences::invalid_parameter_range();
        Problem::parameter(HttpError::InvalidParameter, "Range", detail)
    })
}

fn part(range: &str, length: usize) -> Option<RangePart> {
    let (unit, ranges) = range.split_once('=')?;
    // Other units than ours are to be ignored.
    if !unit.trim().eq_ignore_ascii_case("bytes") || ranges.contains(',') {
        return Some(RangePart::Whole);
    }
    let (first, last) = ranges.trim().split_once('-')?;
    let end = length.saturating_sub(1);
    let (first, last) = match (first, last) {
        ("", last) => match number(last)? {
            0 => return Some(RangePart::Nowhere),
            count => (length.saturating_sub(count), end),
        },
        (first, "") => (number(first)?, end),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.min(end))
        }
    };
    Some(if first < length { RangePart::Bytes { first, last } } else { RangePart::Nowhere })
}

/// Digits; a number that is too large for us is larger than any file.
fn number(digits: &str) -> Option<usize> {
    let sound = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUGE: &str = "99999999999999999999999999";

    #[test]
    fn one_range_of_bytes_is_read_as_the_rfc_says() {
        let bytes = |first, last| Some(RangePart::Bytes { first, last });
        let whole = Some(RangePart::Whole);
        let nowhere = Some(RangePart::Nowhere);
        for (range, expected) in [
            ("bytes=0-0", bytes(0, 0)),
            ("bytes=0-9", bytes(0, 9)),
            ("bytes=2-5", bytes(2, 5)),
            ("BYTES=2-", bytes(2, 9)),
            ("bytes=-3", bytes(7, 9)),
            ("bytes=-30", bytes(0, 9)),
            ("bytes=5-400", bytes(5, 9)),
            ("bytes=9-", bytes(9, 9)),
            ("bytes=10-", nowhere),
            ("bytes=10-20", nowhere),
            ("bytes=-0", nowhere),
            ("bytes=0-1,3-4", whole),
            ("lines=0-1", whole),
            ("bytes=5-2", None),
            ("bytes=", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=+1-2", None),
            ("bytes=1.5-2", None),
            ("bytes 0-5", None),
            ("", None),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part(&format!("bytes={HUGE}-"), 10), nowhere);
        assert_eq!(part(&format!("bytes=0-{HUGE}"), 10), bytes(0, 9));
        assert_eq!(part(&format!("bytes=-{HUGE}"), 10), bytes(0, 9));
        assert_eq!(part("bytes=0-", 0), nowhere);
    }

    #[test]
    fn a_part_is_given_of_the_bytes_that_the_reader_began_with() {
        let range_of = |if_range: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, header::HeaderValue::from_static("bytes=2-5"));
            if let Some(tag) = if_range {
                headers.insert(header::IF_RANGE, header::HeaderValue::from_str(tag).unwrap());
            }
            asked_for(&headers, 10, "\"a-gz\"").unwrap()
        };
        let part = RangePart::Bytes { first: 2, last: 5 };
        assert_eq!(range_of(None), part);
        assert_eq!(range_of(Some("\"a-gz\"")), part);
        for other in ["\"a\"", "W/\"a-gz\"", "Thu, 12 Mar 2026 09:00:00 GMT", "nonsense"] {
            assert_eq!(range_of(Some(other)), RangePart::Whole, "{other}");
        }
    }
}
