//! Who is told of alerts: the webhook that Alertmanager calls.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};

/// A message of Alertmanager is a few kilobytes an alert.
const LARGEST: u64 = 4 * 1024 * 1024;

/// One alert that began or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) at: Instant,
    pub(crate) alert: String,
    /// Whose metric it is: an address.
    pub(crate) instance: String,
    /// The part that it is about, where it is about one.
    pub(crate) part: String,
    pub(crate) fires: bool,
}

impl Notice {
    /// Whether it is this alert of this part, or of the metrics at this address.
    pub(crate) fn is(&self, alert: &str, about: &str) -> bool {
        self.alert == alert && (self.part == about || self.instance == about)
    }
}

/// The receiver. It lives as long as the rehearsal.
#[derive(Debug)]
pub(crate) struct Notices {
    port: u16,
    told: Arc<Mutex<Vec<Notice>>>,
}

impl Notices {
    pub(crate) fn take() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(Failure::while_doing("the webhook"))?;
        let port = listener.local_addr().map_err(Failure::while_doing("the webhook"))?.port();
        let told = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&told);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Alertmanager tries again when it gets no answer.
                let Ok(body) = receive(stream) else { continue };
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(read(&body));
            }
        });
        Ok(Self { port, told })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn all(&self) -> Vec<Notice> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn receive(stream: TcpStream) -> std::io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0_u64);
    while reader.read_line(&mut line)? > 0 && !line.trim().is_empty() {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        line.clear();
    }
    let mut body = String::new();
    reader.by_ref().take(length.min(LARGEST)).read_to_string(&mut body)?;
    reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    Ok(body)
}

/// Every alert of a message: each begins with its own status.
fn read(body: &str) -> Vec<Notice> {
    let at = Instant::now();
    let alerts = body.split_once("\"alerts\":[").map_or("", |(_, alerts)| alerts);
    let one = |text: &str| {
        let (status, rest) = text.split_once('"')?;
        let labels = rest.split_once("\"labels\":{")?.1.split_once('}')?.0;
        let label = |name: &str| {
            let value = labels.split_once(&format!("\"{name}\":\""))?.1.split_once('"')?.0;
            Some(value.to_owned())
        };
        Some(Notice {
            at,
            alert: label("alertname")?,
            instance: label("instance").unwrap_or_default(),
            part: label("part").unwrap_or_default(),
            fires: status == "firing",
        })
    };
    alerts.split("{\"status\":\"").skip(1).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_alert_of_a_message_is_read_with_its_own_status() {
        let body = r#"{"receiver":"operators","status":"firing","alerts":[{"status":"resolved","labels":{"alertname":"NodeDown","instance":"127.0.0.1:1","severity":"warning"},"annotations":{"summary":"x"}},{"status":"firing","labels":{"alertname":"PartDegraded","instance":"127.0.0.1:2","part":"cache"},"annotations":{}}],"groupLabels":{"alertname":"NodeDown"}}"#;
        let told: Vec<_> =
            read(body).into_iter().map(|notice| (notice.alert, notice.instance, notice.part, notice.fires)).collect();
        let text = str::to_owned;
        assert_eq!(
            told,
            [
                (text("NodeDown"), text("127.0.0.1:1"), String::new(), false),
                (text("PartDegraded"), text("127.0.0.1:2"), text("cache"), true)
            ]
        );
    }
}
