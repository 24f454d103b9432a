//! Profiles of one's own: written, tried, saved.

use leptos::prelude::*;

use crate::{error::AppError, model::profile_form::ProfileForm};

/// What is wrong with a text, or what a release would be under it, as HTML. The text is kept as a draft; where it cannot be,
/// for the profile was deleted meanwhile, the answer says so.
#[server(prefix = "/api/app", endpoint = "profile-check")]
pub async fn check_profile(form: ProfileForm) -> Result<String, AppError> {
    use service::Resource;

    use crate::{
        pages::profiles::edit::{not_kept_html, outcome_html},
        ssr::{
            convert::{convert, told},
            guard,
            profile_text::merged_so_far,
            profiles::writing,
        },
    };

    let (actor, services) = guard::allowed(Resource::Profiles, writing(form.seen == 0))?;
    let text = merged_so_far(&form);
    match services.profiles().keep_draft(&actor, &form.draft, &text, form.seen).await {
        Err(failure) if failure.code() == "profile-deleted" => return Ok(not_kept_html(told(failure))),
        kept => kept.map_err(convert)?,
    }
    outcome_html(&services, &actor, &form, &text).await
}

/// Puts what was changed in the form into the text and keeps it as a draft; goes back to where it is written. For a page
/// without script.
#[server(prefix = "/api/app", endpoint = "profile-apply")]
pub async fn apply_profile_form(form: ProfileForm) -> Result<(), AppError> {
    use service::Resource;

    use crate::{
        model::paths,
        pages::profiles::choice::Wish,
        ssr::{convert::convert, guard, profile_text::merged, profiles::writing},
    };

    let is_new = form.seen == 0;
    let (actor, services) = guard::allowed(Resource::Profiles, writing(is_new))?;
    services.profiles().keep_draft(&actor, &form.draft, &merged(&form), form.seen).await.map_err(convert)?;
    let back = if is_new { paths::new_profile(&form.draft) } else { paths::edit_profile(&form.draft) };
    crate::ssr::convert::lead_to(&Wish::from_form(&form).to_address(&back));
    Ok(())
}

/// Saves a text as the next version of its profile, and goes to it. What is not taken is kept as a draft.
#[server(prefix = "/api/app", endpoint = "profile-save")]
pub async fn save_profile(form: ProfileForm) -> Result<(), AppError> {
    use service::Resource;

    use crate::{
        model::paths,
        ssr::{convert::convert, guard, profile_text::merged, profiles::writing},
    };

    let (actor, services) = guard::allowed(Resource::Profiles, writing(form.seen == 0))?;
    let text = merged(&form);
    services.profiles().keep_draft(&actor, &form.draft, &text, form.seen).await.map_err(convert)?;
    let name = services.profiles().save(&actor, &form.draft, &text, form.seen.max(form.over)).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with(&paths::profile(&name), "done", "profile-saved"));
    Ok(())
}

/// Throws a draft away; goes back to the page it was on.
#[server(prefix = "/api/app", endpoint = "profile-discard")]
pub async fn discard_profile_draft(draft: String, is_new: bool) -> Result<(), AppError> {
    use service::Resource;

    use crate::ssr::{convert::convert, guard, profiles::writing};

    let (actor, services) = guard::allowed(Resource::Profiles, writing(is_new))?;
    services.profiles().discard_draft(&actor, &draft, is_new).await.map_err(convert)
}

/// Deletes a profile of the house.
#[server(prefix = "/api/app", endpoint = "profile-delete")]
pub async fn delete_profile(name: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::allowed(Resource::Profiles, Action::Delete)?;
    services.profiles().delete(&actor, &name).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with(paths::PROFILES, "done", "profile-deleted"));
    Ok(())
}

/// Lets a deleted profile be chosen again.
#[server(prefix = "/api/app", endpoint = "profile-restore")]
pub async fn restore_profile(name: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::allowed(Resource::Profiles, Action::Delete)?;
    services.profiles().restore(&actor, &name).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with(&paths::profile(&name), "done", "profile-restored"));
    Ok(())
}
