//! What can be done with a release from its page.

use leptos::prelude::*;

use crate::{error::AppError, model::chosen::ChosenForm};

/// Has the package read again and compared with its checksums; goes to the job.
#[server(prefix = "/api/app", endpoint = "verify")]
pub async fn verify(release: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&release, "release")?;
    let job = services.releases().verify(&actor, id).await.map_err(convert)?;
    leptos_axum::redirect(&paths::job(&job.to_string()));
    Ok(())
}

/// Does one thing with every chosen release; goes back to the list as it was.
#[server(prefix = "/api/app", endpoint = "releases-act")]
pub async fn act_on_releases(form: ChosenForm) -> Result<(), AppError> {
    use crate::ssr::{chosen, guard};

    let (actor, services) = guard::signed_in()?;
    chosen::act(&services, &actor, &form).await
}

/// Deletes a release with all that was made of it; goes to the list.
#[server(prefix = "/api/app", endpoint = "delete-release")]
pub async fn delete_release(release: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&release, "release")?;
    services.releases().delete(&actor, id).await.map_err(convert)?;
    leptos_axum::redirect("/releases?done=release-deleted");
    Ok(())
}
