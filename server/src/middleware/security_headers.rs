//! The headers that tell a browser what this site never does.
//!
//! The nonce is minted here, goes to the page through the request's extensions and into the policy of the answer, so
//! the two cannot differ.

use std::fmt::Write as _;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use leptos::nonce::Nonce;

use crate::state::AppState;

/// A year, and the value that the deployment guide asks of the proxy.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Forms without script come back to the page that sent them, which `no-referrer` would forget.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), midi=(), serial=(), hid=(), \
             display-capture=(), browsing-topics=()",
        ),
    ),
];

/// Middleware: see the module.
pub async fn protect(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let origin = own_origin(&state, request.headers());

    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.entry(name).or_insert(value);
    }
    // A handler that serves a book's own bytes sets a stricter policy.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::try_from(policy(&nonce, &origin, state.reload_port))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if state.configuration.public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

/// The policy. Scripts run by nonce, from the built package or from the packer's own folder, never from `'self'`: books
/// and covers that people upload are served from this origin too. `'strict-dynamic'` is left out because it would
/// switch the paths off and so block the preloading of modules.
fn policy(nonce: &Nonce, origin: &str, reload_port: Option<u32>) -> String {
    let mut connect = String::from("'self'");
    if let Some(port) = reload_port {
        // The development server's reload socket. Writing to a String cannot fail.
        let _ = write!(connect, " ws://127.0.0.1:{port} ws://localhost:{port}");
    }
    format!(
        "default-src 'none'; base-uri 'none'; connect-src {connect}; font-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; img-src 'self' blob:; manifest-src 'self'; \
         script-src 'nonce-{nonce}' 'wasm-unsafe-eval' {origin}/pkg/ {origin}/worker/; style-src 'self'; \
         worker-src 'self' blob:"
    )
}

/// The origin in the person's address bar: `PUBLIC_URL`, or, when nobody set it, what the request was sent to.
pub fn own_origin(state: &AppState, headers: &HeaderMap) -> String {
    let configuration = &state.configuration;
    if !configuration.public_url_given
        && let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok())
        && is_host(host)
    {
        return format!("http://{host}");
    }
    configuration.public_url.origin().to_owned()
}

/// Whether the text can stand in a policy as a host: nothing that would begin another directive.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_cannot_smuggle_a_directive_into_the_policy() {
        assert!(is_host("localhost:5000") && is_host("[::1]:5000"));
        assert!(!is_host("x; script-src *") && !is_host("") && !is_host("a b"));
    }

    #[test]
    fn the_policy_allows_nothing_by_default_and_no_inline_style() {
        let policy = policy(&Nonce::from_value("abc"), "https://books.example.org", None);
        assert!(policy.starts_with("default-src 'none';"));
        assert!(policy.contains("script-src 'nonce-abc' 'wasm-unsafe-eval' https://books.example.org/pkg/ https://books.example.org/worker/;"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains("ws:"));
    }
}
