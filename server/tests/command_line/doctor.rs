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
        "database",
        "replica",
        "Redis",
        "books",
        "room",
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
