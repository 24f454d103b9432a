//! The metrics: their names, their units, and the recorder that keeps them.

use std::{sync::OnceLock, time::Duration};

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use service::{Health, HealthStatus};
use store::{
    jobs::{JobKind, JobState},
    statistics::Statistics,
};

/// How often what was measured is added up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Counters of what should never happen: an alert sees one rise only if it was there before, at nothing.
const FROM_NOTHING: [&str; 5] =
    ["panics_total", "rate_limited_total", "sign_in_failures_total", "letters_failed_total", "database_failures_total"];

/// Seconds: from an answer out of memory to a package's last byte.
const SECONDS: [f64; 13] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

/// Bytes: from a poem to the largest book that a layout carries.
const BYTES: [f64; 10] = [1e5, 5e5, 1e6, 5e6, 1e7, 5e7, 1e8, 5e8, 1e9, 1e10];

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the recorder of this process, or gives the handle of the one that is there: there can be one only.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    // Without buckets, histograms would be summaries, which cannot be added up over nodes.
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_bytes".to_owned()), &BYTES)?;
    let recorder = builder.build_recorder();
    let handle = HANDLE.get_or_init(|| recorder.handle()).clone();
    // A recorder that is already there belongs to the winner of a race for this very function.
    if metrics::set_global_recorder(recorder).is_ok() {
        describe();
    }
    Ok(handle)
}

/// Adds up what is measured, for the life of the process: else each single value is kept until somebody reads the page, and
/// where nobody does, for ever.
pub async fn add_up(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}

fn describe() {
    describe_counter!("http_requests_total", "Requests answered, by method, route and status.");
    describe_histogram!("http_request_duration_seconds", Unit::Seconds, "Time until an answer begins.");
    describe_counter!("panics_total", "Handlers that panicked.");
    describe_counter!("rate_limited_total", "Requests refused because there were too many.");
    describe_counter!("sign_in_failures_total", "Sign-ins refused, by page and by API.");
    describe_counter!("letters_sent_total", "Letters that the mail server took.");
    describe_counter!("letters_failed_total", "Attempts to send a letter that failed; each is tried again for hours.");
    describe_counter!("upload_bytes_total", Unit::Bytes, "Bytes of books that were received and are durable.");
    describe_counter!("uploads_completed_total", "Books received whole.");
    describe_histogram!("upload_size_bytes", Unit::Bytes, "Sizes of the books received whole.");
    describe_counter!("download_bytes_total", Unit::Bytes, "Bytes of packages that were handed out for sending.");
    describe_counter!("packed_bytes_total", Unit::Bytes, "Bytes of the packages that were made.");
    describe_counter!("cache_lookups_total", "Questions to the cache, by result: hit or miss.");
    describe_histogram!("database_query_duration_seconds", Unit::Seconds, "Time that the database took, by kind.");
    describe_counter!("database_failures_total", "Questions that the database could not answer.");
    describe_gauge!("database_connections", "Connections to the database, by state: used or idle.");
    describe_gauge!("event_streams", "Open event streams.");
    describe_gauge!("jobs_queued", "Jobs that wait.");
    describe_gauge!("jobs_running", "Jobs that are being done.");
    describe_gauge!("jobs_oldest_seconds", Unit::Seconds, "How long the oldest waiting job has waited.");
    describe_gauge!("jobs", "Jobs that are kept, by kind and state; every node says the same.");
    describe_gauge!("active_users", "Users seen in the last fifteen minutes; every node says the same.");
    describe_gauge!("packages", "Packages that are kept; every node says the same.");
    describe_gauge!("packages_size_bytes", Unit::Bytes, "Their bytes together; every node says the same.");
    describe_gauge!("last_backup_time_seconds", Unit::Seconds, "When the last backup was found whole, since 1970.");
    describe_gauge!("part_healthy", "1 when a part is healthy, 0.5 when it is degraded, 0 when it is not.");
    describe_gauge!("database_replica_lag_seconds", Unit::Seconds, "How far the replica is behind, when it tells.");
    describe_gauge!("node_ready", "1 when requests may be sent here, 0 while it leaves or has no database.");
    describe_gauge!("build_info", "Always 1; the label says which version runs.");
    describe_gauge!("disk_free_percent", "Free space of the disk that holds the books.");
    describe_gauge!("memory_used_percent", "Memory of the machine or the container in use.");
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Resident memory of the process.");
    describe_gauge!("process_cpu_seconds", Unit::Seconds, "Time that the process has worked since it began.");
    describe_gauge!("process_open_fds", "Open file descriptors of the process.");
    describe_gauge!("process_start_time_seconds", Unit::Seconds, "When the process began, since 1970.");
}

/// Takes over what the health of the node says, and what the system says of the process, just before a scrape.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts stay far below 2^53")]
pub fn observe_node(health: &Health) {
    let services = &health.services;
    let parts = [
        ("database", services.database),
        ("cache", services.cache),
        ("blobs", services.blobs),
        ("disk", services.disk.status),
        ("memory", services.memory.status),
    ];
    let of_replica = services.replica.map(|replica| ("replica", replica.status));
    for (part, status) in parts.into_iter().chain(of_replica) {
        let value = match status {
            HealthStatus::Healthy => 1.0,
            HealthStatus::Degraded => 0.5,
            HealthStatus::Unhealthy => 0.0,
        };
        gauge!("part_healthy", "part" => part).set(value);
    }
    if let Some(replica) = services.replica {
        // Of one that is gone nothing is known; what it said last must not stay.
        gauge!("database_replica_lag_seconds").set(replica.lag_seconds.map_or(f64::NAN, |lag| lag as f64));
    }
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
    if let Some(seconds) = worked_seconds() {
        gauge!("process_cpu_seconds").set(seconds);
    }
    if let Ok(descriptors) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(descriptors.count() as f64);
    }
}

/// Takes over what the tables say.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts stay far below 2^53")]
pub fn observe_tables(statistics: &Statistics) {
    // Every pair each time: one that vanished must fall to nothing.
    for kind in JobKind::ALL {
        for state in JobState::ALL {
            let count = statistics.jobs.iter().find(|job| job.kind == *kind && job.state == *state);
            let count = count.map_or(0, |job| job.count);
            gauge!("jobs", "kind" => kind.word(), "state" => state.word()).set(count as f64);
        }
    }
    gauge!("active_users").set(statistics.active_users as f64);
    gauge!("packages").set(statistics.packages as f64);
    gauge!("packages_size_bytes").set(statistics.packed_bytes as f64);
    if let Some(at) = statistics.last_backup_at {
        gauge!("last_backup_time_seconds").set(at.0 as f64 / 1000.0);
    }
}

/// Takes over how many connections to the database are open, and how many of them nobody uses.
#[expect(clippy::cast_precision_loss, reason = "there are a few dozen")]
pub fn observe_connections((open, idle): (u32, usize)) {
    gauge!("database_connections", "state" => "used").set(f64::from(open) - idle as f64);
    gauge!("database_connections", "state" => "idle").set(idle as f64);
}

/// Counts a book that was received whole.
#[expect(clippy::cast_precision_loss, reason = "a size in a histogram may be rounded")]
pub fn count_upload(bytes: u64) {
    counter!("uploads_completed_total").increment(1);
    histogram!("upload_size_bytes").record(bytes as f64);
}

/// Says whether requests may be sent here.
pub fn observe_readiness(is_ready: bool) {
    gauge!("node_ready").set(if is_ready { 1.0 } else { 0.0 });
}

/// Resident memory of this process in bytes, where the system tells (proc(5), `VmRSS` in kibibytes).
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Seconds of processor time of this process, where the system tells (proc(5), `stat`).
fn worked_seconds() -> Option<f64> {
    /// What proc(5) counts in, whatever the kernel does itself.
    const TICKS_A_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name before it may hold blanks; `utime` and `stime` are the 14th and the 15th of all.
    let mut fields = status.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((f64::from(user) + f64::from(system)) / TICKS_A_SECOND)
}

/// Says which version this is, when the process began, and that nothing bad has happened yet. `now_ms` is milliseconds since 1970.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay below 2^53")]
pub fn record_start(now_ms: i64) {
    gauge!("build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!("process_start_time_seconds").set(now_ms as f64 / 1000.0);
    for name in FROM_NOTHING {
        counter!(name).increment(0);
    }
}
