//! Every route and what it passes. The process and the tests use this one function.

use app::ssr::context;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::cors::CorsLayer;

use crate::{
    downloads, drain,
    failure::ApiFailure,
    health,
    middleware::{body_limit, compression, cross_site, linger, observe, panic, rate_limit, security_headers, session},
    rest,
    state::AppState,
    uploads,
};

/// The whole application as one service.
pub fn router(state: AppState) -> Router {
    let services = state.services.clone();
    let options = state.leptos.clone();
    let pages = Router::new().leptos_routes_with_context(
        &state,
        generate_route_list(app::App),
        move || context::provide(&services),
        move || app::shell(options.clone()),
    );
    let limited = pages.merge(rest::routes()).merge(downloads::routes()).layer(from_fn(body_limit::limit_body));
    let routes = limited.merge(uploads::routes()).merge(health::routes()).fallback(file_or_nothing);
    // The last one added is the first to see a request.
    let guarded = routes
        .layer(from_fn_with_state(state.clone(), rate_limit::limit_requests))
        .layer(from_fn_with_state(state.clone(), session::identify))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse_cross_site));
    allow_origins(guarded, &state.configuration.cors_origins)
        .layer(from_fn_with_state(state.drain.clone(), drain::close_connections))
        .layer(from_fn(panic::catch_panic))
        .layer(compression::compress_pages())
        .layer(from_fn(linger::hear_out))
        .layer(from_fn_with_state(state.clone(), security_headers::protect))
        .layer(from_fn_with_state(state.clone(), observe::observe))
        .with_state(state)
}

/// What a process answers that only works on jobs: how it is.
pub(crate) fn probes(state: AppState) -> Router {
    health::routes()
        .layer(from_fn_with_state(state.drain.clone(), drain::close_connections))
        .layer(from_fn_with_state(state.clone(), observe::observe))
        .with_state(state)
}

/// A file of the built site, else the page that says that there is nothing.
async fn file_or_nothing(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if let Some(file) = state.assets.serve(request.method(), path, request.headers()).await {
        return file;
    }
    if path.starts_with("/api/") || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiFailure::not_found().into_response();
    }
    let (services, options) = (state.services.clone(), state.leptos.clone());
    let render = leptos_axum::render_app_async_with_context(
        move || context::provide(&services),
        move || app::shell(options.clone()),
    );
    let mut page = render(request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Lets scripts of these origins call with a bearer token. Never with cookies: credentials stay off.
fn allow_origins(router: Router<AppState>, origins: &[String]) -> Router<AppState> {
    const HEADERS: [HeaderName; 9] = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::RANGE,
        header::IF_RANGE,
        HeaderName::from_static("tus-resumable"),
        HeaderName::from_static("upload-length"),
        HeaderName::from_static("upload-offset"),
        HeaderName::from_static("upload-metadata"),
        HeaderName::from_static("x-http-method-override"),
    ];
    const EXPOSED: [HeaderName; 11] = [
        header::LOCATION,
        header::RETRY_AFTER,
        header::ETAG,
        header::CONTENT_RANGE,
        header::CONTENT_DISPOSITION,
        HeaderName::from_static("tus-resumable"),
        HeaderName::from_static("upload-offset"),
        HeaderName::from_static("upload-length"),
        HeaderName::from_static("upload-expires"),
        HeaderName::from_static("upload-release"),
        HeaderName::from_static("x-request-id"),
    ];
    if origins.is_empty() {
        return router;
    }
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| HeaderValue::try_from(origin).ok()).collect();
    router.layer(
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD])
            .allow_headers(HEADERS)
            .expose_headers(EXPOSED),
    )
}
