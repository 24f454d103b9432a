//! Prometheus and Alertmanager with the repository's files, on a faster clock.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::fleet::{Fleet, NODES};
use super::not_in_time;
use super::notices::{Notice, Notices};
use super::proxy::Proxy;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::services::Server;

/// An alert that waits for a minute in production waits for ten seconds here, so that an outage need not last ten
/// minutes. What is measured over five minutes is still measured over five.
pub(crate) const FASTER: u64 = 6;

/// Instead of every fifteen seconds.
const SCRAPE: &str = "2s";

/// Longer than any alert here waits to fire or to be cleared.
const PATIENCE: Duration = Duration::from_mins(3);

#[derive(Debug)]
pub(crate) struct Monitor {
    notices: Notices,
    #[expect(dead_code, reason = "the server runs as long as this is held")]
    alertmanager: Server,
    #[expect(dead_code, reason = "the server runs as long as this is held")]
    prometheus: Server,
}

impl Monitor {
    pub(crate) fn start(place: &Place, folder: &Path, fleet: &Fleet, proxy: &Proxy) -> Outcome<Self> {
        let notices = Notices::take()?;
        let folder = folder.join("prometheus");
        fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
        let text = |name: &str| {
            let path = place.root.join("deploy").join(name);
            fs::read_to_string(&path).map_err(Failure::while_doing(path.display()))
        };
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(Failure::while_doing(path.display()))
        };
        let webhook = format!("http://127.0.0.1:{}/", notices.port());
        let routes = text("alertmanager/webhook.yml")?.replace("http://webhook.invalid/", &webhook);
        // Nobody outside listens to it here: left out as start.sh does.
        let routes: String = routes.split_inclusive('\n').filter(|line| !line.contains("watchdog.invalid")).collect();
        write(
            "alertmanager.yml",
            &routes.replace("group_wait: 15s", "group_wait: 1s").replace("group_interval: 5m", "group_interval: 2s"),
        )?;
        let alertmanager = Server::start(place, &folder, "prometheus-alertmanager", |port| {
            vec![
                format!("--config.file={}", folder.join("alertmanager.yml").display()),
                format!("--storage.path={}", folder.join("alertmanager").display()),
                format!("--web.listen-address=127.0.0.1:{port}"),
                "--cluster.listen-address=".to_owned(),
            ]
        })?;
        write("rules.yml", &text("prometheus/rules.yml")?)?;
        write("alerts.yml", &faster(&text("prometheus/alerts.yml")?))?;
        let nodes: Vec<String> = NODES.iter().map(|node| format!("127.0.0.1:{}", fleet.port(node))).collect();
        let prometheus = text("prometheus/prometheus.yml")?
            .replace("15s", SCRAPE)
            .replace("backend:5000, backend-2:5000, backend-3:5000", &nodes.join(", "))
            .replace("worker:5000", &format!("127.0.0.1:{}", fleet.port("worker")))
            .replace("nginx:8081", &format!("127.0.0.1:{}", proxy.metrics))
            .replace("frontend:8081", &format!("127.0.0.1:{}", proxy.frontend_metrics))
            .replace("alertmanager:9093", &format!("127.0.0.1:{}", alertmanager.port));
        write("prometheus.yml", &prometheus)?;
        let prometheus = Server::start(place, &folder, "prometheus", |port| {
            vec![
                format!("--config.file={}", folder.join("prometheus.yml").display()),
                format!("--storage.tsdb.path={}", folder.join("data").display()),
                format!("--web.listen-address=127.0.0.1:{port}"),
            ]
        })?;
        Ok(Self { notices, alertmanager, prometheus })
    }

    /// Waits until somebody was told that this alert fires, or that it does not any more.
    pub(crate) fn wait(&self, alert: &str, about: &str, fires: bool, since: Instant) -> Outcome {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let told = self.notices.all();
            if told.iter().any(|notice| notice.is(alert, about) && notice.fires == fires && notice.at >= since) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let what = if fires { "fired" } else { "was cleared" };
        Err(not_in_time(&format!("that {alert} of {about} {what}")))
    }

    /// Everything that somebody was told, in its order.
    pub(crate) fn told(&self) -> Vec<Notice> {
        self.notices.all()
    }
}

/// The same alerts with shorter patience.
fn faster(alerts: &str) -> String {
    let mut lines = String::new();
    for line in alerts.lines() {
        match line.trim().strip_prefix("for: ").and_then(seconds) {
            Some(seconds) => {
                let indent = &line[..line.find("for:").unwrap_or_default()];
                // Writing to a String cannot fail.
                let _ = write!(lines, "{indent}for: {}s", seconds.div_ceil(FASTER));
            }
            None => lines.push_str(line),
        }
        lines.push('\n');
    }
    lines
}

fn seconds(duration: &str) -> Option<u64> {
    let number = |unit: char| duration.strip_suffix(unit)?.parse::<u64>().ok();
    number('s').or_else(|| Some(number('m')? * 60)).or_else(|| Some(number('h')? * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_wait_for_a_sixth_and_ask_for_the_same() {
        let alerts = "      - alert: A\n        expr: up[5m]\n        for: 5m\n        labels: {}\n      - alert: B\n        for: 30s\n";
        let faster = faster(alerts);
        assert!(faster.contains("        for: 50s\n") && faster.contains("        for: 5s\n"), "{faster}");
        assert!(faster.contains("expr: up[5m]"), "{faster}");
    }
}
