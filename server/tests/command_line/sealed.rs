//! Seeds of one-time codes whose key is not set: named, and no reason to keep anybody out by surprise.

use packer::hash::Sha256;
use store::{DatabaseLocation, Store, Timestamp};

use crate::binary::{Place, Run};

const KEY: &str = "a key of the seals that is long enough";

fn run(place: &Place, arguments: &[&str], environment: &str) -> Run {
    let mut command = place.command(arguments);
    let variables = [
        ("APP_ENV", environment),
        ("DATA_DIR", "."),
        ("BIND_ADDR", "127.0.0.1:0"),
        ("PUBLIC_URL", "http://127.0.0.1:5000"),
        ("JWT_SECRET_KEY", "0123456789abcdef0123456789abcdef0123456789"),
        ("SECRETS_KEY", KEY),
        ("LOG_LEVEL", "ERROR"),
    ];
    Run::of(&command.envs(variables).output().unwrap())
}

/// Gives somebody codes that were sealed with a key that nobody has any more.
async fn seal_elsewhere(place: &Place, username: &str) {
    let file = place.path().join("ebook-scene-packer.db");
    let store = Store::open(&DatabaseLocation::Sqlite { file }).await.unwrap();
    let user = store.users().find_by_username(username).await.unwrap().unwrap().id;
    let mut transaction = store.begin_write().await.unwrap();
    transaction.second_factors().put_seed(user, "v1.AAAAAAAA.AAAA", Timestamp(1)).await.unwrap();
    transaction.second_factors().confirm(user, &[Sha256([7; 32])], Timestamp(1)).await.unwrap();
    transaction.commit().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_lost_key_is_told_of_before_anybody_is_kept_out_and_there_is_a_way_on() {
    let place = Place::new();
    run(&place, &["create-admin", "--username", "ada"], "development").ends_with(0);
    seal_elsewhere(&place, "ada").await;

    let refused = run(&place, &["serve"], "production").ends_with(3);
    for said in ["SECRETS_KEY", "SECRETS_KEY_PREVIOUS", "rotate-secrets --switch-off-lost"] {
        assert!(refused.messages.contains(said), "{refused:?}");
    }
    let rotated = run(&place, &["rotate-secrets"], "production").ends_with(1);
    assert!(rotated.messages.contains("ada") && rotated.messages.contains("--switch-off-lost"), "{rotated:?}");
    assert!(rotated.results.contains("0 stored secrets"), "{rotated:?}");
    let switched = run(&place, &["rotate-secrets", "--switch-off-lost"], "production").ends_with(0);
    assert!(switched.results.contains("one-time codes switched off: ada"), "{switched:?}");
    run(&place, &["rotate-secrets"], "production").ends_with(0);
}
