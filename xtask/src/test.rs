//! `test`: everything that must pass, in one command and with one last line.

use crate::check::{self, PACKAGES, selection};
use crate::commands::flags;
use crate::databases::{Engine, mysql};
use crate::failure::Outcome;
use crate::place::Place;
use crate::program::{run, run_and_keep};
use crate::services::Services;
use crate::stamp::{Beginning, Passed};
use crate::steps::Steps;
use crate::{bench, coverage, damage, deployment, end_to_end, fuzz, score, setup, site, size, target_folder, worker};

/// Crates with documentation that can be run.
const LIBRARIES: &[&str] = &["packer", "store", "cache", "service", "app", "server", "spare-port"];

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [all] = flags(arguments, ["--all"])?;
    let begun = Beginning::of(place)?;
    let _in_use = target_folder::prepare(place)?;
    let mut steps = Steps::default();
    if !steps.run("set up", || setup::for_tests(place)) {
        return steps.finish();
    }
    check::add_steps(place, &mut steps);
    deployment::add_steps(place, &mut steps);
    rust_tests(place, &mut steps);
    steps.run("agreement with EPUBCheck", || score::command(place, &[]));
    steps.run("damaged books", || damage::survive(place, damage::LITTLE));
    steps.run("invented inputs", || fuzz::run_all(place, fuzz::SHORT_SECONDS));
    if steps.run("build", || site::build(place, false)) {
        steps.run_and_keep("end-to-end tests", || end_to_end::run(place, false, None, &[]));
    }
    steps.run("budget of the first page", || size::check(place));
    steps.run("budget of the packer in the browser", || worker::check_size(place));
    if all {
        longer(place, &mut steps);
    }
    steps.finish()?;
    // The checks of `cargo xtask check` were among them.
    let passed = [Passed::Tests, Passed::Documents, Passed::Coverage];
    begun.write(place, if all { &passed } else { &passed[..2] })
}

/// Tests whose houses may have another database.
const ON_BOTH_BACKINGS: &[&str] = &["-E", "binary_id(service::service) | binary_id(server::web)"];

/// Those, and the conformance suite of the store where it is not about SQLite.
const OF_A_DATABASE: &[&str] =
    &["-E", "binary_id(store::conformance) & not test(sqlite) | binary_id(service::service) | binary_id(server::web)"];

/// The tests of all crates, with the services of a cluster beside them.
fn rust_tests(place: &Place, steps: &mut Steps) {
    let mut services = None;
    steps.run("start MariaDB, Redis, an object store", || {
        services = Some(Services::start(place, &Engine::MariaDb)?);
        Ok(())
    });
    let Some(services) = services else { return };
    steps.run_and_keep("tests", || {
        let mut tests = place.program("cargo-nextest");
        tests.args(["nextest", "run", "--no-fail-fast"]).args(selection(PACKAGES));
        services.tell(&mut tests);
        if let Some(corpus) = place.corpus() {
            tests.env("CORPUS_DIR", corpus);
        }
        run_and_keep(&mut tests, |line| line.trim_start().starts_with("Summary ["))
    });
    steps.run_and_keep("tests again, on MariaDB", || {
        let mut tests = place.program("cargo-nextest");
        tests.args(["nextest", "run", "--no-fail-fast", "-p", "service", "-p", "server"]).args(ON_BOTH_BACKINGS);
        services.tell(tests.env("TEST_BACKING", "mysql"));
        run_and_keep(&mut tests, |line| line.trim_start().starts_with("Summary ["))
    });
    steps
        .run("examples in the documentation", || run(place.cargo().args(["test", "--doc"]).args(selection(LIBRARIES))));
}

/// What takes longer: each crate compiled alone, coverage, more damage, the release build in the browser, the benchmark.
fn longer(place: &Place, steps: &mut Steps) {
    steps.run("each crate alone", || {
        // Together, one crate's features hide what another forgot to ask for.
        PACKAGES.iter().try_for_each(|package| run(place.cargo().args(["check", "--all-targets", "-p", package])))
    });
    on_mysql(place, steps);
    steps.run_and_keep("coverage", || coverage::step(place));
    steps.run("badly damaged books", || damage::survive(place, damage::MUCH));
    if steps.run("release build", || site::build(place, true)) {
        steps.run_and_keep("end-to-end tests, release", || end_to_end::run(place, true, None, &[]));
        steps.run_and_keep("end-to-end tests, release, on MariaDB", || {
            match Services::start(place, &Engine::MariaDb) {
                Ok(services) => end_to_end::run(place, true, Some(&services), &[]),
                Err(failure) => (Vec::new(), Err(failure)),
            }
        });
        steps.run("benchmark of the main job", || bench::main_job(place));
    }
    deployment::images::add_steps(place, steps);
    steps.run_and_keep("two thousand jobs while nodes are killed", || endure(place));
}

/// Everything that asks a database, on MySQL as well: it is not MariaDB, and no machine has it by itself.
fn on_mysql(place: &Place, steps: &mut Steps) {
    const STEP: &str = "tests on MySQL";
    let programs = match mysql::fetch(place) {
        Ok(programs) => programs,
        Err(failure) => return steps.not_run(STEP, &failure),
    };
    steps.run_and_keep(STEP, || {
        let services = Services::start(place, &Engine::MySql(programs));
        let (services, version) = match services.and_then(|services| {
            let version = services.database_version(place)?;
            Ok((services, version))
        }) {
            Ok(both) => both,
            Err(failure) => return (Vec::new(), Err(failure)),
        };
        let mut tests = place.program("cargo-nextest");
        tests.args(["nextest", "run", "--no-fail-fast", "-p", "store", "-p", "service", "-p", "server"]);
        services.tell(tests.env("TEST_BACKING", "mysql").args(OF_A_DATABASE));
        let (lines, outcome) = run_and_keep(&mut tests, |line| line.trim_start().starts_with("Summary ["));
        ([vec![format!("the next is on MySQL {version}")], lines].concat(), outcome)
    });
}

/// Jobs of the long run: half of them read books, half pack them.
const MANY_JOBS: &str = "2000";

fn endure(place: &Place) -> (Vec<String>, Outcome) {
    let services = match Services::start(place, &Engine::MariaDb) {
        Ok(services) => services,
        Err(failure) => return (Vec::new(), Err(failure)),
    };
    let mut tests = place.program("cargo-nextest");
    tests.args([
        "nextest",
        "run",
        "--no-capture",
        "-p",
        "server",
        "-E",
        "binary_id(server::cluster) & test(every_job)",
    ]);
    services.tell(tests.env("CLUSTER_JOBS", MANY_JOBS));
    run_and_keep(&mut tests, |line| line.contains("nodes killed") || line.contains(" done "))
}
