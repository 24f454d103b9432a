//! Views of the catalogue that one keeps.

use leptos::prelude::*;

use crate::error::AppError;

/// Keeps a view of the catalogue under a name, and goes to it.
#[server(prefix = "/api/app", endpoint = "save-view")]
pub async fn save_view(name: String, query: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let view = service::SavedView { name, query };
    services.views().save(&actor, &view).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&format!("{}{}", paths::RELEASES, view.query));
    Ok(())
}

/// Forgets one of one's own views; goes back to the page it was on.
#[server(prefix = "/api/app", endpoint = "delete-view")]
pub async fn delete_view(name: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    services.views().delete(&actor, &name).await.map_err(convert)
}
