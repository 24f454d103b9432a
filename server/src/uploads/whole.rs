//! A book in one form: for `curl`, and for browsers without script.

use app::model::paths;
use axum::{
    Json,
    extract::{FromRequest, Multipart, Request, State, multipart::Field},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{StreamExt, stream};
use serde_json::json;
use service::{Action, Actor, Failure, GroupId, NewUpload, ReleaseId, Resource, Upload, uploads::PART_BYTES};

use super::receive::{self, Sender, Target};
use crate::{
    failure::{ApiFailure, ApiResult},
    middleware::{
        guard,
        rate_limit::{self, NEW_UPLOADS},
    },
    state::AppState,
    visitor::SignedInActor,
};

/// Longest value of a field that is not the file.
const LONGEST_FIELD: usize = 200;

/// `POST /api/v1/books`: one file, and before or after it a field may name a `group`. Answers 201 with the release, or
/// sends a browser to the release's page.
pub(super) async fn receive(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    request: Request,
) -> ApiResult {
    let key = format!("new-upload:{}", actor.rate_key());
    rate_limit::attempt(&state, &key, NEW_UPLOADS).await?;
    let wants_page = guard::wants_page(&request);
    let mut form = Multipart::from_request(request, &state)
        .await
        .map_err(|_| ApiFailure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "send multipart/form-data"))?;
    let (mut group, mut file) = (None, None);
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        if field.file_name().is_none() {
            if field.name() == Some("group") {
                group = read_group(field).await?;
            }
            continue;
        }
        if file.is_some() {
            return Err(ApiFailure::bad_request("one-file", "the form holds more than one file: send one at a time"));
        }
        let file_name = field.file_name().unwrap_or_default().to_owned();
        file = Some((file_name, Staged::read(&state, &actor, field).await?));
    }
    let (file_name, staged) = file.ok_or_else(|| ApiFailure::bad_request("no-file", "the form holds no file"))?;
    let release = store(&state, &actor, group, file_name, staged).await?;
    Ok(answer(&actor, release, wants_page))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn malformed(error: axum::extract::multipart::MultipartError) -> ApiFailure {
    tracing::debug!(%error, "a form that cannot be read");
    ApiFailure::bad_request("bad-form", "the form ended early or cannot be read")
}

async fn read_group(mut field: Field<'_>) -> Result<Option<GroupId>, ApiFailure> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(malformed)? {
        if text.len() + chunk.len() > LONGEST_FIELD {
            return Err(ApiFailure::too_large(LONGEST_FIELD as u64));
        }
        text.extend_from_slice(&chunk);
    }
    let invalid = || ApiFailure::from(service::Failure::invalid("group", "unknown"));
    match String::from_utf8(text).map_err(|_| invalid())?.trim() {
        "" => Ok(None),
        id => Ok(Some(id.parse().map_err(|_| invalid())?)),
    }
}

/// A form does not say how long its file is, and an upload must know. So the file was staged on local disk first.
async fn store(
    state: &AppState,
    actor: &Actor,
    group: Option<GroupId>,
    file_name: String,
    staged: Staged,
) -> Result<ReleaseId, ApiFailure> {
    let uploads = state.services.uploads();
    let upload = uploads.begin(actor, NewUpload { file_name, size: staged.size, group, fingerprint: None }).await?;
    let outcome = forward(state, actor, &upload, staged).await;
    if outcome.is_err() {
        // Nothing of a refused form remains; when that fails too, the hourly round does it.
        if let Err(error) = uploads.terminate(actor, upload.id).await {
            tracing::warn!(%error, "an upload that was refused is still there");
        }
    }
    outcome
}

async fn forward(state: &AppState, actor: &Actor, upload: &Upload, staged: Staged) -> Result<ReleaseId, ApiFailure> {
    let target = Target { sender: Sender::new(state, actor), upload: upload.id, offset: 0, room: upload.size };
    receive::stream(target, staged.into_stream()).await?.whole()?;
    let release = state.services.uploads().complete(actor, upload.id).await?;
    crate::metrics::count_upload(upload.size);
    Ok(release)
}

/// A file of a form on local disk, until its size is known. Its name is gone from the start: whatever ends the
/// process, nothing remains.
struct Staged {
    file: tokio::fs::File,
    size: u64,
}

impl Staged {
    async fn read(state: &AppState, actor: &Actor, mut field: Field<'_>) -> Result<Self, ApiFailure> {
        use tokio::io::{AsyncSeekExt, AsyncWriteExt};

        let (limit, mut sender) = (state.configuration.upload_max_bytes, Sender::new(state, actor));
        let folder = state.services.settings().staging_dir.clone();
        let file = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&folder)?;
            tempfile::tempfile_in(folder)
        });
        let file = file.await.map_err(|error| ApiFailure::internal(&error))?.map_err(Failure::of_storage)?;
        let mut file = tokio::fs::File::from_std(file);
        file.set_max_buf_size(PART_BYTES / 8);
        let mut size = 0;
        loop {
            let chunk = tokio::time::timeout(receive::IDLE_TIME, field.chunk()).await;
            let Some(chunk) = chunk.map_err(|_| idle())?.map_err(malformed)? else { break };
            sender.still().await?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(ApiFailure::too_large(limit));
            }
            file.write_all(&chunk).await.map_err(Failure::of_storage)?;
        }
        file.flush().await.map_err(Failure::of_storage)?;
        file.rewind().await.map_err(Failure::of_storage)?;
        Ok(Self { file, size })
    }

    fn into_stream(self) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Send {
        stream::iter([self.file]).flat_map(tokio_util::io::ReaderStream::new)
    }
}

fn idle() -> ApiFailure {
    let seconds = receive::IDLE_TIME.as_secs();
    ApiFailure::new(StatusCode::REQUEST_TIMEOUT, "idle", format!("nothing came for {seconds} seconds"))
}

fn answer(actor: &Actor, release: ReleaseId, wants_page: bool) -> Response {
    // Who may see no releases finds the book in the inbox.
    let sees = actor.may(Resource::Releases, Action::Read);
    let page = if sees { paths::review(&release.to_string()) } else { format!("{}?done=book-sent", paths::INBOX) };
    let location = HeaderValue::try_from(page.clone()).ok();
    let mut response = if wants_page {
        StatusCode::SEE_OTHER.into_response()
    } else {
        (StatusCode::CREATED, Json(json!({ "release": release, "page": page }))).into_response()
    };
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
