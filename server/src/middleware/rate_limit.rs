//! How often one address or one person may ask for what costs something.

use std::time::Duration;

use app::ssr::context::Visitor;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use cache::{Rate, Verdict};
use service::{FailureKind, household};

use super::guard;
use crate::{failure::ApiFailure, state::AppState};

/// Signed out, only sign-in and set-up take a `POST`, and each costs a password hash: sixty at once, then one a second.
pub const SIGNED_OUT: Rate = Rate { burst: 60, interval: Duration::from_secs(1) };

/// New uploads of one person: a folder of two hundred books at once and again, then five a second.
pub const NEW_UPLOADS: Rate = Rate { burst: 400, interval: Duration::from_millis(200) };

/// Anything else that somebody who is signed in asks for: pages with a live preview ask several times a second.
pub const SIGNED_IN: Rate = Rate { burst: 600, interval: Duration::from_millis(50) };

/// Pages that a stranger looks at: they cost a look into the database at most.
pub const LOOKS: Rate = Rate { burst: 300, interval: Duration::from_millis(100) };

/// Asks for one attempt. A cache that does not answer limits nothing.
pub async fn attempt(state: &AppState, key: &str, rate: Rate) -> Result<(), ApiFailure> {
    match state.cache.rates.attempt(key, rate).await {
        Ok(Verdict::Refused { retry_after }) => {
            metrics::counter!("rate_limited_total").increment(1);
            let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
            Err(ApiFailure::from(service::Failure::new(FailureKind::Busy { retry_after_s: seconds })))
        }
        Ok(Verdict::Allowed) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "rates cannot be counted");
            Ok(())
        }
    }
}

/// Middleware, inside the session: limits what strangers and people ask for. Uploads count for themselves.
pub async fn limit_requests(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if guard::needs_nobody(&state, &request) || request.uri().path().starts_with("/api/v1/uploads") {
        return next.run(request).await;
    }
    let counted = request.extensions().get::<Visitor>().map(|visitor| match &visitor.actor {
        Some(actor) => (format!("signed-in:{}", actor.rate_key()), SIGNED_IN),
        None if changes => (format!("signed-out:{}", household(visitor.client.address)), SIGNED_OUT),
        None => (format!("looks:{}", household(visitor.client.address)), LOOKS),
    });
    if let Some((key, rate)) = counted
        && let Err(refused) = attempt(&state, &key, rate).await
    {
        return refused.into_response();
    }
    next.run(request).await
}
