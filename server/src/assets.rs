//! The built site: scripts, WASM, styles, fonts. Inside the binary in a release build, on disk in development.

mod encoding;
mod site;

use std::{borrow::Cow, fmt::Write as _, path::PathBuf, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use sha2::{Digest, Sha256};

use self::encoding::Encoding;
pub use self::site::{EMBEDDED, EmbeddedFile};

/// Files under this path carry the hash of their content in their names.
const PACKAGE_PATH: &str = "/pkg/";

/// Where the built site is.
#[derive(Debug, Clone)]
pub enum Assets {
    /// In the binary.
    Embedded,
    /// In a folder: development, where files change under the running server.
    Folder(Arc<PathBuf>),
    /// Nowhere: built without its interface.
    Missing,
}

/// One file to send.
struct Asset {
    bytes: Cow<'static, [u8]>,
    encoding: Encoding,
    tag: String,
}

impl Assets {
    /// What this binary carries; else `folder` when it holds a built site.
    pub fn find(folder: PathBuf) -> Self {
        if !EMBEDDED.is_empty() {
            Self::Embedded
        } else if folder.join("pkg").is_dir() {
            Self::Folder(Arc::new(folder))
        } else {
            Self::Missing
        }
    }

    /// Whether there is a file at this path of the site.
    pub fn contains(&self, path: &str) -> bool {
        let Some(name) = site_name(path) else { return false };
        match self {
            Self::Embedded => site::lookup(name, Encoding::Identity).is_some(),
            Self::Folder(folder) => folder.join(name).is_file(),
            Self::Missing => false,
        }
    }

    /// The file at `path`, or `None` when the site has none.
    pub async fn serve(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let name = site_name(path)?;
        let asset = match self {
            Self::Embedded => embedded(name, headers)?,
            Self::Folder(folder) => on_disk(folder.join(name)).await?,
            Self::Missing => return None,
        };
        Some(asset.into_response(path, name, method, headers))
    }
}

/// The name inside the site, for a path that cannot leave it.
fn site_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let harmless = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', '%']);
    name.split('/').all(harmless).then_some(name)
}

fn embedded(name: &str, headers: &HeaderMap) -> Option<Asset> {
    let encoding = Encoding::accepted(headers).into_iter().find(|encoding| site::lookup(name, *encoding).is_some())?;
    let file = site::lookup(name, encoding)?;
    Some(Asset { bytes: Cow::Borrowed(file.bytes), encoding, tag: file.tag.to_owned() })
}

async fn on_disk(path: PathBuf) -> Option<Asset> {
    let bytes = tokio::fs::read(path).await.ok()?;
    let digest = Sha256::digest(&bytes);
    let tag = digest.iter().take(8).fold(String::with_capacity(16), |mut tag, byte| {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
        tag
    });
    Some(Asset { bytes: Cow::Owned(bytes), encoding: Encoding::Identity, tag })
}

impl Asset {
    fn into_response(self, path: &str, name: &str, method: &Method, request: &HeaderMap) -> Response {
        // Each encoding is another sequence of bytes and so has a tag of its own.
        let tag = format!("\"{}{}\"", self.tag, self.encoding.suffix());
        let known = request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|candidate| {
                matches!(candidate.trim().trim_start_matches("W/"), "*")
                    || candidate.trim().trim_start_matches("W/") == tag
            });
        let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let length = self.bytes.len();
        let body = if known || *method == Method::HEAD { Body::empty() } else { Body::from(bytes_of(self.bytes)) };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let caching = if path.starts_with(PACKAGE_PATH) && carries_hash(name) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(header::ETAG, tag);
        }
        if !known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            if let Some(encoding) = self.encoding.name() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        response
    }
}

fn bytes_of(bytes: Cow<'static, [u8]>) -> bytes::Bytes {
    match bytes {
        Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    }
}

/// Whether `name` is `STEM.HASH.EXTENSION`, as the builder of the site names files: 22 characters of base64url.
fn carries_hash(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    let hash = parts.nth(1);
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    parts.next().is_some() && hash.is_some_and(|hash| hash.len() >= 16 && hash.bytes().all(alphabet))
}

/// The media type by extension; the site holds nothing else.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/vnd.microsoft.icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_site() {
        for path in
            ["/../secrets", "/pkg/../../etc/passwd", "/pkg//x", "/.env", "/%2e%2e/x", "pkg/x", "/pkg/..\\x", "/"]
        {
            assert_eq!(site_name(path), None, "{path}");
        }
        assert_eq!(site_name("/pkg/app.css"), Some("pkg/app.css"));
    }

    #[test]
    fn only_a_name_with_a_hash_is_kept_for_ever() {
        assert!(carries_hash("pkg/ebook-scene-packer.0sYq2bT4Xk_9aZ-1mN3pQw.wasm"));
        assert!(!carries_hash("pkg/ebook-scene-packer.wasm"));
        assert!(!carries_hash("pkg/ebook-scene-packer.min.js"));
    }
}
