//! `coverage`: how many of the lines that run on this machine are run by a test.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::commands::flags;
use crate::databases::Engine;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::services::Services;
use crate::stamp::{Beginning, Passed};
use crate::terminal::{answer, say};
use crate::{check, setup, tools};

/// Of the lines of all crates together, in percent.
const LEAST_PERCENT: f64 = 90.0;

/// What runs on a server or a person's machine. The tools of the repository are no part of the product.
const PACKAGES: &[&str] = &["packer", "store", "cache", "service", "app", "server"];

/// Files that are no part of it. Islands run in the browser, as WASM, where nothing counts lines; the tests in a browser are
/// for them.
const IN_THE_BROWSER: [&str; 2] = ["--ignore-filename-regex", "app/src/islands/"];

/// Files with the most lines that no test runs, at the end.
const WORST: usize = 20;

/// Each test is a process of its own, and what it ran is megabytes: this many files take it all in turn.
const COUNTERS: &str = "coverage-%4m.profraw";

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let (options, chosen): (Vec<String>, Vec<String>) =
        arguments.iter().cloned().partition(|argument| argument.starts_with('-'));
    let [keep] = flags(&options, ["--keep"])?;
    let packages = packages(&chosen)?;
    let begun = Beginning::of(place)?;
    setup::for_tests(place)?;
    run_all(place, &packages, keep)?;
    if chosen.is_empty() { begun.write(place, &[Passed::Coverage]) } else { Ok(()) }
}

/// All of it, as one step among others: how much it is, for the last lines, and whether it is enough.
pub(crate) fn step(place: &Place) -> (Vec<String>, Outcome) {
    match run_all(place, PACKAGES, false) {
        Ok(sentence) => (vec![sentence], Ok(())),
        Err(failure) => (Vec::new(), Err(failure)),
    }
}

/// Runs the tests of these packages and says in a sentence what they ran.
fn run_all(place: &Place, packages: &[&str], keep: bool) -> Outcome<String> {
    tools::coverage(place)?;
    add_llvm_tools(place)?;
    let services = Services::start(place, &Engine::MariaDb)?;
    // Its own folder: what is compiled with counters is of no use for anything else.
    let target = place.target.join("coverage");
    let report = place.target.join("coverage-report");
    let outcome = measure(place, &services, packages, &target, &report);
    if !keep && target.exists() {
        fs::remove_dir_all(&target).map_err(Failure::while_doing(target.display()))?;
    }
    outcome
}

/// Those that were named, or all.
fn packages(chosen: &[String]) -> Outcome<Vec<&'static str>> {
    let known = |name: &String| {
        let known = PACKAGES.iter().copied().find(|known| known == name);
        known.ok_or_else(|| Failure::new(format!("`{name}` is none of {}", PACKAGES.join(", "))))
    };
    if chosen.is_empty() { Ok(PACKAGES.to_vec()) } else { chosen.iter().map(known).collect() }
}

fn measure(place: &Place, services: &Services, packages: &[&str], target: &Path, report: &Path) -> Outcome<String> {
    let mut tests = llvm_cov(place, target);
    tests.args(["--no-report", "nextest", "--no-fail-fast"]).args(check::selection(packages));
    services.tell(&mut tests);
    if let Some(corpus) = place.corpus() {
        tests.env("CORPUS_DIR", corpus);
    }
    let tested = run(&mut tests);
    run(llvm_cov(place, target).args(["report", "--html", "--output-dir"]).arg(report).args(IN_THE_BROWSER))?;
    let summary = read(llvm_cov(place, target).args(["report", "--summary-only"]).args(IN_THE_BROWSER))?;
    let files = files_of(&summary);
    say(format_args!("The report is in {}.", report.join("html/index.html").display()));
    answer(format_args!("{:>7} {:>7} {:>7}  file", "lines", "not run", "percent"));
    let mut worst: Vec<&Covered> = files.iter().filter(|file| file.name != "TOTAL").collect();
    worst.sort_by_key(|file| std::cmp::Reverse(file.missed));
    let total = files.iter().filter(|file| file.name == "TOTAL");
    for file in worst.into_iter().take(WORST).chain(total) {
        answer(format_args!("{:>7} {:>7} {:>7.1}  {}", file.lines, file.missed, file.percent(), file.name));
    }
    tested?;
    judge(&files)
}

/// At least [`LEAST_PERCENT`] of all lines; how many, in a sentence.
fn judge(files: &[Covered]) -> Outcome<String> {
    let total = files.iter().find(|file| file.name == "TOTAL" && file.lines > 0);
    let total = total.ok_or_else(|| Failure::new("cargo-llvm-cov gave no total"))?;
    let (percent, lines) = (total.percent(), total.lines);
    if percent >= LEAST_PERCENT {
        Ok(format!("{percent:.2} % of {lines} lines are run by tests"))
    } else {
        Err(Failure::new(format!("{percent:.2} % of the lines are run by tests; {LEAST_PERCENT} % must be")))
    }
}

fn llvm_cov(place: &Place, target: &Path) -> Command {
    let mut command = place.cargo();
    command.args(["llvm-cov"]).env("CARGO_TARGET_DIR", target).env("LLVM_PROFILE_FILE_NAME", COUNTERS);
    // Counters need no symbols for a debugger, which would be most of what is written.
    command.env("CARGO_PROFILE_DEV_DEBUG", "none").env("CARGO_INCREMENTAL", "0");
    command
}

/// The counters are read by LLVM's own programs of the same version as the compiler.
fn add_llvm_tools(place: &Place) -> Outcome {
    let installed = read(place.program("rustup").args(["component", "list", "--installed"]))?;
    if installed.lines().any(|line| line.starts_with("llvm-tools")) {
        return Ok(());
    }
    run(place.program("rustup").args(["component", "add", "llvm-tools"]))
}

/// What the tests ran of one file.
#[derive(Debug, PartialEq, Eq)]
struct Covered {
    name: String,
    lines: u32,
    missed: u32,
}

impl Covered {
    fn percent(&self) -> f64 {
        100.0 * f64::from(self.lines - self.missed.min(self.lines)) / f64::from(self.lines.max(1))
    }
}

/// The lines of the summary: the name, then regions, functions and lines, each as all, missed and percent.
fn files_of(summary: &str) -> Vec<Covered> {
    let read = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words.next()?.to_owned();
        // Three of regions, three of functions, then the lines.
        let mut numbers = words.skip(6);
        Some(Covered { name, lines: numbers.next()?.parse().ok()?, missed: numbers.next()?.parse().ok()? })
    };
    summary.lines().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "\
Filename                      Regions    Missed Regions     Cover   Functions  Missed Functions  Executed       Lines      Missed Lines     Cover    Branches   Missed Branches     Cover
-----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
packer/src/hash.rs                 20                 2    90.00%           5                 0   100.00%         100                10    90.00%           0                 0         -
TOTAL                              20                 2    90.00%           5                 0   100.00%         100                10    90.00%           0                 0         -
";

    #[test]
    fn lines_are_read_from_the_summary_and_exactly_the_least_is_enough() {
        let files = files_of(SUMMARY);
        assert_eq!(files[0], Covered { name: "packer/src/hash.rs".to_owned(), lines: 100, missed: 10 });
        assert_eq!(judge(&files).unwrap(), "90.00 % of 100 lines are run by tests");
    }

    #[test]
    fn only_packages_that_run_here_are_measured() {
        assert_eq!(packages(&[]).unwrap(), PACKAGES);
        assert_eq!(packages(&["cache".to_owned()]).unwrap(), ["cache"]);
        assert!(packages(&["frontend-wasm".to_owned()]).is_err());
    }

    #[test]
    fn one_line_too_few_and_no_total_are_failures() {
        let too_few = SUMMARY.replace("100                10    90.00%", "100                11    89.00%");
        assert!(judge(&files_of(&too_few)).unwrap_err().to_string().contains("89.00 %"));
        assert!(judge(&files_of("nothing")).is_err());
    }
}
