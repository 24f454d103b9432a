//! Nodes on the embedded default and in a cluster: what they answer a second, and what they get done.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::databases::{Databases, Engine, spare_port};
use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::Background;
use crate::program::{read, run, succeeds};
use crate::services::Services;
use crate::setup;
use crate::terminal::answer;

/// The catalogue that lists are asked of.
const RELEASES: &str = "10000";
/// Books that are read: what one session may upload at once.
const BOOKS: &str = "400";
/// How long a node may take to be healthy.
const START_LIMIT: Duration = Duration::from_mins(1);
const ADMIN: (&str, &str) = ("editor-in-chief", "quires and signatures, folded twice");

/// What nodes are told that stand side by side.
type Settings = Vec<(&'static str, String)>;

pub(crate) fn measure(place: &Place) -> Outcome {
    debian::install(place, &["curl"])?;
    setup::for_services(place)?;
    run(place.cargo().args(["build", "--profile", "server-release", "--package", "server", "--example", "load"]))?;
    run(place.cargo().args(["build", "--release", "--package", "store", "--example", "seed"]))?;
    let folder = place.target.join("bench-cluster");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    }
    let bench = Bench { place, folder: folder.clone() };
    let outcome = bench.all();
    fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    outcome
}

struct Bench<'a> {
    place: &'a Place,
    folder: PathBuf,
}

impl Bench<'_> {
    fn all(&self) -> Outcome {
        let alone = self.folder("alone")?;
        answer("one node, embedded: SQLite, no Redis");
        let settings = settings_of(&alone, None);
        self.requests(&settings, &format!("sqlite:{}", alone.join("books.db").display()), 1)?;
        let services = Services::start(self.place, &Engine::MariaDb)?;
        for nodes in [1, 3] {
            answer(format_args!("\nnodes: {nodes}, MariaDB and Redis"));
            let (folder, url) = self.shared(services.databases(), &format!("requests{nodes}"))?;
            self.requests(&settings_of(&folder, Some((&url, &services.redis_url()))), &url, nodes)?;
        }
        answer(format_args!("\n{:<30} {:>12}", "books read, MariaDB and Redis", "a second"));
        for nodes in [1, 2, 3] {
            let (folder, url) = self.shared(services.databases(), &format!("jobs{nodes}"))?;
            let settings = settings_of(&folder, Some((&url, &services.redis_url())));
            let a_second = self.jobs(&settings, nodes)?;
            answer(format_args!("{:<30} {:>12}", format!("workers: {nodes}"), a_second.trim()));
        }
        Ok(())
    }

    fn folder(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
        Ok(folder)
    }

    /// A folder and a database that nodes share.
    fn shared(&self, databases: &Databases, name: &str) -> Outcome<(PathBuf, String)> {
        databases.tell(self.place, &format!("CREATE DATABASE bench_{name}"))?;
        Ok((self.folder(name)?, format!("{}bench_{name}", databases.primary_url())))
    }

    /// A catalogue, and so many nodes that are asked for it.
    fn requests(&self, settings: &Settings, database: &str, nodes: u32) -> Outcome {
        self.make_admin(settings)?;
        let seed = self.place.target.join("release/examples/seed");
        read(self.place.program(&seed.display().to_string()).args([database, RELEASES]))?;
        let nodes = (1..=nodes).map(|number| self.start(settings, number, 0)).collect::<Outcome<Vec<_>>>()?;
        let urls: Vec<&str> = nodes.iter().map(|node| node.url.as_str()).collect();
        self.load("people", &urls[..1])?;
        answer(self.load("requests", &urls)?.trim_end());
        Ok(())
    }

    /// Books that wait for so many workers.
    fn jobs(&self, settings: &Settings, workers: u32) -> Outcome<String> {
        self.make_admin(settings)?;
        let desk = self.start(settings, 0, 0)?;
        self.load("books", &[&desk.url, BOOKS])?;
        let workers = (1..=workers).map(|number| self.start(settings, number, 1)).collect::<Outcome<Vec<_>>>()?;
        let a_second = self.load("wait", &[&desk.url, BOOKS]);
        drop(workers);
        a_second
    }

    fn make_admin(&self, settings: &Settings) -> Outcome {
        let data = self.folder.join("admin");
        for command in ["migrate", "create-admin"] {
            let mut program = self.place.program(&self.place.server(true).display().to_string());
            read(program.arg(command).env("DATA_DIR", &data).envs(settings.iter().cloned()))?;
        }
        Ok(())
    }

    /// A node with so many job workers, healthy.
    fn start(&self, settings: &Settings, number: u32, workers: u32) -> Outcome<Node> {
        let port = spare_port()?;
        let mut variables = settings.clone();
        variables.extend([
            ("DATA_DIR", self.folder.join(format!("node{number}")).display().to_string()),
            ("BIND_ADDR", format!("127.0.0.1:{port}")),
            ("WORKERS", workers.to_string()),
        ]);
        let log = self.folder.join(format!("node{number}.log"));
        let mut process = Background::start_told(self.place, &variables, &self.place.server(true), &["serve"], &log)?;
        let url = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        while !succeeds(self.place.program("curl").args(["--silent", "--fail", &format!("{url}/api/health/ready")])) {
            let said = || fs::read_to_string(&log).unwrap_or_default();
            process.still_runs().map_err(|failure| Failure::new(format!("{failure}\n{}", said())))?;
            if begun.elapsed() > START_LIMIT {
                return Err(Failure::new(format!("a node does not become ready:\n{}", said())));
            }
            sleep(Duration::from_millis(50));
        }
        Ok(Node { url, _process: process })
    }

    fn load(&self, what: &str, rest: &[&str]) -> Outcome<String> {
        let program = self.place.target.join("server-release/examples/load");
        let mut load = self.place.program(&program.display().to_string());
        read(load.arg(what).args(rest).env("ADMIN_USERNAME", ADMIN.0).env("ADMIN_PASSWORD", ADMIN.1))
    }
}

struct Node {
    url: String,
    _process: Background,
}

/// What every node is told whose files are in `folder`.
fn settings_of(folder: &Path, shared: Option<(&str, &str)>) -> Settings {
    let mut settings = vec![
        ("ADMIN_USERNAME", ADMIN.0.to_owned()),
        ("ADMIN_PASSWORD", ADMIN.1.to_owned()),
        ("JWT_SECRET_KEY", format!("bench-{:0>48}", std::process::id())),
        ("LOG_LEVEL", "WARN".to_owned()),
        ("BLOB_URL", format!("file://{}", folder.join("blobs").display())),
    ];
    match shared {
        Some((database, redis)) => {
            settings.extend([("DATABASE_URL", database.to_owned()), ("REDIS_URL", redis.to_owned())]);
        }
        None => settings.push(("DATABASE_URL", format!("sqlite:{}", folder.join("books.db").display()))),
    }
    settings
}
