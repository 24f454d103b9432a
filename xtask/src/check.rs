//! `check`: what can be said without running the product.

use crate::commands::flags;
use crate::failure::Outcome;
use crate::place::Place;
use crate::program::run;
use crate::stamp::{Beginning, Passed};
use crate::steps::Steps;
use crate::{dependencies, house_rules, migrations, setup, third_party};

/// Everything that runs on this machine. The browser's half is not among them: it is the same crates with
/// another feature, and in one build the two would mix.
pub(crate) const PACKAGES: &[&str] = &["packer", "store", "cache", "service", "app", "server", "spare-port", "xtask"];

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    let begun = Beginning::of(place)?;
    let mut steps = Steps::default();
    if steps.run("set up", || setup::for_tests(place)) {
        add_steps(place, &mut steps);
    }
    steps.finish()?;
    begun.write(place, &[Passed::Documents])
}

/// The checks, quick ones first.
pub(crate) fn add_steps(place: &Place, steps: &mut Steps) {
    steps.run("check: house rules", || house_rules::check(place));
    steps.run("check: migrations", || migrations::check(place));
    steps.run("check: format", || run(place.cargo().args(["fmt", "--check"])));
    steps.run("check: third-party list", || third_party::check(place));
    steps.run("check: licences and sources", || dependencies::licences_bans_sources(place));
    steps.run("check: advisories", || dependencies::advisories(place));
    steps.run("check: the browser's crates", || dependencies::browser_gate(place));
    steps.run("check: clippy", || {
        run(place.cargo().arg("clippy").args(selection(PACKAGES)).args(["--all-targets", "--", "-D", "warnings"]))
    });
    steps.run("check: clippy, browser", || {
        let clippy = |package: &[&str]| {
            let mut cargo = place.cargo();
            cargo.arg("clippy").args(package).args(["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"]);
            run(&mut cargo)
        };
        clippy(&["-p", "frontend-wasm"])?;
        clippy(&["-p", "packer-worker", "--all-features"])
    });
    steps.run("check: documentation", || {
        run(place
            .cargo()
            .args(["doc", "--no-deps", "--document-private-items"])
            .args(selection(PACKAGES))
            .env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// `-p` for each package: one command, so that all share one set of features and nothing is compiled twice.
pub(crate) fn selection<'name>(packages: &[&'name str]) -> Vec<&'name str> {
    packages.iter().flat_map(|package| ["-p", *package]).collect()
}
