//! Backups from one object store into another place of it, while nodes work, and back.

use std::process::{Output, Stdio};

use crate::{
    client::Client,
    cluster::{Cluster, book, pack, until_status},
    objects::Shelf,
    services::variable,
};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a command as the operator of the cluster does; what it says, when it ends well.
fn run(cluster: &Cluster, arguments: &[&str], more: &[(&str, &str)]) -> Result<String, String> {
    let mut command = cluster.command(arguments, "operator");
    command.envs(more.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.output().unwrap();
    if output.status.success() { Ok(said(&output)) } else { Err(said(&output)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_in_a_bucket_is_whole_comes_back_elsewhere_and_goes_when_it_is_old() {
    let Shelf { cluster, gate, _redis } = Shelf::new().await;
    let node = cluster.node("one", 1);
    let client = cluster.sign_in(&node).await;
    let group = cluster.group(&node, &client, "GRP").await;
    let release = client.upload(node.port, &book("Kept twice")).await;
    until_status(&client, node.port, &release, "draft").await;
    pack(&client, node.port, &release, &group).await;
    until_status(&client, node.port, &release, "packed").await;

    let bucket = format!("backups-{:032x}", rand::random::<u128>());
    let endpoint = variable("TEST_S3_ENDPOINT");
    let port = endpoint.rsplit(':').next().unwrap().parse().unwrap();
    Client::default().try_send(port, "PUT", &format!("/{bucket}"), &[], &[]).await.unwrap().expect(200);
    let place = format!("s3://{bucket}/nightly");
    let first = run(&cluster, &["backup", &place], &[("BACKUP_ENDPOINT", &endpoint)]).unwrap();
    assert!(first.contains("read again and found whole"), "{first}");
    let name = first.split(": ").next().unwrap().trim().to_owned();
    assert!(name.starts_with(&place), "{first}");
    let checked = run(&cluster, &["restore", &name, "--check"], &[]).unwrap();
    assert!(checked.contains("whole"), "{checked}");

    // Into an empty place of another kind: SQLite, and a folder.
    let elsewhere = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", elsewhere.path().join("books.db").display());
    let blobs = format!("file://{}", elsewhere.path().join("blobs").display());
    let there = [("DATABASE_URL", database.as_str()), ("BLOB_URL", blobs.as_str())];
    let restored = run(&cluster, &["restore", &name], &there).unwrap();
    assert!(restored.contains("restored, read again and equal"), "{restored}");

    // One that was begun and not finished is no backup, and the next one removes it; the first is too old by then.
    let begun = format!("/{bucket}/nightly/20200101T000000Z/database.ndjson.gz");
    client.try_send(port, "PUT", &begun, &[], b"half").await.unwrap().expect(200);
    let unfinished = run(&cluster, &["restore", &format!("{place}/20200101T000000Z"), "--check"], &[]).unwrap_err();
    assert!(unfinished.contains("no complete backup"), "{unfinished}");
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let second = run(&cluster, &["backup", &place, "--keep-days", "0"], &[]).unwrap();
    assert!(second.contains("1 older backups removed"), "{second}");
    let gone = run(&cluster, &["restore", &name, "--check"], &[]).unwrap_err();
    assert!(gone.contains("no complete backup"), "{gone}");
    let name = second.split(": ").next().unwrap().trim();
    run(&cluster, &["restore", name, "--check"], &[]).unwrap();
    let left = client.try_send(port, "GET", &begun, &[], &[]).await.unwrap();
    assert_eq!(left.status, 404, "{left}");
    drop(gate);
}
