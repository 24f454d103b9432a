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
    crate::ssr::convert::lead_to(&paths::job(&job.to_string()));
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
    crate::ssr::convert::lead_to("/releases?done=release-deleted");
    Ok(())
}

/// Begins a correction of a release; goes to where it is reviewed.
#[server(prefix = "/api/app", endpoint = "correct-release")]
pub async fn correct_release(release: String, tag: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&release, "release")?;
    let correction = services.releases().correct(&actor, id, &tag).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::review(&correction.to_string()));
    Ok(())
}

/// Makes a link to verify a release with; its page shows it once.
#[server(prefix = "/api/app", endpoint = "make-verify-link")]
pub async fn make_verify_link(release: String) -> Result<(), AppError> {
    use service::ExposeSecret;

    use crate::{
        model::paths,
        ssr::{convert::convert, guard, once},
    };

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&release, "release")?;
    let token = services.verify_links().make(&actor, id).await.map_err(convert)?;
    once::hand_over("verify-link", token.expose_secret());
    crate::ssr::convert::lead_to(&paths::release(&id.to_string()));
    Ok(())
}

/// Takes the link of a release away; goes back to its page.
#[server(prefix = "/api/app", endpoint = "withdraw-verify-link")]
pub async fn withdraw_verify_link(release: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&release, "release")?;
    services.verify_links().withdraw(&actor, id).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with(&paths::release(&id.to_string()), "done", "verify-link-withdrawn"));
    Ok(())
}

/// Withdraws a release: it says so with a reason, and its package is no longer offered.
#[server(prefix = "/api/app", endpoint = "withdraw-release")]
pub async fn withdraw_release(release: String, #[server(default)] reason: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    /// Characters of a reason that come back with what is wrong with it: twice what is taken, and an address holds them.
    const MOST_GIVEN: usize = 2 * service::withdrawals::LONGEST_REASON;

    let (actor, services) = guard::allowed(Resource::Releases, Action::Modify)?;
    let id: service::ReleaseId = guard::id(&release, "release")?;
    let withdrawn = services.withdrawals().withdraw(&actor, id, &reason).await.map_err(convert);
    withdrawn.map_err(|mut error| {
        if let AppError::Invalid { fields } = &mut error {
            for problem in fields {
                problem.give_back(&reason, MOST_GIVEN);
            }
        }
        error
    })?;
    crate::ssr::convert::lead_to(&paths::with(&paths::release(&id.to_string()), "done", "release-withdrawn"));
    Ok(())
}

/// Offers a withdrawn release again.
#[server(prefix = "/api/app", endpoint = "offer-release")]
pub async fn offer_release(release: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::allowed(Resource::Releases, Action::Modify)?;
    let id: service::ReleaseId = guard::id(&release, "release")?;
    services.withdrawals().take_back(&actor, id).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with(&paths::release(&id.to_string()), "done", "release-offered"));
    Ok(())
}
