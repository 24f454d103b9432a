//! Prometheus and Alertmanager, as they read their files.

use crate::deployment::text_of;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;

pub(super) fn check(place: &Place) -> Outcome {
    let promtool = |arguments: &[&str]| run(place.program("promtool").args(arguments));
    promtool(&["check", "config", "deploy/prometheus/prometheus.yml"])?;
    promtool(&["check", "rules", "deploy/prometheus/rules.yml", "deploy/prometheus/alerts.yml"])?;
    promtool(&["test", "rules", "deploy/prometheus/tests/alerts.yml"])?;
    run(place.program("amtool").args(["check-config", "deploy/alertmanager/webhook.yml"]))?;
    runbook(place)
}

/// Each alert has its chapter in the runbook and names it, and a test of when it comes.
fn runbook(place: &Place) -> Outcome {
    let alerts = text_of(&place.root.join("deploy/prometheus/alerts.yml"))?;
    let tests = text_of(&place.root.join("deploy/prometheus/tests/alerts.yml"))?;
    let book = text_of(&place.root.join("docs/OPERATIONS.md"))?;
    let names: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    let mut faults = Vec::new();
    for name in &names {
        if !book.lines().any(|line| line == format!("### {name}")) {
            faults.push(format!("docs/OPERATIONS.md has no chapter {name}"));
        }
        if !alerts.contains(&format!("runbook: docs/OPERATIONS.md#{}\n", name.to_lowercase())) {
            faults.push(format!("{name} does not name its chapter"));
        }
        if !tests.contains(&format!("alertname: {name}\n")) {
            faults.push(format!("no test says when {name} comes"));
        }
    }
    if names.is_empty() {
        faults.push("there is no alert".to_owned());
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n"))) }
}
