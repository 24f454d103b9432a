//! The cache over a real Redis: shared by nodes, lost, and back again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use cache::{Cache, Capacity, Rate, RedisLocation, Ring, SystemClock, Verdict};
use futures::StreamExt;
use tempfile::TempDir;

/// A private server on a free port, stopped by its process id.
struct Redis {
    folder: TempDir,
    port: u16,
    server: Child,
}

const ACCOUNTS: &str = "\
user default on >the-owner ~* &* +@all
user app on >p@ss/word ~esp:* &esp:* +@all -@admin -@dangerous
";

impl Redis {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("accounts.acl"), ACCOUNTS).unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let server = Self::spawn(folder.path(), port);
        Self { folder, port, server }
    }

    fn spawn(folder: &Path, port: u16) -> Child {
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--appendonly", "yes"]);
        command.args(["--aclfile", "accounts.acl", "--appendfsync", "always"]).arg("--dir").arg(folder);
        let server = command.current_dir(folder).stdout(Stdio::null()).spawn().unwrap();
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "Redis does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn location(&self) -> RedisLocation {
        let location: RedisLocation = format!("redis://app@127.0.0.1:{}", self.port).parse().unwrap();
        location.with_password("p@ss/word")
    }

    async fn node(&self, mark: u8) -> Cache {
        Cache::redis(&self.location(), Capacity::default(), Arc::new(SystemClock), [mark; 16]).await.unwrap()
    }

    fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    fn restart(&mut self) {
        self.server = Self::spawn(self.folder.path(), self.port);
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.server.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

const MINUTE: Duration = Duration::from_mins(1);

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn text(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_shared_by_nodes_and_expire() {
    let redis = Redis::start();
    let (one, other) = (redis.node(1).await, redis.node(2).await);
    one.values.put("a", text("1"), MINUTE).await.unwrap();
    assert_eq!(other.values.get("a").await.unwrap(), Some(text("1")));
    other.values.add("a", text("2"), MINUTE).await.unwrap();
    assert_eq!(one.values.get("a").await.unwrap(), Some(text("1")));
    other.values.remove("a").await.unwrap();
    assert_eq!(one.values.get("a").await.unwrap(), None);
    one.values.add("a", text("2"), Duration::from_secs(3)).await.unwrap();
    assert_eq!(one.values.get("a").await.unwrap(), Some(text("2")));
    until("it does not expire", async || one.values.get("a").await.unwrap().is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_count_the_same_attempts() {
    let redis = Redis::start();
    let (one, other) = (redis.node(1).await, redis.node(2).await);
    let rate = Rate { burst: 3, interval: MINUTE };
    for node in [&one, &other, &one] {
        assert_eq!(node.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    }
    let Verdict::Refused { retry_after } = other.rates.attempt("key", rate).await.unwrap() else { panic!("allowed") };
    assert!(retry_after > Duration::from_secs(50) && retry_after <= MINUTE, "{retry_after:?}");
    one.rates.forgive("key").await.unwrap();
    assert_eq!(other.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    // What a refused attempt cost was nothing: after its interval one more is allowed.
    let quick = Rate { burst: 1, interval: Duration::from_secs(3) };
    assert_eq!(one.rates.attempt("quick", quick).await.unwrap(), Verdict::Allowed);
    let refused = other.rates.attempt("quick", quick).await.unwrap();
    let Verdict::Refused { retry_after } = refused else { panic!("allowed") };
    tokio::time::sleep(retry_after).await;
    assert_eq!(other.rates.attempt("quick", quick).await.unwrap(), Verdict::Allowed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ring_is_heard_once_on_every_node() {
    let redis = Redis::start();
    let (one, other) = (redis.node(1).await, redis.node(2).await);
    let (mut here, mut there) = (one.bell.listen("a"), other.bell.listen("a"));
    // The first subscription may still be on its way: ring until it is heard there.
    until("nothing is heard on the other node", async || {
        one.bell.ring("a", text("hello")).await.unwrap();
        tokio::time::timeout(Duration::from_millis(100), there.next()).await.ok()
    })
    .await;
    while tokio::time::timeout(Duration::from_millis(200), there.next()).await.is_ok() {}
    while tokio::time::timeout(Duration::from_millis(50), here.next()).await.is_ok() {}
    one.bell.ring("a", text("once")).await.unwrap();
    one.bell.ring("b", text("elsewhere")).await.unwrap();
    assert_eq!(there.next().await, Some(Ring::Message(text("once"))));
    assert_eq!(here.next().await, Some(Ring::Message(text("once"))));
    let quiet = Duration::from_millis(300);
    assert!(tokio::time::timeout(quiet, here.next()).await.is_err(), "its own ring came back");
    assert!(tokio::time::timeout(quiet, there.next()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_node_goes_on_and_with_it_it_comes_back() {
    let mut redis = Redis::start();
    let (one, other) = (redis.node(1).await, redis.node(2).await);
    one.values.put("session", text("alive"), MINUTE).await.unwrap();
    one.values.put("kept", text("alive"), MINUTE).await.unwrap();
    let (mut here, mut there) = (one.bell.listen("a"), other.bell.listen("a"));
    redis.kill();
    until("the loss is not noticed", async || one.values.get("session").await.err()).await;

    let start = Instant::now();
    for _ in 0..100 {
        assert!(one.values.get("session").await.is_err());
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}: asking a lost Redis is slow", start.elapsed());
    let rate = Rate { burst: 2, interval: MINUTE };
    assert_eq!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    assert_eq!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    assert!(matches!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Refused { .. }), "no limit at all");
    assert!(one.bell.ring("a", text("alone")).await.is_err());
    assert_eq!(here.next().await, Some(Ring::Message(text("alone"))));
    // A session ends while nobody can be told.
    assert!(one.values.put("session", text("ended"), MINUTE).await.is_err());
    assert!(one.values.remove("kept").await.is_err());

    redis.restart();
    let ended = async || other.values.get("session").await.ok().flatten().filter(|value| value == "ended");
    until("what changed meanwhile is not told", ended).await;
    let removed = async || other.values.get("kept").await.ok().filter(Option::is_none);
    until("what was removed meanwhile is still there", removed).await;
    assert_eq!(there.next().await, Some(Ring::Lost), "who listened is not told that rings were lost");
    until("the bell does not come back", async || {
        one.bell.ring("a", text("again")).await.ok()?;
        let heard = tokio::time::timeout(Duration::from_millis(100), there.next()).await.ok()??;
        (heard == Ring::Message(text("again"))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_redis_makes_one_question_wait_and_not_each() {
    let redis = Redis::start();
    let node = redis.node(1).await;
    node.values.put("a", text("1"), MINUTE).await.unwrap();
    redis.signal("-STOP");
    let start = Instant::now();
    for _ in 0..50 {
        assert!(node.values.get("a").await.is_err());
    }
    let waited = start.elapsed();
    assert!(node.values.put("a", text("2"), MINUTE).await.is_err());
    redis.signal("-CONT");
    assert!(waited < Duration::from_secs(2), "{waited:?}");
    // What changed meanwhile is told before anything is answered, without a new connection.
    let first = until("it does not come back", async || node.values.get("a").await.ok().flatten()).await;
    assert_eq!(first, text("2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_starts_without_redis_and_finds_it_later() {
    let mut redis = Redis::start();
    redis.kill();
    let node = redis.node(1).await;
    assert!(node.values.get("a").await.is_err());
    redis.restart();
    until("it is not found", async || node.values.put("a", text("1"), MINUTE).await.ok()).await;
    assert_eq!(node.values.get("a").await.unwrap(), Some(text("1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_a_lost_redis_and_not_a_lost_node() {
    let redis = Redis::start();
    let location = redis.location().with_password("wrong");
    let node = Cache::redis(&location, Capacity::default(), Arc::new(SystemClock), [1; 16]).await.unwrap();
    assert!(node.values.get("a").await.is_err());
    let rate = Rate { burst: 1, interval: MINUTE };
    assert_eq!(node.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
}
