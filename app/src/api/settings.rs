//! What the house decides for itself.

use leptos::prelude::*;

use crate::{error::AppError, model::keeping_form::KeepingForm};

/// Keeps things as long as the form says; goes back to the settings. The present password is asked for where less of the
/// audit log is to be kept.
#[server(prefix = "/api/app", endpoint = "settings-change")]
pub async fn change_settings(form: KeepingForm, #[server(default)] current: String) -> Result<(), AppError> {
    use service::{Action, Keeping, Resource};

    use crate::{
        model::{keeping_form::KeepingFields, paths},
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::allowed(Resource::Settings, Action::Modify)?;
    let keeping = |fields: &KeepingFields| Keeping {
        upload_hours: fields.upload_hours,
        job_days: fields.job_days,
        audit_days: fields.audit_days,
        source_days: fields.source_days,
        package_days: fields.package_days,
    };
    let (seen, wanted) = (keeping(&form.seen), keeping(&form.wanted));
    services.house().change(&actor, &seen, &wanted, &current.into()).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with(paths::SETTINGS, "done", "settings-changed"));
    Ok(())
}
