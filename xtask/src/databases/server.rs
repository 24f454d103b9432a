//! One server: prepared in a folder, started on a free port, asked as root.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::authority::Authority;
use super::{Engine, REPLICATED, mariadb, mysql};
use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::{Background, last_lines};
use crate::program::read;

/// On a busy machine the first start takes some seconds.
const READY_LIMIT: Duration = Duration::from_secs(90);
/// Between choosing a free port and using it, somebody else may take it.
const ATTEMPTS: u32 = 3;

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Primary,
    Replica,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Replica => "replica",
        }
    }
}

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    process: Background,
    pub(super) port: u16,
    pub(super) password: String,
    prepared: Prepared,
}

impl Server {
    pub(super) fn url(&self) -> String {
        format!("mysql://root:{}@127.0.0.1:{}/", self.password, self.port)
    }

    /// As a power cut would.
    pub(super) fn kill(&mut self) -> Outcome {
        self.process.kill()
    }

    /// At the same port, with the data that it had.
    pub(super) fn restart(&mut self, place: &Place) -> Outcome {
        self.process = self.prepared.begin(place, self.port)?;
        wait_until_ready(self.port, || self.process.still_runs()).map_err(|failure| self.prepared.explain(&failure))
    }

    /// What the server answers as root.
    pub(super) fn ask(&self, place: &Place, statements: &str) -> Outcome<String> {
        ask(place, self.port, &self.password, statements)
    }
}

/// What a server answers as root.
pub(super) fn ask(place: &Place, port: u16, password: &str, statements: &str) -> Outcome<String> {
    let mut client = place.program("mariadb");
    client.args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", "--user=root", "--batch"]);
    client.args(["--skip-column-names", &format!("--port={port}"), &format!("--password={password}")]);
    read(client.args(["--execute", statements]))
}

/// A data directory with its one account.
#[derive(Debug)]
pub(super) struct Prepared {
    engine: Engine,
    role: Role,
    folder: PathBuf,
    password: String,
    security: [String; 3],
}

impl Prepared {
    pub(super) fn make(
        place: &Place,
        engine: &Engine,
        role: Role,
        folder: &Path,
        authority: &Authority,
    ) -> Outcome<Self> {
        fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
        let (engine, password) = (engine.clone(), random_word()?);
        let prepared = Self { engine, role, folder: folder.to_path_buf(), password, security: authority.options() };
        let accounts = match &prepared.engine {
            Engine::MariaDb => {
                mariadb::install(place, &prepared.data())?;
                mariadb::accounts(&prepared.password)
            }
            Engine::MySql(programs) => {
                mysql::install(place, programs, &prepared.data())?;
                mysql::accounts(&prepared.password)
            }
        };
        fs::write(prepared.accounts(), accounts).map_err(Failure::while_doing("writing the accounts of a database"))?;
        Ok(prepared)
    }

    pub(super) fn start(self, place: &Place) -> Outcome<Server> {
        let mut attempt = 1;
        loop {
            let port = spare_port()?;
            let mut process = self.begin(place, port)?;
            match wait_until_ready(port, || process.still_runs()) {
                Ok(()) => return Ok(Server { process, port, password: self.password.clone(), prepared: self }),
                Err(failure) if attempt == ATTEMPTS => return Err(self.explain(&failure)),
                Err(_) => attempt += 1,
            }
        }
    }

    /// Starts the server, which is not ready yet.
    fn begin(&self, place: &Place, port: u16) -> Outcome<Background> {
        let (program, first) = match &self.engine {
            Engine::MariaDb => ("mariadbd".to_owned(), Vec::new()),
            Engine::MySql(programs) => programs.server(),
        };
        Background::start(place, &program, &[first, self.options(port)].concat(), &self.log())
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
            "--max-connections=500".to_owned(),
            // Tests need the answers, not that they survive a power cut.
            "--innodb-flush-log-at-trx-commit=0".to_owned(),
            "--sync-binlog=0".to_owned(),
            "--log-bin=binlog".to_owned(),
            "--binlog-format=ROW".to_owned(),
            "--performance-schema=OFF".to_owned(),
            format!("--secure-file-priv={}", self.data().display()),
        ];
        options.extend(match &self.engine {
            Engine::MariaDb => mariadb::options(),
            Engine::MySql(programs) => mysql::options(programs),
        });
        match self.role {
            Role::Primary => options.push("--server-id=1".to_owned()),
            Role::Replica => options.extend([
                "--server-id=2".to_owned(),
                format!("--replicate-wild-do-table={REPLICATED}%.%"),
                // Not for root, who stops and starts following.
                "--read-only=1".to_owned(),
            ]),
        }
        options.extend(self.security.iter().cloned());
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
        let last = last_lines(&self.log(), 20);
        Failure::new(format!("the {} of the database did not start: {failure}\n{last}", self.role.name()))
    }
}

/// Root must say aloud that the server may run as root; anybody else runs it as themselves.
pub(super) fn run_as() -> Option<&'static str> {
    debian::is_root().then_some("--user=root")
}

pub(crate) fn random_word() -> Outcome<String> {
    let mut bytes = [0_u8; 16];
    let mut source = fs::File::open("/dev/urandom").map_err(Failure::while_doing("/dev/urandom"))?;
    source.read_exact(&mut bytes).map_err(Failure::while_doing("/dev/urandom"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// A port that nobody uses while this process lives.
pub(crate) fn spare_port() -> Outcome<u16> {
    spare_port::spare_port().map_err(Failure::while_doing("asking for a port"))
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
