//! Nodes, and what they share.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use spare_port::spare_port;
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};
use tempfile::TempDir;

use crate::{
    client::{Answer, Client},
    services::{Process, variable},
};

pub(crate) const ADMIN: (&str, &str) = ("editor-in-chief", "quires and signatures, folded twice");
const START_LIMIT: Duration = Duration::from_secs(90);
const PATIENCE: Duration = Duration::from_mins(2);
/// Between two looks for something that is over soon.
const GLANCE: Duration = Duration::from_millis(10);

/// What all nodes are told.
pub(crate) struct Cluster {
    variables: BTreeMap<String, String>,
    folder: TempDir,
}

/// One process that serves.
pub(crate) struct Node {
    pub(crate) port: u16,
    pub(crate) process: Process,
}

/// A new, empty database on the server of the tests; its name says that the replica gets it.
pub(crate) async fn database() -> (String, String) {
    let name = format!("replicated_{:032x}", rand::random::<u128>());
    let server = variable("TEST_MYSQL_URL");
    let mut connection = MySqlConnection::connect(&server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    (format!("{server}{name}"), format!("{}{name}", variable("TEST_MYSQL_REPLICA_URL")))
}

impl Cluster {
    /// Nodes that share this database and, where there is one, this Redis; blobs are in a folder.
    pub(crate) fn new(variables: &[(&str, String)]) -> Self {
        let folder = TempDir::new().unwrap();
        let mut all: BTreeMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        all.insert("JWT_SECRET_KEY".to_owned(), format!("{:064x}", rand::random::<u128>()));
        all.insert("ADMIN_USERNAME".to_owned(), ADMIN.0.to_owned());
        all.insert("ADMIN_PASSWORD".to_owned(), ADMIN.1.to_owned());
        all.entry("BLOB_URL".to_owned()).or_insert_with(|| format!("file://{}", folder.path().join("blobs").display()));
        let cluster = Self { variables: all, folder };
        let migrated = cluster.command(&["migrate"], "migrate").status().unwrap();
        assert!(migrated.success());
        cluster
    }

    /// The program with what all nodes are told, and a folder of its own; what it says goes into a log.
    pub(crate) fn command(&self, arguments: &[&str], name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ebook-scene-packer"));
        command.args(arguments).env_clear().envs(&self.variables);
        // Where a program that counts its lines writes them.
        command.envs(std::env::vars().filter(|(name, _)| name.starts_with("LLVM_PROFILE_FILE")));
        command.env("DATA_DIR", self.folder.path().join(name)).stdin(Stdio::null());
        let log =
            std::fs::File::options().create(true).append(true).open(self.folder.path().join(format!("{name}.log")));
        let log = log.unwrap();
        command.stdout(log.try_clone().unwrap()).stderr(log);
        command
    }

    /// Starts a node with so many workers, and waits until it answers.
    pub(crate) fn node(&self, name: &str, workers: u32) -> Node {
        self.start("serve", name, workers)
    }

    /// Starts a process that only works on jobs, and waits until it tells how it is.
    pub(crate) fn worker(&self, name: &str) -> Node {
        self.start("worker", name, 1)
    }

    fn start(&self, command: &str, name: &str, workers: u32) -> Node {
        let port = spare_port().unwrap();
        let mut command = self.command(&[command], name);
        command.env("BIND_ADDR", format!("127.0.0.1:{port}")).env("WORKERS", workers.to_string());
        let mut process = Process::start(&mut command);
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                !process.has_ended() && start.elapsed() < START_LIMIT,
                "{name} does not start:\n{}",
                self.log(name)
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Node { port, process }
    }

    /// Whether a node of this name is packing just now. One that was killed in the midst of it is, until it is started
    /// again.
    fn is_packing(&self, name: &str) -> bool {
        let staging = self.folder.path().join(name).join("staging");
        // A node that is just being started has none yet.
        let processes = std::fs::read_dir(staging).into_iter().flatten().flatten();
        let mut staged =
            processes.flat_map(|process| std::fs::read_dir(process.path()).into_iter().flatten().flatten());
        staged.any(|entry| entry.file_name().to_string_lossy().starts_with("packing-"))
    }

    /// Waits until a node of one of these names packs: which.
    pub(crate) async fn until_one_packs(&self, names: &[&str]) -> usize {
        let start = Instant::now();
        loop {
            if let Some(one) = names.iter().position(|name| self.is_packing(name)) {
                return one;
            }
            assert!(start.elapsed() < PATIENCE, "nobody packs");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The database that all nodes share.
    pub(crate) fn database(&self) -> &str {
        &self.variables["DATABASE_URL"]
    }

    /// The folder of the blobs, where they are in one.
    pub(crate) fn blobs(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    pub(crate) fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap_or_default()
    }

    /// A session of the administrator.
    pub(crate) async fn sign_in(&self, node: &Node) -> Client {
        Client::of_session(&try_sign_in(node.port, "the editor's own program").await.unwrap().expect(201))
    }

    pub(crate) async fn group(&self, node: &Node, client: &Client, tag: &str) -> String {
        let answer = client.send(node.port, "POST", "/api/v1/groups", &json!({ "tag": tag })).await.expect(201);
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

/// Asks a node for a session of the administrator, in the name of a program.
pub(crate) async fn try_sign_in(port: u16, program: &str) -> io::Result<Answer> {
    let credentials = json!({ "username": ADMIN.0, "password": ADMIN.1 }).to_string();
    let headers = [("Content-Type", "application/json"), ("User-Agent", program)];
    Client::default().try_patiently(port, "POST", "/api/v1/sessions", &headers, credentials.as_bytes()).await
}

/// What a release needs before it is packed: for whom, and why one may.
pub(crate) fn edit_of(group: &str) -> Value {
    json!({ "group": group, "rights": { "basis": "CC0-1.0" }, "profile": "scene-ebook", "changes": [] })
}

/// Says for whom and why, and begins to pack.
pub(crate) async fn pack(client: &Client, port: u16, release: &str, group: &str) {
    let edit = edit_of(group);
    client.send(port, "PATCH", &format!("/api/v1/releases/{release}"), &edit).await.expect(200);
    client.send(port, "POST", &format!("/api/v1/releases/{release}/pack"), &Value::Null).await.expect(202);
}

/// Waits until a release has this status.
pub(crate) async fn until_status(client: &Client, port: u16, release: &str, wanted: &str) -> Value {
    let mut last = String::new();
    let found = until(async || {
        let answer = client.try_send(port, "GET", &format!("/api/v1/releases/{release}"), &[], &[]).await.ok()?;
        last = answer.to_string();
        (answer.status == 200).then(|| answer.json()).filter(|release| release["status"] == wanted)
    })
    .await;
    found.unwrap_or_else(|| panic!("{release} does not become {wanted}: {last}"))
}

/// Asks again until there is an answer, or too long.
pub(crate) async fn until<T>(ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    until_within(PATIENCE, ask).await
}

/// Asks again until there is an answer, or for so long.
pub(crate) async fn until_within<T>(longest: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < longest {
        if let Some(found) = ask().await {
            return Some(found);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    None
}

/// A small sound book whose title is its own.
pub(crate) fn book(title: &str) -> Vec<u8> {
    packer::builder::Book::epub3().title(title).creator("Ada Lovelace").build()
}
