//! What is done with releases that were chosen in a list. What one of them does not allow is told, by its title, after the
//! others have it.

use service::{Action, Actor, Failure, ReleaseId, ReleaseQuery, ReleaseSummary, Resource, Services};

use super::{
    convert::{answer_with, convert, lead_to},
    review::{left_out, pack_all, release_id},
};
use crate::{
    error::AppError,
    model::{chosen::ChosenForm, paths},
};

/// The most releases of one form: a page of the list has fewer.
const MOST: usize = 100;

/// Does what the form asks for, and goes back to the list as it was.
pub async fn act(services: &Services, actor: &Actor, form: &ChosenForm) -> Result<(), AppError> {
    let ids = form.releases.iter().take(MOST).map(|id| release_id(id)).collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() {
        let data = std::collections::BTreeMap::new();
        return Err(answer_with(AppError::Conflict { code: "no-release-chosen".to_owned(), data }));
    }
    let back = if paths::is_local(&form.back) { form.back.as_str() } else { paths::RELEASES };
    let address = match form.action.as_str() {
        "verify" => {
            require(actor, Resource::Jobs, Action::Write)?;
            let mut outcomes = Vec::new();
            for id in ids {
                outcomes.push((id, services.releases().verify(actor, id).await.map(drop)));
            }
            all_or_left_out(services, actor, outcomes).await?;
            paths::with(back, "done", "verify-begun")
        }
        "pack" => {
            require(actor, Resource::Jobs, Action::Write)?;
            pack_all(services, actor, ids, Vec::new()).await?;
            paths::with(back, "done", "pack-begun")
        }
        "csv" => paths::with(paths::RELEASES_CSV, "ids", &joined(&ids)),
        "delete" => {
            require(actor, Resource::Releases, Action::Delete)?;
            paths::with(back, "delete", &joined(&ids))
        }
        "delete-these" => {
            require(actor, Resource::Releases, Action::Delete)?;
            let mut outcomes = Vec::new();
            for id in ids {
                outcomes.push((id, services.releases().delete(actor, id).await));
            }
            all_or_left_out(services, actor, outcomes).await?;
            paths::with(back, "done", "releases-deleted")
        }
        _ => return Err(answer_with(AppError::Malformed)),
    };
    lead_to(&address);
    Ok(())
}

/// The releases that an address names, which are to be deleted, for whoever may: nothing of others.
pub async fn to_delete(services: &Services, actor: &Actor, ids: &str) -> Result<Vec<ReleaseSummary>, AppError> {
    let ids: Vec<ReleaseId> = ids.split(',').take(MOST).filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() || !actor.may(Resource::Releases, Action::Delete) {
        return Ok(Vec::new());
    }
    let query = ReleaseQuery { ids, limit: 100, ..ReleaseQuery::default() };
    Ok(services.releases().list(actor, &query).await.map_err(convert)?.items)
}

/// Whoever may do it with none is told so, not with how many it was not done. The use case asks again.
fn require(actor: &Actor, resource: Resource, action: Action) -> Result<(), AppError> {
    if actor.may(resource, action) { Ok(()) } else { Err(answer_with(AppError::Forbidden)) }
}

async fn all_or_left_out(
    services: &Services,
    actor: &Actor,
    outcomes: Vec<(ReleaseId, Result<(), Failure>)>,
) -> Result<(), AppError> {
    let all = outcomes.len();
    let failures: Vec<_> = outcomes.into_iter().filter_map(|(id, outcome)| Some((id, outcome.err()?))).collect();
    if failures.is_empty() {
        return Ok(());
    }
    let done = (all - failures.len()) as u64;
    let (left_out, more) = left_out(services, actor, failures).await;
    Err(answer_with(AppError::NotAllDone { done, left_out, more }))
}

fn joined(ids: &[ReleaseId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
