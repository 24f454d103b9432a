//! The first line of every door and every page: who is it, and may they.

use service::{
    Actor, Role, Services,
    permissions::{Action, Resource},
};

use super::{context, convert};
use crate::error::AppError;

/// The one who is signed in, and the use cases.
pub fn signed_in() -> Result<(Actor, Services), AppError> {
    let visitor = context::visitor()?;
    let actor = visitor.actor.ok_or_else(|| convert::answer_with(AppError::SignedOut))?;
    Ok((actor, context::services()?))
}

/// The same for one who must have a permission. The service asks again; this spares the way to it.
pub fn allowed(resource: Resource, action: Action) -> Result<(Actor, Services), AppError> {
    let (actor, services) = signed_in()?;
    if actor.may(resource, action) { Ok((actor, services)) } else { Err(convert::answer_with(AppError::Forbidden)) }
}

/// The id that a form or an address gives. A text that is none identifies nothing.
pub fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| convert::answer_with(AppError::not_found(what)))
}

/// The role that a form gives.
pub fn role(word: &str) -> Result<Role, AppError> {
    word.parse().map_err(|_| convert::answer_with(AppError::Malformed))
}
