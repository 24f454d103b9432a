//! What is kept in the folder of blobs, compared with what the database says of it.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use service::Blobs;
use sha2::{Digest, Sha256};
use store::Store;

use crate::cluster::Cluster;

/// Older than what a sweep leaves alone, which is a day.
const OLD: Duration = Duration::from_hours(48);

/// The package of each of these releases: the only one, each of its files there with the checksum that it was told with.
pub(crate) async fn packages_that_are_whole(
    database: &str,
    cluster: &Cluster,
    releases: &[String],
) -> BTreeMap<String, String> {
    let store = Store::open(&database.parse().unwrap()).await.unwrap();
    let mut whole = BTreeMap::new();
    for release in releases {
        let packages = store.packages().list_of(release.parse().unwrap()).await.unwrap();
        assert_eq!(packages.len(), 1, "{release} has no package, or two: {packages:?}");
        let files = store.packages().files(packages[0].id).await.unwrap();
        assert!(!files.is_empty(), "{release} has an empty package");
        for file in files {
            let kept = fs::read(cluster.blobs().join(Blobs::key(&file.sha256))).unwrap();
            let (size, found) = (kept.len() as u64, packer::hash::Sha256(Sha256::digest(&kept).into()));
            assert_eq!((size, found), (file.size, file.sha256), "{release}: {}", file.path);
        }
        whole.insert(release.clone(), packages[0].id.to_string());
    }
    whole
}

/// Everything below a folder; nothing where there is none, or where it goes meanwhile.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let below = entries.flat_map(|entry| match entry.path() {
        path if path.is_dir() => files_below(&path),
        path => vec![path],
    });
    below.collect()
}

/// As if everything had been written two days ago.
pub(crate) fn make_old(folder: &Path) {
    for file in files_below(folder) {
        let written = SystemTime::now() - OLD;
        File::options().write(true).open(file).unwrap().set_modified(written).unwrap();
    }
}
