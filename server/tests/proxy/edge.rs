//! nginx as a program that is started, watched and stopped.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use spare_port::spare_port;

use crate::house::{House, Options, Process, status, wait_for};

const PATIENCE: Duration = Duration::from_secs(30);

/// An event stream that is open.
fn listen(house: &House) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", house.http)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (bearer, port) = (house.sign_in(), house.http);
    write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: localhost:{port}\r\n{bearer}\r\n\r\n").unwrap();
    let (mut heard, mut buffer) = (String::new(), [0; 1024]);
    while !heard.contains("connected") {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    stream
}

#[test]
fn an_event_stream_does_not_keep_nginx_from_stopping() {
    let mut house = House::with(&Options { proxy: &[("SHUTDOWN_TIMEOUT", "2s")], ..Options::default() });
    let mut stream = listen(&house);
    let took = house.stop_nginx(PATIENCE).expect("nginx waits for an event stream that nobody ends");
    assert!(took >= Duration::from_secs(1), "what is under way is given its time, not {took:?}");
    // What it was still to be told, and then the end.
    let mut rest = Vec::new();
    assert!(stream.read_to_end(&mut rest).is_ok());

    let mut house = House::new();
    assert_eq!(status(&house.get("/sign-in")), 200);
    let took = house.stop_nginx(PATIENCE).expect("nginx does not stop");
    assert!(took < Duration::from_secs(10), "nothing is under way: {took:?}");
}

#[test]
fn as_many_workers_answer_as_were_asked_for_however_many_cores_there_are() {
    let house = House::with(&Options { proxy: &[("WORKER_PROCESSES", "3")], ..Options::default() });
    let workers = || {
        let listed =
            Command::new("ps").args(["-o", "args=", "--ppid", &house.nginx_id().to_string()]).output().unwrap();
        String::from_utf8(listed.stdout).unwrap().matches("nginx: worker process").count()
    };
    let begun = Instant::now();
    while workers() != 3 {
        assert!(begun.elapsed() < PATIENCE, "{} workers", workers());
        sleep(Duration::from_millis(20));
    }
}

fn make_certificate(folder: &Path, days: &str) {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", days, "-subj", "/CN=localhost"]);
    openssl.args(["-keyout", "new.key", "-out", "new.crt"]).current_dir(folder);
    assert!(openssl.output().unwrap().status.success());
    fs::rename(folder.join("new.key"), folder.join("site.key")).unwrap();
    fs::rename(folder.join("new.crt"), folder.join("site.crt")).unwrap();
}

/// How many days the certificate still has, as Prometheus is told.
fn days_left(metrics: u16) -> Option<u64> {
    let url = format!("http://127.0.0.1:{metrics}/metrics");
    let output = Command::new("curl").args(["--silent", "--include", &url]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("Content-Type: text/plain; version=0.0.4\r\n") && said.contains("\nnginx_up 1\n"), "{said}");
    let end = said.lines().find_map(|line| line.strip_prefix("certificate_end_time_seconds "))?;
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    Some((end.parse::<u64>().unwrap() - now + 3600) / 86400)
}

#[test]
fn monitoring_is_told_that_nginx_is_there_and_when_its_certificate_ends() {
    let folder = tempfile::tempdir().unwrap();
    let room = folder.path();
    let (http, https, metrics) = (spare_port().unwrap(), spare_port().unwrap(), spare_port().unwrap());
    let local = |port: u16| format!("127.0.0.1:{port}");
    let log = room.join("nginx.log");
    let mut start = Command::new("../nginx/start.sh");
    start.arg("proxy").env("PREFIX", room.join("prefix")).env("PUBLIC_URL", format!("https://localhost:{https}"));
    start.env("HTTP_PORT", local(http)).env("HTTPS_PORT", local(https)).env("METRICS_PORT", local(metrics));
    start.env("BACKENDS", local(spare_port().unwrap())).env("FRONTEND", local(spare_port().unwrap()));
    start
        .env("TLS", "on")
        .env("TLS_CERTIFICATE", room.join("site.crt"))
        .env("TLS_CERTIFICATE_KEY", room.join("site.key"));
    start.env("ACCESS_LOG", room.join("access.log")).env("CERTIFICATE_EVERY_SECONDS", "0.2");
    let written = fs::File::create(&log).unwrap();
    let nginx = start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(written).spawn().unwrap();
    let nginx = Process(nginx);
    wait_for(metrics, &log);
    assert_eq!(days_left(metrics), Some(7), "what nginx makes for itself is told from the beginning");
    let mut outside = Command::new("curl");
    outside.args(["--silent", "--include", &format!("http://127.0.0.1:{http}/metrics")]);
    let outside = String::from_utf8(outside.output().unwrap().stdout).unwrap();
    assert!(!outside.contains("nginx_up"), "{outside}");

    // One that nginx cannot read is not what it has.
    let until = |days: u64| {
        let begun = Instant::now();
        while days_left(metrics) != Some(days) {
            assert!(
                begun.elapsed() < PATIENCE,
                "{:?}, not {days}: {}",
                days_left(metrics),
                fs::read_to_string(&log).unwrap()
            );
            sleep(Duration::from_millis(50));
        }
    };
    fs::write(room.join("site.crt"), "no certificate").unwrap();
    let begun = Instant::now();
    while !fs::read_to_string(&log).unwrap().contains("cannot load certificate") {
        assert!(begun.elapsed() < PATIENCE, "nobody looks at the certificate");
        sleep(Duration::from_millis(50));
    }
    until(7);
    make_certificate(room, "90");
    until(90);
    drop(nginx);
}
