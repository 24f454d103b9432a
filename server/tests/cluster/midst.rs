//! A node is killed in the midst of what cannot be seen from outside to be half done: bytes that are still coming, a book
//! that is being read.

use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    client::Client,
    cluster::{Cluster, book, database, until, until_status},
    services::Redis,
    tables::Tables,
};

/// Several parts of an upload, of which a node holds one at a time.
const LARGE_BOOK_BYTES: u64 = 40_000_000;
/// How long a job is left to a worker of which nothing is heard, and how long others take to look.
const LONGEST_SILENCE: Duration = Duration::from_secs(30 + 5);

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_at_another_node_when_its_own_is_killed_in_the_midst_of_a_request() {
    let redis = Redis::start();
    let cluster = Cluster::new(&[("DATABASE_URL", database().await.0), ("REDIS_URL", redis.url())]);
    let (mut one, other) = (cluster.node("one", 0), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let bytes = packer::builder::Book::epub3().title("Half way").creator("Ada").padding(LARGE_BOOK_BYTES, 7).build();
    let length = bytes.len().to_string();
    let begin = [("Tus-Resumable", "1.0.0"), ("Upload-Length", &length), ("Upload-Metadata", "filename Ym9vay5lcHVi")];
    let begun = client.try_send(one.port, "POST", "/api/v1/uploads", &begin, &[]).await.unwrap().expect(201);
    let path = begun.header("location").unwrap().to_owned();
    let received = async || client.get(other.port, &path).await.expect(200).json()["received"].as_u64().unwrap();

    // All is announced and half of it sent: the request is under way for as long as its node lives.
    let half =
        client.begin(one.port, "PATCH", &path, &part("0"), (&bytes[..bytes.len() / 2], bytes.len())).await.unwrap();
    let some = until(async || Some(received().await).filter(|received| *received > 0)).await;
    one.process.kill();
    drop(half);
    let start = some.expect("nothing of it is durable before all is there");
    assert!(start <= bytes.len() as u64 / 2, "more than was sent");

    let rest = until(async || {
        let from = received().await;
        assert!(from >= start, "what was acknowledged is lost");
        let rest = &bytes[usize::try_from(from).unwrap()..];
        let answer = client.try_send(other.port, "PATCH", &path, &part(&from.to_string()), rest).await.unwrap();
        // What the dead node had asked of the database may have come between.
        (answer.status != 409).then_some(answer)
    });
    let rest = rest.await.unwrap().expect(204);
    let release = rest.header("upload-release").unwrap().to_owned();
    let read = until_status(&client, other.port, &release, "draft").await;
    let sent = packer::hash::Sha256(Sha256::digest(&bytes).into()).to_string();
    assert_eq!(read["book"]["sha256"], sent, "{read}");
}

fn part(offset: &str) -> [(&'static str, &str); 3] {
    [("Tus-Resumable", "1.0.0"), ("Upload-Offset", offset), ("Content-Type", "application/offset+octet-stream")]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_whose_reader_is_killed_is_read_by_another_within_the_lease() {
    let (redis, database) = (Redis::start(), database().await.0);
    let cluster = Cluster::new(&[("DATABASE_URL", database), ("REDIS_URL", redis.url())]);
    let desk = cluster.node("desk", 0);
    let client = cluster.sign_in(&desk).await;
    let release = client.upload(desk.port, &book("Read twice")).await;
    // It can be read to the end, and what was read cannot be stored.
    let mut holder = Tables::of(&cluster).await;
    holder.change("START TRANSACTION").await;
    holder.change(&format!("UPDATE releases SET updated_at = updated_at + 1 WHERE id = '{release}'")).await;
    let mut first = cluster.worker("first");
    let running = until(async || running(&client, desk.port).await);
    let (job, attempts) = running.await.expect("nobody reads it");
    assert_eq!(attempts, 1);
    first.process.kill();
    let killed = Instant::now();
    holder.change("ROLLBACK").await;
    let _second = cluster.worker("second");
    let path = format!("/api/v1/jobs/{job}");
    let taken_over = until(async || {
        let job = client.get(desk.port, &path).await.json();
        (job["attempts"] == 2).then(|| killed.elapsed())
    });
    let taken_over = taken_over.await.expect("nobody takes it over");
    assert!(taken_over < LONGEST_SILENCE, "{taken_over:?}");
    until_status(&client, desk.port, &release, "draft").await;
    let done = client.get(desk.port, &path).await.json();
    assert_eq!((&done["state"], &done["attempts"]), (&Value::from("done"), &Value::from(2)), "{done}");
}

/// The inspection that runs, and its attempts.
async fn running(client: &Client, port: u16) -> Option<(String, u64)> {
    let jobs = client.get(port, "/api/v1/jobs?state=running&kind=inspect").await.expect(200).json();
    let job = jobs["items"].get(0)?;
    Some((job["id"].as_str()?.to_owned(), job["attempts"].as_u64()?))
}
