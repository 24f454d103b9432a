//! Conditional and range requests (RFC 9110 §13 and §14).

use std::ops::Range;

use axum::http::{HeaderMap, header};

/// What of the bytes the client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of them.
    Whole,
    /// These.
    Part(Range<u64>),
    /// A range that begins beyond the end.
    Nowhere,
    /// None: it has them.
    Nothing,
}

impl Wanted {
    /// Reads `If-None-Match`, `If-Range` and `Range`. A header that cannot be read, and several ranges at once, count as
    /// none: the whole is always a right answer.
    pub(super) fn of(headers: &HeaderMap, size: u64, tag: &str) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(known) = text(header::IF_NONE_MATCH)
            && known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
        {
            return Self::Nothing;
        }
        // Only a strong match lets parts be put together.
        if text(header::IF_RANGE).is_some_and(|expected| expected.trim() != tag) {
            return Self::Whole;
        }
        text(header::RANGE).and_then(|range| parse(range, size)).unwrap_or(Self::Whole)
    }

    /// The range, when it is one.
    pub(super) fn range(&self) -> Option<Range<u64>> {
        match self {
            Self::Part(range) => Some(range.clone()),
            Self::Whole | Self::Nowhere | Self::Nothing => None,
        }
    }
}

fn parse(text: &str, size: u64) -> Option<Wanted> {
    let (unit, ranges) = text.split_once('=')?;
    let (first, last) = ranges.trim().split_once('-').filter(|_| unit.trim().eq_ignore_ascii_case("bytes"))?;
    if first.is_empty() {
        let length = number(last)?.min(size);
        return Some(if length == 0 { Wanted::Nowhere } else { Wanted::Part(size - length..size) });
    }
    let first = number(first)?;
    let end = if last.is_empty() { size } else { number(last)?.saturating_add(1) };
    if end <= first && !last.is_empty() {
        return None;
    }
    if first >= size {
        return Some(Wanted::Nowhere);
    }
    Some(Wanted::Part(first..end.min(size)))
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than fit lie beyond every end.
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TAG: &str = "\"abc\"";

    fn wanted(pairs: &[(&'static str, &'static str)]) -> Wanted {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        Wanted::of(&headers, 100, TAG)
    }

    #[test]
    fn ranges_are_cut_to_the_end_and_beyond_it_there_is_nothing() {
        let cases = [
            ("bytes=0-9", Wanted::Part(0..10)),
            ("bytes=90-", Wanted::Part(90..100)),
            ("bytes=-10", Wanted::Part(90..100)),
            ("bytes=-1000", Wanted::Part(0..100)),
            ("bytes=99-99999999999999999999999", Wanted::Part(99..100)),
            ("bytes=100-", Wanted::Nowhere),
            ("bytes=-0", Wanted::Nowhere),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("pages=1-2", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
        ];
        for (range, expected) in cases {
            assert_eq!(wanted(&[("range", range)]), expected, "{range}");
        }
    }

    #[test]
    fn parts_of_different_versions_are_never_put_together() {
        assert_eq!(wanted(&[("range", "bytes=1-2"), ("if-range", TAG)]), Wanted::Part(1..3));
        assert_eq!(wanted(&[("range", "bytes=1-2"), ("if-range", "\"old\"")]), Wanted::Whole);
        assert_eq!(wanted(&[("range", "bytes=1-2"), ("if-range", "W/\"abc\"")]), Wanted::Whole);
    }

    #[test]
    fn who_has_the_bytes_gets_none() {
        assert_eq!(wanted(&[("if-none-match", "\"x\", W/\"abc\"")]), Wanted::Nothing);
        assert_eq!(wanted(&[("if-none-match", "\"x\"")]), Wanted::Whole);
    }
}
