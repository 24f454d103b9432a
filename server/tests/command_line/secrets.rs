//! The credentials of the services around the product stand in no output of it, least of all when a service is away.

use std::{net::TcpListener, thread};

use crate::{
    binary::{Place, Run},
    bucket,
    served::Served,
};

/// Credentials, each known again wherever it stands.
const SECRETS: [&str; 9] = [
    "secret-of-database-01",
    "secret-of-replica-02",
    "secret-of-redis-03",
    "secret-of-books-04",
    "secret-of-backups-05",
    "secret-of-mail-06",
    "secret-of-tokens-07-which-is-long-enough",
    "secret-of-seals-08-which-is-long-enough",
    "secret-of-sentinels-09",
];

/// An address where nobody listens.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Every service but the database at an address where nobody listens, and the log at its loudest.
fn variables() -> Vec<(&'static str, String)> {
    let [_, _, redis, books, backups, mail, tokens, seals, _] = SECRETS;
    vec![
        ("LOG_LEVEL", "TRACE".to_owned()),
        ("BIND_ADDR", "127.0.0.1:0".to_owned()),
        ("REDIS_URL", format!("redis://someone:{redis}@{}/0", closed())),
        ("BLOB_URL", "s3://books/ours".to_owned()),
        ("BLOB_ENDPOINT", format!("http://{}", closed())),
        ("BLOB_ACCESS_KEY", "account".to_owned()),
        ("BLOB_SECRET_KEY", books.to_owned()),
        ("BACKUP_ENDPOINT", format!("http://{}", closed())),
        ("BACKUP_ACCESS_KEY", "account".to_owned()),
        ("BACKUP_SECRET_KEY", backups.to_owned()),
        ("SMTP_URL", format!("smtp://books:{mail}@{}?tls=required", closed())),
        ("SMTP_FROM", "books@example.org".to_owned()),
        ("JWT_SECRET_KEY", tokens.to_owned()),
        ("SECRETS_KEY", seals.to_owned()),
    ]
}

/// The same with a database that is away as well, in one of the ways that it can be named.
fn without_database(by_parts: bool) -> Vec<(&'static str, String)> {
    let [database, replica, ..] = SECRETS;
    let address = closed();
    let (host, port) = address.split_once(':').unwrap();
    let named = if by_parts {
        vec![
            ("DB_HOST", host.to_owned()),
            ("DB_PORT", port.to_owned()),
            ("DB_NAME", "books".to_owned()),
            ("DB_USER", "app".to_owned()),
            ("DB_PASSWORD", database.to_owned()),
        ]
    } else {
        vec![
            ("DATABASE_URL", format!("mysql://app:{database}@{address}/books")),
            ("DATABASE_REPLICA_URL", format!("mysql://app:{replica}@{}/books", closed())),
        ]
    };
    [variables(), named].concat()
}

/// Runs to the end, and gives the code with all that was said.
fn said(place: &Place, arguments: &[&str], variables: &[(&str, String)]) -> (i32, String) {
    let mut command = place.command(arguments);
    let run = Run::of(&command.envs(variables.iter().map(|(name, value)| (name, value))).output().unwrap());
    (run.code, format!("{}{}", run.results, run.messages))
}

#[track_caller]
fn holds_no_secret(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} stands in what {what} says: {text}");
    }
}

#[test]
fn a_node_whose_redis_and_mail_server_are_away_tells_nobody_how_it_comes_in() {
    let place = Place::new();
    let mut variables = variables();
    for (name, value) in &mut variables {
        if *name == "BLOB_ENDPOINT" {
            *value = bucket::empty();
        }
    }
    let served = Served::start(&place, &variables);
    for path in ["/api/health", "/api/health/ready", "/sign-in", "/metrics"] {
        let answer = served.get(path);
        assert!(answer.starts_with("HTTP/1.1 "), "{path}: {answer}");
        holds_no_secret(path, &answer);
    }
    let metrics = served.get("/metrics");
    assert!(metrics.contains("part_healthy"), "{metrics}");
    for quiet in ["panics_total", "rate_limited_total", "sign_in_failures_total", "database_failures_total"] {
        assert!(metrics.contains(&format!("\n{quiet} 0\n")), "an alert could not see {quiet} rise: {metrics}");
    }
    let health = served.get("/api/health");
    assert!(health.contains("\"cache\":\"") && !health.contains("\"cache\":\"healthy\""), "Redis is away: {health}");
    let log = served.said();
    assert!(log.contains("TRACE"), "the log is not at its loudest: {log}");
    holds_no_secret("serve", &log);
    drop(served);

    let (code, text) = said(&place, &["doctor"], &variables);
    assert!(code == 1 && text.contains("wrong  Redis: ") && text.contains("wrong  mail: "), "{text}");
    holds_no_secret("doctor", &text);
    let (code, text) = said(&place, &["backup", "s3://backups/ours"], &variables);
    assert_ne!(code, 0, "{text}");
    holds_no_secret("backup", &text);
}

#[test]
fn an_object_store_that_is_away_is_told_of_without_its_key() {
    let place = Place::new();
    // The first says that it cannot begin, the second what to look at.
    for command in ["serve", "doctor"] {
        let (code, text) = said(&place, &[command], &variables());
        assert!(code != 0 && text.contains("127.0.0.1:"), "{command}: {text}");
        holds_no_secret(command, &text);
    }
}

#[test]
fn a_database_that_is_away_is_told_of_without_its_password() {
    let try_one = |by_parts: bool, command: &str| {
        let place = Place::new();
        let (code, text) = said(&place, &[command], &without_database(by_parts));
        assert!(code != 0 && text.contains("database"), "{command}: {text}");
        holds_no_secret(command, &text);
    };
    // Each waits for a while before it gives up: all at once.
    thread::scope(|scope| {
        for by_parts in [false, true] {
            for command in ["serve", "doctor", "migrate"] {
                scope.spawn(move || try_one(by_parts, command));
            }
        }
    });
}

#[test]
fn what_cannot_be_read_is_refused_without_being_repeated() {
    let [database, replica, redis, .., sentinels] = SECRETS;
    for (name, value) in [
        ("DATABASE_URL", format!("mysql://app:{database}@db:port/books")),
        ("DATABASE_REPLICA_URL", format!("mysql://app:{replica}@db:3306/books")),
        ("REDIS_URL", format!("http://:{redis}@redis")),
        ("REDIS_URL", format!("redis-sentinel://one:26379?sentinelPassword={sentinels}")),
    ] {
        let place = Place::new();
        for command in ["serve", "doctor"] {
            let (code, text) = said(&place, &[command], &[(name, value.clone())]);
            assert!(code != 0 && text.contains(name), "{command} with {name}: {text}");
            holds_no_secret(command, &text);
        }
    }
}
