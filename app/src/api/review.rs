//! The review: saved field by field, previewed while one types, packed.

use leptos::prelude::*;

use crate::{
    error::AppError,
    model::review_form::{BatchForm, ReviewForm},
};

/// Saves what was changed.
#[server(prefix = "/api/app", endpoint = "review-save")]
pub async fn save_review(form: ReviewForm) -> Result<(), AppError> {
    use crate::ssr::{guard, review};

    let (actor, services) = guard::signed_in()?;
    let release = form.release.clone();
    review::save(&services, &actor, form).await?;
    review::show(&release);
    Ok(())
}

/// The regions of the page as they would be with what is typed, as HTML. Nothing is saved.
#[server(prefix = "/api/app", endpoint = "review-preview")]
pub async fn preview_review(form: ReviewForm) -> Result<String, AppError> {
    use crate::{
        pages::review::preview_html,
        ssr::{convert::convert, guard, review},
    };

    let (actor, services) = guard::signed_in()?;
    let release = review::release(&services, &actor, &form.release).await?;
    let draft = review::draft(&form, &release)?;
    if actor.may(service::Resource::Releases, service::Action::Modify) {
        // Whoever types is there.
        services.releases().look(&actor, release.summary.id).await.map_err(convert)?;
    }
    let preview = services.releases().preview_with(&actor, release.summary.id, &draft).await.map_err(convert)?;
    Ok(preview_html(&release, &preview))
}

/// Saves, and packs.
#[server(prefix = "/api/app", endpoint = "review-pack")]
pub async fn pack_review(form: ReviewForm) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard, review};

    let (actor, services) = guard::signed_in()?;
    if form.is_half_stated() {
        return Err(review::half_stated());
    }
    let release = form.release.clone();
    let id = review::release_id(&release)?;
    review::save(&services, &actor, form).await?;
    services.releases().pack(&actor, id).await.map_err(convert)?;
    review::show(&release);
    Ok(())
}

/// Gives every chosen release of a batch the same values, and packs those that are ready when asked to.
#[server(prefix = "/api/app", endpoint = "review-batch")]
pub async fn change_batch(form: BatchForm) -> Result<(), AppError> {
    use crate::ssr::{guard, review};

    let (actor, services) = guard::signed_in()?;
    review::change_batch(&services, &actor, &form).await
}

/// Throws an upload away that was interrupted: nothing of it remains. Leads back to where books are dropped.
#[server(prefix = "/api/app", endpoint = "upload-discard")]
pub async fn discard_upload(upload: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&upload, "upload")?;
    services.uploads().terminate(&actor, id).await.map_err(convert)?;
    crate::ssr::convert::lead_to(paths::NEW);
    Ok(())
}
