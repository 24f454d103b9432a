//! One's own account: password, sessions, tokens, one-time codes.

use leptos::prelude::*;

use crate::error::AppError;

/// Changes one's own password; this browser goes on with a session of its own.
#[server(prefix = "/api/app", endpoint = "change-password")]
pub async fn change_password(current: String, new: String) -> Result<(), AppError> {
    use crate::ssr::{context, convert::convert, guard, session};

    let (actor, services) = guard::signed_in()?;
    let visitor = context::visitor()?;
    let (current, new) = (current.into(), new.into());
    let signed_in = services.accounts().change_password(&actor, &current, &new, &visitor.client).await;
    session::begin(&visitor, &signed_in.map_err(convert)?, Some("/account?done=password-changed"));
    Ok(())
}

/// Gives oneself another address.
#[server(prefix = "/api/app", endpoint = "set-email")]
pub async fn set_email(#[server(default)] email: String, current: String) -> Result<(), AppError> {
    use crate::{
        model::paths,
        ssr::{convert::convert, guard},
    };

    let (actor, services) = guard::signed_in()?;
    let change = services.accounts().set_own_email(&actor, &current.into(), &email).await.map_err(convert)?;
    crate::ssr::convert::lead_to(&paths::with("/account", "done", crate::ssr::letter::done(change)));
    Ok(())
}

/// Ends one of one's own sessions.
#[server(prefix = "/api/app", endpoint = "end-session")]
pub async fn end_session(session: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&session, "session")?;
    services.accounts().end_device(&actor, id).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/account?done=session-ended");
    Ok(())
}

/// Ends all of one's own sessions but this one.
#[server(prefix = "/api/app", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    services.accounts().end_other_devices(&actor).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/account?done=sessions-ended");
    Ok(())
}

/// Makes a token of the API; the page shows it once.
#[server(prefix = "/api/app", endpoint = "create-token")]
pub async fn create_token(name: String, scope: String, days: u32, current: String) -> Result<(), AppError> {
    use service::ExposeSecret;

    use crate::ssr::{convert, convert::convert, guard, once};

    let (actor, services) = guard::signed_in()?;
    let scope = scope.parse().map_err(|_| convert::answer_with(AppError::Malformed))?;
    let made = services.accounts().create_token(&actor, &current.into(), &name, scope, days).await.map_err(convert)?;
    once::hand_over("token", made.secret.expose_secret());
    crate::ssr::convert::lead_to("/account");
    Ok(())
}

/// Ends a token of one's own.
#[server(prefix = "/api/app", endpoint = "end-token")]
pub async fn end_token(token: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    let id = guard::id(&token, "token")?;
    services.accounts().end_token(&actor, id).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/account?done=token-ended");
    Ok(())
}

/// Begins to switch one-time codes on; the page shows the seed until the first code was entered.
#[server(prefix = "/api/app", endpoint = "begin-codes")]
pub async fn begin_codes(current: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    services.accounts().begin_codes(&actor, &current.into()).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/account#codes");
    Ok(())
}

/// Switches one-time codes on with the first one; the page shows the recovery codes once.
#[server(prefix = "/api/app", endpoint = "confirm-codes")]
pub async fn confirm_codes(code: String) -> Result<(), AppError> {
    use service::ExposeSecret;

    use crate::ssr::{convert::convert, guard, once};

    let (actor, services) = guard::signed_in()?;
    let codes = services.accounts().confirm_codes(&actor, &code).await.map_err(convert)?;
    let codes: Vec<&str> = codes.0.iter().map(ExposeSecret::expose_secret).collect();
    once::hand_over("recovery-codes", &codes.join("+"));
    crate::ssr::convert::lead_to("/account#codes");
    Ok(())
}

/// Switches one-time codes off.
#[server(prefix = "/api/app", endpoint = "end-codes")]
pub async fn end_codes(current: String) -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard};

    let (actor, services) = guard::signed_in()?;
    services.accounts().end_codes(&actor, &current.into()).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/account?done=codes-off");
    Ok(())
}
