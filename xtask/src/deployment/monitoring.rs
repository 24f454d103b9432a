//! Prometheus and Alertmanager, as they read their files.

use crate::failure::Outcome;
use crate::place::Place;
use crate::program::run;

pub(super) fn check(place: &Place) -> Outcome {
    let promtool = |arguments: &[&str]| run(place.program("promtool").args(arguments));
    promtool(&["check", "config", "deploy/prometheus/prometheus.yml"])?;
    promtool(&["check", "rules", "deploy/prometheus/rules.yml", "deploy/prometheus/alerts.yml"])?;
    promtool(&["test", "rules", "deploy/prometheus/tests/alerts.yml"])?;
    let files = ["deploy/alertmanager/alertmanager.yml", "deploy/alertmanager/webhook.yml"];
    run(place.program("amtool").arg("check-config").args(files))
}
