//! Releases and packages.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use service::{
    Cursor, Draft, Duplicate, Edit, GroupId, JobId, Package, PackageId, Page, Preview, Release, ReleaseId,
    ReleaseQuery, ReleaseSummary, Sort, Status,
};

use crate::{
    failure::{ApiFailure, ApiResult},
    input::{JsonBody, QueryParts},
    state::AppState,
    visitor::{PathParts, Reading, SignedInActor},
};

/// The job that was begun.
#[derive(Debug, Serialize)]
pub(super) struct Begun {
    job: JobId,
}

/// The query of the list as it stands in an address: several states are separated by commas.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Ids, separated by commas.
    ids: Option<String>,
    search: Option<String>,
    status: Option<String>,
    group: Option<GroupId>,
    format: Option<packer::format::Format>,
    language: Option<String>,
    year: Option<u16>,
    kind: Option<packer::kind::Kind>,
    rights: Option<String>,
    mine: bool,
    withdrawn: bool,
    sort: Option<Sort>,
    ascending: bool,
    after: Option<Cursor>,
    limit: u32,
}

impl ListQuery {
    pub(super) fn into_query(self) -> Result<ReleaseQuery, ApiFailure> {
        let unknown = || ApiFailure::bad_request("bad-query", "`status` holds a word that is not a status");
        let words =
            self.status.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
        let status = words.map(|word| word.parse::<Status>().map_err(|_| unknown())).collect::<Result<_, _>>()?;
        let unknown_id = || ApiFailure::bad_request("bad-query", "`ids` holds a word that is not an id");
        let ids = self.ids.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty());
        let ids = ids.map(|id| id.parse::<ReleaseId>().map_err(|_| unknown_id())).collect::<Result<_, _>>()?;
        Ok(ReleaseQuery {
            ids,
            search: self.search,
            status,
            group: self.group,
            format: self.format,
            language: self.language,
            year: self.year,
            kind: self.kind,
            rights: self.rights,
            mine: self.mine,
            withdrawn: self.withdrawn,
            sort: self.sort.unwrap_or(Sort::Updated),
            descending: !self.ascending,
            after: self.after,
            limit: self.limit,
        })
    }
}

/// `GET /api/v1/releases`.
pub(super) async fn list(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    QueryParts(query): QueryParts<ListQuery>,
) -> ApiResult<Json<Page<ReleaseSummary>>> {
    Ok(Json(services.releases().list(&actor, &query.into_query()?).await?))
}

/// `GET /api/v1/releases/{id}`.
pub(super) async fn show(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<Json<Release>> {
    Ok(Json(services.releases().lookup(&actor, id).await?))
}

/// `PATCH /api/v1/releases/{id}`.
pub(super) async fn edit(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
    JsonBody(edit): JsonBody<Edit>,
) -> ApiResult<Json<Release>> {
    Ok(Json(state.services.releases().edit(&actor, id, edit).await?))
}

/// `DELETE /api/v1/releases/{id}`.
pub(super) async fn delete(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<StatusCode> {
    state.services.releases().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/releases/{id}/preview`.
pub(super) async fn preview(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<Json<Preview>> {
    Ok(Json(services.releases().preview(&actor, id).await?))
}

/// `POST /api/v1/releases/{id}/preview`: with values that are not saved. Nothing is changed.
pub(super) async fn preview_with(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
    JsonBody(draft): JsonBody<Draft>,
) -> ApiResult<Json<Preview>> {
    Ok(Json(state.services.releases().preview_with(&actor, id, &draft).await?))
}

/// `POST /api/v1/releases/{id}/pack`.
pub(super) async fn pack(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<(StatusCode, Json<Begun>)> {
    let job = state.services.releases().pack(&actor, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { job })))
}

/// `POST /api/v1/releases/{id}/verify`.
pub(super) async fn verify(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<(StatusCode, Json<Begun>)> {
    let job = state.services.releases().verify(&actor, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { job })))
}

/// `GET /api/v1/releases/{id}/duplicates`: what may be the same once more.
pub(super) async fn duplicates(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<Json<Vec<Duplicate>>> {
    Ok(Json(services.releases().duplicates(&actor, id).await?))
}

/// Why a release is withdrawn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    reason: String,
}

/// `POST /api/v1/releases/{id}/withdraw`: its package is no longer offered.
pub(super) async fn withdraw(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
    JsonBody(Reason { reason }): JsonBody<Reason>,
) -> ApiResult<StatusCode> {
    state.services.withdrawals().withdraw(&actor, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/releases/{id}/offer`: it is offered again.
pub(super) async fn offer(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<ReleaseId>,
) -> ApiResult<StatusCode> {
    state.services.withdrawals().take_back(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/packages/{id}`.
pub(super) async fn package(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<PackageId>,
) -> ApiResult<Json<Package>> {
    Ok(Json(services.packages().lookup(&actor, id).await?))
}
