//! The headers of tus 1.0.0.

use std::collections::BTreeMap;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::failure::ApiFailure;

/// The one version there is.
pub(super) const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
/// The extensions that are spoken.
pub(super) const EXTENSIONS: HeaderValue =
    HeaderValue::from_static("creation,creation-with-upload,expiration,termination");
/// The media type of a part.
pub(super) const PART_TYPE: &str = "application/offset+octet-stream";

/// The version of the protocol that the other side speaks.
pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
/// The versions that are spoken here.
pub(super) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
/// The extensions that are spoken here.
pub(super) const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
/// The largest upload.
pub(super) const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
/// How much is here.
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// How much there is.
pub(super) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// What the file is called, and whatever else belongs to it.
pub(super) const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// When it is thrown away.
pub(super) const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// A length that is said later.
pub(super) const UPLOAD_DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
/// The release, once the upload is complete: our own addition.
pub(super) const UPLOAD_RELEASE: HeaderName = HeaderName::from_static("upload-release");

/// Middleware: every request but `OPTIONS` and `GET`, which tus leaves to us, says the version; every answer says it
/// too.
pub(super) async fn require_version(request: Request, next: Next) -> Response {
    let is_protocol = !matches!(*request.method(), Method::OPTIONS | Method::GET);
    let mut response = if is_protocol && request.headers().get(TUS_RESUMABLE) != Some(&VERSION) {
        let refusal = ApiFailure::new(
            StatusCode::PRECONDITION_FAILED,
            "unsupported-version",
            "the header Tus-Resumable must be 1.0.0",
        );
        let mut response = refusal.into_response();
        response.headers_mut().insert(TUS_VERSION, VERSION);
        response
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(TUS_RESUMABLE, VERSION);
    response
}

/// A header that is a number of bytes.
pub(super) fn bytes(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, ApiFailure> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|text| text.parse().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(ApiFailure::bad_request("bad-header", format!("the header {name} is not a number of bytes"))),
    }
}

/// Largest `Upload-Metadata` that is read: a name of 255 bytes and a fingerprint take some 700.
const LONGEST_METADATA: usize = 8 * 1024;

/// `Upload-Metadata`: pairs of a key and a base64 value, separated by commas. A value may be absent.
pub(super) fn metadata(headers: &HeaderMap) -> Result<BTreeMap<String, String>, ApiFailure> {
    let malformed = || ApiFailure::bad_request("bad-metadata", "the header Upload-Metadata cannot be read");
    let Some(value) = headers.get(UPLOAD_METADATA) else { return Ok(BTreeMap::new()) };
    let text = value.to_str().ok().filter(|text| text.len() <= LONGEST_METADATA).ok_or_else(malformed)?;
    let mut pairs = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, encoded) = pair.split_once(' ').unwrap_or((pair, ""));
        let bytes = STANDARD.decode(encoded.trim()).map_err(|_| malformed())?;
        let value = String::from_utf8(bytes).map_err(|_| malformed())?;
        if pairs.insert(key.to_owned(), value).is_some() {
            return Err(malformed());
        }
    }
    Ok(pairs)
}

/// `Upload-Metadata` as it is said again, from what was kept of it.
pub(super) fn metadata_value(pairs: &[(&str, &str)]) -> Option<HeaderValue> {
    let text: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
    HeaderValue::try_from(text.join(",")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Option<BTreeMap<String, String>> {
        let mut headers = HeaderMap::new();
        headers.insert(UPLOAD_METADATA, HeaderValue::try_from(value).unwrap());
        metadata(&headers).ok()
    }

    #[test]
    fn metadata_comes_back_as_it_was_said() {
        let pairs = [("filename", "Été à Paris.epub"), ("fingerprint", "a,b c")];
        let said = metadata_value(&pairs).unwrap();
        let heard = parse(said.to_str().unwrap()).unwrap();
        for (key, value) in pairs {
            assert_eq!(heard.get(key).map(String::as_str), Some(value));
        }
    }

    #[test]
    fn metadata_that_is_no_metadata_is_refused() {
        for value in ["filename !!!", "filename /w==", "a YQ==,a Yg=="] {
            assert!(parse(value).is_none(), "{value}");
        }
        assert!(parse("flag,filename YQ==").unwrap().contains_key("flag"));
        let long = format!("filename {}", "YWFh".repeat(4096));
        assert!(parse(&long).is_none());
    }
}
