//! `doctor`: what it finds, and that looking changes nothing.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use crate::{
    binary::{Place, Run},
    bucket,
};

fn doctor(place: &Place, variables: &[(&str, &str)]) -> Run {
    let mut command = place.command(&["doctor"]);
    command.envs(variables.iter().copied());
    Run::of(&command.output().unwrap())
}

#[test]
fn before_the_first_start_nothing_is_wrong_but_the_missing_interface_and_nothing_is_made() {
    let place = Place::new();
    let run = doctor(&place, &[]);
    let wrong: Vec<_> = run.results.lines().filter(|line| line.starts_with("wrong")).collect();
    assert!(wrong.iter().all(|line| line.contains("interface")), "{run:?}");
    for hop in [
        "PUBLIC_URL",
        "DATA_DIR",
        "signing key",
        "sealing key",
        "database",
        "replica",
        "Redis",
        "books",
        "room",
        "backups",
        "certificate",
        "proxy",
        "mail",
        "traces",
    ] {
        assert!(run.results.contains(&format!("good   {hop}:")), "{hop}: {run:?}");
    }
    assert!(place.names(".").is_empty(), "{:?}", place.names("."));
}

#[test]
fn what_is_wrong_comes_with_what_to_do() {
    let place = Place::new();
    let run = doctor(
        &place,
        &[
            ("APP_ENV", "production"),
            ("PUBLIC_URL", "https://books.invalid"),
            ("JWT_SECRET_KEY", "0123456789abcdef0123456789abcdef0123456789"),
            ("REDIS_URL", "rediss://127.0.0.1:1"),
            ("DATABASE_URL", "mysql://app:secret-of-the-primary@127.0.0.1:1/books"),
            ("DATABASE_REPLICA_URL", "mysql://app:secret-of-the-replica@127.0.0.1:2/books"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ],
    );
    for (hop, fix) in [
        ("database", "look at DATABASE_URL, or DB_HOST"),
        ("replica", "look at DATABASE_REPLICA_URL"),
        ("sealing key", "set SECRETS_KEY"),
        ("traces", "look at OTEL_EXPORTER_OTLP_ENDPOINT"),
    ] {
        let line = run.results.lines().find(|line| line.starts_with(&format!("wrong  {hop}: ")));
        assert!(line.is_some_and(|line| line.contains(fix)), "{hop}: {run:?}");
    }
    assert!(!run.results.contains("secret-of-the"), "{run:?}");
    assert!(run.results.contains("wrong  Redis: ") && run.results.contains("look at REDIS_URL"), "{run:?}");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.results.contains("wrong  proxy: set TRUSTED_PROXIES"), "{run:?}");
    assert!(run.results.contains("wrong  address: nobody knows books.invalid"), "{run:?}");
    assert!(!run.results.contains("0123456789abcdef"), "{run:?}");
}

#[test]
fn the_mail_server_is_asked_and_told_nothing() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let mail = [("SMTP_URL", url.as_str()), ("SMTP_FROM", "books@example.org")];
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"220 here\r\n").unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let told: Vec<String> =
            lines.map_while(Result::ok).inspect(|_| stream.write_all(b"250 ok\r\n").unwrap_or_default()).collect();
        told
    });
    let run = doctor(&place, &mail);
    assert!(run.results.contains("good   mail: the mail server answers"), "{run:?}");
    let told = server.join().unwrap();
    assert!(told.iter().all(|line| !line.starts_with("MAIL") && !line.starts_with("DATA")), "{told:?}");
    // Nobody listens there any more.
    let run = doctor(&place, &mail);
    assert!(run.results.contains("wrong  mail: ") && run.results.contains("look at SMTP_URL"), "{run:?}");
}

#[test]
fn a_bucket_comes_with_what_its_owner_has_to_set_there() {
    let place = Place::new();
    // The store is asked from the first start on.
    place.write("data/here", b"");
    let endpoint = bucket::empty();
    let store = [
        ("BLOB_URL", "s3://books/ours"),
        ("BLOB_ENDPOINT", endpoint.as_str()),
        ("BLOB_ACCESS_KEY", "account"),
        ("BLOB_SECRET_KEY", "a key of the account"),
    ];
    let run = doctor(&place, &store);
    let line = run.results.lines().find(|line| line.starts_with("good   books: the object store answers"));
    assert!(line.is_some_and(|line| line.contains("rule of the bucket")), "{run:?}");
}

#[test]
fn how_old_the_last_backup_is_and_half_an_account_are_told() {
    let place = Place::new();
    assert_eq!(place.run(&["create-admin"]).code, 0);
    let said = |variables: &[(&str, &str)]| {
        let run = doctor(&place, variables);
        let line = run.results.lines().find(|line| line.contains(" backups: "));
        line.unwrap_or_else(|| panic!("{run:?}")).to_owned()
    };
    assert_eq!(said(&[]), "good   backups: into folders; none was ever found whole");
    assert_eq!(place.run(&["backup", "kept"]).code, 0);
    assert_eq!(said(&[]), "good   backups: into folders; the last one was found whole 0 hours ago");
    let half = said(&[("BACKUP_ACCESS_KEY", "account")]);
    assert!(half.starts_with("wrong  backups: half an account"), "{half}");
    let nobody = [
        ("BACKUP_ACCESS_KEY", "account"),
        ("BACKUP_SECRET_KEY", "a key of the account"),
        ("BACKUP_ENDPOINT", "http://127.0.0.1:1"),
    ];
    assert!(said(&nobody).contains("nobody answers at 127.0.0.1:1; look at BACKUP_ENDPOINT"), "{}", said(&nobody));
}

/// Makes a certificate for 127.0.0.1 of an authority, both in `folder`, and shows it until it is dropped.
struct Shown {
    server: std::process::Child,
    url: String,
    authority: std::path::PathBuf,
}

impl Shown {
    fn for_days(folder: &std::path::Path, days: &str) -> Self {
        let make = |name: &str, more: &[&str]| {
            let (key, file) = (format!("{name}.key"), format!("{name}.pem"));
            let mut openssl = std::process::Command::new("openssl");
            openssl.current_dir(folder).args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", days]);
            openssl.args(["-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", &key, "-out", &file]);
            openssl.args(["-subj", &format!("/CN={name}")]).args(more);
            assert!(openssl.output().unwrap().status.success());
        };
        make("authority", &["-addext", "basicConstraints=critical,CA:TRUE"]);
        let issued =
            ["-CA", "authority.pem", "-CAkey", "authority.key", "-addext", "basicConstraints=critical,CA:FALSE"];
        make("server", &[&issued[..], &["-addext", "subjectAltName=IP:127.0.0.1"]].concat());
        let port = spare_port::spare_port().unwrap();
        let address = format!("127.0.0.1:{port}");
        let mut server = std::process::Command::new("openssl");
        server.current_dir(folder).args(["s_server", "-quiet", "-www", "-accept", &address]);
        server.args(["-cert", "server.pem", "-key", "server.key"]).stdin(std::process::Stdio::null());
        let server = server.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let begun = std::time::Instant::now();
        while std::net::TcpStream::connect(&address).is_err() {
            assert!(begun.elapsed() < std::time::Duration::from_mins(1), "openssl shows nothing");
            thread::sleep(std::time::Duration::from_millis(20));
        }
        Self { server, url: format!("https://{address}"), authority: folder.join("authority.pem") }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

#[test]
fn the_certificate_of_the_address_is_looked_at() {
    let place = Place::new();
    for (days, trusted, begins, says) in [
        ("90", true, "good   certificate: trusted, and ends in 89 days, at ", "Z"),
        ("5", true, "wrong  certificate: it ends in 4 days, at ", "nobody has renewed it"),
        ("90", false, "wrong  certificate: no browser would trust what 127.0.0.1:", "look at who makes it"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shown = Shown::for_days(folder.path(), days);
        let authority = if trusted { shown.authority.to_str().unwrap() } else { "" };
        let variables = [("PUBLIC_URL", shown.url.as_str()), ("SSL_CERT_FILE", authority)];
        let run = doctor(&place, &variables[..if trusted { 2 } else { 1 }]);
        let line = run.results.lines().find(|line| line.starts_with(begins));
        assert!(line.is_some_and(|line| line.contains(says)), "{run:?}");
    }
}
