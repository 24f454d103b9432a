//! The objects of Prometheus's operator, for which the schemas of Kubernetes have no word.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::deployment::reach::{is_a, objects};
use crate::deployment::text_of;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;

pub(super) const API: &str = "monitoring.coreos.com/v1";
pub(super) const KINDS: [&str; 2] = ["PrometheusRule", "ServiceMonitor"];

/// Where Prometheus finds the label `app` of a service.
const LABEL: &str = "__meta_kubernetes_service_label_app";

/// What a `ServiceMonitor` of ours may say. A key that is misspelt means nothing to the operator, which says nothing either.
const KEYS: [&str; 19] = [
    "apiVersion",
    "app.kubernetes.io/part-of",
    "endpoints",
    "interval",
    "kind",
    "matchLabels",
    "metadata",
    "name",
    "namespace",
    "path",
    "port",
    "regex",
    "relabelings",
    "replacement",
    "selector",
    "sourceLabels",
    "spec",
    "targetLabel",
    "labels",
];

/// The rules are read by promtool; what is scraped is what stands in the services and pods of the same whole.
pub(super) fn check(place: &Place, whole: &str, folder: &Path) -> Outcome {
    for (position, object) in of_kind(whole, "PrometheusRule").enumerate() {
        let file = folder.join(format!("rules-{position}.yaml"));
        fs::write(&file, spec_of(object)).map_err(Failure::while_doing(file.display()))?;
        run(place.program("promtool").args(["check", "rules"]).arg(&file))?;
    }
    let prometheus = text_of(&place.root.join("deploy/prometheus/prometheus.yml"))?;
    let faults = faults(whole, &jobs(&prometheus));
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n"))) }
}

fn of_kind<'whole>(whole: &'whole str, kind: &'static str) -> impl Iterator<Item = &'whole str> {
    objects(whole).filter(move |object| is_a(object, kind))
}

/// The specification of an object, as a file of its own.
fn spec_of(object: &str) -> String {
    let lines = object.lines().skip_while(|line| *line != "spec:").skip(1);
    let mut file: String = lines.map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
    file.push('\n');
    file
}

/// In a cluster nobody asks these: the ingress is somebody else's, and a probe looks after each pod with files.
const OF_COMPOSE: [&str; 2] = ["ebook-scene-packer-nginx", "ebook-scene-packer-frontend"];

/// The jobs that rules and dashboards know the product by.
fn jobs(prometheus: &str) -> BTreeSet<String> {
    let names = prometheus.lines().filter_map(|line| line.trim().strip_prefix("- job_name: "));
    let ours = names.filter(|name| name.starts_with("ebook-scene-packer-") && !OF_COMPOSE.contains(name));
    ours.map(str::to_owned).collect()
}

fn faults(whole: &str, jobs: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let monitors: Vec<&str> = of_kind(whole, "ServiceMonitor").collect();
    if monitors.is_empty() || of_kind(whole, "PrometheusRule").next().is_none() {
        faults.push("there is no ServiceMonitor, or no PrometheusRule: nobody would look".to_owned());
    }
    if jobs.is_empty() {
        faults.push("prometheus.yml knows no job of the product".to_owned());
    }
    for object in of_kind(whole, "PrometheusRule").chain(monitors.iter().copied()) {
        if value(object, "apiVersion: ") != Some(API) {
            faults.push(format!("an object of the operator is not of {API}: {:?}", value(object, "name: ")));
        }
    }
    for monitor in monitors {
        let keys = monitor.lines().filter_map(|line| line.trim_start_matches([' ', '-']).split_once(':'));
        let unknown = keys.map(|(key, _)| key).filter(|key| !KEYS.contains(key));
        faults.extend(unknown.map(|key| format!("the operator knows no `{key}` that we would say to it")));
        if value(monitor, "path: ") != Some("/metrics") {
            faults.push("the ServiceMonitor does not ask for /metrics".to_owned());
        }
        let found = scraped(whole, monitor, &mut faults);
        if found != *jobs {
            faults.push(format!("the ServiceMonitor finds the jobs {found:?}; prometheus.yml has {jobs:?}"));
        }
    }
    faults
}

/// The names of the jobs that the services which a monitor selects become.
fn scraped(whole: &str, monitor: &str, faults: &mut Vec<String>) -> BTreeSet<String> {
    let wanted: BTreeSet<&str> = below(monitor, "    matchLabels:", "      ").collect();
    let port = value(monitor, "port: ").unwrap_or_default();
    let name = value(monitor, "replacement: ").unwrap_or_default();
    if value(monitor, "targetLabel: ") != Some("job") || !monitor.lines().any(|line| line.ends_with(LABEL)) {
        faults.push(format!("the ServiceMonitor does not make the job's name of {LABEL}"));
    }
    let mut found = BTreeSet::new();
    for service in of_kind(whole, "Service") {
        let labels: BTreeSet<&str> = below(service, "  labels:", "    ").collect();
        let Some(target) = target_of(service, port) else { continue };
        if wanted.is_empty() || !wanted.is_subset(&labels) {
            continue;
        }
        let app = labels.iter().find_map(|label| label.strip_prefix("app: ")).unwrap_or_default();
        let has_port = |object: &str| {
            object.lines().any(|line| line.trim() == format!("app: {app}"))
                && object.lines().any(|line| line.trim_start_matches([' ', '-']).starts_with("containerPort: "))
                && object.lines().any(|line| line.trim_start_matches([' ', '-']) == format!("name: {target}"))
        };
        if !of_kind(whole, "Deployment").any(has_port) {
            faults.push(format!("no pod of `app: {app}` has a port `{target}`"));
        }
        found.insert(name.replace("$1", app));
    }
    found
}

/// What the port of this name leads to.
fn target_of<'service>(service: &'service str, port: &str) -> Option<&'service str> {
    let mut lines = service.lines().skip_while(|line| *line != format!("  - name: {port}")).skip(1);
    lines.find_map(|line| line.trim().strip_prefix("targetPort: "))
}

/// The lines that stand deeper than `head`, without their indent.
fn below<'object>(object: &'object str, head: &str, indent: &str) -> impl Iterator<Item = &'object str> {
    let mut lines = object.lines();
    // Nothing is left where there is no such line.
    let _found = lines.find(|line| *line == head);
    lines.map_while(move |line| line.strip_prefix(indent).filter(|rest| !rest.starts_with(' ')))
}

/// The first value of a key.
fn value<'object>(object: &'object str, key: &str) -> Option<&'object str> {
    object.lines().find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "\
apiVersion: v1
kind: Service
metadata:
  labels:
    app: backend
    app.kubernetes.io/part-of: ebook-scene-packer
  name: backend
spec:
  ports:
  - name: http
    port: 5000
    targetPort: web
  selector:
    app: backend
---
apiVersion: v1
kind: Service
metadata:
  labels:
    app: frontend
    app.kubernetes.io/part-of: ebook-scene-packer
  name: frontend
spec:
  ports:
  - name: files
    port: 8080
    targetPort: web
---
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    metadata:
      labels:
        app: backend
    spec:
      containers:
      - ports:
        - containerPort: 5000
          name: web
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: rules
spec:
  groups:
  - name: one
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: packer
spec:
  endpoints:
  - interval: 15s
    path: /metrics
    port: http
    relabelings:
    - regex: (.+)
      replacement: ebook-scene-packer-$1
      sourceLabels:
      - __meta_kubernetes_service_label_app
      targetLabel: job
  selector:
    matchLabels:
      app.kubernetes.io/part-of: ebook-scene-packer
";

    fn of(whole: &str) -> Vec<String> {
        faults(whole, &jobs("scrape_configs:\n  - job_name: ebook-scene-packer-backend\n  - job_name: prometheus\n"))
    }

    #[test]
    fn what_is_scraped_is_what_the_services_and_pods_have() {
        assert_eq!(of(WHOLE), Vec::<String>::new());
        let said = |what: &str, other: &str| {
            assert!(WHOLE.contains(what), "{what}");
            of(&WHOLE.replacen(what, other, 1)).join("; ")
        };
        assert!(said("    port: http", "    port: metrics").contains("finds the jobs {}"));
        assert!(said("      app.kubernetes.io/part-of: e", "      app.kubernetes.io/part-of: x").contains("jobs {}"));
        assert!(said("packer-$1", "packer-node-$1").contains("packer-node-backend"));
        assert!(said("service_label_app", "service_label_name").contains("does not make the job's name"));
        assert!(said("containerPort: 5000\n          name: web", "containerPort: 5000").contains("has a port `web`"));
        assert!(said("    path: /metrics", "    path: /metric").contains("does not ask for /metrics"));
        assert!(said("relabelings:", "relabellings:").contains("no `relabellings`"));
        assert!(said("coreos.com/v1\nkind: ServiceMonitor", "coreos.com/v2\nkind: ServiceMonitor").contains(API));
        assert!(said("kind: ServiceMonitor", "kind: ServiceMonitors").contains("nobody would look"));
    }

    #[test]
    fn a_specification_becomes_a_file() {
        let rules = of_kind(WHOLE, "PrometheusRule").next().unwrap();
        assert_eq!(spec_of(rules), "groups:\n- name: one\n");
    }
}
