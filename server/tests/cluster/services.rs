//! Services that a test may kill: its own Redis, its own database server. What is only used comes from `cargo xtask`.

use std::{
    fs,
    io::Read,
    net::{Ipv4Addr, TcpStream},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use spare_port::spare_port;
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};
use tempfile::TempDir;

/// On a busy machine a database takes its time.
const START_LIMIT: Duration = Duration::from_secs(90);

/// A variable that `cargo xtask test` and `cargo xtask services` set.
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("run `cargo xtask test`, or set {name} as `cargo xtask services` says"))
}

/// A process of this test: it ends with it.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }

    /// As a power cut would.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until_it_greets(port: u16, greeting: impl Fn(&mut TcpStream) -> bool) {
    let start = Instant::now();
    loop {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok_and(|mut stream| greeting(&mut stream)) {
            return;
        }
        assert!(start.elapsed() < START_LIMIT, "nothing answers on port {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) struct Redis {
    process: Process,
    port: u16,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let port = spare_port().unwrap();
        Self { process: Self::spawn(port), port }
    }

    fn spawn(port: u16) -> Process {
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        let process = Process::start(command.stdout(Stdio::null()));
        until_it_greets(port, |_| true);
        process
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    pub(crate) fn restart(&mut self) {
        self.process = Self::spawn(self.port);
    }
}

/// A database server that keeps what it has acknowledged, as in production.
pub(crate) struct MariaDb {
    folder: TempDir,
    process: Option<Process>,
    port: u16,
    /// What a primary and its replica tell each other apart by.
    id: u32,
}

impl MariaDb {
    pub(crate) fn start() -> Self {
        Self::start_as(1)
    }

    /// A server that follows another, which was started before and is still empty.
    pub(crate) async fn follow(primary: &Self) -> Self {
        let replica = Self::start_as(2);
        replica
            .tell(&format!(
                "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {}, MASTER_USER = 'root', \
                 MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1; START SLAVE",
                primary.port
            ))
            .await;
        replica
    }

    /// Statements of who runs the server.
    pub(crate) async fn tell(&self, statements: &str) {
        let mut connection = MySqlConnection::connect(&self.url()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    fn start_as(id: u32) -> Self {
        let folder = TempDir::new().unwrap();
        let mut install = Command::new("mariadb-install-db");
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        install.args(run_as()).arg(format!("--datadir={}", folder.path().join("data").display()));
        assert!(install.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
        fs::write(folder.path().join("begin.sql"), "CREATE DATABASE IF NOT EXISTS books;\n").unwrap();
        let mut server = Self { folder, process: None, port: spare_port().unwrap(), id };
        server.restart();
        server
    }

    pub(crate) fn restart(&mut self) {
        self.process = Some(Self::spawn(self.folder.path(), self.port, self.id));
    }

    fn spawn(folder: &Path, port: u16, id: u32) -> Process {
        let mut command = Command::new("mariadbd");
        command.arg("--no-defaults").arg(format!("--datadir={}", folder.join("data").display()));
        command.args([
            &format!("--port={port}"),
            "--bind-address=127.0.0.1",
            "--socket=s.sock",
            "--max-connections=300",
            &format!("--server-id={id}"),
            "--log-bin=binlog",
            "--binlog-format=ROW",
            "--gtid-strict-mode=1",
        ]);
        command.arg(format!("--init-file={}", folder.join("begin.sql").display())).args(run_as());
        let log = fs::File::create(folder.join("log")).unwrap();
        let process = Process::start(command.stdout(Stdio::null()).stderr(log));
        until_it_greets(port, |stream| {
            let mut head = [0; 5];
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            stream.read_exact(&mut head).is_ok() && head[4] == 10
        });
        process
    }

    pub(crate) fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/books", self.port)
    }

    pub(crate) fn kill(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill();
        }
    }
}

/// Root must say aloud that the server may run as root.
fn run_as() -> Option<&'static str> {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0).then_some("--user=root")
}
