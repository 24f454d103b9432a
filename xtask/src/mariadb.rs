//! A private MariaDB, a primary with a replica: own data directories, free ports of the loopback, stopped by their
//! process ids.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::{Background, lives};
use crate::program::read;
use crate::terminal::say;

/// On a busy machine the first start takes some seconds.
const READY_LIMIT: Duration = Duration::from_secs(90);
/// Between choosing a free port and using it, somebody else may take it.
const ATTEMPTS: u32 = 3;

/// Databases whose names begin so reach the replica; the others cost it nothing.
const REPLICATED: &str = "replicated";

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Primary,
    Replica,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Replica => "replica",
        }
    }
}

/// A primary and a replica that follows it; gone, with their data, when dropped.
#[derive(Debug)]
pub(crate) struct Databases {
    primary: MariaDb,
    replica: MariaDb,
    #[cfg_attr(not(test), expect(dead_code, reason = "the folder stays as long as this is held"))]
    folder: Folder,
}

impl Databases {
    pub(crate) fn start(place: &Place) -> Outcome<Self> {
        let services = place.target.join("services");
        remove_leftovers(&services);
        let folder = Folder(services.join(format!("mariadb-{}", std::process::id())));
        let primary = MariaDb::start(place, &folder.0, Role::Primary)?;
        let replica = MariaDb::start(place, &folder.0, Role::Replica)?;
        let databases = Self { primary, replica, folder };
        databases.follow(place)?;
        Ok(databases)
    }

    /// The account of the primary that may make databases: one for each test. Those named `replicated…` reach the
    /// replica.
    pub(crate) fn primary_url(&self) -> String {
        self.primary.url()
    }

    /// The same account of the replica, which it may stop and start following.
    pub(crate) fn replica_url(&self) -> String {
        self.replica.url()
    }

    /// Says something to the primary as root.
    pub(crate) fn tell(&self, place: &Place, statements: &str) -> Outcome {
        self.primary.ask(place, statements).map(drop)
    }

    /// Says something to the replica as root.
    pub(crate) fn tell_replica(&self, place: &Place, statements: &str) -> Outcome {
        self.replica.ask(place, statements).map(drop)
    }

    /// Where an account of one's own finds the primary and the replica.
    pub(crate) fn ports(&self) -> (u16, u16) {
        (self.primary.port, self.replica.port)
    }

    /// As a power cut would.
    pub(crate) fn kill_replica(&mut self) -> Outcome {
        self.replica.server.kill()
    }

    /// At the same port, with the data that it had; it goes on following by itself.
    pub(crate) fn restart_replica(&mut self, place: &Place) -> Outcome {
        self.replica.restart(place)
    }

    fn follow(&self, place: &Place) -> Outcome {
        let (port, password) = (self.primary.port, &self.primary.password);
        self.primary.ask(
            place,
            &format!(
                "CREATE USER replica@'127.0.0.1' IDENTIFIED BY '{password}'; \
                 GRANT REPLICATION SLAVE ON *.* TO replica@'127.0.0.1'"
            ),
        )?;
        self.replica.ask(
            place,
            &format!(
                "CHANGE MASTER TO master_host = '127.0.0.1', master_port = {port}, master_user = 'replica', \
                 master_password = '{password}', master_use_gtid = slave_pos, master_connect_retry = 1; START SLAVE"
            ),
        )?;
        Ok(())
    }
}

/// A running server.
#[derive(Debug)]
struct MariaDb {
    server: Background,
    port: u16,
    password: String,
    prepared: Prepared,
}

impl MariaDb {
    fn start(place: &Place, folder: &Path, role: Role) -> Outcome<Self> {
        let prepared = Prepared::make(place, &folder.join(role.name()), role)?;
        let mut attempt = 1;
        loop {
            let port = free_port()?;
            let mut server = Background::start(place, "mariadbd", &prepared.options(port), &prepared.log())?;
            match wait_until_ready(port, || server.still_runs()) {
                Ok(()) => {
                    let password = prepared.password.clone();
                    return Ok(Self { server, port, password, prepared });
                }
                Err(failure) if attempt == ATTEMPTS => return Err(prepared.explain(&failure)),
                Err(_) => attempt += 1,
            }
        }
    }

    fn restart(&mut self, place: &Place) -> Outcome {
        let (options, log) = (self.prepared.options(self.port), self.prepared.log());
        self.server = Background::start(place, "mariadbd", &options, &log)?;
        wait_until_ready(self.port, || self.server.still_runs()).map_err(|failure| self.prepared.explain(&failure))
    }

    fn url(&self) -> String {
        format!("mysql://root:{}@127.0.0.1:{}/", self.password, self.port)
    }

    /// What the server answers as root.
    fn ask(&self, place: &Place, statements: &str) -> Outcome<String> {
        ask(place, self.port, &self.password, statements)
    }
}

fn ask(place: &Place, port: u16, password: &str, statements: &str) -> Outcome<String> {
    let mut client = place.program("mariadb");
    client.args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", "--user=root", "--batch"]);
    client.args(["--skip-column-names", &format!("--port={port}"), &format!("--password={password}")]);
    read(client.args(["--execute", statements]))
}

/// A data directory with its one account.
#[derive(Debug)]
struct Prepared {
    folder: PathBuf,
    password: String,
    role: Role,
}

impl Prepared {
    fn make(place: &Place, folder: &Path, role: Role) -> Outcome<Self> {
        fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
        let prepared = Self { folder: folder.to_path_buf(), password: random_word()?, role };
        let mut install = place.program("mariadb-install-db");
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        install
            .arg(format!("--datadir={}", prepared.data().display()))
            .args(run_as())
            .arg("--innodb-log-file-size=16M");
        read(&mut install)?;
        // Root without a password would let every account of this machine in.
        let accounts = format!(
            "ALTER USER root@localhost IDENTIFIED BY '{0}';\nALTER USER root@127.0.0.1 IDENTIFIED BY '{0}';\nDELETE FROM mysql.global_priv WHERE User='' OR Host NOT IN ('localhost', '127.0.0.1');\nFLUSH PRIVILEGES;\n",
            prepared.password
        );
        fs::write(prepared.accounts(), accounts).map_err(Failure::while_doing("writing the accounts of MariaDB"))?;
        Ok(prepared)
    }

    fn options(&self, port: u16) -> Vec<String> {
        let mut options = vec![
            // Must be first, or the machine's own configuration is read.
            "--no-defaults".to_owned(),
            format!("--datadir={}", self.data().display()),
            format!("--port={port}"),
            "--bind-address=127.0.0.1".to_owned(),
            // Relative to the data directory: a full path may be longer than the kernel allows.
            "--socket=server.sock".to_owned(),
            "--pid-file=server.pid".to_owned(),
            format!("--init-file={}", self.accounts().display()),
            "--character-set-server=utf8mb4".to_owned(),
            "--innodb-buffer-pool-size=128M".to_owned(),
            "--innodb-log-file-size=16M".to_owned(),
            "--max-connections=500".to_owned(),
            // Tests need the answers, not that they survive a power cut.
            "--innodb-flush-log-at-trx-commit=0".to_owned(),
            "--sync-binlog=0".to_owned(),
            "--log-bin=binlog".to_owned(),
            "--binlog-format=ROW".to_owned(),
            "--gtid-domain-id=1".to_owned(),
            "--performance-schema=OFF".to_owned(),
            "--secure-file-priv=".to_owned() + &self.data().display().to_string(),
        ];
        match self.role {
            Role::Primary => options.push("--server-id=1".to_owned()),
            Role::Replica => options.extend([
                "--server-id=2".to_owned(),
                format!("--replicate-wild-do-table={REPLICATED}%.%"),
                // Not for root, who stops and starts following.
                "--read-only=1".to_owned(),
            ]),
        }
        options.extend(run_as().map(str::to_owned));
        options
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn accounts(&self) -> PathBuf {
        self.folder.join("accounts.sql")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn explain(&self, failure: &Failure) -> Failure {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let from = log.lines().count().saturating_sub(20);
        let last: Vec<&str> = log.lines().skip(from).collect();
        Failure::new(format!("MariaDB did not start: {failure}\n{}", last.join("\n")))
    }
}

/// A folder that goes when it is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            say(format_args!("{} could not be removed: {error}", self.0.display()));
        }
    }
}

/// The data of runs that were killed: their folder's name says by which process they were made.
fn remove_leftovers(services: &Path) {
    let Ok(entries) = fs::read_dir(services) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let maker = name.strip_prefix("mariadb-").and_then(|id| id.parse::<u32>().ok());
        if maker.is_some_and(|id| !lives(id)) {
            drop(Folder(entry.path()));
        }
    }
}

/// Root must say aloud that the server may run as root; anybody else runs it as themselves.
fn run_as() -> Option<&'static str> {
    debian::is_root().then_some("--user=root")
}

pub(crate) fn random_word() -> Outcome<String> {
    let mut bytes = [0_u8; 16];
    let mut source = fs::File::open("/dev/urandom").map_err(Failure::while_doing("/dev/urandom"))?;
    source.read_exact(&mut bytes).map_err(Failure::while_doing("/dev/urandom"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// A port that nobody uses now.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(Failure::while_doing("asking for a free port"))?;
    Ok(listener.local_addr().map_err(Failure::while_doing("asking for a free port"))?.port())
}

/// Ready is when it greets: the port is open long before.
fn wait_until_ready(port: u16, mut still_runs: impl FnMut() -> Outcome) -> Outcome {
    let start = Instant::now();
    while start.elapsed() < READY_LIMIT {
        still_runs()?;
        if greets(port) {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    Err(Failure::new(format!("it was not ready within {} s", READY_LIMIT.as_secs())))
}

/// The greeting of the MySQL protocol: four bytes of frame, then the protocol's version, 10.
fn greets(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
    let mut head = [0_u8; 5];
    stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok()
        && stream.read_exact(&mut head).is_ok()
        && head[4] == 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_answers_is_followed_and_leaves_nothing_behind() {
        let place = Place::find().unwrap();
        let databases = Databases::start(&place).unwrap();
        let folder = databases.folder.0.clone();
        let (port, password) = (databases.primary.port, databases.primary.password.clone());
        assert!(ask(&place, port, "", "SELECT 1").is_err(), "nobody comes in without the password");
        let data = databases.primary.ask(&place, "CREATE DATABASE replicated_one; SELECT @@datadir").unwrap();
        assert_eq!(data.trim().trim_end_matches('/'), folder.join("primary/data").display().to_string());
        let start = Instant::now();
        while !databases.replica.ask(&place, "SHOW DATABASES").unwrap().contains("replicated_one") {
            assert!(start.elapsed() < READY_LIMIT, "the replica does not follow");
            sleep(Duration::from_millis(50));
        }
        drop(databases);
        assert!(!folder.exists());
        assert!(ask(&place, port, &password, "SELECT 1").is_err());
    }
}
