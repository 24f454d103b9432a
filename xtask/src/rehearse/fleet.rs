//! The nodes and the worker: processes where production has containers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::not_in_time;
use crate::databases::spare_port;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::{Background, last_lines};
use crate::program::{read, succeeds};

/// The services of `compose.prod.yaml` that are processes of ours, in the order in which they start.
pub(crate) const SERVICES: [&str; 4] = ["backend", "backend-2", "backend-3", "worker"];

/// Those that people's requests go to.
pub(crate) const NODES: [&str; 3] = ["backend", "backend-2", "backend-3"];

/// As long as `deploy/compose.sh` waits.
const START_LIMIT: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(crate) struct Fleet {
    folder: PathBuf,
    /// What every one of them is told.
    settings: Vec<(String, String)>,
    ports: BTreeMap<&'static str, u16>,
    running: BTreeMap<&'static str, Background>,
    /// The program of each version, by its tag.
    pub(crate) programs: BTreeMap<&'static str, PathBuf>,
    /// The version that runs.
    pub(crate) tags: BTreeMap<&'static str, &'static str>,
    starts: u32,
}

impl Fleet {
    pub(crate) fn new(folder: &Path, programs: BTreeMap<&'static str, PathBuf>, first: &'static str) -> Outcome<Self> {
        let mut ports = BTreeMap::new();
        for service in SERVICES {
            ports.insert(service, spare_port()?);
        }
        let tags = SERVICES.iter().map(|service| (*service, first)).collect();
        let (folder, settings, running) = (folder.to_owned(), Vec::new(), BTreeMap::new());
        Ok(Self { folder, settings, ports, running, programs, tags, starts: 0 })
    }

    pub(crate) fn set(&mut self, settings: Vec<(String, String)>) {
        self.settings = settings;
    }

    pub(crate) fn port(&self, service: &str) -> u16 {
        self.ports[service]
    }

    /// Which service an address of a metric is.
    pub(crate) fn service_at(&self, address: &str) -> Option<&'static str> {
        self.ports.iter().find(|(_, port)| address.ends_with(&format!(":{port}"))).map(|(service, _)| *service)
    }

    /// Starts one and waits until it is healthy, as `healthcheck` says.
    pub(crate) fn start(&mut self, place: &Place, service: &'static str) -> Outcome {
        self.begin(place, service)?;
        let begun = Instant::now();
        while !self.is_healthy(place, service) {
            if begun.elapsed() > START_LIMIT {
                return Err(not_in_time(&format!("{service} became healthy:\n{}\nthat", self.log(service))));
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Starts one; whoever wants to know when it is healthy asks.
    pub(crate) fn begin(&mut self, place: &Place, service: &'static str) -> Outcome {
        self.starts += 1;
        let command = if service == "worker" { "worker" } else { "serve" };
        let (variables, program) = (self.environment(service), self.program(self.tags[service]));
        let log = self.folder.join(format!("{service}-{:03}.log", self.starts));
        let process = Background::start_told(place, &variables, program, &[command], &log)?;
        self.running.insert(service, process);
        Ok(())
    }

    /// Asks it to leave and waits until it has.
    pub(crate) fn stop(&mut self, service: &str) {
        self.running.remove(service);
    }

    /// As a power cut would.
    pub(crate) fn kill(&mut self, service: &str) -> Outcome {
        match self.running.remove(service) {
            Some(mut process) => process.kill(),
            None => Err(Failure::new(format!("{service} does not run"))),
        }
    }

    pub(crate) fn is_healthy(&self, place: &Place, service: &str) -> bool {
        succeeds(&mut self.command(place, self.tags[service], service, "healthcheck"))
    }

    /// A command of the product with what `service` is told.
    pub(crate) fn command(&self, place: &Place, tag: &str, service: &str, command: &str) -> Command {
        let mut program = place.program(&self.program(tag).display().to_string());
        program.envs(self.environment(service)).arg(command);
        program
    }

    /// Brings the schema up to date, with the program of a version.
    pub(crate) fn migrate(&self, place: &Place, tag: &str) -> Outcome<String> {
        read(&mut self.command(place, tag, "migrate", "migrate"))
    }

    fn program(&self, tag: &str) -> &Path {
        &self.programs[tag]
    }

    fn environment(&self, service: &str) -> Vec<(String, String)> {
        let mut all = self.settings.clone();
        all.push(("DATA_DIR".to_owned(), self.folder.join(service).display().to_string()));
        if let Some(port) = self.ports.get(service) {
            all.push(("BIND_ADDR".to_owned(), format!("127.0.0.1:{port}")));
        }
        // As in compose: the nodes answer people, the worker works.
        let workers = if service == "worker" { "2" } else { "0" };
        all.push(("WORKERS".to_owned(), workers.to_owned()));
        all
    }

    /// What all processes of a service have written since then, a time as `date -u +%Y-%m-%dT%H:%M:%SZ` says it.
    pub(crate) fn log_since(&self, service: &str, since: &str) -> String {
        let logs = (1..=self.starts).map(|start| self.folder.join(format!("{service}-{start:03}.log")));
        let text: String = logs.filter_map(|log| fs::read_to_string(log).ok()).collect();
        lines_since(&text, since)
    }

    /// The last words of a service.
    pub(crate) fn log(&self, service: &str) -> String {
        let mut logs: Vec<PathBuf> = fs::read_dir(&self.folder)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        let is_of = |path: &PathBuf| {
            path.file_name().is_some_and(|name| {
                let name = name.to_string_lossy();
                // `backend-2-007.log` is no log of `backend`.
                let number = name.strip_prefix(service).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".log"));
                number.is_some_and(|number| number.len() == 3)
            })
        };
        logs.retain(is_of);
        logs.sort();
        logs.last().map(|log| last_lines(log, 20)).unwrap_or_default()
    }
}

/// The lines that were written then or later, in JSON or as text; to the second.
fn lines_since(log: &str, since: &str) -> String {
    const SECONDS: usize = "2026-01-01T00:00:00".len();
    let is_later = |line: &&str| {
        let written = line.strip_prefix("{\"timestamp\":\"").unwrap_or(line).get(..SECONDS);
        written.is_some_and(|written| since.get(..SECONDS).is_some_and(|since| written >= since))
    };
    log.lines().filter(is_later).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_cut_at_a_second() {
        let log = "{\"timestamp\":\"2026-01-02T03:04:04.9Z\",\"a\":1}\n{\"timestamp\":\"2026-01-02T03:04:05.1Z\",\"b\":2}\n\
            2026-01-02T03:04:06.0Z  INFO c\nno time\n";
        let found = lines_since(log, "2026-01-02T03:04:05Z");
        assert_eq!(found.lines().count(), 2, "{found}");
        assert!(found.contains("\"b\"") && found.contains("INFO c"), "{found}");
        assert_eq!(lines_since(log, "10m"), "", "another form is none");
    }
}
