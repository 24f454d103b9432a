//! Bytes on their way out: files of packages, whole packages, covers.
//!
//! These are bytes that people brought along, served from our origin. So they are attachments of a type that says
//! nothing, in a sandbox: a browser that shows them anyway runs nothing in them and gives them no origin.

mod disposition;
mod range;

use std::ops::Range;

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::StreamExt;
use service::{ByteStream, CoverSize, PackageId, ReleaseId};

pub use self::disposition::attachment;
use self::range::Wanted;
use crate::{
    failure::{ApiFailure, ApiResult},
    state::AppState,
    visitor::{PathParts, SignedInActor},
};

/// Nothing runs, nothing is loaded, no origin.
const SANDBOX: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// A thumbnail is what a browser asks for fifty times a page, and changes only when its book is read again: it is kept for
/// a day. It goes when the session ends, as everything of it does.
const THUMBNAIL_LIFE: HeaderValue = HeaderValue::from_static("private, max-age=86400");
/// The bytes behind an address change with the book only: ask again, but cheaply.
const COVER_LIFE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The routes. The names at the end are for people and tools that go by the address; the id alone decides.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/packages/{id}/archive", get(archive))
        .route("/api/v1/packages/{id}/files/{position}", get(file))
        .route("/packages/{id}/archive/{name}", get(named_archive))
        .route("/packages/{id}/files/{position}/{name}", get(named_file))
        .route("/api/v1/releases/{id}/cover", get(cover))
        .route("/api/v1/releases/{id}/cover/small", get(small_cover))
}

async fn file(
    state: State<AppState>,
    actor: SignedInActor,
    PathParts((id, position)): PathParts<(PackageId, u32)>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult {
    send_file(state, actor, id, position, &method, &headers).await
}

async fn named_file(
    state: State<AppState>,
    actor: SignedInActor,
    PathParts((id, position, _name)): PathParts<(PackageId, u32, String)>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult {
    send_file(state, actor, id, position, &method, &headers).await
}

async fn archive(
    state: State<AppState>,
    actor: SignedInActor,
    PathParts(id): PathParts<PackageId>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult {
    send_archive(state, actor, id, &method, &headers).await
}

async fn named_archive(
    state: State<AppState>,
    actor: SignedInActor,
    PathParts((id, _name)): PathParts<(PackageId, String)>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult {
    send_archive(state, actor, id, &method, &headers).await
}

async fn send_file(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    id: PackageId,
    position: u32,
    method: &Method,
    headers: &HeaderMap,
) -> ApiResult {
    let packages = state.services.packages();
    let package = packages.lookup(&actor, id).await?;
    let known = package.files.iter().find(|file| file.position == position).ok_or_else(ApiFailure::not_found)?;
    let tag = format!("\"{}\"", known.sha256);
    let wanted = Wanted::of(headers, known.size, &tag);
    let facts = Facts {
        size: known.size,
        tag,
        media_type: "application/octet-stream".to_owned(),
        disposition: attachment(known.path.rsplit('/').next().unwrap_or(&known.path)),
    };
    if let Some(answer) = facts.without_bytes(&wanted, method) {
        return Ok(answer);
    }
    let (_, body) = packages.open_file(&actor, id, position, wanted.range()).await?;
    Ok(facts.with_bytes(&wanted, body))
}

async fn send_archive(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    id: PackageId,
    method: &Method,
    headers: &HeaderMap,
) -> ApiResult {
    let packages = state.services.packages();
    // Opening reads nothing of the body: size and tag come first, then the range is known.
    let whole = packages.open_archive(&actor, id, None).await?;
    let tag = format!("\"{}\"", whole.entity_tag);
    let wanted = Wanted::of(headers, whole.size, &tag);
    let facts = Facts {
        size: whole.size,
        tag,
        media_type: "application/zip".to_owned(),
        disposition: attachment(&whole.file_name),
    };
    if let Some(answer) = facts.without_bytes(&wanted, method) {
        return Ok(answer);
    }
    let body = match wanted.range() {
        Some(range) => packages.open_archive(&actor, id, Some(range)).await?.body,
        None => whole.body,
    };
    Ok(facts.with_bytes(&wanted, body))
}

async fn cover(
    state: State<AppState>,
    actor: SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult {
    send_cover(state, actor, id, CoverSize::Whole, &method, &headers).await
}

async fn small_cover(
    state: State<AppState>,
    actor: SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult {
    send_cover(state, actor, id, CoverSize::Small, &method, &headers).await
}

async fn send_cover(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    id: ReleaseId,
    size: CoverSize,
    method: &Method,
    headers: &HeaderMap,
) -> ApiResult {
    let cover = state.services.releases().cover(&actor, id, size).await?.ok_or_else(ApiFailure::not_found)?;
    let tag = format!("\"{}\"", cover.sha256);
    let mut wanted = Wanted::of(headers, cover.size, &tag);
    if matches!(wanted, Wanted::Part(_) | Wanted::Nowhere) {
        wanted = Wanted::Whole;
    }
    let facts = Facts { size: cover.size, tag, media_type: image_type(&cover.media_type), disposition: None };
    let mut response = match facts.without_bytes(&wanted, method) {
        Some(answer) => answer,
        None => facts.with_bytes(&wanted, cover.body),
    };
    // A whole cover in the place of a small one is there only until the book is read again.
    let life = if cover.shown == CoverSize::Small { THUMBNAIL_LIFE } else { COVER_LIFE };
    response.headers_mut().insert(header::CACHE_CONTROL, life);
    Ok(response)
}

/// The type as the book states it, if it is an image's. Anything else is nobody's type.
fn image_type(stated: &str) -> String {
    const IMAGES: [&str; 6] = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml", "image/avif"];
    let known = IMAGES.into_iter().find(|known| known.eq_ignore_ascii_case(stated.trim()));
    known.unwrap_or("application/octet-stream").to_owned()
}

/// What the headers of an answer say about the bytes.
struct Facts {
    size: u64,
    tag: String,
    media_type: String,
    disposition: Option<HeaderValue>,
}

impl Facts {
    /// The answer that needs no bytes: nothing new, no such range, or only the headers asked for.
    fn without_bytes(&self, wanted: &Wanted, method: &Method) -> Option<Response> {
        let status = match wanted {
            Wanted::Nothing => StatusCode::NOT_MODIFIED,
            Wanted::Nowhere => {
                let mut response = self.answer(StatusCode::RANGE_NOT_SATISFIABLE, 0, Body::empty());
                set(&mut response, header::CONTENT_RANGE, format!("bytes */{}", self.size));
                return Some(response);
            }
            Wanted::Whole | Wanted::Part(_) if *method == Method::HEAD => {
                return Some(self.reply(wanted, Body::empty()));
            }
            Wanted::Whole | Wanted::Part(_) => return None,
        };
        let mut response = self.answer(status, 0, Body::empty());
        response.headers_mut().remove(header::CONTENT_LENGTH);
        Some(response)
    }

    fn with_bytes(&self, wanted: &Wanted, body: ByteStream) -> Response {
        let counted = body.inspect(|chunk| {
            if let Ok(bytes) = chunk {
                metrics::counter!("download_bytes_total").increment(bytes.len() as u64);
            }
        });
        self.reply(wanted, Body::from_stream(counted))
    }

    fn reply(&self, wanted: &Wanted, body: Body) -> Response {
        match wanted.range() {
            None => self.answer(StatusCode::OK, self.size, body),
            Some(Range { start, end }) => {
                let mut response = self.answer(StatusCode::PARTIAL_CONTENT, end - start, body);
                set(&mut response, header::CONTENT_RANGE, format!("bytes {start}-{}/{}", end - 1, self.size));
                response
            }
        }
    }

    fn answer(&self, status: StatusCode, length: u64, body: Body) -> Response {
        let mut response = (status, body).into_response();
        set(&mut response, header::CONTENT_TYPE, self.media_type.clone());
        set(&mut response, header::ETAG, self.tag.clone());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        if let Some(disposition) = &self.disposition {
            headers.insert(header::CONTENT_DISPOSITION, disposition.clone());
        }
        response
    }
}

fn set(response: &mut Response, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}
