//! The batch that was sent to be packed last. A cookie says by which request it was sent and where its jobs begin, so that the
//! desk counts them wherever one goes meanwhile, and with as without script.

use http::request::Parts;
use leptos::prelude::use_context;
use service::{Action, Actor, BatchProgress, JobId, Resource, Services, request};

use super::{context, convert::convert, cookies};
use crate::error::AppError;

/// Remembers a batch for this browser: this request, and the first of its jobs.
pub fn remember(first: JobId) {
    if let (Ok(visitor), Some(request)) = (context::visitor(), request::id()) {
        cookies::set(cookies::for_a_day(cookies::BATCH, &format!("{first}.{request}"), visitor.secure));
    }
}

/// How far the batch is that was remembered last; nothing where there is none, and for whoever sees no jobs. Only one's own
/// jobs count, whatever the cookie says.
pub async fn progress(services: &Services, actor: &Actor) -> Result<Option<BatchProgress>, AppError> {
    match remembered(actor) {
        Some((first, request)) => services.jobs().batch(actor, first, &request).await.map(Some).map_err(convert),
        None => Ok(None),
    }
}

fn remembered(actor: &Actor) -> Option<(JobId, String)> {
    let visitor = context::visitor().ok().filter(|_| actor.may(Resource::Jobs, Action::Read))?;
    let parts = use_context::<Parts>()?;
    let value = cookies::read(&parts.headers, &cookies::name(cookies::BATCH, visitor.secure))?;
    let (first, request) = value.split_once('.')?;
    Some((first.parse().ok()?, request.to_owned()))
}
