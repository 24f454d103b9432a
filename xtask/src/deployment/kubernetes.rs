//! The Kubernetes files: put together by kustomize, then held against the schemas of Kubernetes.

use std::fs;

use crate::deployment::{operator, programs, reach, text_of, workshop};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run_and_keep};

/// The version whose schemas are asked.
const KUBERNETES: &str = "1.34";

/// Each with a line that only it has, so that an overlay that lost its parts is noticed.
const KUSTOMIZATIONS: [(&str, &str); 4] = [
    ("k8s/base", "kind: StatefulSet"),
    ("k8s/overlays/development", "kind: Deployment"),
    ("k8s/overlays/production", "kind: Ingress"),
    ("k8s/overlays/production-with-bucket", "            - s3://backups/production"),
];

pub(super) fn check(place: &Place) -> Outcome {
    rules_agree(place)?;
    let kubectl = programs::kubectl(place)?;
    let folder = workshop(place, "kubernetes")?;
    for (kustomization, expected) in KUSTOMIZATIONS {
        let whole = read(place.program(&kubectl.to_string_lossy()).args(["kustomize", kustomization]))?;
        if !whole.lines().any(|line| line == expected) {
            return Err(Failure::new(format!("{kustomization} holds no `{expected}`")));
        }
        // One node for trying it, on a cluster of one's own, has neither policies nor an ingress.
        if kustomization != "k8s/overlays/development" {
            reach::check(&whole).map_err(|faults| Failure::new(format!("{kustomization}: {faults}")))?;
        }
        if kustomization.starts_with("k8s/overlays/production") {
            operator::check(place, &whole, &folder)
                .map_err(|faults| Failure::new(format!("{kustomization}: {faults}")))?;
        }
        let file = folder.join(format!("{}.yaml", kustomization.replace('/', "-")));
        fs::write(&file, whole).map_err(Failure::while_doing(file.display()))?;
        validate(place, &file.to_string_lossy())?;
    }
    for example in ["k8s/base", "k8s/overlays/production-with-bucket"] {
        validate(place, &format!("{example}/secret.example.yaml"))?;
    }
    limits_agree(place)?;
    connections_suffice(place)
}

/// What MySQL and MariaDB allow when nobody says otherwise.
const CONNECTIONS: u64 = 151;

/// Processes that are neither backend nor worker: a backup, a migration.
const OTHERS: u64 = 1;

/// As many processes as the autoscaler and a rolling update may start at the same time do not use up the connections of
/// one database.
fn connections_suffice(place: &Place) -> Outcome {
    let numbers = |file: &str, mark: &str| Ok(numbers_after(&text_of(&place.root.join(file))?, mark));
    let pool = numbers("crates/store/src/store.rs", "const MYSQL_CONNECTIONS: u32 =")?;
    let replicas = numbers("k8s/base/autoscaling.yaml", "maxReplicas:")?;
    let mut surge = numbers("k8s/base/deployment.yaml", "maxSurge:")?;
    surge.extend(numbers("k8s/base/worker.yaml", "maxSurge:")?);
    let processes = add_up(&replicas, &surge)?;
    let [each] = pool[..] else { return Err(Failure::new("crates/store/src/store.rs says no one MYSQL_CONNECTIONS")) };
    if processes * each <= CONNECTIONS {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{processes} processes with {each} connections each are more than the {CONNECTIONS} that a database allows: \
             lower maxReplicas in k8s/base/autoscaling.yaml or MYSQL_CONNECTIONS"
        )))
    }
}

/// Processes at the worst moment: all replicas of backend and worker, what an update adds, and the others.
fn add_up(replicas: &[u64], surge: &[u64]) -> Outcome<u64> {
    if replicas.len() == 2 && surge.len() == 2 {
        Ok(replicas.iter().chain(surge).sum::<u64>() + OTHERS)
    } else {
        Err(Failure::new("k8s/base names not one maxReplicas and one maxSurge for each of backend and worker"))
    }
}

/// The number behind each mark that begins a line.
fn numbers_after(text: &str, mark: &str) -> Vec<u64> {
    let values = text.lines().filter_map(|line| line.trim().strip_prefix(mark));
    values.filter_map(|value| value.trim().trim_end_matches(';').parse().ok()).collect()
}

const RULES: &str = "k8s/overlays/production/rules.yaml";

/// The operator of Prometheus gets the rules that every other Prometheus gets.
fn rules_agree(place: &Place) -> Outcome {
    let mut wanted = String::new();
    for name in ["rules", "alerts"] {
        let rules = text_of(&place.root.join("deploy/prometheus").join(format!("{name}.yml")))?;
        wanted.push_str(&rule_object(name, &rules));
    }
    if text_of(&place.root.join(RULES)).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let file = workshop(place, "rules")?.join("rules.yaml");
    fs::write(&file, wanted).map_err(Failure::while_doing(file.display()))?;
    Err(Failure::new(format!("{RULES} is not what deploy/prometheus says: copy {} over it", file.display())))
}

/// A file of rules as an object of the operator.
fn rule_object(name: &str, rules: &str) -> String {
    let mut object = format!(
        "---\n# Made of deploy/prometheus/{name}.yml, which is the one to change; `cargo xtask deployment` compares them.\n\
         apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: ebook-scene-packer-{name}\nspec:\n"
    );
    for line in rules.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        object.extend([indent, line, "\n"]);
    }
    object
}

fn validate(place: &Place, file: &str) -> Outcome {
    let mut validator = place.program("kubernetes-validate");
    validator.args(["--kubernetes-version", KUBERNETES, "--strict", "--quiet", file]);
    let (warnings, outcome) = run_and_keep(&mut validator, |line| line.starts_with("WARN "));
    outcome?;
    let unknown = unknown(&warnings);
    if unknown.is_empty() { Ok(()) } else { Err(Failure::new(unknown.join("\n"))) }
}

/// An object without a schema it only warns of, and ends well: a misspelt kind is one. [`operator`] looks at those that
/// may have none.
fn unknown(warnings: &[String]) -> Vec<&str> {
    let expected = operator::KINDS.map(|kind| format!("schema for kind {kind} with api version {} for", operator::API));
    let is_expected = |line: &&str| expected.iter().any(|expected| line.contains(expected));
    warnings.iter().map(String::as_str).filter(|line| !is_expected(line)).collect()
}

/// The ingress's limit is the largest book and 1 MiB, as nginx's is.
fn limits_agree(place: &Place) -> Outcome {
    let number = |file: &str, key: &str| -> Outcome<u64> {
        let text = text_of(&place.root.join(file))?;
        let line = text.lines().find_map(|line| line.trim().strip_prefix(key)).map(str::trim);
        let number = line.and_then(|value| value.trim_matches('"').parse().ok());
        number.ok_or_else(|| Failure::new(format!("{file} says no number at {key}")))
    };
    let book = number("k8s/base/configuration.yaml", "UPLOAD_MAX_BYTES:")?;
    let request = number("k8s/overlays/production/ingress.yaml", "nginx.ingress.kubernetes.io/proxy-body-size:")?;
    if request == book + 1_048_576 {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "the ingress takes {request} bytes; UPLOAD_MAX_BYTES and 1 MiB are {}",
            book + 1_048_576
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_become_an_object() {
        let object = rule_object("alerts", "# Why.\ngroups:\n  - name: one\n");
        assert!(object.ends_with("  name: ebook-scene-packer-alerts\nspec:\n  # Why.\n  groups:\n    - name: one\n"));
    }

    #[test]
    fn only_the_operators_kinds_may_lack_a_schema() {
        let warning = |kind: &str, api: &str| {
            format!(
                "WARN x.yaml Couldn't find schema for kind {kind} with api version {api} for kubernetes version 1.34"
            )
        };
        assert!(unknown(&[warning("PrometheusRule", operator::API)]).is_empty());
        for warning in
            [warning("Ingres", "networking.k8s.io/v1"), warning("PrometheusRule", "v1"), "WARN so".to_owned()]
        {
            assert_eq!(unknown(std::slice::from_ref(&warning)), [warning.as_str()]);
        }
    }

    #[test]
    fn the_processes_of_the_worst_moment_are_added_up() {
        let text = "spec:\n  maxReplicas: 6\n---\n  maxReplicas: 3\n  minReplicas: 2\n";
        assert_eq!(numbers_after(text, "maxReplicas:"), [6, 3]);
        assert_eq!(add_up(&[6, 3], &[1, 1]).unwrap(), 12);
        assert!(add_up(&[6], &[1, 1]).is_err(), "one that is missing must not make the sum smaller");
    }
}
