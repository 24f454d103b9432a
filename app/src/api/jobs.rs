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
