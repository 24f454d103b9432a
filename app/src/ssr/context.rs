//! What a request brings: the services, who asks, in which language, under which nonce.

use http::request::Parts;
use leptos::{
    nonce::Nonce,
    prelude::{provide_context, use_context},
};
use service::{Action, Actor, Client, Resource, Services};

use super::preferences::Preferences;
use crate::error::AppError;

/// Who asks, as the server's middleware found out. It puts one into the extensions of every request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The one who is signed in, checked against the session of this very request.
    pub actor: Option<Actor>,
    /// The address behind trusted proxies, and the user agent.
    pub client: Client,
    /// The value that the `Content-Security-Policy` of the answer names.
    pub nonce: Nonce,
    /// True when the public address is https: cookies are then `Secure` and carry `__Host-`.
    pub secure: bool,
    /// Where people reach this house, such as `https://books.example.org`: the public address where one is set, whatever
    /// the request says.
    pub origin: String,
    /// True in development: the gallery of components answers.
    pub development: bool,
}

/// What this node had heard of before the page was read: see [`service::Events::mark`].
#[derive(Debug, Clone)]
pub struct Heard(pub String);

/// The one closure for `leptos_routes_with_context` and the server functions:
/// `move || app::ssr::context::provide(&services)`.
///
/// Where the middleware has put use cases of its own into the request, for who may be answered by the replica, these are
/// provided. Without a [`Visitor`] nothing of the request is provided, and every guard refuses.
pub fn provide(services: &Services) {
    let Some(parts) = use_context::<Parts>() else {
        provide_context(services.clone());
        return;
    };
    let services = parts.extensions.get::<Services>().unwrap_or(services).clone();
    // Before the page reads anything.
    provide_context(Heard(services.events().mark()));
    provide_context(services);
    let Some(visitor) = parts.extensions.get::<Visitor>().cloned() else {
        // The list of routes is made once at start, without a request.
        tracing::error!(path = parts.uri.path(), "a request without its visitor: the session middleware is missing");
        return;
    };
    let preferences = Preferences::read(&parts.headers, visitor.actor.as_ref());
    provide_context(preferences.locale);
    provide_context(preferences.theme);
    provide_context(preferences.zone);
    provide_context(visitor.nonce.clone());
    provide_context(visitor);
}

/// The use cases.
pub fn services() -> Result<Services, AppError> {
    use_context().ok_or_else(|| missing("services"))
}

/// Who asks.
pub fn visitor() -> Result<Visitor, AppError> {
    use_context().ok_or_else(|| missing("visitor"))
}

/// True when the one who asks may. What a page offers hangs on it; the service asks again.
pub fn may(resource: Resource, action: Action) -> bool {
    use_context::<Visitor>().and_then(|visitor| visitor.actor).is_some_and(|actor| actor.may(resource, action))
}

/// True when the one who asks may drop a book and make a release of it.
pub fn may_make() -> bool {
    may(Resource::Releases, Action::Read)
        && may(Resource::Releases, Action::Write)
        && may(Resource::Books, Action::Write)
}

/// True when letters are sent here.
pub fn sends_mail() -> bool {
    services().is_ok_and(|services| services.settings().sends_mail)
}

/// The path and query of the page that is being rendered.
pub fn address() -> String {
    use_context::<Parts>()
        .and_then(|parts| parts.uri.path_and_query().map(ToString::to_string))
        .unwrap_or_else(|| "/".to_owned())
}

/// Where people reach this house, for links that are handed on.
pub fn origin() -> String {
    visitor().map(|visitor| visitor.origin).unwrap_or_default()
}

fn missing(what: &'static str) -> AppError {
    let incident = super::convert::incident();
    tracing::error!(incident, what, "a request came without its context");
    AppError::Internal { incident }
}
