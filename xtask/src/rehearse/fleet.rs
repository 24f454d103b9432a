//! The nodes and the worker: processes where production has containers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::not_in_time;
use crate::databases::free_port;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::Background;
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
            ports.insert(service, free_port()?);
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
        let mut arguments: Vec<String> =
            self.environment(service).iter().map(|(name, value)| format!("{name}={value}")).collect();
        arguments.push(self.program(self.tags[service]).display().to_string());
        arguments.push(if service == "worker" { "worker" } else { "serve" }.to_owned());
        let log = self.folder.join(format!("{service}-{:03}.log", self.starts));
        self.running.insert(service, Background::start(place, "env", &arguments, &log)?);
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
        let text = logs.last().and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let from = text.lines().count().saturating_sub(20);
        text.lines().skip(from).collect::<Vec<_>>().join("\n")
    }
}
