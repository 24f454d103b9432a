//! The Dockerfile: its form, and that it builds with the versions that everybody else builds with.

use crate::deployment::text_of;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::tools;

pub(super) fn check(place: &Place) -> Outcome {
    run(place.program("hadolint").args(["--config", ".hadolint.yaml", "Dockerfile"]))?;
    let dockerfile = text_of(&place.root.join("Dockerfile"))?;
    let toolchain = text_of(&place.root.join("rust-toolchain.toml"))?;
    let rust = quoted(&toolchain, "channel = ").unwrap_or_default();
    let minor = rust.rsplit_once('.').map_or(rust, |(minor, _)| minor);
    let bindgen = tools::locked_version(&tools::read_lock_file(place)?, "wasm-bindgen")?;
    let package = text_of(&place.root.join("package.json"))?;
    let node = package.lines().find_map(|line| line.trim().strip_prefix("\"engines\": { \"node\": \">="));
    let node = node.and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let lines = [
        format!("ARG CARGO_LEPTOS_VERSION={}", tools::CARGO_LEPTOS),
        format!("ARG WASM_BINDGEN_VERSION={bindgen}"),
        format!("ARG RUST_IMAGE=rust:{minor}-slim-bookworm"),
        format!("ARG NODE_IMAGE=node:{node}-bookworm-slim"),
    ];
    for line in lines {
        if !dockerfile.lines().any(|found| found == line) {
            return Err(Failure::new(format!("Dockerfile should say `{line}`, as the rest of the repository does")));
        }
    }
    Ok(())
}

/// What stands in quotation marks behind `key`.
fn quoted<'text>(text: &'text str, key: &str) -> Option<&'text str> {
    text.lines().find_map(|line| line.strip_prefix(key))?.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_is_found() {
        assert_eq!(quoted("[toolchain]\nchannel = \"1.95.0\"\n", "channel = "), Some("1.95.0"));
        assert_eq!(quoted("channel: 1", "channel = "), None);
    }
}
