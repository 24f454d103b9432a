//! The batch that was sent to be packed last. A cookie says where its jobs begin, so that the desk counts them wherever one
//! goes meanwhile, and with as without script.

use http::request::Parts;
use leptos::prelude::use_context;
use service::{Action, Actor, BatchProgress, JobId, Resource, Services};

use super::{context, convert::convert, cookies};
use crate::error::AppError;

/// Remembers the first job of a batch for this browser.
pub fn remember(first: JobId) {
    if let Ok(visitor) = context::visitor() {
        cookies::set(cookies::for_a_day(cookies::BATCH, &first.to_string(), visitor.secure));
    }
}

/// How far the batch is that was remembered last; nothing where there is none, and for whoever sees no jobs. Only one's own
/// jobs count, whatever the cookie says.
pub async fn progress(services: &Services, actor: &Actor) -> Result<Option<BatchProgress>, AppError> {
    match first(actor) {
        Some(first) => services.jobs().batch(actor, first).await.map(Some).map_err(convert),
        None => Ok(None),
    }
}

fn first(actor: &Actor) -> Option<JobId> {
    let visitor = context::visitor().ok().filter(|_| actor.may(Resource::Jobs, Action::Read))?;
    let parts = use_context::<Parts>()?;
    cookies::read(&parts.headers, &cookies::name(cookies::BATCH, visitor.secure))?.parse().ok()
}
