//! The metrics: their names, their units, and the recorder that keeps them.

use std::sync::OnceLock;

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use service::Health;

/// Seconds: from an answer out of memory to a package's last byte.
const SECONDS: [f64; 13] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the recorder of this process, or gives the handle of the one that is there: there can be one only.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    // Without buckets, histograms would be summaries, which cannot be added up over nodes.
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
    let recorder = builder.build_recorder();
    let handle = HANDLE.get_or_init(|| recorder.handle()).clone();
    // A recorder that is already there belongs to the winner of a race for this very function.
    if metrics::set_global_recorder(recorder).is_ok() {
        describe();
    }
    Ok(handle)
}

fn describe() {
    describe_counter!("http_requests_total", "Requests answered, by method, route and status.");
    describe_histogram!("http_request_duration_seconds", Unit::Seconds, "Time until an answer begins.");
    describe_counter!("panics_total", "Handlers that panicked.");
    describe_counter!("rate_limited_total", "Requests refused because there were too many.");
    describe_counter!("sign_in_failures_total", "Sign-ins refused over the API.");
    describe_counter!("upload_bytes_total", Unit::Bytes, "Bytes of books that were received and are durable.");
    describe_counter!("uploads_completed_total", "Books received whole.");
    describe_counter!("download_bytes_total", Unit::Bytes, "Bytes of packages that were handed out for sending.");
    describe_gauge!("event_streams", "Open event streams.");
    describe_gauge!("jobs_queued", "Jobs that wait.");
    describe_gauge!("jobs_running", "Jobs that are being done.");
    describe_gauge!("jobs_oldest_seconds", Unit::Seconds, "How long the oldest waiting job has waited.");
    describe_gauge!("disk_free_percent", "Free space of the disk that holds the books.");
    describe_gauge!("memory_used_percent", "Memory of the machine or the container in use.");
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Resident memory of the process.");
    describe_gauge!("process_open_fds", "Open file descriptors of the process.");
    describe_gauge!("process_start_time_seconds", Unit::Seconds, "When the process began, since 1970.");
}

/// Takes over what the health of the node says, and what the system says of the process, just before a scrape.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts stay far below 2^53")]
pub fn observe_node(health: &Health) {
    let services = &health.services;
    gauge!("jobs_queued").set(services.jobs.queued as f64);
    gauge!("jobs_running").set(services.jobs.running as f64);
    gauge!("jobs_oldest_seconds").set(services.jobs.oldest_seconds as f64);
    if let Some(percent) = services.disk.free_percent {
        gauge!("disk_free_percent").set(f64::from(percent));
    }
    if let Some(percent) = services.memory.percent_used {
        gauge!("memory_used_percent").set(f64::from(percent));
    }
    if let Some(bytes) = resident_bytes() {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Ok(descriptors) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(descriptors.count() as f64);
    }
}

/// Resident memory of this process in bytes, where the system tells (proc(5), `VmRSS` in kibibytes).
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Says when the process began. `now_ms` is milliseconds since 1970.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay below 2^53")]
pub fn record_start(now_ms: i64) {
    gauge!("process_start_time_seconds").set(now_ms as f64 / 1000.0);
}
