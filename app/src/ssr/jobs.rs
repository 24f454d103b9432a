//! What is done with all jobs that a list shows. What one of them does not allow is told, by the title of its release, after
//! the others have it.

use std::str::FromStr;

use service::{Actor, JobQuery, Services, jobs::Outcomes};

use super::{
    convert::{answer_with, convert, lead_to},
    review::left_out,
};
use crate::{error::AppError, model::paths};

/// Begins the failed ones anew.
pub async fn retry_all(services: &Services, actor: &Actor, state: &str, kind: &str) -> Result<(), AppError> {
    let query = asked(state, kind)?;
    let outcomes = services.jobs().retry_all(actor, &query).await.map_err(convert)?;
    told(services, actor, &query, "begun", outcomes).await
}

/// Stops those that wait or run.
pub async fn cancel_all(services: &Services, actor: &Actor, state: &str, kind: &str) -> Result<(), AppError> {
    let query = asked(state, kind)?;
    let outcomes = services.jobs().cancel_all(actor, &query).await.map_err(convert)?;
    told(services, actor, &query, "stopped", outcomes).await
}

/// The list that a form stands on. With a value that nobody knows, nothing is done: it must not stand for all jobs.
fn asked(state: &str, kind: &str) -> Result<JobQuery, AppError> {
    Ok(JobQuery { state: known(state)?, kind: known(kind)?, ..JobQuery::default() })
}

fn known<T: FromStr>(word: &str) -> Result<Option<T>, AppError> {
    if word.is_empty() {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| answer_with(AppError::Malformed))
}

/// The list that an address asks for. A value that nobody knows is left out.
pub fn query(state: &str, kind: &str) -> JobQuery {
    JobQuery { state: state.parse().ok(), kind: kind.parse().ok(), ..JobQuery::default() }
}

/// The address of a list.
pub fn address(query: &JobQuery) -> String {
    let state = query.state.map(|state| paths::with(paths::JOBS, "state", state.word()));
    let address = state.unwrap_or_else(|| paths::JOBS.to_owned());
    match query.kind {
        Some(kind) => paths::with(&address, "kind", kind.word()),
        None => address,
    }
}

/// How many it was done with, and with which it was not.
async fn told(
    services: &Services,
    actor: &Actor,
    query: &JobQuery,
    what: &str,
    outcomes: Outcomes,
) -> Result<(), AppError> {
    let all = outcomes.len();
    let failures: Vec<_> =
        outcomes.into_iter().filter_map(|(_, release, outcome)| Some((release, outcome.err()?))).collect();
    let done = (all - failures.len()) as u64;
    if failures.is_empty() {
        lead_to(&paths::with(&address(query), what, &done.to_string()));
        return Ok(());
    }
    let unnamed = failures.iter().filter(|(release, _)| release.is_none()).count() as u64;
    let named = failures.into_iter().filter_map(|(release, failure)| Some((release?, failure))).collect();
    let (left_out, more) = left_out(services, actor, named).await;
    Err(answer_with(AppError::NotAllDone { done, left_out, more: more + unnamed }))
}
