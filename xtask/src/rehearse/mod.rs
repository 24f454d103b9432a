//! `rehearse`: production on one machine, with people in it, while everything happens to it that will happen.
//!
//! nginx with TLS and the repository's own files, three nodes and a worker as processes, MariaDB with a replica, Redis,
//! Prometheus and Alertmanager. The real `deploy/rolling-update.sh` and `deploy/rollback.sh` change the version; the
//! node, the worker, Redis and the replica are killed; a backup is made and restored into a second copy.

mod copy;
mod engine;
mod figures;
mod fleet;
mod monitor;
mod notices;
mod options;
mod people;
pub(crate) mod proxy;
mod report;
mod stage;

use std::time::Duration;

use self::{options::Options, people::People, report::Report, stage::Stage};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::terminal::say;
use crate::{debian, deployment, site};

/// Between two events: what one did to the figures must not be counted with the next.
const RESPITE: Duration = Duration::from_secs(10);

/// One part that is killed, and who is told of it.
#[derive(Debug)]
pub(crate) struct Outage {
    pub(crate) phase: &'static str,
    /// The alert that must fire and be cleared.
    pub(crate) alert: &'static str,
    /// A service, or a part of health.
    pub(crate) about: &'static str,
}

pub(crate) const OUTAGES: [Outage; 4] = [
    Outage { phase: "node killed", alert: "NodeDown", about: "backend-2" },
    Outage { phase: "worker killed", alert: "NodeDown", about: "worker" },
    Outage { phase: "Redis killed", alert: "PartDegraded", about: "cache" },
    Outage { phase: "replica killed", alert: "PartDegraded", about: "replica" },
];

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let options = Options::read(arguments)?;
    debian::install(place, debian::FOR_TESTS)?;
    debian::install(place, deployment::PACKAGES)?;
    let program = if let Some(program) = options.program.clone() {
        program
    } else {
        crate::setup::for_building(place)?;
        site::build(place, options.release)?;
        place.server(options.release)
    };
    let before = options.before.clone().unwrap_or_else(|| program.clone());
    people::build(place)?;

    let mut stage = Stage::set(place, before, program)?;
    let outcome = play(place, &options, &mut stage);
    if outcome.is_err() {
        stage.keep_logs(place)?;
    }
    outcome
}

/// Everything in its order. People work from the beginning to the end of it.
fn play(place: &Place, options: &Options, stage: &mut Stage) -> Outcome {
    let mut people = People::send(place, options, stage)?;
    say(format_args!("{} people come in.", options.people));
    people.wait_until_they_work()?;
    let mut report = Report::begin(options.people);
    report.phase("arriving", || people.arrive())?;
    report.phase("quiet", || people.work_for(options.quiet))?;
    people.work_for(RESPITE)?;

    report.phase("rolling update", || engine::run_script(place, stage, "rolling-update.sh", engine::NEW))?;
    people.work_for(RESPITE)?;
    report.phase("rollback", || engine::run_script(place, stage, "rollback.sh", engine::OLD))?;
    people.work_for(RESPITE)?;

    for outage in &OUTAGES {
        report.phase(outage.phase, || stage.until_told(place, outage))?;
        people.work_for(RESPITE)?;
    }

    let copied = report.phase("backup, restore", || copy::back_up_and_restore(place, stage))?;
    people.work_for(RESPITE)?;
    let kept = people.stop()?;
    report.finish(people.requests()?, &kept, &copied, &stage.monitor.told(), &stage.fleet)
}

/// A sentence for what did not come in time.
fn not_in_time(what: &str) -> Failure {
    Failure::new(format!("{what} did not happen in time"))
}
