//! nginx and nodes of one test, on free ports of this machine, gone with it.

use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use spare_port::spare_port;
use tempfile::TempDir;

pub(crate) const USERNAME: &str = "editor-in-chief";
pub(crate) const PASSWORD: &str = "quires and signatures, folded twice";

/// The longest that anything here may take to begin, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process that ends with the test.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        if self.0.try_wait().unwrap().is_some() {
            return;
        }
        // SIGTERM, so that nginx takes its workers along.
        let ended = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(ended.is_ok());
        self.0.wait().unwrap();
    }
}

pub(crate) struct House {
    folder: TempDir,
    pub(crate) node: u16,
    pub(crate) http: u16,
    pub(crate) https: u16,
    nginx: Option<Process>,
    server: Option<Process>,
}

/// What a test changes.
#[derive(Default)]
pub(crate) struct Options<'a> {
    /// Variables of nginx's templates.
    pub(crate) proxy: &'a [(&'a str, &'a str)],
    /// Variables of the server.
    pub(crate) server: &'a [(&'a str, &'a str)],
    /// Nodes beside the real one, in front of it in the list.
    pub(crate) others: &'a [u16],
    /// Where static files come from; nobody by default.
    pub(crate) frontend: Option<u16>,
    pub(crate) tls: bool,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(&Options::default())
    }

    pub(crate) fn with(options: &Options<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (node, http, https) = (spare_port().unwrap(), spare_port().unwrap(), spare_port().unwrap());
        let scheme = if options.tls { ("https", https) } else { ("http", http) };
        let public_url = format!("{}://localhost:{}", scheme.0, scheme.1);
        let mut own = vec![("PUBLIC_URL", public_url.as_str())];
        own.extend(options.server);
        let server = start_node(folder.path(), "server", node, &own);

        let mut house = Self { folder, node, http, https, nginx: None, server: Some(server) };
        if options.tls {
            house.make_certificate();
        }
        let prefix = house.prefix();
        let mut render = Command::new("../nginx/render.sh");
        render.arg("proxy").arg(&prefix).env("PUBLIC_URL", &public_url);
        let ports = options.others.iter().chain([&node]);
        let backends: Vec<_> = ports.map(|port| format!("127.0.0.1:{port}")).collect();
        render.env("BACKENDS", backends.join(" "));
        render.env("FRONTEND", format!("127.0.0.1:{}", options.frontend.unwrap_or_else(|| spare_port().unwrap())));
        render.env("HTTP_PORT", format!("127.0.0.1:{http}")).env("HTTPS_PORT", format!("127.0.0.1:{https}"));
        render.env("TLS", if options.tls { "on" } else { "off" });
        render.env("TLS_CERTIFICATE", house.path("site.crt")).env("TLS_CERTIFICATE_KEY", house.path("site.key"));
        render.env("ACCESS_LOG", house.path("access.log")).envs(options.proxy.iter().copied());
        assert!(render.status().unwrap().success(), "render.sh needs envsubst: run `cargo xtask test`");
        house.nginx = Some(start_nginx(&prefix, "proxy"));
        wait_for(http, &prefix.join("nginx.log"));
        house
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where nginx writes.
    pub(crate) fn prefix(&self) -> PathBuf {
        let prefix = self.path("nginx");
        fs::create_dir_all(&prefix).unwrap();
        prefix
    }

    /// From now on no node answers.
    pub(crate) fn stop_node(&mut self) {
        self.server = None;
    }

    /// Stops nginx as Docker does, and gives how long that took; nothing when it goes on for longer than `patience`.
    pub(crate) fn stop_nginx(&mut self, patience: Duration) -> Option<Duration> {
        let Process(nginx) = self.nginx.as_mut().unwrap();
        let begun = Instant::now();
        assert!(Command::new("kill").args(["-QUIT", &nginx.id().to_string()]).status().unwrap().success());
        while begun.elapsed() < patience {
            if nginx.try_wait().unwrap().is_some() {
                return Some(begun.elapsed());
            }
            sleep(Duration::from_millis(10));
        }
        None
    }

    /// The process of nginx that begins the others.
    pub(crate) fn nginx_id(&self) -> u32 {
        self.nginx.as_ref().unwrap().0.id()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.http)
    }

    /// What curl gets, with the head of the answer.
    pub(crate) fn curl(&self, arguments: &[&str]) -> String {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--include", "--max-time", "30"]).args(arguments);
        let output = curl.current_dir(self.folder.path()).output().expect("curl: run `cargo xtask test`");
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.curl(&[&self.url(path)])
    }

    /// The bearer token of a session.
    pub(crate) fn sign_in(&self) -> String {
        let body = format!(r#"{{"username":"{USERNAME}","password":"{PASSWORD}"}}"#);
        let answer = self.curl(&["--json", &body, &format!("http://127.0.0.1:{}/api/v1/sessions", self.node)]);
        let token = answer.split("\"access_token\":\"").nth(1).and_then(|rest| rest.split('"').next());
        format!("Authorization: Bearer {}", token.unwrap_or_else(|| panic!("{answer}")))
    }

    fn make_certificate(&self) {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]);
        openssl.args(["-addext", "subjectAltName=DNS:localhost", "-keyout", "site.key", "-out", "site.crt"]);
        assert!(openssl.current_dir(self.folder.path()).output().unwrap().status.success());
    }
}

/// The code in the first line of an answer; of several, such as behind a `100 Continue`, the last.
pub(crate) fn status(answer: &str) -> u16 {
    let mut heads = answer.lines().filter(|line| line.starts_with("HTTP/"));
    let last = heads.next_back().unwrap_or_else(|| panic!("no answer: {answer}"));
    last.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Every value of a header.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let named = answer.lines().filter_map(|line| line.split_once(':'));
    named.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
}

/// A node with data of its own in `folder/NAME`, when it listens.
pub(crate) fn start_node(folder: &Path, name: &str, port: u16, variables: &[(&str, &str)]) -> Process {
    let mut server = Command::new(env!("CARGO_BIN_EXE_ebook-scene-packer"));
    server.arg("serve").current_dir(folder);
    server.env("BIND_ADDR", format!("127.0.0.1:{port}")).env("DATA_DIR", folder.join(name));
    server.env("TRUSTED_PROXIES", "127.0.0.1").env("ADMIN_USERNAME", USERNAME).env("ADMIN_PASSWORD", PASSWORD);
    server.envs(variables.iter().copied());
    let path = folder.join(format!("{name}.log"));
    let log = fs::File::create(&path).unwrap();
    let again = log.try_clone().unwrap();
    let server = Process(server.stdin(Stdio::null()).stdout(log).stderr(again).spawn().unwrap());
    wait_for(port, &path);
    server
}

pub(crate) fn start_nginx(prefix: &Path, role: &str) -> Process {
    let log = fs::File::create(prefix.join("nginx.log")).unwrap();
    let mut nginx = Command::new("../nginx/run.sh");
    nginx.arg(role).arg(prefix);
    let nginx = nginx.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
    Process(nginx.expect("nginx: run `cargo xtask test`"))
}

/// Waits until somebody listens.
pub(crate) fn wait_for(port: u16, log: &Path) {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < PATIENCE, "nobody listens: {}", fs::read_to_string(log).unwrap_or_default());
        sleep(Duration::from_millis(20));
    }
}
