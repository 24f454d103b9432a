//! nginx twice, as in production: the proxy with TLS, and the frontend with the files of the site.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::not_in_time;
use crate::databases::spare_port;
use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::Background;
use crate::program::{read, run};

const START_LIMIT: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Proxy {
    folder: PathBuf,
    pub(crate) https: u16,
    frontend_port: u16,
    /// Where Prometheus asks nginx as the proxy.
    pub(crate) metrics: u16,
    /// The same of the frontend.
    pub(crate) frontend_metrics: u16,
    #[expect(dead_code, reason = "nginx runs as long as this is held")]
    front: Background,
    frontend: Option<Background>,
}

impl Proxy {
    /// In front of nodes at these ports.
    pub(crate) fn start(place: &Place, folder: &Path, backends: &[u16], https: u16) -> Outcome<Self> {
        let (http, frontend_port) = (spare_port()?, spare_port()?);
        let (metrics, frontend_metrics) = (spare_port()?, spare_port()?);
        make_certificate(place, folder)?;
        let prefix = folder.join("nginx");
        let backends: Vec<String> = backends.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        let settings = [
            ("PUBLIC_URL", format!("https://localhost:{https}")),
            ("BACKENDS", backends.join(" ")),
            ("FRONTEND", format!("127.0.0.1:{frontend_port}")),
            ("TLS", "on".to_owned()),
            ("HTTP_PORT", format!("127.0.0.1:{http}")),
            ("HTTPS_PORT", format!("127.0.0.1:{https}")),
            ("METRICS_PORT", format!("127.0.0.1:{metrics}")),
            ("TLS_CERTIFICATE", certificate(folder).display().to_string()),
            ("TLS_CERTIFICATE_KEY", folder.join("site.key").display().to_string()),
            ("ACCESS_LOG", folder.join("access.log").display().to_string()),
        ];
        render(place, "proxy", &prefix, &settings)?;
        let front = start(place, "proxy", &prefix, folder, https)?;
        let mut proxy =
            Self { folder: folder.to_owned(), https, frontend_port, metrics, frontend_metrics, front, frontend: None };
        proxy.renew_frontend(place)?;
        Ok(proxy)
    }

    /// Ends the frontend and starts it again, as a container that is made anew; meanwhile the nodes give the files.
    pub(crate) fn renew_frontend(&mut self, place: &Place) -> Outcome {
        self.frontend = None;
        let prefix = self.folder.join("frontend");
        let assets = self.folder.join("assets");
        fs::create_dir_all(&assets).map_err(Failure::while_doing(assets.display()))?;
        // Files of another version stay, as nginx/start.sh has it.
        if place.site().is_dir() {
            run(place.program("cp").arg("-R").arg(place.site().join(".")).arg(&assets))?;
        }
        let settings = [
            ("PUBLIC_URL", format!("https://localhost:{}", self.https)),
            ("HTTP_PORT", format!("127.0.0.1:{}", self.frontend_port)),
            ("METRICS_PORT", format!("127.0.0.1:{}", self.frontend_metrics)),
            ("ASSETS", assets.display().to_string()),
            ("ACCESS_LOG", "/dev/null".to_owned()),
        ];
        render(place, "frontend", &prefix, &settings)?;
        self.frontend = Some(start(place, "frontend", &prefix, &self.folder, self.frontend_port)?);
        Ok(())
    }
}

/// What browsers must trust.
pub(crate) fn certificate(folder: &Path) -> PathBuf {
    folder.join("site.crt")
}

fn make_certificate(place: &Place, folder: &Path) -> Outcome {
    let mut openssl = place.program("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]);
    read(openssl.arg("-keyout").arg(folder.join("site.key")).arg("-out").arg(certificate(folder))).map(drop)
}

fn render(place: &Place, role: &str, prefix: &Path, settings: &[(&str, String)]) -> Outcome {
    let mut render = place.program("nginx/render.sh");
    render.arg(role).arg(prefix).envs(settings.iter().map(|(name, value)| (name, value)));
    read(&mut render)?;
    // As start.sh has it; the certificate of a rehearsal ends tomorrow.
    read(place.program("nginx/metrics.sh").arg(prefix)).map(drop)
}

fn start(place: &Place, role: &str, prefix: &Path, folder: &Path, port: u16) -> Outcome<Background> {
    // Root's folders are closed to the account that nginx's workers would take.
    let directives = if debian::is_root() { "user root;" } else { "" };
    let program = place.root.join("nginx/run.sh").display().to_string();
    let arguments = [role.to_owned(), prefix.display().to_string(), directives.to_owned()];
    let log = folder.join(format!("nginx-{role}.log"));
    let nginx = Background::start(place, &program, &arguments, &log)?;
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if begun.elapsed() > START_LIMIT {
            let said = fs::read_to_string(&log).unwrap_or_default();
            return Err(not_in_time(&format!("the start of nginx as {role}:\n{said}\nthat")));
        }
        sleep(Duration::from_millis(20));
    }
    Ok(nginx)
}
