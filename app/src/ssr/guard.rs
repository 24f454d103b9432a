//! The first line of every door and every page: who is it, and may they.

use service::{
    Actor, Exception, Grants, Role, Services,
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

/// The same of several.
pub fn ids<T: std::str::FromStr>(texts: &[String], what: &str) -> Result<Vec<T>, AppError> {
    texts.iter().map(|text| id(text, what)).collect()
}

/// The permissions that a form gives as `RESOURCE.ACTION` each.
pub fn grants(words: &[String]) -> Result<Grants, AppError> {
    words.iter().map(|word| permission(word)).collect()
}

/// The exceptions that a form gives as `allow.RESOURCE.ACTION` or `deny.RESOURCE.ACTION` each.
pub fn exceptions(words: &[String]) -> Result<Vec<Exception>, AppError> {
    let exception = |word: &String| {
        let (rule, rest) = word.split_once('.').unwrap_or_default();
        let (resource, action) = permission(rest)?;
        match rule {
            "allow" => Ok(Exception { resource, action, allowed: true }),
            "deny" => Ok(Exception { resource, action, allowed: false }),
            _ => Err(convert::answer_with(AppError::Malformed)),
        }
    };
    words.iter().filter(|word| !word.is_empty()).map(exception).collect()
}

fn permission(word: &str) -> Result<(Resource, Action), AppError> {
    let parse = || {
        let (resource, action) = word.split_once('.')?;
        Some((resource.parse().ok()?, action.parse().ok()?))
    };
    parse().ok_or_else(|| convert::answer_with(AppError::Malformed))
}

/// The role that a form gives.
pub fn role(word: &str) -> Result<Role, AppError> {
    word.parse().map_err(|_| convert::answer_with(AppError::Malformed))
}
