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
use packer::hash::Sha256;
use service::{ByteStream, CoverFound, CoverSize, PackageId, ReleaseId};

pub use self::disposition::attachment;
use self::range::Wanted;
use crate::{
    failure::{ApiFailure, ApiResult},
    state::AppState,
    visitor::{PathParts, SignedInActor},
};

/// Nothing runs, nothing is loaded, no origin.
const SANDBOX: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// Whoever sits at this browser next asks anew whether they may have it, and where they may and nothing changed, no byte goes.
const LIFE: HeaderValue = HeaderValue::from_static("private, no-cache");

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
    let known = packages.file(&actor, id, position).await?;
    let tag = tag(&known.sha256);
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
    // Fifty times a page, and nearly always the same again: whoever has it is told so before its bytes are looked for.
    let is_known = |sha256: &Sha256| Wanted::of(headers, 0, &tag(sha256)) == Wanted::Nothing;
    let found = state.services.releases().cover(&actor, id, size, is_known).await?.ok_or_else(ApiFailure::not_found)?;
    let facts = |size, sha256: &Sha256, media_type: &str| Facts {
        size,
        tag: tag(sha256),
        media_type: image_type(media_type),
        disposition: None,
    };
    Ok(match found {
        CoverFound::Known { media_type, sha256 } => facts(0, &sha256, &media_type).unchanged(),
        CoverFound::Open(cover) if *method == Method::HEAD => {
            facts(cover.size, &cover.sha256, &cover.media_type).reply(&Wanted::Whole, Body::empty())
        }
        CoverFound::Open(cover) => {
            facts(cover.size, &cover.sha256, &cover.media_type).with_bytes(&Wanted::Whole, cover.body)
        }
    })
}

fn tag(sha256: &Sha256) -> String {
    format!("\"{sha256}\"")
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
        match wanted {
            Wanted::Nothing => Some(self.unchanged()),
            Wanted::Nowhere => {
                let mut response = self.answer(StatusCode::RANGE_NOT_SATISFIABLE, 0, Body::empty());
                set(&mut response, header::CONTENT_RANGE, format!("bytes */{}", self.size));
                Some(response)
            }
            Wanted::Whole | Wanted::Part(_) if *method == Method::HEAD => Some(self.reply(wanted, Body::empty())),
            Wanted::Whole | Wanted::Part(_) => None,
        }
    }

    /// The answer to whoever has the bytes.
    fn unchanged(&self) -> Response {
        let mut response = self.answer(StatusCode::NOT_MODIFIED, 0, Body::empty());
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response
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
        headers.insert(header::CACHE_CONTROL, LIFE);
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
