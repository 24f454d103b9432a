//! Private servers on free ports, stopped by their process ids.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use spare_port::spare_port;
use tempfile::TempDir;

/// Who may do everything.
pub(crate) const OWNER: &str = "the-owner";
/// The password of the product's account; it needs escaping in a URL.
pub(crate) const PASSWORD: &str = "p@ss/word";

/// What the product needs, and nothing else: as `docs/DEPLOYMENT.md` says it.
pub(crate) const RIGHTS: &str = "resetchannels ~esp:* &esp:* -@all +info +select +client|id +role +cluster|info \
                                 +cluster|slots +get +set +del +eval +time +publish +subscribe";

/// Between choosing a free port and using it, somebody else may take it.
const ATTEMPTS: u32 = 3;

/// Which program, and so how it is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Data,
    Sentinel,
}

/// One process with its folder.
pub(crate) struct Server {
    folder: TempDir,
    kind: Kind,
    pub(crate) port: u16,
    process: Option<Child>,
}

impl Server {
    /// A server that holds data, with the accounts of the tests.
    pub(crate) fn data(arguments: &[&str]) -> Self {
        let arguments = arguments.join("\n");
        Self::start(Kind::Data, |port, folder| {
            let accounts = format!("user default on >{OWNER} ~* &* +@all\nuser app on >{PASSWORD} {RIGHTS}\n");
            fs::write(folder.join("accounts.acl"), accounts).unwrap();
            format!(
                "port {port}\nbind 127.0.0.1\nappendonly yes\nappendfsync always\naclfile accounts.acl\n{arguments}\n"
            )
        })
    }

    /// A server whose configuration is made for its port and folder.
    pub(crate) fn start(kind: Kind, configuration: impl Fn(u16, &Path) -> String) -> Self {
        let folder = TempDir::new().unwrap();
        for _ in 0..ATTEMPTS {
            let port = spare_port().unwrap();
            fs::write(folder.path().join("redis.conf"), configuration(port, folder.path())).unwrap();
            if let Some(process) = spawn(folder.path(), kind, port) {
                return Self { folder, kind, port, process: Some(process) };
            }
        }
        panic!("Redis does not start");
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub(crate) fn restart(&mut self) {
        if self.process.is_none() {
            self.process = Some(spawn(self.folder.path(), self.kind, self.port).expect("Redis does not start again"));
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let process = self.process.as_ref().unwrap();
        assert!(Command::new("kill").args([name, &process.id().to_string()]).status().unwrap().success());
    }

    /// What it answers to its owner.
    pub(crate) fn ask(&self, question: &[&str]) -> String {
        let mut client = Command::new("redis-cli");
        client.args(["-p", &self.port.to_string()]);
        if self.kind == Kind::Data {
            client.env("REDISCLI_AUTH", OWNER);
        }
        let answer = client.args(question).output().unwrap();
        String::from_utf8(answer.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Starts a server and waits until it answers; none when it ended instead.
fn spawn(folder: &Path, kind: Kind, port: u16) -> Option<Child> {
    let mut command = Command::new("redis-server");
    command.arg("redis.conf").current_dir(folder).stdout(Stdio::null());
    if kind == Kind::Sentinel {
        command.arg("--sentinel");
    }
    let mut process = command.spawn().unwrap();
    let start = Instant::now();
    loop {
        let answers = answers(port);
        if process.try_wait().unwrap().is_some() {
            return None;
        }
        if answers {
            return Some(process);
        }
        assert!(start.elapsed() < Duration::from_secs(20), "Redis does not start in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether it answers, whatever it says. A connection alone is none: the system takes those as soon as the first port is
/// open, and when another port of the server is taken, it ends after that.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    stream.write_all(b"PING\r\n").is_ok() && stream.read(&mut [0; 1]).is_ok_and(|read| read > 0)
}

/// A file in a folder, as text.
pub(crate) fn path(folder: &Path, name: &str) -> String {
    PathBuf::from(folder).join(name).to_str().unwrap().to_owned()
}
