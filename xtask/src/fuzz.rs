//! `fuzz`: every reader and every parser against inputs that a fuzzer invents.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::terminal::say;
use crate::tools;

/// What every run of the tests can afford for each target.
pub(crate) const SHORT_SECONDS: u32 = 2;
/// What one input may take before it is a fault.
const LONGEST_SECONDS: u32 = 10;
/// What one input may hold in memory before it is a fault; the fuzzer itself takes part of it.
const MEMORY_MEGABYTES: u32 = 512;

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let seconds = match arguments {
        [] => SHORT_SECONDS,
        [seconds] => seconds.parse().map_err(|_| Failure::new(format!("`{seconds}` is no number of seconds")))?,
        _ => return Err(Failure::new("`fuzz [SECONDS]` takes the seconds for each target")),
    };
    tools::fuzzer(place)?;
    run_all(place, seconds)
}

/// Builds all targets, then runs each for so long. What it learnt stays for the next run on this machine.
pub(crate) fn run_all(place: &Place, seconds: u32) -> Outcome {
    let seeds = seeds(place)?;
    run(fuzz(place).args(["build", "--sanitizer", "none", "--fuzz-dir"]).arg(folder(place)))?;
    let targets = read(fuzz(place).args(["list", "--fuzz-dir"]).arg(folder(place)))?;
    for target in targets.lines() {
        let learnt = place.target.join("fuzz-learnt").join(target);
        let faults = place.target.join("fuzz-faults").join(target);
        for folder in [&learnt, &faults, &seeds.join(target)] {
            fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
        }
        say(format_args!("\n-- {target}"));
        let mut fuzzer = place.program(&binary(place, target)?.to_string_lossy());
        fuzzer.arg(format!("-max_total_time={seconds}"));
        fuzzer.arg(format!("-timeout={LONGEST_SECONDS}")).arg(format!("-rss_limit_mb={MEMORY_MEGABYTES}"));
        fuzzer.arg(format!("-artifact_prefix={}/", faults.display())).args(["-verbosity=0", "-print_final_stats=1"]);
        run(fuzzer.arg(&learnt).arg(seeds.join(target)))?;
    }
    Ok(())
}

/// Writes what the fuzzer begins with, small books of the corpus among it; gives the folder.
pub(crate) fn seeds(place: &Place) -> Outcome<PathBuf> {
    let seeds = place.target.join("fuzz-seeds");
    let mut cargo = place.cargo();
    cargo.args(["run", "--quiet", "--example", "seeds", "--manifest-path"]).arg(folder(place).join("Cargo.toml"));
    cargo.arg("--").arg(&seeds);
    run(cargo.args(place.corpus_books()?))?;
    Ok(seeds)
}

fn folder(place: &Place) -> PathBuf {
    place.root.join("crates/packer/fuzz")
}

fn fuzz(place: &Place) -> std::process::Command {
    let mut command = place.program("cargo-fuzz");
    // Counting the branches is a flag that only the unstable compiler takes; this one says that it knows.
    command.arg("fuzz").env("RUSTC_BOOTSTRAP", "1");
    command
}

fn binary(place: &Place, target: &str) -> Outcome<PathBuf> {
    let said = read(place.program("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| Failure::new("rustc does not say what it compiles for"))?;
    Ok(place.target.join(host).join("release").join(Path::new(target)))
}
