//! How a server is reached: who vouches for it, and how an account proves itself.

use std::{fs, path::Path, process::Command};

use sqlx::{Connection as _, MySqlConnection};
use store::{DatabaseLocation, NodeId, ReplicaState, Store, StoreError};

use crate::{
    database::{SERVER, ask_server, drop_mysql_place, mysql_place_named, variable},
    world::at,
};

/// The variable with the certificate of who vouches for the servers, for the address 127.0.0.1 and no name.
pub(crate) const AUTHORITY: &str = "TEST_MYSQL_CA";

/// A password with everything that a URL would have to escape.
const PASSWORD: &str = "quires & signatures, folded/twice?";

fn place(host: &str, parameters: &str) -> DatabaseLocation {
    let url = variable(SERVER).replace("127.0.0.1", host);
    format!("{url}mysql?{parameters}").parse().unwrap()
}

async fn open(host: &str, parameters: &str) -> Result<Store, StoreError> {
    Store::open(&place(host, parameters)).await
}

/// What the connections of a place are encrypted with; nothing for those that are not.
async fn cipher(location: &DatabaseLocation) -> Result<String, sqlx::Error> {
    let DatabaseLocation::MySql { primary, .. } = location else { panic!("it is a server") };
    let mut connection = MySqlConnection::connect_with(primary).await?;
    let status: (String, String) =
        sqlx::query_as("SHOW SESSION STATUS LIKE 'Ssl_cipher'").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(status.1)
}

/// An authority that has nothing to do with the servers.
fn stranger(folder: &Path) -> String {
    let settings = folder.join("openssl.cnf");
    fs::write(&settings, "[req]\ndistinguished_name=name\n[name]\n").unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-config", "openssl.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=authority", "-addext", "basicConstraints=critical,CA:TRUE"])
        .args(["-keyout", "stranger.key", "-out", "stranger.pem"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder.join("stranger.pem").to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_believed_when_its_authority_and_its_name_are_right() {
    let folder = tempfile::tempdir().unwrap();
    let known = format!("ssl-ca={}", variable(AUTHORITY));
    let stranger = format!("ssl-ca={}", stranger(folder.path()));
    assert_ne!(cipher(&place("127.0.0.1", &known)).await.unwrap(), "", "it is not encrypted");
    open("127.0.0.1", &known).await.unwrap().ping().await.unwrap();

    for (host, parameters, why) in [
        ("127.0.0.1", stranger.clone(), "another authority vouches for it"),
        ("127.0.0.1", format!("{stranger}&ssl-mode=VERIFY_CA"), "another authority vouches for it"),
        ("127.0.0.1", "ssl-mode=VERIFY_IDENTITY".to_owned(), "no public authority vouches for it"),
        ("127.0.0.1", format!("ssl-ca={}/missing.pem", folder.path().display()), "there is no such file"),
        ("localhost", known.clone(), "its certificate is for another name"),
    ] {
        let refused = open(host, &parameters).await;
        assert!(matches!(refused, Err(StoreError::Backend(_))), "{why}, and it was believed: {refused:?}");
    }
    open("localhost", &format!("{known}&ssl-mode=VERIFY_CA")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_nobody_vouches_for_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let (primary, name) = mysql_place_named("store_test").await;
    let replica = |authority: &str| format!("{}{name}?ssl-ca={authority}", variable(crate::replica::REPLICA));
    let location = primary.with_replica(&replica(&stranger(folder.path()))).unwrap();
    let outcome = tokio::spawn(async move {
        let store = Store::open(&location).await.unwrap();
        store.migrate().await.unwrap();
        let node = NodeId::new(at(0), 1);
        for second in 1..3 {
            assert_eq!(store.measure_replica(node, at(second)).await.unwrap(), Some(ReplicaState::Gone));
        }
        assert_eq!(store.allowing_lag().users().list().await.unwrap().len(), 0);
        store.close().await;
    })
    .await;
    drop_mysql_place(name).await;
    outcome.unwrap();
}

/// How MySQL has passwords proved is another way with TLS, without it, and when the server remembers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_proves_itself_with_tls_and_without() {
    let account = |number: u8| format!("way_in_{number}_{:.10}", ulid::Ulid::generate().to_string().to_lowercase());
    let (safe, open_account) = (account(1), account(2));
    for (name, requires) in [(&safe, "REQUIRE SSL"), (&open_account, "")] {
        let create = format!("CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}' {requires}");
        ask_server(create).await;
    }
    let outcome = tokio::spawn(story(safe.clone(), open_account.clone())).await;
    for name in [safe, open_account] {
        ask_server(format!("DROP USER {name}@'127.0.0.1'")).await;
    }
    outcome.unwrap();
}

async fn story(safe: String, open_account: String) {
    let DatabaseLocation::MySql { primary: server, .. } = place("127.0.0.1", "") else { panic!("it is a server") };
    let mut root = MySqlConnection::connect_with(&server).await.unwrap();
    let version: String = sqlx::query_scalar("SELECT VERSION()").fetch_one(&mut root).await.unwrap();
    let (plugin,): (String,) = sqlx::query_as("SELECT CAST(plugin AS CHAR) FROM mysql.user WHERE user = ?")
        .bind(&safe)
        .fetch_one(&mut root)
        .await
        .unwrap();
    let expected = if version.contains("MariaDB") { "mysql_native_password" } else { "caching_sha2_password" };
    assert_eq!(plugin, expected, "{version}");

    let escaped = "quires%20%26%20signatures%2C%20folded%2Ftwice%3F";
    let place = |name: &str, parameters: &str| -> DatabaseLocation {
        let port = server.get_port();
        format!("mysql://{name}:{escaped}@127.0.0.1:{port}/information_schema?{parameters}").parse().unwrap()
    };
    let encrypted = format!("ssl-ca={}", variable(AUTHORITY));
    // The first time the password itself is sent, the second time the server remembers.
    for _ in 0..2 {
        assert_ne!(cipher(&place(&safe, &encrypted)).await.unwrap(), "");
        assert_eq!(cipher(&place(&open_account, "ssl-mode=DISABLED")).await.unwrap(), "");
    }
    cipher(&place(&safe, "ssl-mode=DISABLED")).await.unwrap_err();
    let DatabaseLocation::MySql { primary, .. } = place(&open_account, &encrypted) else { panic!("it is a server") };
    MySqlConnection::connect_with(&primary.password("another")).await.unwrap_err();
}
