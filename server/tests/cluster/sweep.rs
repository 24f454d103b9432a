//! The round of a day later: what was cut off goes, and what came whole becomes a book.

use packer::hash::Sha256;
use store::Store;

use crate::{
    cluster::{Cluster, until},
    kept::{files_below, make_old},
    tables::Tables,
};

/// Sweeps as any node does after a day: then nothing lies about. How many files it were that were coming in, and parts of
/// uploads.
pub(crate) async fn sweep(cluster: &Cluster) -> [usize; 2] {
    let unnamed = || ["incoming", "uploads"].map(|folder| files_below(&cluster.blobs().join(folder)).len());
    let mut tables = Tables::of(cluster).await;
    tables.until_idle().await;
    let cut_off = unnamed();
    make_old(&cluster.blobs());
    tables.change("UPDATE uploads SET expires_at = 1").await;
    let _sweeper = cluster.node("sweeper", 1);
    let store = Store::open(&cluster.database().parse().unwrap()).await.unwrap();
    let mut left = String::new();
    let swept = until(async || {
        let (uploads, unneeded) =
            (tables.number("SELECT COUNT(*) FROM uploads").await, unneeded(cluster, &store).await);
        left = format!("uploads: {uploads}, files: {:?}, blobs that nothing needs: {unneeded:?}", unnamed());
        (uploads == 0 && unnamed() == [0, 0] && unneeded.is_empty()).then_some(())
    })
    .await;
    assert!(swept.is_some(), "something lies about: {left}");
    tables.until_idle().await;
    store.close().await;
    assert_eq!(unnamed(), [0, 0]);
    cut_off
}

/// Blobs in the folder, where they are in one, that nobody needs.
async fn unneeded(cluster: &Cluster, store: &Store) -> Vec<Sha256> {
    let mut unneeded = Vec::new();
    for file in files_below(&cluster.blobs().join("sha256")) {
        let hash: Sha256 = file.file_name().unwrap().to_str().unwrap().parse().unwrap();
        if !store.blobs().is_needed(&hash).await.unwrap() {
            unneeded.push(hash);
        }
    }
    unneeded
}
