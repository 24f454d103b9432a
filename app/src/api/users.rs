//! One's own account, and the people of the house.

use leptos::prelude::*;

use crate::error::AppError;

/// Changes one's own password.
#[server(prefix = "/api/app", endpoint = "change-password")]
pub async fn change_password(current: String, new: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    services.accounts().change_password(&actor, &current.into(), &new.into()).await.map_err(convert)?;
    leptos_axum::redirect("/account?done=password-changed");
    Ok(())
}

/// Makes a person who can sign in.
#[server(prefix = "/api/app", endpoint = "create-user")]
pub async fn create_user(
    username: String,
    display_name: String,
    password: String,
    role: String,
) -> Result<(), AppError> {
    use service::{Action, NewUser, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Users, Action::Write)?;
    let role = guard::role(&role)?;
    let user = NewUser { username, display_name, password: password.into(), role };
    services.accounts().create_user(&actor, user).await.map_err(convert)?;
    leptos_axum::redirect("/users?done=user-created");
    Ok(())
}

/// Lets a person in again, or no longer.
#[server(prefix = "/api/app", endpoint = "set-user-active")]
pub async fn set_user_active(user: String, active: bool) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Users, Action::Modify)?;
    let id = guard::id(&user, "user")?;
    services.accounts().set_active(&actor, id, active).await.map_err(convert)?;
    leptos_axum::redirect("/users?done=user-changed");
    Ok(())
}
