//! The REST API, `/api/v1`. Each handler is a guard, one call, and the answer.

mod account;
mod audit;
mod groups;
mod inbox;
mod jobs;
mod releases;
mod releases_csv;
mod sessions;
mod users;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

use crate::{events, failure::ApiFailure, state::AppState};

/// The routes, without uploads and downloads.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/sessions", post(sessions::sign_in).delete(sessions::sign_out))
        .route("/api/v1/releases", get(releases::list))
        .route("/api/v1/releases.csv", get(releases_csv::export))
        .route("/api/v1/releases/{id}", get(releases::show).patch(releases::edit).delete(releases::delete))
        .route("/api/v1/releases/{id}/preview", get(releases::preview).post(releases::preview_with))
        .route("/api/v1/releases/{id}/pack", post(releases::pack))
        .route("/api/v1/releases/{id}/verify", post(releases::verify))
        .route("/api/v1/releases/{id}/duplicates", get(releases::duplicates))
        .route("/api/v1/releases/{id}/withdraw", post(releases::withdraw))
        .route("/api/v1/releases/{id}/offer", post(releases::offer))
        .route("/api/v1/packages/{id}", get(releases::package))
        .route("/api/v1/jobs", get(jobs::list))
        .route("/api/v1/jobs/{id}", get(jobs::show))
        .route("/api/v1/jobs/{id}/log", get(jobs::log))
        .route("/api/v1/jobs/{id}/retry", post(jobs::retry))
        .route("/api/v1/jobs/{id}/cancel", post(jobs::cancel))
        .route("/api/v1/account/sessions", get(account::sessions).delete(account::end_other_sessions))
        .route("/api/v1/account/sessions/{id}", delete(account::end_session))
        .route("/api/v1/account/tokens", get(account::tokens).post(account::create_token))
        .route("/api/v1/account/tokens/{id}", delete(account::end_token))
        .route("/api/v1/users", get(users::list).post(users::create))
        .route("/api/v1/users/{id}", get(users::show).patch(users::change))
        .route("/api/v1/users/{id}/reset-link", post(users::reset_link))
        .route("/api/v1/users/{id}/reset-letter", post(users::reset_letter))
        .route("/api/v1/account/email", put(account::set_email))
        .route("/api/v1/users/{id}/codes", delete(users::end_codes))
        .route("/api/v1/roles", get(users::roles).post(users::create_role))
        .route("/api/v1/roles/{name}", put(users::change_role).delete(users::delete_role))
        .route("/api/v1/audit", get(audit::list))
        .route("/api/v1/audit/export", get(audit::export))
        .route("/api/v1/inbox", get(inbox::list))
        .route("/api/v1/inbox/{id}/take", post(inbox::take))
        .route("/api/v1/inbox/{id}/decline", post(inbox::decline))
        .route("/api/v1/groups/members", get(groups::members))
        .route("/api/v1/groups/{id}/members", put(groups::set_members))
        .route("/api/v1/groups/{id}/quota", put(groups::set_quota))
        .route("/api/v1/groups", get(groups::list).post(groups::create))
        .route("/api/v1/profiles", get(groups::profiles))
        .route("/api/v1/profiles/{name}", delete(groups::delete_profile))
        .route("/api/v1/profiles/{name}/restore", post(groups::restore_profile))
        .route("/api/v1/events", get(events::subscribe))
        .route("/api/v1/{*rest}", axum::routing::any(nowhere))
}

async fn nowhere() -> ApiFailure {
    ApiFailure::not_found()
}
