//! The encodings a file of the site may be kept in.

use axum::http::{HeaderMap, header};

/// How the bytes of a file are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// As they are.
    Identity,
}

impl Encoding {
    /// The encodings a client takes, best first. `Identity` is always among them: a file must be had somehow.
    pub(super) fn accepted(headers: &HeaderMap) -> Vec<Self> {
        let offers = |wanted: &str| {
            headers
                .get_all(header::ACCEPT_ENCODING)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .any(|offer| {
                    let mut parts = offer.split(';').map(str::trim);
                    let name = parts.next().unwrap_or_default();
                    let refused = parts
                        .any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
                    name.eq_ignore_ascii_case(wanted) && !refused
                })
        };
        let mut accepted = Vec::with_capacity(3);
        if offers("br") {
            accepted.push(Self::Brotli);
        }
        if offers("gzip") {
            accepted.push(Self::Gzip);
        }
        accepted.push(Self::Identity);
        accepted
    }

    /// The value of `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// What tells the tags of the encodings apart.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gz",
            Self::Identity => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(value: &'static str) -> Vec<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        Encoding::accepted(&headers)
    }

    #[test]
    fn a_refused_encoding_is_not_sent() {
        assert_eq!(accepted("br;q=0, gzip"), [Encoding::Gzip, Encoding::Identity]);
        assert_eq!(accepted("gzip, deflate, br"), [Encoding::Brotli, Encoding::Gzip, Encoding::Identity]);
        assert_eq!(accepted(""), [Encoding::Identity]);
    }
}
