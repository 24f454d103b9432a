//! What every handler can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use cache::{Cache, Clock};
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use service::Services;

use crate::{assets::Assets, configuration::Configuration, drain::Drain, health::TableCounts};

/// Cheap to clone: everything in it is shared.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The use cases.
    pub services: Services,
    /// Rates of attempts.
    pub cache: Cache,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the process was told.
    pub configuration: Arc<Configuration>,
    /// The built site.
    pub assets: Assets,
    /// What the pages' frame needs to know of the built site.
    pub leptos: LeptosOptions,
    /// The port of the development server's reload socket, under `cargo leptos watch`.
    pub reload_port: Option<u32>,
    /// The metrics, to be written out.
    pub metrics: MetricsPage,
    /// The tables, counted for the metrics.
    pub table_counts: TableCounts,
    /// Whether the process is leaving.
    pub drain: Drain,
}

/// The handle of the metrics recorder, with a `Debug` that does not write them out.
#[derive(Clone)]
pub struct MetricsPage(pub PrometheusHandle);

impl std::fmt::Debug for MetricsPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MetricsPage").finish_non_exhaustive()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Drain {
    fn from_ref(state: &AppState) -> Self {
        state.drain.clone()
    }
}
