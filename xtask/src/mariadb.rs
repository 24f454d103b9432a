//! A private MariaDB: own data directory, free port of the loopback, stopped by its process id.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::{Background, detached, lives, terminate};
use crate::program::read;
use crate::terminal::{answer, say};

/// On a busy machine the first start takes some seconds.
const READY_LIMIT: Duration = Duration::from_secs(90);
/// Between choosing a free port and using it, somebody else may take it.
const ATTEMPTS: u32 = 3;

/// A running server; gone, with its data, when dropped.
#[derive(Debug)]
pub(crate) struct MariaDb {
    // Before the folder: fields are dropped in this order.
    #[expect(dead_code, reason = "the server runs as long as this is held")]
    server: Background,
    #[cfg_attr(not(test), expect(dead_code, reason = "the folder stays as long as this is held"))]
    folder: Folder,
    url: String,
}

impl MariaDb {
    pub(crate) fn start(place: &Place) -> Outcome<Self> {
        let services = place.target.join("services");
        remove_leftovers(&services);
        let folder = Folder(services.join(format!("mariadb-{}", std::process::id())));
        let prepared = Prepared::make(place, &folder.0)?;
        let mut attempt = 1;
        loop {
            let port = free_port()?;
            let mut server = Background::start(place, "mariadbd", &prepared.options(port), &prepared.log())?;
            match wait_until_ready(port, || server.still_runs()) {
                Ok(()) => return Ok(Self { server, folder, url: prepared.url(port) }),
                Err(failure) if attempt == ATTEMPTS => return Err(prepared.explain(&failure)),
                Err(_) => attempt += 1,
            }
        }
    }

    /// The account that may make databases: one for each test.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// A data directory with its one account.
#[derive(Debug)]
struct Prepared {
    folder: PathBuf,
    password: String,
}

impl Prepared {
    fn make(place: &Place, folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
        let prepared = Self { folder: folder.to_path_buf(), password: random_word()? };
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
            "--skip-log-bin".to_owned(),
            "--performance-schema=OFF".to_owned(),
            "--secure-file-priv=".to_owned() + &self.data().display().to_string(),
        ];
        options.extend(run_as().map(str::to_owned));
        options
    }

    fn url(&self, port: u16) -> String {
        format!("mysql://root:{}@127.0.0.1:{port}/", self.password)
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

/// `services start|stop`: a server that outlives this command.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let folder = place.target.join("services/by-hand");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["start"] => start_by_hand(place, &folder),
        ["stop"] => stop_by_hand(&folder),
        _ => Err(Failure::new("`services start` or `services stop`")),
    }
}

fn start_by_hand(place: &Place, folder: &Path) -> Outcome {
    if folder.exists() {
        stop_by_hand(folder)?;
    }
    debian::install(place, &["mariadb-server", "mariadb-client"])?;
    let prepared = Prepared::make(place, folder)?;
    let port = free_port()?;
    let mut command = place.program("mariadbd");
    command.args(prepared.options(port));
    let mut child =
        detached(&mut command, &prepared.log())?.spawn().map_err(Failure::while_doing("starting mariadbd"))?;
    fs::write(folder.join("pid"), child.id().to_string()).map_err(Failure::while_doing("writing the process id"))?;
    wait_until_ready(port, || match child.try_wait() {
        Ok(None) => Ok(()),
        ended => Err(Failure::new(format!("it ended: {ended:?}"))),
    })
    .map_err(|failure| prepared.explain(&failure))?;
    answer(format_args!("export TEST_MYSQL_URL={}", prepared.url(port)));
    Ok(())
}

fn stop_by_hand(folder: &Path) -> Outcome {
    let pid = fs::read_to_string(folder.join("pid")).unwrap_or_default();
    if let Ok(id) = pid.trim().parse::<u32>() {
        let command_line = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
        // The number may meanwhile be another's.
        if command_line.contains("mariadbd") && command_line.contains(&folder.display().to_string()) {
            terminate(id);
            let start = Instant::now();
            while lives(id) && start.elapsed() < READY_LIMIT {
                sleep(Duration::from_millis(100));
            }
        }
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
    }
    Ok(())
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

fn random_word() -> Outcome<String> {
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
    fn a_database_answers_and_leaves_nothing_behind() {
        let place = Place::find().unwrap();
        let database = MariaDb::start(&place).unwrap();
        let folder = database.folder.0.clone();
        let port = database.url().rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
        let password = database.url().split(['@', ':']).nth(2).unwrap().to_owned();
        let ask = |password: &str| {
            let mut client = place.program("mariadb");
            client.args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", "--user=root", "--batch"]);
            client.args(["--skip-column-names", &format!("--port={port}"), &format!("--password={password}")]);
            read(client.args(["--execute", "CREATE DATABASE one; SELECT @@datadir"]))
        };
        assert!(ask("").is_err(), "nobody comes in without the password");
        assert_eq!(ask(&password).unwrap().trim().trim_end_matches('/'), folder.join("data").display().to_string());
        drop(database);
        assert!(!folder.exists());
        assert!(ask(&password).is_err());
    }
}
