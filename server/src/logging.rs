//! The log: lines for people in development, JSON in production. Always to the standard error. Beside it the traces, where
//! somebody collects them.

use tokio::runtime::Handle;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{configuration::Configuration, terminal::has_colour, traces::Traces};

/// Our own crates log at the level that is asked for, everybody else's from warnings on.
const CRATES: [&str; 6] = ["server", "app", "service", "store", "cache", "packer"];

/// Begins to log and to send traces, by `runtime`. A second call changes nothing.
pub(crate) fn begin(configuration: &Configuration, runtime: &Handle) -> Option<Traces> {
    let level = configuration.log_level.directive();
    let others = if level == "error" { "error" } else { "warn" };
    let own: Vec<String> = CRATES.iter().map(|name| format!("{name}={level}")).collect();
    let filter = EnvFilter::new(format!("{others},{}", own.join(",")));
    let lines = if configuration.is_production() {
        let json = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
        json.with_writer(std::io::stderr).boxed()
    } else {
        // In a file or a pipe colours would stand as the signs that they are made of.
        fmt::layer().with_ansi(has_colour()).with_writer(std::io::stderr).boxed()
    };
    let traces = configuration.traces_endpoint.as_ref().map(|endpoint| Traces::to(endpoint, runtime));
    let (traces, failure) = match traces.transpose() {
        Ok(traces) => (traces, None),
        Err(error) => (None, Some(error)),
    };
    // What is traced does not depend on how much is logged.
    let of_traces = traces.as_ref().map(|traces| traces.layer().boxed());
    let outcome = tracing_subscriber::registry().with(of_traces).with(lines.with_filter(filter)).try_init();
    if let Err(error) = outcome {
        tracing::debug!(%error, "the log was begun before");
    }
    if let Some(error) = failure {
        tracing::error!(%error, "no traces are sent");
    }
    traces
}
