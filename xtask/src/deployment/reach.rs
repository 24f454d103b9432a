//! Who reaches what in a cluster, and for how long: of what kustomize puts together.

use std::collections::BTreeSet;

use crate::failure::{Failure, Outcome};

/// The only address whose answer may last.
const EVENTS: &str = "path: /api/v1/events";

/// The longest, in seconds, that the proxy waits for a word of anything else.
const LONGEST_SECONDS: u64 = 300;

/// Where everything goes that has no path of its own, and how long that may take.
const REST: (&str, u64) = ("path: /", 60);

/// Who asks there is refused, whoever it is: 403, as nginx/ answers.
const METRICS: &str = "path: /metrics";
const NOBODY: &str = "nginx.ingress.kubernetes.io/denylist-source-range: 0.0.0.0/0,::/0";

/// Every pod has a policy that says who may come in, nothing waits as long as a stream of events but that, and metrics
/// stay inside.
pub(super) fn check(whole: &str) -> Outcome {
    let faults = [unprotected(whole), patient(whole), open(whole)].concat();
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n"))) }
}

pub(super) fn objects(whole: &str) -> impl Iterator<Item = &str> {
    whole.split("\n---\n")
}

pub(super) fn is_a(object: &str, kind: &str) -> bool {
    object.lines().any(|line| line.strip_prefix("kind: ") == Some(kind))
}

/// The pods that no policy names, by their label `app`.
fn unprotected(whole: &str) -> Vec<String> {
    let labels = |is_policy: bool| -> BTreeSet<&str> {
        let chosen = objects(whole).filter(|object| is_a(object, "NetworkPolicy") == is_policy);
        chosen.flat_map(str::lines).filter_map(|line| line.trim().strip_prefix("app: ")).collect()
    };
    let (pods, named) = (labels(false), labels(true));
    let mut faults: Vec<String> =
        pods.difference(&named).map(|app| format!("no NetworkPolicy says who may reach `app: {app}`")).collect();
    if pods.is_empty() {
        faults.push("no pod has a label `app`".to_owned());
    }
    faults
}

/// What is wrong with the timeouts of the ingress, where there is one.
fn patient(whole: &str) -> Vec<String> {
    const TIMEOUT: &str = "nginx.ingress.kubernetes.io/proxy-read-timeout: ";
    let mut faults = Vec::new();
    for object in objects(whole).filter(|object| is_a(object, "Ingress")) {
        let has = |path: &str| object.lines().any(|line| line.trim_start_matches([' ', '-']) == path);
        let seconds = object.lines().find_map(|line| line.trim().strip_prefix(TIMEOUT));
        let seconds = seconds.and_then(|text| text.trim_matches('"').parse::<u64>().ok());
        let is_right = match seconds {
            Some(seconds) if has(EVENTS) => seconds > LONGEST_SECONDS && !has(REST.0),
            Some(seconds) if has(REST.0) => seconds <= REST.1,
            Some(seconds) => seconds <= LONGEST_SECONDS,
            None => false,
        };
        if !is_right {
            let name = object.lines().find_map(|line| line.strip_prefix("  name: ")).unwrap_or("?");
            faults.push(format!("the ingress {name} does not wait as long as it should: {seconds:?} seconds"));
        }
    }
    faults
}

/// What is wrong with how the ingress keeps metrics inside, where there is one.
fn open(whole: &str) -> Vec<String> {
    let ingresses: Vec<&str> = objects(whole).filter(|object| is_a(object, "Ingress")).collect();
    let has = |object: &str, wanted: &str| object.lines().any(|line| line.trim_start_matches([' ', '-']) == wanted);
    let mut of_metrics = ingresses.iter().filter(|object| has(object, METRICS)).peekable();
    if !ingresses.is_empty() && of_metrics.peek().is_none() {
        return vec!["no ingress keeps /metrics inside".to_owned()];
    }
    // The annotation is for a whole object: what else stood in it would be closed, too.
    let alone =
        |object: &str| object.lines().filter(|line| line.contains("path: ")).all(|line| line.contains("/metrics"));
    let faulty = of_metrics.filter(|object| !has(object, NOBODY) || !alone(object));
    faulty.map(|_| format!("the ingress of /metrics is not one for it alone with `{NOBODY}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "\
kind: NetworkPolicy
spec:
  podSelector:
    matchLabels:
      app: backend
---
kind: Deployment
spec:
  template:
    metadata:
      labels:
        app: backend
---
kind: Ingress
metadata:
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"
  name: events
spec:
  rules:
  - http:
      paths:
      - path: /api/v1/events
---
kind: Ingress
metadata:
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: \"60\"
  name: app
spec:
  rules:
  - http:
      paths:
      - path: /
---
kind: Ingress
metadata:
  annotations:
    nginx.ingress.kubernetes.io/denylist-source-range: 0.0.0.0/0,::/0
    nginx.ingress.kubernetes.io/proxy-read-timeout: \"60\"
  name: metrics
spec:
  rules:
  - http:
      paths:
      - path: /metrics
";

    #[test]
    fn a_pod_without_a_policy_is_a_fault() {
        check(WHOLE).unwrap();
        let other = WHOLE.replacen("        app: backend", "        app: backup", 1);
        assert!(check(&other).unwrap_err().to_string().contains("`app: backup`"));
        assert!(check("kind: Service").is_err(), "where nothing is found nothing is shown");
    }

    #[test]
    fn metrics_stay_inside() {
        let said = |what: &str, other: &str| check(&WHOLE.replacen(what, other, 1)).unwrap_err().to_string();
        assert!(said("path: /metrics", "path: /metric").contains("no ingress keeps /metrics inside"));
        assert!(said("0.0.0.0/0,::/0", "0.0.0.0/0").contains("not one for it alone"));
        assert!(said("- path: /metrics", "- path: /metrics\n      - path: /pkg").contains("not one for it alone"));
    }

    #[test]
    fn only_events_may_last() {
        let said = |what: &str, other: &str| check(&WHOLE.replacen(what, other, 1)).unwrap_err().to_string();
        assert!(said("\"60\"", "\"3600\"").contains("ingress app"));
        assert!(said("\"3600\"", "\"60\"").contains("ingress events"));
        assert!(said("path: /api/v1/events", "path: /api/v1/books").contains("ingress events"));
        assert!(said("    nginx.ingress.kubernetes.io/proxy-read-timeout: \"60\"\n", "").contains("ingress app"));
    }
}
