//! Everything that production consists of, on free ports of the loopback; gone, with its data, when it is dropped.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::fleet::{Fleet, NODES, SERVICES};
use super::monitor::Monitor;
use super::proxy::Proxy;
use super::{Outage, copy, engine};
use crate::databases::{Databases, Engine, random_word, spare_port};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::services::Server;
use crate::terminal::say;

/// The account of the first administrator.
pub(crate) const ADMIN: (&str, &str) = ("editor-in-chief", "quires and signatures, folded twice");

/// The name says that the replica gets it.
const DATABASE: &str = "replicated_books";

/// In the order in which they end: whoever uses another ends first.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) proxy: Proxy,
    pub(crate) monitor: Monitor,
    pub(crate) fleet: Fleet,
    pub(crate) redis: Server,
    pub(crate) databases: Databases,
    redis_password: String,
    folder: Folder,
}

impl Stage {
    /// Starts all of it, with the version before.
    pub(crate) fn set(place: &Place, before: PathBuf, after: PathBuf) -> Outcome<Self> {
        let folder = Folder::make(place)?;
        say("Starting MariaDB with a replica, Redis, three nodes, a worker, nginx, Prometheus and Alertmanager.");
        let databases = Databases::start(place, &Engine::MariaDb)?;
        let account = prepare_databases(place, &databases)?;
        let (redis_port, redis_password) = (spare_port()?, random_word()?);
        let redis = start_redis(place, &folder.0, redis_port, &redis_password)?;

        let https = spare_port()?;
        let programs = BTreeMap::from([(engine::OLD, before), (engine::NEW, after)]);
        let mut fleet = Fleet::new(&folder.0, programs, engine::OLD)?;
        let (primary, replica) = databases.ports();
        let database = |port: u16| format!("mysql://books:{account}@127.0.0.1:{port}/{DATABASE}");
        let mut settings = copy::common(place, &folder.0)?;
        settings.extend([
            ("DATABASE_URL".to_owned(), database(primary)),
            ("DATABASE_REPLICA_URL".to_owned(), database(replica)),
            ("REDIS_URL".to_owned(), format!("redis://127.0.0.1:{redis_port}/0")),
            ("REDIS_PASSWORD".to_owned(), redis_password.clone()),
            ("PUBLIC_URL".to_owned(), format!("https://localhost:{https}")),
            ("TRUSTED_PROXIES".to_owned(), "127.0.0.1".to_owned()),
        ]);
        fleet.set(settings);
        fleet.migrate(place, engine::OLD)?;
        for service in SERVICES {
            fleet.start(place, service)?;
        }
        let ports: Vec<u16> = NODES.iter().map(|node| fleet.port(node)).collect();
        let proxy = Proxy::start(place, &folder.0, &ports, https)?;
        let monitor = Monitor::start(place, &folder.0, &fleet, &proxy)?;
        engine::prepare(place, &folder.0, https)?;
        Ok(Self { proxy, monitor, fleet, redis, databases, redis_password, folder })
    }

    /// Where everything of this rehearsal is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Kills a part, waits until somebody was told, mends it, and waits until they were told that, too.
    pub(crate) fn until_told(&mut self, place: &Place, outage: &Outage) -> Outcome {
        let service = SERVICES.into_iter().find(|service| *service == outage.about);
        let subject = match service {
            Some(service) => format!("127.0.0.1:{}", self.fleet.port(service)),
            None => outage.about.to_owned(),
        };
        let since = Instant::now();
        match (service, outage.about) {
            (Some(service), _) => self.fleet.kill(service)?,
            (None, "cache") => self.redis.kill()?,
            (None, _) => self.databases.kill_replica()?,
        }
        self.monitor.wait(outage.alert, &subject, true, since)?;
        let since = Instant::now();
        match (service, outage.about) {
            (Some(service), _) => self.fleet.start(place, service)?,
            (None, "cache") => self.start_redis(place)?,
            (None, _) => self.databases.restart_replica(place)?,
        }
        self.monitor.wait(outage.alert, &subject, false, since)
    }

    fn start_redis(&mut self, place: &Place) -> Outcome {
        self.redis = start_redis(place, &self.folder.0, self.redis.port, &self.redis_password)?;
        Ok(())
    }

    /// After a failure the logs are what is left.
    pub(crate) fn keep_logs(&self, place: &Place) -> Outcome {
        let kept = place.target.join("rehearsal-logs");
        if kept.exists() {
            fs::remove_dir_all(&kept).map_err(Failure::while_doing(kept.display()))?;
        }
        fs::create_dir_all(&kept).map_err(Failure::while_doing(kept.display()))?;
        for file in crate::place::files_of(&self.folder.0)? {
            if file.extension().is_some_and(|extension| extension == "log" || extension == "tsv") {
                run(place.program("cp").arg(&file).arg(&kept))?;
            }
        }
        say(format_args!("The logs are in {}.", kept.display()));
        Ok(())
    }
}

fn start_redis(place: &Place, folder: &Path, port: u16, password: &str) -> Outcome<Server> {
    Server::start_at(port, place, folder, "redis-server", |port| {
        let port = port.to_string();
        ["--port", &port, "--bind", "127.0.0.1", "--requirepass", password, "--save", "", "--appendonly", "no"]
            .map(str::to_owned)
            .to_vec()
    })
}

/// The database and its account, and what tests do without: what is acknowledged survives a power cut.
fn prepare_databases(place: &Place, databases: &Databases) -> Outcome<String> {
    let password = random_word()?;
    let durable = "SET GLOBAL innodb_flush_log_at_trx_commit = 1; SET GLOBAL sync_binlog = 1";
    let account = format!(
        "{durable}; CREATE USER books@'127.0.0.1' IDENTIFIED BY '{password}'; \
         GRANT ALL ON {DATABASE}.* TO books@'127.0.0.1'"
    );
    databases.tell(place, &format!("CREATE DATABASE {DATABASE}; CREATE DATABASE {}; {account}", copy::DATABASE))?;
    databases.tell_replica(place, &account)?;
    Ok(password)
}

/// A folder that goes when it is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn make(place: &Place) -> Outcome<Self> {
        let folder = place.target.join(format!("rehearsal-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            say(format_args!("{} could not be removed: {error}", self.0.display()));
        }
    }
}
