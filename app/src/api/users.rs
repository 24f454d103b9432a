//! The people of the house, their rights, their groups and their roles.

use leptos::prelude::*;

use crate::{
    error::AppError,
    model::rights::{RightsForm, RoleForm},
};

/// Makes a person who can sign in: with this password or, without one, with a link for their own, which their page shows.
#[server(prefix = "/api/app", endpoint = "create-user")]
pub async fn create_user(
    username: String,
    display_name: String,
    #[server(default)] password: String,
    #[server(default)] email: String,
    role: String,
    #[server(default)] groups: Vec<String>,
) -> Result<(), AppError> {
    use service::{Action, ExposeSecret, NewUser, Resource};

    use crate::ssr::{guard, once, typed};

    let (actor, services) = guard::allowed(Resource::Users, Action::Write)?;
    let mut fields = vec![
        ("display_name", display_name.as_str()),
        ("username", username.as_str()),
        ("email", email.as_str()),
        ("role", role.as_str()),
    ];
    fields.extend(groups.iter().map(|group| ("groups", group.as_str())));
    let form = typed::Form::of("/api/app/create-user", &fields);
    let role = guard::role(&role)?;
    let groups = guard::ids(&groups, "group")?;
    let is_invited = password.is_empty();
    let user = NewUser { username, display_name, password: password.into(), email, role, groups };
    if is_invited {
        let (id, link) = services.accounts().invite_user(&actor, user).await.map_err(|failure| form.back(failure))?;
        once::hand_over("reset-link", link.expose_secret());
        crate::ssr::convert::lead_to(&format!("/users/{id}?done=user-created"));
    } else {
        services.accounts().create_user(&actor, user).await.map_err(|failure| form.back(failure))?;
        crate::ssr::convert::lead_to("/users?done=user-created");
    }
    Ok(())
}

/// Gives a person these roles, groups and exceptions.
#[server(prefix = "/api/app", endpoint = "set-user-rights")]
pub async fn set_user_rights(form: RightsForm) -> Result<(), AppError> {
    use service::{Action, Resource, RightsChange};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Users, Action::Modify)?;
    let id = guard::id(&form.user, "user")?;
    let roles = form.roles.iter().map(|role| guard::role(role)).collect::<Result<_, _>>()?;
    let groups = guard::ids(&form.groups, "group")?;
    let exceptions = guard::exceptions(&form.exceptions)?;
    let change = RightsChange {
        roles: Some(roles),
        // Whoever may not see groups was shown none to choose from.
        groups: actor.may(Resource::Groups, Action::Read).then_some(groups),
        exceptions: Some(exceptions),
        seen: Some(form.seen),
    };
    services.accounts().set_rights(&actor, id, change).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&format!("/users/{id}?done=user-changed"));
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
    crate::ssr::convert::lead_to(&format!("/users/{id}?done=user-changed"));
    Ok(())
}

/// Makes a link with which a person chooses a new password; their page shows it once.
#[server(prefix = "/api/app", endpoint = "make-reset-link")]
pub async fn make_reset_link(user: String, current: String) -> Result<(), AppError> {
    use service::{Action, ExposeSecret, Resource};

    use crate::ssr::{convert::convert, guard, once};

    let (actor, services) = guard::allowed(Resource::Users, Action::Modify)?;
    let id = guard::id(&user, "user")?;
    let link = services.accounts().make_reset_link(&actor, &current.into(), id).await.map_err(convert)?;
    once::hand_over("reset-link", link.token.expose_secret());
    crate::ssr::convert::lead_to(&format!("/users/{id}"));
    Ok(())
}

/// Gives a person another address.
#[server(prefix = "/api/app", endpoint = "set-user-email")]
pub async fn set_user_email(user: String, #[server(default)] email: String, current: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Users, Action::Modify)?;
    let id = guard::id(&user, "user")?;
    let change = services.accounts().set_email_of(&actor, &current.into(), id, &email).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&format!("/users/{id}?done={}", crate::ssr::letter::done(change)));
    Ok(())
}

/// Sends a person a letter with a link for a new password.
#[server(prefix = "/api/app", endpoint = "send-reset-letter")]
pub async fn send_reset_letter(user: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Users, Action::Modify)?;
    let id = guard::id(&user, "user")?;
    services.letters().send_to(&actor, id).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&format!("/users/{id}?done=letter-sent"));
    Ok(())
}

/// Asks a person for one-time codes no longer.
#[server(prefix = "/api/app", endpoint = "end-user-codes")]
pub async fn end_user_codes(user: String, current: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Users, Action::Modify)?;
    let id = guard::id(&user, "user")?;
    services.accounts().end_codes_of(&actor, &current.into(), id).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&format!("/users/{id}?done=user-changed"));
    Ok(())
}

/// Makes a group.
#[server(prefix = "/api/app", endpoint = "create-group")]
pub async fn create_group(tag: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Groups, Action::Write)?;
    services.groups().create(&actor, &tag).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/groups?done=group-created");
    Ok(())
}

/// Gives a group these members and no others. `seen` are those that the form was made with.
#[server(prefix = "/api/app", endpoint = "set-members")]
pub async fn set_members(
    group: String,
    #[server(default)] members: Vec<String>,
    #[server(default)] seen: Vec<String>,
) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Groups, Action::Modify)?;
    let id = guard::id(&group, "group")?;
    let members = guard::ids(&members, "user")?;
    let seen = guard::ids(&seen, "user")?;
    services.groups().set_members(&actor, id, &members, Some(&seen)).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/groups?done=group-changed");
    Ok(())
}

/// Gives a group a limit in megabytes, or none for an empty text. `seen` is the limit in bytes that the form was made with.
#[server(prefix = "/api/app", endpoint = "set-quota")]
pub async fn set_quota(
    group: String,
    #[server(default)] megabytes: String,
    #[server(default)] seen: String,
) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::{
        ssr::{convert::convert, guard, quota},
        texts::texts,
    };

    let (actor, services) = guard::allowed(Resource::Groups, Action::Modify)?;
    let id = guard::id(&group, "group")?;
    let (bytes, seen) = (quota::bytes(texts(), &megabytes, &group)?, quota::seen(&seen)?);
    services.quotas().set(&actor, id, bytes, Some(seen)).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/groups?done=quota-changed");
    Ok(())
}

/// Makes a role, or gives one other permissions.
#[server(prefix = "/api/app", endpoint = "save-role")]
pub async fn save_role(form: RoleForm) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let action = if form.role.is_empty() { Action::Write } else { Action::Modify };
    let (actor, services) = guard::allowed(Resource::Roles, action)?;
    let grants = guard::grants(&form.grants)?;
    if form.role.is_empty() {
        services.roles().create(&actor, &form.name, form.all_groups, grants).await.map_err(convert)?;
        crate::ssr::convert::lead_to("/roles?done=role-created");
    } else {
        let role = guard::role(&form.role)?;
        services.roles().change(&actor, &role, form.all_groups, grants).await.map_err(convert)?;
        crate::ssr::convert::lead_to("/roles?done=role-changed");
    }
    Ok(())
}

/// Deletes a role that nobody has.
#[server(prefix = "/api/app", endpoint = "delete-role")]
pub async fn delete_role(role: String) -> Result<(), AppError> {
    use service::{Action, Resource};

    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::allowed(Resource::Roles, Action::Delete)?;
    services.roles().delete(&actor, &guard::role(&role)?).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/roles?done=role-deleted");
    Ok(())
}
