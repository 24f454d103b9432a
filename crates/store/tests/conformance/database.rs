//! A database of one test: made before it, gone after it, whatever came of it.

use std::{future::Future, str::FromStr as _};

use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, mysql::MySqlConnectOptions};
use store::{DatabaseLocation, Store};
use tempfile::TempDir;

use crate::world::World;

/// The variable with the URL of a server on which databases may be made.
pub(crate) const SERVER: &str = "TEST_MYSQL_URL";

/// What `cargo xtask test` says about the servers that it has started.
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("run `cargo xtask test`, or set {name}"))
}

fn server() -> MySqlConnectOptions {
    MySqlConnectOptions::from_str(&variable(SERVER)).expect("the URL of a server")
}

/// Says something to the server as who may do everything there.
pub(crate) async fn ask_server(statement: String) {
    let mut connection = MySqlConnection::connect_with(&server()).await.expect("a server that answers");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a right to make databases");
    connection.close().await.expect("a connection that closes");
}

/// Runs a test on the places of two new, empty databases, one of each engine.
pub(crate) async fn on_two_places<F: Future<Output = ()> + Send + 'static>(
    test: impl FnOnce([DatabaseLocation; 2]) -> F,
) {
    let (sqlite, _folder) = sqlite_place();
    let (mysql, name) = mysql_place().await;
    let outcome = tokio::spawn(test([sqlite, mysql])).await;
    drop_mysql_place(name).await;
    outcome.expect("the test to pass");
}

/// A place for a new SQLite file. The folder goes with the value.
pub(crate) fn sqlite_place() -> (DatabaseLocation, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    (DatabaseLocation::Sqlite { file: folder.path().join("test.db") }, folder)
}

/// A new, empty database on the server.
async fn mysql_place() -> (DatabaseLocation, String) {
    mysql_place_named("store_test").await
}

/// A new, empty database on the server, whose name begins so.
pub(crate) async fn mysql_place_named(beginning: &str) -> (DatabaseLocation, String) {
    let name = format!("{beginning}_{}", ulid::Ulid::generate().to_string().to_lowercase());
    // The server's own collation is not ours: the tables have to say what they need.
    ask_server(format!("CREATE DATABASE {name} CHARACTER SET latin1")).await;
    (DatabaseLocation::MySql { primary: Box::new(server().database(&name)), replica: None }, name)
}

/// Takes a database off the server.
pub(crate) async fn drop_mysql_place(name: String) {
    ask_server(format!("DROP DATABASE {name}")).await;
}

/// Runs a test on a new SQLite file.
pub(crate) async fn on_sqlite<F: Future<Output = ()> + Send + 'static>(test: impl FnOnce(World) -> F) {
    let (location, _folder) = sqlite_place();
    run(location, test).await.expect("the test to pass");
}

/// Runs a test on a new database of the server.
pub(crate) async fn on_mysql<F: Future<Output = ()> + Send + 'static>(test: impl FnOnce(World) -> F) {
    let (location, name) = mysql_place().await;
    let outcome = run(location, test).await;
    drop_mysql_place(name).await;
    outcome.expect("the test to pass");
}

/// Runs a test as a task of its own: a panic in it is an outcome like another, and its future must be `Send`.
async fn run<F: Future<Output = ()> + Send + 'static>(
    location: DatabaseLocation,
    test: impl FnOnce(World) -> F,
) -> Result<(), tokio::task::JoinError> {
    let store = Store::open(&location).await.expect("a database that opens");
    store.migrate().await.expect("a schema");
    let outcome = tokio::spawn(test(World::new(store.clone(), location))).await;
    store.close().await;
    outcome
}

/// Makes a test of each engine out of each function.
macro_rules! on_both_engines {
    ($($name:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::database::on_sqlite(super::$name).await;
            })+
        }

        mod mysql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::database::on_mysql(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_both_engines;
