//! `deployment`: what the product is deployed with, checked by the programs that will read it.
//!
//! No check here passes by being left out: a program that cannot be had is a failure that says which.

mod compose;
mod container;
mod environment;
pub(crate) mod images;
mod kubernetes;
mod labels;
mod metrics;
mod monitoring;
mod nginx;
mod operator;
mod programs;
mod promql;
mod reach;
mod settings;

use std::path::{Path, PathBuf};
use std::{fs, process::Command};

use crate::commands::flags;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::steps::Steps;
use crate::{debian, tools};

/// Debian packages that the checks need, the tests behind nginx and those of backups.
pub(crate) const PACKAGES: &[&str] = &[
    "age",
    "curl",
    "gettext-base",
    "libnginx-mod-http-brotli-filter",
    "libnginx-mod-http-brotli-static",
    "nginx",
    "openssl",
    "prometheus",
    "prometheus-alertmanager",
    "unzip",
];

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    let mut steps = Steps::default();
    let ready = steps.run("set up", || {
        debian::install(place, debian::FOR_TOOLS)?;
        debian::install(place, PACKAGES)?;
        tools::deployers(place)
    });
    if ready {
        add_steps(place, &mut steps);
    }
    steps.finish()
}

/// The checks. What they need is there: [`crate::setup::for_tests`] brings it.
pub(crate) fn add_steps(place: &Place, steps: &mut Steps) {
    steps.run("deployment: settings", || settings::check(place));
    steps.run("deployment: Dockerfile", || container::check(place));
    steps.run("deployment: Compose", || compose::check(place));
    steps.run("deployment: .env", || environment::check(place));
    steps.run("deployment: scripts", || scripts(place));
    steps.run("deployment: nginx", || nginx::check(place));
    steps.run("deployment: Prometheus and Alertmanager", || monitoring::check(place));
    steps.run("deployment: metrics and dashboards", || metrics::check(place));
    steps.run("deployment: Kubernetes", || kubernetes::check(place));
}

/// Every shell script, as a POSIX shell reads it.
fn scripts(place: &Place) -> Outcome {
    let listed = read(place.program("git").args(["ls-files", "-z", "--", "*.sh", ".ci/run", "deploy/flask"]))?;
    let files: Vec<&str> = listed.split('\0').filter(|file| !file.is_empty()).collect();
    run(place.program("shellcheck").arg("--external-sources").args(files))
}

/// An empty folder for what a check writes.
fn workshop(place: &Place, name: &str) -> Outcome<PathBuf> {
    let folder = place.target.join("deployment").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    Ok(folder)
}

fn text_of(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(Failure::while_doing(path.display()))
}

/// Runs a command that must end badly, and gives what it said.
fn refusal(command: &mut Command) -> Outcome<String> {
    match read(command) {
        Ok(_) => Err(Failure::new(format!("{command:?} should have been refused"))),
        Err(failure) => Ok(failure.to_string()),
    }
}
