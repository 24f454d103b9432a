//! The handlers of tus 1.0.0.

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use service::{Actor, Failure, NewUpload, ReleaseId, Upload, UploadId, UploadState};

use super::{
    headers::{
        self, EXTENSIONS, PART_TYPE, TUS_EXTENSION, TUS_MAX_SIZE, TUS_VERSION, UPLOAD_DEFER_LENGTH, UPLOAD_EXPIRES,
        UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET, UPLOAD_RELEASE, VERSION,
    },
    receive::{self, Sender, Target},
};
use crate::{
    failure::{ApiFailure, ApiResult},
    middleware::rate_limit::{self, NEW_UPLOADS},
    state::AppState,
    visitor::{PathParts, SignedInActor},
};

/// `OPTIONS`: what this server speaks. For everybody, signed in or not.
pub(super) async fn capabilities(State(state): State<AppState>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS_VERSION, VERSION);
    headers.insert(TUS_EXTENSION, EXTENSIONS);
    headers.insert(TUS_MAX_SIZE, HeaderValue::from(state.configuration.upload_max_bytes));
    response
}

/// `GET`: one's own uploads that are not complete, to go on with after a reload.
pub(super) async fn list(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<Upload>>> {
    Ok(Json(state.services.uploads().open(&actor).await?))
}

/// `GET` of one: the same as JSON.
pub(super) async fn show(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UploadId>,
) -> ApiResult<Json<Upload>> {
    Ok(Json(state.services.uploads().lookup(&actor, id).await?))
}

/// `POST`: begins an upload; with a body of the part's type, the first bytes too.
pub(super) async fn create(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    request: Request,
) -> ApiResult {
    let key = format!("new-upload:{}", actor.rate_key());
    rate_limit::attempt(&state, &key, NEW_UPLOADS).await?;
    let (parts, body) = request.into_parts();
    let new = new_upload(&parts.headers)?;
    let carries_bytes = is_part(&parts.headers);
    let upload = state.services.uploads().begin(&actor, new).await?;
    let mut received = upload.received;
    if carries_bytes {
        let target = target(&state, &actor, &upload);
        received = receive::body(target, body.into_data_stream()).await?.whole()?;
    }
    let release = complete_when_whole(&state, &actor, &upload, received).await?;

    let mut response = StatusCode::CREATED.into_response();
    let headers = response.headers_mut();
    let location = format!("/api/v1/uploads/{}", upload.id);
    if let Ok(location) = HeaderValue::try_from(location) {
        headers.insert(header::LOCATION, location);
    }
    describe(headers, &upload, received, release);
    Ok(response)
}

/// `HEAD`: where to go on. When every byte is here, the release is made that is still missing.
pub(super) async fn offset(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UploadId>,
) -> ApiResult {
    let upload = state.services.uploads().lookup(&actor, id).await?;
    // Whoever asks may have missed that every byte came, or the process ended before the release was made.
    let release = complete_when_whole(&state, &actor, &upload, upload.received).await?;
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(UPLOAD_LENGTH, HeaderValue::from(upload.size));
    let mut metadata = vec![("filename", upload.file_name.as_str())];
    metadata.extend(upload.fingerprint.as_deref().map(|fingerprint| ("fingerprint", fingerprint)));
    let group = upload.group.map(|group| group.to_string());
    metadata.extend(group.as_deref().map(|group| ("group", group)));
    if let Some(metadata) = headers::metadata_value(&metadata) {
        headers.insert(UPLOAD_METADATA, metadata);
    }
    describe(headers, &upload, upload.received, release);
    Ok(response)
}

/// `PATCH`: goes on at the offset. When the last byte is durable, the release is made.
pub(super) async fn append(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UploadId>,
    request: Request,
) -> ApiResult {
    let (parts, body) = request.into_parts();
    go_on(&state, &actor, id, &parts.headers, body).await
}

/// `DELETE`: throws the upload away.
pub(super) async fn terminate(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UploadId>,
) -> ApiResult<StatusCode> {
    state.services.uploads().terminate(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST` of one: `PATCH` or `DELETE` for clients whose networks know neither (`X-HTTP-Method-Override`).
pub(super) async fn overridden(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UploadId>,
    request: Request,
) -> ApiResult {
    let (parts, body) = request.into_parts();
    let method = parts.headers.get("x-http-method-override").map(HeaderValue::as_bytes);
    match method.map(Method::from_bytes) {
        Some(Ok(Method::PATCH)) => go_on(&state, &actor, id, &parts.headers, body).await,
        Some(Ok(Method::DELETE)) => {
            state.services.uploads().terminate(&actor, id).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(ApiFailure::new(StatusCode::METHOD_NOT_ALLOWED, "method", "X-HTTP-Method-Override: PATCH or DELETE")),
    }
}

async fn go_on(state: &AppState, actor: &Actor, id: UploadId, headers: &HeaderMap, body: Body) -> ApiResult {
    if !is_part(headers) {
        return Err(ApiFailure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            format!("the header Content-Type must be {PART_TYPE}"),
        ));
    }
    let offset = headers::bytes(headers, &UPLOAD_OFFSET)?
        .ok_or_else(|| ApiFailure::bad_request("bad-header", "the header Upload-Offset is missing"))?;
    let upload = state.services.uploads().lookup(actor, id).await?;
    if offset != upload.received {
        let received = upload.received.to_string();
        return Err(Failure::conflict("offset-mismatch", [("received", received)]).into());
    }
    let room = upload.size - upload.received;
    if headers::bytes(headers, &header::CONTENT_LENGTH)?.is_some_and(|length| length > room) {
        return Err(ApiFailure::too_large(room));
    }
    let received = receive::body(target(state, actor, &upload), body.into_data_stream()).await?.whole()?;
    let release = complete_when_whole(state, actor, &upload, received).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    describe(response.headers_mut(), &upload, received, release);
    Ok(response)
}

fn new_upload(headers: &HeaderMap) -> Result<NewUpload, ApiFailure> {
    if headers.contains_key(UPLOAD_DEFER_LENGTH) {
        return Err(ApiFailure::bad_request("bad-header", "Upload-Defer-Length is not spoken here"));
    }
    let size = headers::bytes(headers, &UPLOAD_LENGTH)?
        .ok_or_else(|| ApiFailure::bad_request("bad-header", "the header Upload-Length is missing"))?;
    let mut metadata = headers::metadata(headers)?;
    let file_name =
        metadata.remove("filename").ok_or_else(|| ApiFailure::from(Failure::invalid("file_name", "required")))?;
    let group = metadata
        .remove("group")
        .filter(|group| !group.is_empty())
        .map(|group| group.parse().map_err(|_| ApiFailure::from(Failure::invalid("group", "unknown"))))
        .transpose()?;
    Ok(NewUpload { file_name, size, group, fingerprint: metadata.remove("fingerprint") })
}

fn is_part(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value == PART_TYPE)
}

fn target(state: &AppState, actor: &Actor, upload: &Upload) -> Target {
    Target {
        sender: Sender::new(state, actor),
        upload: upload.id,
        offset: upload.received,
        room: upload.size - upload.received,
    }
}

/// Makes the release once every byte is here. A task of its own: a client that goes away now has done its part.
async fn complete_when_whole(
    state: &AppState,
    actor: &Actor,
    upload: &Upload,
    received: u64,
) -> Result<Option<ReleaseId>, ApiFailure> {
    if received < upload.size {
        return Ok(None);
    }
    let (services, actor, id, is_new) =
        (state.services.clone(), actor.clone(), upload.id, upload.state != UploadState::Complete);
    let task = service::request::spawn(async move { services.uploads().complete(&actor, id).await });
    let release = task.await.map_err(|error| ApiFailure::internal(&error))??;
    if is_new {
        crate::metrics::count_upload(upload.size);
    }
    Ok(Some(release))
}

fn describe(headers: &mut HeaderMap, upload: &Upload, received: u64, release: Option<ReleaseId>) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(received));
    match release {
        Some(release) => {
            if let Ok(release) = HeaderValue::try_from(release.to_string()) {
                headers.insert(UPLOAD_RELEASE, release);
            }
        }
        None => {
            if let Some(expires) = expires(upload) {
                headers.insert(UPLOAD_EXPIRES, expires);
            }
        }
    }
}

/// The instant as HTTP writes it (RFC 9110 §5.6.7).
fn expires(upload: &Upload) -> Option<HeaderValue> {
    let milliseconds = u64::try_from(upload.expires_at.0).ok()?;
    let instant = std::time::UNIX_EPOCH.checked_add(std::time::Duration::from_millis(milliseconds))?;
    HeaderValue::try_from(httpdate::fmt_http_date(instant)).ok()
}
