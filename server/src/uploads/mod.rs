//! Books on their way in: resumable after tus 1.0.0, or whole in one form.
//!
//! The protocol is that of <https://tus.io/protocols/resumable-upload>, with the extensions `creation`,
//! `creation-with-upload`, `expiration` and `termination`.

mod headers;
mod receive;
mod resumable;
mod whole;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn,
    routing::{get, post},
};

use crate::state::AppState;

/// The routes. Each counts its bytes for itself, so no limit of the router stands before them.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/uploads", get(resumable::list).post(resumable::create).options(resumable::capabilities))
        .route(
            "/api/v1/uploads/{id}",
            get(resumable::show)
                .head(resumable::offset)
                .patch(resumable::append)
                .delete(resumable::terminate)
                .post(resumable::overridden)
                .options(resumable::capabilities),
        )
        .route_layer(from_fn(headers::require_version))
        .route("/api/v1/books", post(whole::receive))
        .layer(DefaultBodyLimit::disable())
}
