//! From a cookie or a bearer token to the one who asks.
//!
//! An expired access token is renewed on the way with the refresh token, so that a page that has been open for a
//! day still works. Not on the `PATCH` of an upload: its answer, with the new cookies, may come minutes later, and in the
//! meantime the old refresh token would be taken for stolen. There the client asks for the offset first, which renews.

use app::ssr::{context::Visitor, cookies};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::nonce::Nonce;
use service::{Actor, Client, Failure, FailureKind, Means};

use super::{client, cross_site, guard, security_headers::own_origin};
use crate::{error_page, failure::ApiFailure, incident, state::AppState};

/// What the credentials of a request amount to.
struct Identity {
    actor: Option<Actor>,
    cookies: Vec<HeaderValue>,
}

/// Middleware: finds out who asks, refuses strangers where they may not be, and puts a [`Visitor`] into the request.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let client = client::of(request.extensions(), request.headers(), &state.configuration.trusted_proxies);
    let credentials = Credentials::of(&state, &request);
    let identity = match identity(&state, credentials, &client).await {
        Ok(identity) => identity,
        Err(failure) => return failed(&request, failure),
    };
    if identity.actor.is_none() && !guard::is_public(&state, &request) {
        return with_cookies(guard::refuse(&request), identity.cookies);
    }
    let nonce = request.extensions().get::<Nonce>().cloned().unwrap_or_default();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let session = identity.actor.as_ref().map(|actor| actor.means);
    if let Some(session) = session.filter(|_| !changes) {
        let services = state.services.for_reading(session).await;
        request.extensions_mut().insert(services);
    }
    let origin = own_origin(&state, request.headers());
    request.extensions_mut().insert(Visitor {
        actor: identity.actor.map(|actor| actor.from_address(client.address)),
        client,
        nonce,
        secure: state.configuration.public_url.is_https(),
        origin,
        development: !state.configuration.is_production(),
    });
    let told = if changes { session } else { None };
    // Before, for whoever looks meanwhile, and after, for whoever looks when it is done.
    tell_change(&state, told).await;
    let response = next.run(request).await;
    tell_change(&state, told).await;
    with_cookies(response, identity.cookies)
}

async fn tell_change(state: &AppState, session: Option<Means>) {
    if let Some(session) = session {
        state.services.has_changed(session).await;
    }
}

/// What a request carries to say who it is from. Taken out of it first: the body may not be shared while waiting.
struct Credentials {
    bearer: Option<String>,
    access: Option<String>,
    refresh: Option<String>,
}

impl Credentials {
    fn of(state: &AppState, request: &Request) -> Self {
        let headers = request.headers();
        let cookie = |name| {
            let name = cookies::name(name, state.configuration.public_url.is_https());
            cookies::read(headers, &name).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        if guard::needs_nobody(state, request) {
            return Self { bearer: None, access: None, refresh: None };
        }
        if let Some(token) = cross_site::bearer(headers) {
            return Self { bearer: Some(token.to_owned()), access: None, refresh: None };
        }
        let refresh = if may_renew(request) { cookie(cookies::REFRESH) } else { None };
        Self { bearer: None, access: cookie(cookies::ACCESS), refresh }
    }
}

async fn identity(state: &AppState, credentials: Credentials, client: &Client) -> Result<Identity, Failure> {
    for token in [credentials.bearer, credentials.access].into_iter().flatten() {
        if let Some(actor) = signed_in(state.services.accounts().authenticate(&token).await)? {
            return Ok(Identity { actor: Some(actor), cookies: Vec::new() });
        }
    }
    match credentials.refresh {
        Some(token) => renew(state, &token, client).await,
        None => Ok(Identity { actor: None, cookies: Vec::new() }),
    }
}

async fn renew(state: &AppState, token: &str, client: &Client) -> Result<Identity, Failure> {
    let secure = state.configuration.public_url.is_https();
    match state.services.accounts().refresh(token, client).await {
        Ok(signed_in) => {
            let cookies = cookies::session(&signed_in, state.clock.now_ms(), secure);
            Ok(Identity { actor: Some(signed_in.actor), cookies })
        }
        Err(failure) if matches!(failure.kind, FailureKind::SignedOut) => {
            Ok(Identity { actor: None, cookies: cookies::ended(secure) })
        }
        Err(failure) => Err(failure),
    }
}

fn may_renew(request: &Request) -> bool {
    *request.method() != Method::PATCH || !request.uri().path().starts_with("/api/v1/uploads")
}

/// A token that is not, or no longer, valid is no failure: the request goes on as a stranger's.
fn signed_in(result: Result<Actor, Failure>) -> Result<Option<Actor>, Failure> {
    match result {
        Ok(actor) => Ok(Some(actor)),
        Err(failure) if matches!(failure.kind, FailureKind::SignedOut) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The session could not be looked up, or was prolonged too often. Nobody is signed out for that.
fn failed(request: &Request, failure: Failure) -> Response {
    if guard::wants_page(request) {
        if let FailureKind::Busy { retry_after_s } = failure.kind {
            return error_page::busy(request.headers(), retry_after_s);
        }
        let incident = incident::report(&failure);
        return error_page::unavailable(request.headers(), &incident);
    }
    ApiFailure::from(failure).into_response()
}

/// Adds the renewed cookies, unless the handler has set a session of its own: signing in or out is the later word. With
/// cookies that end a session goes what the browser has kept in it.
fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    if !sets_session(response.headers()) {
        if cookies.iter().any(cookies::ends) {
            response.headers_mut().insert(cookies::CLEAR, cookies::CLEARED);
        }
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

fn sets_session(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::SET_COOKIE)
        .iter()
        .any(|cookie| cookie.to_str().is_ok_and(|text| text.trim_start_matches("__Host-").starts_with(cookies::ACCESS)))
}
