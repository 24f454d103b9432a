//! Packages of the machine. Only Debian and its kin: elsewhere it says what is missing.

use std::os::unix::fs::MetadataExt;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run, succeeds};
use crate::terminal::say;

/// What the programs of `setup` need: a venv for the prebuilt ones.
pub(crate) const FOR_TOOLS: &[&str] = &["python3", "python3-venv"];

/// What the tests need: foreign readers of every file we write, a second database, a browser.
pub(crate) const FOR_TESTS: &[&str] = &[
    "brotli",
    "chromium-headless-shell",
    "cksfv",
    "fonts-dejavu-core",
    "fonts-noto-cjk",
    "libarchive-tools",
    "mariadb-client",
    "mariadb-server",
    "minisign",
    "openssl",
    "redis-server",
    "rhash",
    "unar",
    "unzip",
];

/// Installs what is missing of `packages`, and says so.
pub(crate) fn install(place: &Place, packages: &[&str]) -> Outcome {
    if !succeeds(Command::new("dpkg-query").arg("--version")) {
        return Err(Failure::new(format!(
            "this is not a Debian system: install what these packages hold yourself, then try again: {}",
            packages.join(" ")
        )));
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(format_args!("Installing Debian packages: {}", missing.join(" ")));
    // Another apt-get may be at work; waiting for it is better than failing.
    let wait = "DPkg::Lock::Timeout=500";
    run(as_root(place)?.args(["apt-get", "-o", wait, "update", "--quiet"]))?;
    run(as_root(place)?
        .args(["apt-get", "-o", wait, "install", "--yes", "--quiet", "--no-install-recommends"])
        .args(missing))
}

fn is_installed(package: &str) -> bool {
    read(Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]))
        .is_ok_and(|status| status.trim() == "installed")
}

/// A command that runs its arguments as root, without asking questions.
fn as_root(place: &Place) -> Outcome<Command> {
    let mut command = if is_root() {
        place.program("env")
    } else if succeeds(Command::new("sudo").args(["--non-interactive", "true"])) {
        let mut sudo = place.program("sudo");
        sudo.args(["--non-interactive", "env"]);
        sudo
    } else {
        return Err(Failure::new(
            "Debian packages are missing, and this is neither root nor allowed to use sudo without a password",
        ));
    };
    command.arg("DEBIAN_FRONTEND=noninteractive");
    Ok(command)
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
