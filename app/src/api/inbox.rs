//! What can be done with a book in the inbox.

use leptos::prelude::*;

use crate::error::AppError;

/// Takes a book over; goes to its review.
#[server(prefix = "/api/app", endpoint = "take-book")]
pub async fn take_book(entry: String, #[server(default)] group: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&entry, "inbox-entry")?;
    let group = if group.is_empty() { None } else { Some(guard::id(&group, "group")?) };
    let release = services.inbox().take(&actor, id, group).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::review(&release.to_string()));
    Ok(())
}

/// Declines a book, which is deleted.
#[server(prefix = "/api/app", endpoint = "decline-book")]
pub async fn decline_book(entry: String, #[server(default)] note: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&entry, "inbox-entry")?;
    services.inbox().decline(&actor, id, &note).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/inbox?done=book-declined");
    Ok(())
}
