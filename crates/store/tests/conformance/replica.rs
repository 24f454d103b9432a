//! Reads that may be a little old go to the replica, as long as it follows.

use std::{
    net::{Ipv4Addr, SocketAddr},
    str::FromStr as _,
    time::{Duration, Instant},
};

use sqlx::{
    AssertSqlSafe, Connection as _, MySqlConnection,
    mysql::{MySqlConnectOptions, MySqlSslMode},
};
use store::{DatabaseLocation, NodeId, ReplicaState, Store, Timestamp, UserId};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{
    database::{drop_mysql_place, mysql_place_named, on_sqlite, variable},
    ways_in::AUTHORITY,
    world::{World, at},
};

/// The variable with the URL of a server that follows the one of the other tests.
pub(crate) const REPLICA: &str = "TEST_MYSQL_REPLICA_URL";

fn replica() -> MySqlConnectOptions {
    MySqlConnectOptions::from_str(&variable(REPLICA)).unwrap()
}

async fn tell_replica(statement: &'static str) {
    let mut connection = MySqlConnection::connect_with(&replica()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// A way to the replica that can be cut.
struct Wire {
    port: u16,
    open: tokio::task::JoinHandle<()>,
}

impl Wire {
    async fn new(port: u16) -> Self {
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, replica().get_port()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = tokio::spawn(async move {
            // Connections end with the task that holds them.
            let mut connections = JoinSet::new();
            while let Ok((mut from, _)) = listener.accept().await {
                connections.spawn(async move {
                    let mut to = TcpStream::connect(to).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                });
            }
        });
        Self { port, open }
    }

    async fn cut(self) -> u16 {
        self.open.abort();
        let _ = self.open.await;
        self.port
    }
}

struct Pair {
    world: World,
    reading: Store,
    node: NodeId,
    now: Timestamp,
}

impl Pair {
    async fn measure(&mut self) -> ReplicaState {
        // The next look is a second later by the clock of the test, whatever the machine's says.
        self.now = self.now.after(Duration::from_secs(1));
        self.world.store.measure_replica(self.node, self.now).await.unwrap().unwrap()
    }

    async fn until(&mut self, what: &str, is: impl Fn(ReplicaState) -> bool) {
        let start = Instant::now();
        loop {
            let state = self.measure().await;
            if is(state) {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "{what}: {state:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn is_seen(&self, user: UserId) -> bool {
        self.reading.users().lookup(user).await.unwrap().is_some()
    }
}

fn follows(state: ReplicaState) -> bool {
    matches!(state, ReplicaState::Follows { .. })
}

/// One test for all of it: there is one replica, and stopping it is felt by whoever reads from it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_go_to_the_replica_while_it_follows_and_to_the_primary_while_it_does_not() {
    let (primary, name) = mysql_place_named("replicated").await;
    let DatabaseLocation::MySql { primary, .. } = primary else { panic!("it is a server") };
    let wire = Wire::new(0).await;
    let through = replica().database(&name).port(wire.port).host("127.0.0.1");
    let through = through.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(variable(AUTHORITY));
    let location = DatabaseLocation::MySql { primary, replica: Some(Box::new(through)) };
    let store = Store::open(&location).await.unwrap();
    store.migrate().await.unwrap();
    let outcome = tokio::spawn(story(World::new(store.clone(), location), wire)).await;
    tell_replica("START REPLICA SQL_THREAD").await;
    store.close().await;
    drop_mysql_place(name).await;
    outcome.unwrap();
}

async fn story(world: World, wire: Wire) {
    let ada = world.user("ada").await;
    let reading = world.store.allowing_lag();
    let mut pair = Pair { node: NodeId::new(at(0), 1), reading, world, now: at(0) };
    assert_eq!(pair.world.store.replica_state(), Some(ReplicaState::Gone), "it was never measured");
    assert!(pair.is_seen(ada).await);
    pair.until("it does not follow", follows).await;
    let start = Instant::now();
    while !pair.is_seen(ada).await {
        assert!(start.elapsed() < Duration::from_secs(10), "the replica does not get the row");
    }

    tell_replica("STOP REPLICA SQL_THREAD").await;
    let bob = pair.world.user("bob").await;
    assert!(!pair.is_seen(bob).await, "a read that may be old was not read from the replica");
    assert!(pair.world.store.users().lookup(bob).await.unwrap().is_some());
    let mut transaction = pair.reading.begin_write().await.unwrap();
    assert!(transaction.users().lookup(bob).await.unwrap().is_some());
    transaction.roll_back().await.unwrap();
    pair.until("it does not lag", |state| matches!(state, ReplicaState::Lags { lag: Some(_) })).await;
    assert!(pair.is_seen(bob).await, "a replica that is far behind was read");

    tell_replica("START REPLICA SQL_THREAD").await;
    pair.until("it does not catch up", follows).await;
    assert!(pair.is_seen(bob).await);

    let port = wire.cut().await;
    assert!(pair.is_seen(bob).await, "the loss of the replica was felt");
    assert_eq!(pair.measure().await, ReplicaState::Gone);
    assert!(pair.is_seen(ada).await);
    let wire = Wire::new(port).await;
    pair.until("it does not come back", follows).await;
    wire.cut().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_has_no_replica() {
    on_sqlite(|world: World| async move {
        assert_eq!(world.store.replica_state(), None);
        assert_eq!(world.store.measure_replica(NodeId::new(at(0), 1), at(1)).await.unwrap(), None);
        let ada = world.user("ada").await;
        assert!(world.store.allowing_lag().users().lookup(ada).await.unwrap().is_some());
    })
    .await;
}
