//! What can be done with a job.

use leptos::prelude::*;

use crate::error::AppError;

/// Begins a job anew that failed or was cancelled; goes back to it.
#[server(prefix = "/api/app", endpoint = "retry-job")]
pub async fn retry_job(job: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&job, "job")?;
    services.jobs().retry(&actor, id).await.map_err(convert)
}

/// Asks a job to stop; goes back to it.
#[server(prefix = "/api/app", endpoint = "cancel-job")]
pub async fn cancel_job(job: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&job, "job")?;
    services.jobs().cancel(&actor, id).await.map_err(convert)
}

/// Begins the failed jobs of a list anew; goes back to the list and says how many.
#[server(prefix = "/api/app", endpoint = "retry-jobs")]
pub async fn retry_jobs(#[server(default)] state: String, #[server(default)] kind: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{guard, jobs};

    let (actor, services) = guard::allowed(Resource::Jobs, Action::Modify)?;
    jobs::retry_all(&services, &actor, &state, &kind).await
}

/// Asks the jobs of a list to stop that wait or run; goes back to the list and says how many.
#[server(prefix = "/api/app", endpoint = "cancel-jobs")]
pub async fn cancel_jobs(#[server(default)] state: String, #[server(default)] kind: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{guard, jobs};

    let (actor, services) = guard::allowed(Resource::Jobs, Action::Modify)?;
    jobs::cancel_all(&services, &actor, &state, &kind).await
}
