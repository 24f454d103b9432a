//! The Kubernetes files: put together by kustomize, then held against the schemas of Kubernetes.

use std::fs;

use crate::deployment::{programs, text_of, workshop};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};

/// The version whose schemas are asked.
const KUBERNETES: &str = "1.34";

/// Each with a kind that only it has, so that an overlay that lost its parts is noticed.
const KUSTOMIZATIONS: [(&str, &str); 3] = [
    ("k8s/base", "kind: Job"),
    ("k8s/overlays/development", "kind: Deployment"),
    ("k8s/overlays/production", "kind: Ingress"),
];

pub(super) fn check(place: &Place) -> Outcome {
    let kubectl = programs::kubectl(place)?;
    let folder = workshop(place, "kubernetes")?;
    for (kustomization, expected) in KUSTOMIZATIONS {
        let whole = read(place.program(&kubectl.to_string_lossy()).args(["kustomize", kustomization]))?;
        if !whole.lines().any(|line| line == expected) {
            return Err(Failure::new(format!("{kustomization} holds no `{expected}`")));
        }
        let file = folder.join(format!("{}.yaml", kustomization.replace('/', "-")));
        fs::write(&file, whole).map_err(Failure::while_doing(file.display()))?;
        validate(place, &file.to_string_lossy())?;
    }
    validate(place, "k8s/base/secret.example.yaml")?;
    limits_agree(place)
}

fn validate(place: &Place, file: &str) -> Outcome {
    run(place.program("kubernetes-validate").args(["--kubernetes-version", KUBERNETES, "--strict", "--quiet", file]))
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
