//! A node of its own for each test: its data in a folder that goes with it, its router called directly.

use std::{collections::BTreeMap, future::Future, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use bytes::Bytes;
use http_body_util::BodyExt;
use server::{
    commands::serve::state,
    configuration::Configuration,
    node::Node,
    state::{AppState, MetricsPage},
};
use service::{SecretString, Store, Timestamp, Worker};
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub(crate) const ORIGIN: &str = "http://127.0.0.1:5000";
/// The variable with the URL of a server on which databases may be made.
const SERVER: &str = "TEST_MYSQL_URL";
/// Databases of the Redis of the tests, besides the one that counts them.
const REDIS_DATABASES: u32 = 9_999;
pub(crate) const USERNAME: &str = "editor-in-chief";
pub(crate) const PASSWORD: &str = "quires and colophons staple";

pub(crate) struct House {
    pub(crate) state: AppState,
    pub(crate) router: Router,
    folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// For an answer that may have no body.
    pub(crate) fn json_or_nothing(&self) -> serde_json::Value {
        if self.body.is_empty() { serde_json::Value::Null } else { self.json() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).to_str().unwrap()
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(pairs: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut variables: BTreeMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        variables.insert("DATA_DIR".to_owned(), folder.path().to_str().unwrap().to_owned());
        if std::env::var("TEST_BACKING").is_ok_and(|backing| backing == "mysql") {
            variables.insert("DATABASE_URL".to_owned(), new_database().await);
            variables.insert("REDIS_URL".to_owned(), new_redis().await);
            // Generated with the embedded database alone.
            for name in ["JWT_SECRET_KEY", "SECRETS_KEY"] {
                let key = || format!("a-{name}-of-the-tests-that-is-long-enough");
                variables.entry(name.to_owned()).or_insert_with(key);
            }
        }
        let configuration =
            Configuration::from_variables(&variables, &|path| std::fs::read_to_string(path), 2).unwrap();
        let node = Node::open(configuration).await.unwrap();
        let state = state(&node, MetricsPage(server::metrics::install().unwrap())).unwrap();
        let router = server::router(state.clone());
        Self { state, router, folder }
    }

    /// A node on each engine, and what a test does with it. The one on the server uses a database of its own.
    pub(crate) async fn on_both_engines<F: Future<Output = ()>>(test: impl Fn(Self) -> F) {
        Self::on_both_engines_with(&[], test).await;
    }

    /// The same with variables of the environment.
    pub(crate) async fn on_both_engines_with<F: Future<Output = ()>>(pairs: &[(&str, &str)], test: impl Fn(Self) -> F) {
        test(Self::with(pairs).await).await;
        let server = std::env::var(SERVER).unwrap_or_else(|_| panic!("run `cargo xtask test`, or set {SERVER}"));
        let name = format!("web_test_{:x}", rand::random::<u64>());
        let url = format!("{}/{name}", server.trim_end_matches('/'));
        let statement = |text: String| {
            let server = server.clone();
            async move {
                let mut connection = sqlx::MySqlConnection::connect(&server).await.unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
            }
        };
        statement(format!("CREATE DATABASE {name}")).await;
        let location = url.parse().unwrap();
        let store = service::Store::open(&location).await.unwrap();
        store.migrate().await.unwrap();
        store.close().await;
        let secret = "a secret that is long enough to be one";
        let own = [("DATABASE_URL", url.as_str()), ("JWT_SECRET_KEY", secret), ("SECRETS_KEY", secret)];
        test(Self::with(&[&own[..], pairs].concat()).await).await;
        statement(format!("DROP DATABASE {name}")).await;
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The file of a blob.
    pub(crate) fn blob(&self, sha256: &str) -> PathBuf {
        self.folder.path().join("blobs").join(service::Blobs::key(&sha256.parse().unwrap()))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[])).await
    }

    /// Makes somebody with a role and gives the bearer token of a session.
    pub(crate) async fn person(&self, admin: &str, username: &str, role: &str) -> String {
        let body = serde_json::json!({
            "username": username, "display_name": username, "password": PASSWORD, "role": role,
        });
        let made = self.json(Method::POST, "/api/v1/users", admin, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let answer = self.sign_in(username, PASSWORD).await;
        format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
    }

    /// Sends JSON in somebody's name.
    pub(crate) async fn json(&self, method: Method, path: &str, bearer: &str, body: &serde_json::Value) -> Answer {
        let headers = [("authorization", bearer), ("content-type", "application/json")];
        self.send(with_body(method, path, &headers, body.to_string())).await
    }

    /// Gives somebody an address as if they had confirmed it.
    pub(crate) async fn write_to(&self, username: &str, email: &str) {
        let store = Store::open(&self.state.configuration.database).await.unwrap();
        let user = store.users().find_by_username(username).await.unwrap().unwrap();
        let mut transaction = store.begin_write().await.unwrap();
        transaction.users().set_email(user.id, Some(email), Timestamp(1)).await.unwrap();
        transaction.commit().await.unwrap();
        store.close().await;
    }

    /// Makes an administrator and gives the bearer token of a session.
    pub(crate) async fn signed_in(&self) -> String {
        let password = SecretString::from(PASSWORD.to_owned());
        self.state.services.accounts().create_administrator(USERNAME, &password).await.unwrap();
        let answer = self.sign_in(USERNAME, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "username": username, "password": password }).to_string();
        let json = [("content-type", "application/json")];
        self.send(with_body(Method::POST, "/api/v1/sessions", &json, body)).await
    }

    /// Works on jobs until it is dropped.
    pub(crate) fn worker(&self) -> Working {
        let token = CancellationToken::new();
        let (worker, stop) = (Worker::new(self.state.services.clone()), token.clone());
        Working { token, task: Some(tokio::spawn(async move { worker.run(stop).await })) }
    }

    /// Serves on a free port of this machine.
    pub(crate) async fn listen(&self) -> Listening {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(server::serve(listener, self.state.clone(), shutdown.clone()));
        Listening { address, shutdown, task }
    }

    /// Uploads a book whole and gives its release once it was read.
    pub(crate) async fn draft(&self, bearer: &str) -> String {
        let release = self.draft_without_waiting(bearer).await;
        self.until_status(bearer, &release, "draft").await;
        release
    }

    /// Uploads a book whole and gives its release.
    pub(crate) async fn draft_without_waiting(&self, bearer: &str) -> String {
        let form = form("book.epub", &book());
        let headers = [("authorization", bearer), ("content-type", FORM_TYPE)];
        let answer = self.send(with_body(Method::POST, "/api/v1/books", &headers, form)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.json()["release"].as_str().unwrap().to_owned()
    }

    /// Waits until a release has this status. The limit is for a test that would otherwise never end.
    pub(crate) async fn until_status(&self, bearer: &str, release: &str, status: &str) -> serde_json::Value {
        let path = format!("/api/v1/releases/{release}");
        let waiting = async {
            loop {
                let answer = self.send(request(Method::GET, &path, &[("authorization", bearer)])).await;
                let json = answer.json();
                if json["status"] == status {
                    return json;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the status did not come")
    }
}

/// A database of its own on the server that `cargo xtask test` has started; it stays there as long as the server.
async fn new_database() -> String {
    let server = std::env::var("TEST_MYSQL_URL").expect("run `cargo xtask test`, or set TEST_MYSQL_URL");
    let name = format!("web_test_{:032x}", rand::random::<u128>());
    let mut connection = MySqlConnection::connect(&server).await.unwrap();
    let create = format!("CREATE DATABASE {name} CHARACTER SET latin1");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    let url = format!("{server}{name}");
    let store = Store::open(&url.parse().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    url
}

/// A database of its own in the Redis that `cargo xtask test` has started: two tests that count attempts of the same
/// address must not count each other's.
async fn new_redis() -> String {
    let url = std::env::var("TEST_REDIS_URL").expect("run `cargo xtask test`, or set TEST_REDIS_URL");
    let address = url.trim_start_matches("redis://").trim_end_matches("/0");
    let mut redis = BufReader::new(TcpStream::connect(address).await.unwrap());
    redis.write_all(b"INCR databases-of-tests\r\n").await.unwrap();
    let mut answer = String::new();
    redis.read_line(&mut answer).await.unwrap();
    let number: u32 = answer.trim().trim_start_matches(':').parse().unwrap();
    format!("redis://{address}/{}", 1 + number % REDIS_DATABASES)
}

pub(crate) struct Working {
    token: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Working {
    /// Ends it, and waits until it has.
    pub(crate) async fn stop(mut self) {
        self.token.cancel();
        self.task.take().unwrap().await.unwrap();
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: CancellationToken,
    pub(crate) task: JoinHandle<std::io::Result<()>>,
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    with_body(method, path, headers, Body::empty())
}

pub(crate) fn with_body(method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:5000");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

pub(crate) const FORM_TYPE: &str = "multipart/form-data; boundary=----boundary";

/// A form with one file.
pub(crate) fn form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut form = form_head(name);
    form.extend_from_slice(bytes);
    form.extend_from_slice(FORM_TAIL);
    form
}

pub(crate) fn form_head(name: &str) -> Vec<u8> {
    format!(
        "------boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/epub+zip\r\n\r\n"
    )
    .into_bytes()
}

pub(crate) const FORM_TAIL: &[u8] = b"\r\n------boundary--\r\n";

/// A small book that is sound.
pub(crate) fn book() -> Vec<u8> {
    crate::sample_book::epub("Une saison")
}

/// Bytes that no two places of which look alike.
pub(crate) fn noise(length: usize) -> Arc<[u8]> {
    let mut state = 0x9e37_79b9_u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .collect()
}
