//! Signing in and out, the first administrator, language and theme.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a door is async, and the theme waits for nothing"))]

use leptos::prelude::*;

use crate::{
    error::AppError,
    model::{locale::Locale, theme::Theme},
};

/// Signs in and goes back to where one was.
#[server(prefix = "/api/app", endpoint = "sign-in")]
pub async fn sign_in(username: String, password: String, back: Option<String>) -> Result<(), AppError> {
    use service::SignIn;

    use crate::ssr::{context, session, typed};

    let (visitor, services) = (context::visitor()?, context::services()?);
    let form = typed::Form::of("/api/app/sign-in", &[("username", &username)]);
    // Whoever signs in goes on with the new session alone, and one that somebody put there leads nowhere any more.
    let (password, before) = (password.into(), visitor.actor.as_ref());
    let begun = services.accounts().begin_sign_in(&username, &password, &visitor.client, before).await;
    match begun.map_err(|failure| form.back(failure))? {
        SignIn::Done(signed_in) => session::begin(&visitor, &signed_in, back.as_deref()),
        SignIn::CodeNeeded(challenge) => session::ask_for_code(&visitor, &challenge, back.as_deref()),
    }
    Ok(())
}

/// The second step: a one-time code, or a recovery code.
#[server(prefix = "/api/app", endpoint = "sign-in-code")]
pub async fn sign_in_code(code: String, back: Option<String>) -> Result<(), AppError> {
    use crate::ssr::{context, convert::convert, cookies, session};

    let (visitor, services) = (context::visitor()?, context::services()?);
    let challenge = session::challenge(&visitor).unwrap_or_default();
    let before = visitor.actor.as_ref();
    let signed_in = services.accounts().finish_sign_in(&challenge, &code, &visitor.client, before).await;
    let signed_in = signed_in.map_err(convert)?;
    cookies::set(cookies::taken_away(cookies::CHALLENGE, visitor.secure));
    session::begin(&visitor, &signed_in, back.as_deref());
    Ok(())
}

/// Asks for a letter with a link for a new password; goes to where one signs in, whoever that was.
#[server(prefix = "/api/app", endpoint = "ask-for-letter")]
pub async fn ask_for_letter(name: String) -> Result<(), AppError> {
    use crate::ssr::{context, convert::convert};

    let (visitor, services) = (context::visitor()?, context::services()?);
    services.letters().ask(&name, &visitor.client).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/sign-in?done=letter-asked");
    Ok(())
}

/// Chooses a new password with a link; goes to where one signs in.
#[server(prefix = "/api/app", endpoint = "reset-password")]
pub async fn reset_password(token: String, new: String) -> Result<(), AppError> {
    use crate::ssr::{context, convert::convert};

    let (visitor, services) = (context::visitor()?, context::services()?);
    services.accounts().reset_password(&token, &new.into(), &visitor.client).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/sign-in?done=password-reset");
    Ok(())
}

/// Confirms an address with a link; goes to where one signs in.
#[server(prefix = "/api/app", endpoint = "confirm-email")]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    use crate::ssr::{context, convert::convert};

    let (visitor, services) = (context::visitor()?, context::services()?);
    services.accounts().confirm_email(&token, &visitor.client).await.map_err(convert)?;
    crate::ssr::convert::lead_to("/sign-in?done=email-confirmed");
    Ok(())
}

/// Makes the first administrator and the first group, and signs in.
#[server(prefix = "/api/app", endpoint = "set-up")]
pub async fn set_up(
    token: String,
    username: String,
    password: String,
    display_name: String,
    group_tag: String,
) -> Result<(), AppError> {
    use crate::ssr::{context, session, typed};

    let (visitor, services) = (context::visitor()?, context::services()?);
    let fields =
        [("username", username.as_str()), ("display_name", display_name.as_str()), ("group_tag", group_tag.as_str())];
    let form = typed::Form::of("/api/app/set-up", &fields);
    let administrator = service::NewAdministrator { username, password: password.into(), display_name, group_tag };
    let signed_in = services.accounts().set_up(&token, administrator, &visitor.client).await;
    let signed_in = signed_in.map_err(|failure| form.back(failure))?;
    // The overview of a house without releases says what to do first.
    session::begin(&visitor, &signed_in, Some("/"));
    Ok(())
}

/// Ends the session, everywhere it is used.
#[server(prefix = "/api/app", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr::{convert::convert, guard, session};

    let (actor, services) = guard::signed_in()?;
    services.accounts().sign_out(&actor).await.map_err(convert)?;
    session::end()
}

/// Chooses the language of the interface, for this browser and for the account.
#[server(prefix = "/api/app", endpoint = "set-locale")]
pub async fn set_locale(locale: Locale) -> Result<(), AppError> {
    use crate::ssr::{context, convert::convert, cookies};

    let visitor = context::visitor()?;
    if let Some(actor) = &visitor.actor {
        context::services()?.accounts().set_locale(actor, locale.tag()).await.map_err(convert)?;
    }
    cookies::set(cookies::preference(cookies::LOCALE, locale.tag(), visitor.secure));
    Ok(())
}

/// Chooses the theme, for this browser.
#[server(prefix = "/api/app", endpoint = "set-theme")]
pub async fn set_theme(theme: Theme) -> Result<(), AppError> {
    use crate::ssr::{context, cookies};

    let visitor = context::visitor()?;
    cookies::set(cookies::preference(cookies::THEME, theme.word(), visitor.secure));
    Ok(())
}
