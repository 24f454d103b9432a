//! Nodes are killed and started at random while they work: every job ends, and exactly once.

use std::{collections::BTreeMap, time::Duration};

use sqlx::{Connection as _, MySqlConnection};

use crate::{
    client::Client,
    cluster::{Cluster, Node, book, database, pack, until},
    services::Redis,
};

/// How many jobs: half of them read books, the other half pack them. `cargo xtask test --all` asks for more.
fn jobs() -> usize {
    std::env::var("CLUSTER_JOBS").map_or(60, |count| count.parse().unwrap())
}

/// Between two blows.
const RESPITE: Duration = Duration::from_millis(1_500);

#[tokio::test(flavor = "multi_thread")]
async fn every_job_ends_exactly_once_while_nodes_are_killed() {
    let (primary, replica) = database().await;
    let redis = Redis::start();
    let cluster = Cluster::new(&[
        ("DATABASE_URL", primary.clone()),
        ("DATABASE_REPLICA_URL", replica),
        ("REDIS_URL", redis.url()),
    ]);
    let steady = cluster.node("steady", 1);
    let client = cluster.sign_in(&steady).await;
    let group = cluster.group(&steady, &client, "GRP").await;
    let books = jobs() / 2;
    let mut doomed: Vec<Node> = ["one", "other"].map(|name| cluster.node(name, 2)).into();

    let work = async {
        let mut releases = Vec::with_capacity(books);
        for number in 0..books {
            releases.push(patiently_upload(&client, steady.port, &book(&format!("Volume {number}"))).await);
        }
        for release in &releases {
            until_read(&client, steady.port, release).await;
            pack(&client, steady.port, release, &group).await;
        }
        for release in &releases {
            crate::cluster::until_status(&client, steady.port, release, "packed").await;
        }
    };
    let mut blows = 0_u32;
    tokio::pin!(work);
    loop {
        tokio::select! {
            () = &mut work => break,
            () = tokio::time::sleep(RESPITE) => {
                let fallen = usize::from(rand::random::<bool>());
                doomed[fallen].process.kill();
                blows += 1;
                doomed[fallen] = cluster.node(["one", "other"][fallen], 2);
            }
        }
    }
    let counts = count(&primary).await;
    println!("{books} books, {blows} nodes killed, jobs by kind, state and number of claims: {counts:#?}");
    assert!(blows > 0, "nobody was killed");
    let ended: u64 = counts.values().sum();
    assert_eq!(ended, 2 * books as u64);
    assert!(counts.keys().all(|key| key.contains(" done")), "{counts:?}");
    let mut connection = MySqlConnection::connect(&primary).await.unwrap();
    let packages: (i64, i64) = sqlx::query_as("SELECT COUNT(*), COUNT(DISTINCT release_id) FROM packages")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let books = i64::try_from(books).unwrap();
    assert_eq!(packages, (books, books), "a release has no package, or two");
}

/// Comes back when it is told to: a thousand books are more than a person may begin at once.
async fn patiently_upload(client: &Client, port: u16, book: &[u8]) -> String {
    loop {
        let answer = client.try_upload(port, book).await.unwrap();
        if answer.status != 429 {
            return answer.expect(201).json()["release"].as_str().unwrap().to_owned();
        }
        let seconds = answer.header("retry-after").unwrap().parse().unwrap();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

async fn until_read(client: &Client, port: u16, release: &str) {
    let read = until(async || {
        let answer = client.get(port, &format!("/api/v1/releases/{release}")).await;
        (answer.json()["status"] == "draft").then_some(())
    });
    assert!(read.await.is_some(), "{release} is not read");
}

/// How many jobs there are of each kind, in each state, claimed so many times.
async fn count(url: &str) -> BTreeMap<String, u64> {
    let store = store::Store::open(&url.parse().unwrap()).await.unwrap();
    let (mut counts, mut after) = (BTreeMap::new(), None);
    loop {
        let page = store.jobs().list(&store::jobs::JobFilter::default(), after, 100).await.unwrap();
        for job in page.items {
            *counts.entry(format!("{} {} {}", job.kind.word(), job.state.word(), job.lease_number)).or_default() += 1;
        }
        after = page.next;
        if after.is_none() {
            return counts;
        }
    }
}
