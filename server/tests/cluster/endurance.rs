//! Nodes are killed and started at random while they work: every job ends, exactly once for whoever asked for it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rand::seq::IteratorRandom;

use crate::{
    cluster::{Cluster, Node, book, database},
    kept::packages_that_are_whole,
    person::Person,
    services::Redis,
    sweep::sweep,
    tables::Tables,
};

/// How many jobs: half of them read books, the other half pack them. `cargo xtask test --all` asks for more.
fn jobs() -> usize {
    std::env::var("CLUSTER_JOBS").map_or(60, |count| count.parse().unwrap())
}

/// All of them fall: whoever speaks to one goes on with another.
const NAMES: [&str; 3] = ["one", "two", "three"];
const WORKERS: u32 = 2;
/// Between two blows.
const RESPITE: Duration = Duration::from_millis(1_500);
/// Between two looks whether a job that was struck often has ended.
const LOOK: Duration = Duration::from_millis(100);
/// So often the node of one job falls, and once more where the job is begun between a look and the blow. Then it is let
/// end: struck at random, one that is long would be struck for ever, and each time its lease must run out first.
const MOST_STRUCK: u32 = 2;
/// The first books are packed for long enough to be struck in the midst of it.
const LONG_BOOKS: usize = 3;
const LONG_BOOK_BYTES: u64 = 60_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn every_job_ends_exactly_once_while_nodes_are_killed() {
    let (primary, replica) = database().await;
    let redis = Redis::start();
    let cluster = Arc::new(Cluster::new(&[
        ("DATABASE_URL", primary.clone()),
        ("DATABASE_REPLICA_URL", replica),
        ("REDIS_URL", redis.url()),
    ]));
    let mut nodes = NAMES.map(|name| cluster.node(name, WORKERS));
    let client = cluster.sign_in(&nodes[0]).await;
    let group = cluster.group(&nodes[0], &client, "GRP").await;
    let person = Person::new(client, nodes.each_ref().map(|node| node.port));
    let books = jobs() / 2;

    let mut told = BTreeMap::new();
    let work = async {
        let mut releases = Vec::with_capacity(books);
        for number in 0..books {
            releases.push(person.upload(&volume(number)).await);
        }
        for release in &releases {
            person.until_status(release, "draft").await;
            person.pack(release, &group).await;
        }
        for release in releases {
            let packed = person.until_status(&release, "packed").await;
            told.insert(release, packed["packages"][0]["id"].as_str().unwrap().to_owned());
        }
    };
    let mut blows = [0_u32; NAMES.len()];
    tokio::select! {
        () = work => {}
        () = strike(&cluster, &mut nodes, &person, &mut blows) => {}
    }
    Tables::of(&cluster).await.until_idle().await;
    drop(nodes);
    let cut_off = sweep(&cluster).await;

    let counts = count(&primary).await;
    let taken_over: u64 = counts.iter().filter(|(key, _)| key.claims > 1).map(|(_, count)| count).sum();
    println!(
        "{books} books, nodes killed: {blows:?}, requests that went to another node: {}, jobs taken over: {taken_over}, \
         files that were cut off, coming in and of uploads: {cut_off:?}",
        person.changes()
    );
    for (Key { kind, state, claims }, count) in &counts {
        println!("{kind} {state} after so many claims: {claims}, jobs: {count}");
    }
    assert!(blows.iter().all(|count| *count > 0), "not every node was killed: {blows:?}");
    assert!(person.changes() > 0, "nobody had to go to another node");
    assert!(taken_over > 0, "no job was taken over");
    assert!(counts.keys().all(|key| key.state == "done"), "{counts:?}");
    // Of a job whose node never falls there is one claim.
    assert!(counts.keys().all(|key| key.claims <= MOST_STRUCK + 2), "struck too often: {counts:?}");
    let of_kind = |kind| counts.iter().filter(|(key, _)| key.kind == kind).map(|(_, count)| count).sum::<u64>();
    assert_eq!(of_kind("pack"), books as u64, "a book is packed twice, or not");
    // Whoever does not hear that a book has come sends it once more.
    assert!(of_kind("inspect") >= books as u64, "a book was not read");
    let releases: Vec<_> = told.keys().cloned().collect();
    assert_eq!(packages_that_are_whole(&primary, &cluster, &releases).await, told);
}

fn volume(number: usize) -> Vec<u8> {
    let title = format!("Volume {number}");
    if number < LONG_BOOKS {
        packer::builder::Book::epub3().title(&title).creator("Ada Lovelace").padding(LONG_BOOK_BYTES, 7).build()
    } else {
        book(&title)
    }
}

/// Kills nodes and starts them again for as long as it is let: each of them in turn of chance, those first that have not
/// fallen; and once, whichever is packing. While a job is begun that was struck as often as one may be, none falls.
async fn strike(cluster: &Arc<Cluster>, nodes: &mut [Node; NAMES.len()], person: &Person<3>, blows: &mut [u32]) {
    let begun_too_often =
        format!("SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running') AND lease_number > {MOST_STRUCK}");
    let mut tables = Tables::of(cluster).await;
    let mut was_at_work = false;
    loop {
        let at_work = tokio::time::timeout(RESPITE, async {
            if was_at_work { std::future::pending().await } else { cluster.until_one_packs(&NAMES).await }
        });
        let at_work = at_work.await.ok();
        if tables.number(&begun_too_often).await > 0 {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        was_at_work |= at_work.is_some();
        let fewest = *blows.iter().min().unwrap();
        let by_chance = || (0..NAMES.len()).filter(|node| fewest > 0 || blows[*node] == 0).choose(&mut rand::rng());
        let fallen = at_work.or_else(by_chance).unwrap();
        nodes[fallen].process.kill();
        blows[fallen] += 1;
        let again = Arc::clone(cluster);
        // Starting waits, and meanwhile people go on.
        nodes[fallen] = tokio::task::spawn_blocking(move || again.node(NAMES[fallen], WORKERS)).await.unwrap();
        person.finds(fallen, nodes[fallen].port);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: &'static str,
    state: &'static str,
    claims: u32,
}

/// How many jobs there are of each kind, in each state, claimed so many times.
async fn count(url: &str) -> BTreeMap<Key, u64> {
    let store = store::Store::open(&url.parse().unwrap()).await.unwrap();
    let (mut counts, mut after) = (BTreeMap::new(), None);
    loop {
        let page = store.jobs().list(&store::jobs::JobFilter::default(), after, 100).await.unwrap();
        for job in page.items {
            let key = Key { kind: job.kind.word(), state: job.state.word(), claims: job.lease_number };
            *counts.entry(key).or_default() += 1;
        }
        after = page.next;
        if after.is_none() {
            return counts;
        }
    }
}
