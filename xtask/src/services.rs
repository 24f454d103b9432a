//! The services of a cluster, private to this clone: a database with its replica, Redis, an object store, and nginx when
//! there are nodes for it to stand before.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::databases::{Databases, Engine, mysql, spare_port};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::Background;
use crate::rehearse::proxy::{Proxy, certificate};
use crate::terminal::{answer, say};
use crate::{debian, deployment, setup};

/// The object store is written in Python and takes a while to wake on a busy machine.
const READY_LIMIT: Duration = Duration::from_mins(1);

/// Each test of the web on Redis takes one.
const REDIS_DATABASES: u32 = 10_000;

/// Running services; gone, with their data, when dropped.
#[derive(Debug)]
pub(crate) struct Services {
    databases: Databases,
    redis: Server,
    objects: Server,
}

impl Services {
    pub(crate) fn start(place: &Place, engine: &Engine) -> Outcome<Self> {
        let databases = Databases::start(place, engine)?;
        let folder = place.target.join("services");
        let redis = Server::start(place, &folder, "redis-server", |port| {
            let mut arguments =
                ["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
                    .map(str::to_owned)
                    .to_vec();
            arguments.extend(["--databases".to_owned(), REDIS_DATABASES.to_string()]);
            arguments
        })?;
        let objects = Server::start(place, &folder, "moto_server", |port| {
            ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned).to_vec()
        })?;
        Ok(Self { databases, redis, objects })
    }

    pub(crate) fn databases(&self) -> &Databases {
        &self.databases
    }

    pub(crate) fn redis_url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.redis.port)
    }

    /// What tests are told by.
    pub(crate) fn variables(&self) -> [(&'static str, String); 5] {
        [
            ("TEST_MYSQL_URL", self.databases.primary_url()),
            ("TEST_MYSQL_REPLICA_URL", self.databases.replica_url()),
            ("TEST_MYSQL_CA", self.databases.authority().display().to_string()),
            ("TEST_REDIS_URL", self.redis_url()),
            ("TEST_S3_ENDPOINT", format!("http://127.0.0.1:{}", self.objects.port)),
        ]
    }

    /// Which database it is, as it says itself.
    pub(crate) fn database_version(&self, place: &Place) -> Outcome<String> {
        self.databases.version(place)
    }

    /// nginx as in production, with TLS, before nodes at these ports; tells where it is. Nothing without a node.
    fn stand_before(&self, place: &Place, nodes: &[u16]) -> Outcome<Option<Proxy>> {
        if nodes.is_empty() {
            return Ok(None);
        }
        debian::install(place, deployment::PACKAGES)?;
        let folder = self.databases.folder().join("proxy");
        fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
        let proxy = Proxy::start(place, &folder, nodes, spare_port()?)?;
        answer(format_args!("export TEST_PROXY_URL=https://localhost:{}", proxy.https));
        answer(format_args!("export TEST_PROXY_CA={}", certificate(&folder).display()));
        Ok(Some(proxy))
    }

    /// Hands them to a program.
    pub(crate) fn tell(&self, program: &mut Command) {
        program.envs(self.variables());
    }
}

/// A server that needs nothing but a port.
#[derive(Debug)]
pub(crate) struct Server {
    server: Background,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(
        place: &Place,
        folder: &Path,
        program: &str,
        arguments: impl Fn(u16) -> Vec<String>,
    ) -> Outcome<Self> {
        Self::start_at(spare_port()?, place, folder, program, arguments)
    }

    /// As a power cut would.
    pub(crate) fn kill(&mut self) -> Outcome {
        self.server.kill()
    }

    /// At a port of its own, such as the one that it had before it was killed.
    pub(crate) fn start_at(
        port: u16,
        place: &Place,
        folder: &Path,
        program: &str,
        arguments: impl Fn(u16) -> Vec<String>,
    ) -> Outcome<Self> {
        let log = folder.join(format!("{program}-{}.log", std::process::id()));
        let mut server = Background::start(place, program, &arguments(port), &log)?;
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Err(failure) = server.still_runs() {
                return Err(not_started(program, &failure.to_string(), &log));
            }
            if start.elapsed() > READY_LIMIT {
                return Err(not_started(program, "it takes no connection", &log));
            }
            sleep(Duration::from_millis(50));
        }
        // It is open, and who writes there has it open: nobody needs the name.
        fs::remove_file(&log).map_err(Failure::while_doing(log.display()))?;
        Ok(Self { server, port })
    }
}

fn not_started(program: &str, why: &str, log: &PathBuf) -> Failure {
    Failure::new(format!("{program} did not start: {why}\n{}", fs::read_to_string(log).unwrap_or_default()))
}

/// `services`: for tests started by hand. It stays until it is ended, and ends them with it.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let options = Options::read(arguments)?;
    setup::for_services(place)?;
    let engine = if options.on_mysql { Engine::MySql(mysql::fetch(place)?) } else { Engine::MariaDb };
    let services = Services::start(place, &engine)?;
    say(format_args!("The database is {}.", services.database_version(place)?));
    let _proxy = services.stand_before(place, &options.nodes)?;
    for (name, value) in services.variables() {
        answer(format_args!("export {name}={value}"));
    }
    say("They run until this command is ended (Ctrl-C).");
    loop {
        sleep(Duration::from_hours(1));
    }
}

/// What `services` is told.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    on_mysql: bool,
    /// The ports of nodes that nginx is to stand before. Without one there is nothing that it could do.
    nodes: Vec<u16>,
}

impl Options {
    fn read(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--mysql" => options.on_mysql = true,
                "--proxy" => {
                    let ports = words.next().map(|ports| ports.split(',').map(str::parse).collect());
                    let ports = ports.and_then(Result::ok);
                    options.nodes = ports.ok_or_else(|| {
                        Failure::new("`--proxy` takes the ports of nodes, with commas between them, such as 5000,5001")
                    })?;
                }
                other => return Err(Failure::new(format!("`{other}` is not known here; `cargo xtask` lists what is"))),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Outcome<Options> {
        Options::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn nginx_stands_before_the_nodes_that_are_named() {
        assert_eq!(read(&[]).unwrap(), Options::default());
        let options = read(&["--proxy", "5000,5001", "--mysql"]).unwrap();
        assert_eq!(options, Options { on_mysql: true, nodes: vec![5000, 5001] });
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for words in [&["--proxy"][..], &["--proxy", "here"], &["--proxy", "5000,"], &["--sideways"]] {
            let failure = read(words).unwrap_err().to_string();
            assert!(failure.contains(words[0]), "{failure}");
        }
    }
}
