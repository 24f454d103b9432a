//! The log: lines for people in development, JSON in production. Always to the standard error.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::configuration::Configuration;

/// Our own crates log at the level that is asked for, everybody else's from warnings on.
const CRATES: [&str; 6] = ["server", "app", "service", "store", "cache", "packer"];

/// Begins to log. A second call changes nothing.
pub(crate) fn begin(configuration: &Configuration) {
    let level = configuration.log_level.directive();
    let others = if level == "error" { "error" } else { "warn" };
    let own: Vec<String> = CRATES.iter().map(|name| format!("{name}={level}")).collect();
    let filter = EnvFilter::new(format!("{others},{}", own.join(",")));
    let registry = tracing_subscriber::registry().with(filter);
    let outcome = if configuration.is_production() {
        let json = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
        registry.with(json.with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().with_writer(std::io::stderr)).try_init()
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "the log was begun before");
    }
}
