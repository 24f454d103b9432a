//! What ends when the way in becomes another, and what opens although a key is gone.

use std::time::Duration;

use service::{
    Actor, AuditAction, AuditQuery, Clock, ExposeSecret, FailureKind, KeyFit, Role, SecretString, SignIn, SignedIn,
    Timestamp, TokenScope,
};
use store::users::PasswordHash;

use crate::{
    house::{House, PASSWORD, client},
    opening::code,
};

const NEW_PASSWORD: &str = "an even better password";

async fn signed_in(house: &House, username: &str) -> SignedIn {
    house.services.accounts().sign_in(username, &PASSWORD.into(), &client()).await.unwrap()
}

async fn is_in(house: &House, token: &SecretString) -> bool {
    match house.services.accounts().authenticate(token.expose_secret()).await {
        Ok(_) => true,
        Err(failure) if failure.kind == FailureKind::SignedOut => false,
        Err(failure) => panic!("{failure:?}"),
    }
}

/// Switches the codes of somebody on with the services given, and gives the seed and the recovery codes.
async fn with_codes(house: &House, services: &service::Services, actor: &Actor) -> (String, Vec<SecretString>) {
    let accounts = services.accounts();
    accounts.begin_codes(actor, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(actor).await.unwrap().unwrap().seed.expose_secret().to_owned();
    let recovery = accounts.confirm_codes(actor, &code(&seed, house.clock.now_ms())).await.unwrap();
    (seed, recovery.0)
}

#[tokio::test]
async fn another_password_ends_tokens_as_it_ends_sessions() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let here = signed_in(&house, "Ada").await;
    let token = accounts.create_token(&here.actor, &PASSWORD.into(), "a thief's", TokenScope::All, 366).await.unwrap();
    assert!(is_in(&house, &token.secret).await);
    accounts.change_password(&here.actor, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap();
    assert!(!is_in(&house, &token.secret).await);
}

#[tokio::test]
async fn one_time_codes_on_or_off_end_every_other_session() {
    let (house, admin) = House::new().await;
    house.editor(&admin).await;
    let accounts = house.services.accounts();
    let (here, other) = (signed_in(&house, "Ed").await, signed_in(&house, "Ed").await);
    let token = accounts.create_token(&here.actor, &PASSWORD.into(), "script", TokenScope::Read, 1).await.unwrap();
    let (seed, _) = with_codes(&house, &house.services, &here.actor).await;
    assert!(is_in(&house, &here.access_token).await && !is_in(&house, &other.access_token).await, "switched on");
    let other = enter(&house, &seed).await;
    accounts.end_codes(&here.actor, &PASSWORD.into()).await.unwrap();
    assert!(is_in(&house, &here.access_token).await && !is_in(&house, &other.access_token).await, "switched off");
    // Whoever loses their codes by another's hand signs in anew everywhere, and that other one stays.
    with_codes(&house, &house.services, &here.actor).await;
    let ada = signed_in(&house, "Ada").await;
    accounts.end_codes_of(&ada.actor, &PASSWORD.into(), here.actor.user_id).await.unwrap();
    assert!(!is_in(&house, &here.access_token).await && is_in(&house, &ada.access_token).await, "by another");
    assert!(is_in(&house, &token.secret).await, "a token was never asked for a code");
}

/// Signs Ed in with a code.
async fn enter(house: &House, seed: &str) -> SignedIn {
    let accounts = house.services.accounts();
    let SignIn::CodeNeeded(challenge) = accounts.begin_sign_in("Ed", &PASSWORD.into(), &client(), None).await.unwrap()
    else {
        panic!("a password alone");
    };
    house.clock.pass(Duration::from_secs(30));
    let code = code(seed, house.clock.now_ms());
    accounts.finish_sign_in(challenge.expose_secret(), &code, &client(), None).await.unwrap()
}

#[tokio::test]
async fn a_hash_of_older_parameters_is_renewed_for_whoever_uses_codes_too() {
    use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};

    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let (seed, _) = with_codes(&house, &house.services, &editor).await;
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
    let old = PasswordHash(weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string());
    let mut transaction = house.store.begin_write().await.unwrap();
    transaction.users().set_password(editor.user_id, &old, Timestamp(house.clock.now_ms())).await.unwrap();
    transaction.commit().await.unwrap();
    // The challenge is of the new hash: it leads in.
    enter(&house, &seed).await;
    let renewed = house.store.users().password_hash(editor.user_id).await.unwrap().unwrap();
    assert_ne!(renewed, old);
    enter(&house, &seed).await;
    assert_eq!(house.store.users().password_hash(editor.user_id).await.unwrap().unwrap(), renewed, "once is enough");
}

#[tokio::test]
async fn a_secret_that_does_not_open_keeps_no_other_from_the_new_key() {
    let (house, admin) = House::new().await;
    let (editor, late) = (house.editor(&admin).await, house.person(&admin, "Zoe", Role::EDITOR).await);
    let (lost, first) = (house.with(&[("secrets_key", 9)]), house.with(&[("secrets_key", 1)]));
    lost.accounts().begin_codes(&editor, &PASSWORD.into()).await.unwrap();
    for actor in [&admin, &late] {
        first.accounts().begin_codes(actor, &PASSWORD.into()).await.unwrap();
    }
    let second = house.with(&[("secrets_key", 2), ("secrets_key_previous", 1)]);
    let rotation = second.accounts().rotate_secrets().await.unwrap();
    assert_eq!((rotation.count, rotation.left), (2, vec!["Ed".to_owned()]));
    let query = AuditQuery { action: Some(AuditAction::Rotated), ..AuditQuery::default() };
    let entry = house.services.audit().list(&admin, &query).await.unwrap().items.remove(0);
    assert_eq!(entry.after.unwrap(), serde_json::json!({ "count": 2, "left": ["Ed"] }));
    let without_the_old = house.with(&[("secrets_key", 2)]);
    for actor in [&admin, &late] {
        assert!(without_the_old.accounts().codes_to_be(actor).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn no_secret_moves_to_another_key_without_being_written_down() {
    let (house, admin) = House::new().await;
    let first = house.with(&[("secrets_key", 1)]);
    first.accounts().begin_codes(&admin, &PASSWORD.into()).await.unwrap();
    let before = house.store.second_factors().seeds().await.unwrap();
    house.refuse_entries_of(AuditAction::Rotated).await;
    let second = house.with(&[("secrets_key", 2), ("secrets_key_previous", 1)]);
    second.accounts().rotate_secrets().await.unwrap_err();
    assert_eq!(house.store.second_factors().seeds().await.unwrap(), before);
}

#[tokio::test]
async fn a_recovery_code_opens_where_the_key_of_the_seed_is_gone() {
    let (house, admin) = House::new().await;
    let first = house.with(&[("secrets_key", 1)]);
    let (seed, recovery) = with_codes(&house, &first, &admin).await;
    for (number, other) in [("secrets_key", 2), ("no_secrets_key", 1)].into_iter().enumerate() {
        let services = house.with(&[other]);
        let accounts = services.accounts();
        let SignIn::CodeNeeded(challenge) =
            accounts.begin_sign_in("Ada", &PASSWORD.into(), &client(), None).await.unwrap()
        else {
            panic!("a password alone");
        };
        let with = |code: String| {
            let (challenge, client) = (challenge.clone(), client());
            async move { accounts.finish_sign_in(challenge.expose_secret(), &code, &client, None).await }
        };
        with(recovery[number].expose_secret().to_owned()).await.unwrap();
        house.clock.pass(Duration::from_secs(30));
        // A code that may be right is not called wrong: it is our fault that nobody can tell.
        let refused = with(code(&seed, house.clock.now_ms())).await.unwrap_err();
        assert_ne!(refused.code(), "wrong-code");
    }
}

#[tokio::test]
async fn where_a_key_is_lost_those_who_need_it_come_in_without_codes() {
    let (house, admin) = House::new().await;
    let (lost, first) = (house.with(&[("secrets_key", 9)]), house.with(&[("secrets_key", 1)]));
    assert_eq!(first.accounts().key_fit().await.unwrap(), KeyFit::All, "there is nothing to open");
    let editor = house.editor(&admin).await;
    with_codes(&house, &lost, &editor).await;
    assert_eq!(first.accounts().key_fit().await.unwrap(), KeyFit::None);
    assert_eq!(lost.accounts().key_fit().await.unwrap(), KeyFit::All);
    assert_eq!(house.with(&[("no_secrets_key", 1)]).accounts().key_fit().await.unwrap(), KeyFit::None);
    let moved = house.with(&[("secrets_key", 1), ("secrets_key_previous", 9)]);
    assert_eq!(moved.accounts().key_fit().await.unwrap(), KeyFit::All);
    with_codes(&house, &first, &admin).await;
    assert_eq!(first.accounts().key_fit().await.unwrap(), KeyFit::Some { foreign: 1 });

    assert_eq!(first.accounts().switch_off_lost_codes().await.unwrap(), ["Ed"]);
    assert_eq!(first.accounts().key_fit().await.unwrap(), KeyFit::All);
    signed_in(&house, "Ed").await;
    assert!(first.accounts().second_factor(&admin).await.unwrap().on);
    let query = AuditQuery { action: Some(AuditAction::CodesOff), ..AuditQuery::default() };
    let entries = house.services.audit().list(&admin, &query).await.unwrap().items;
    assert_eq!((entries.len(), entries[0].subject_name.as_str(), entries[0].actor_id), (1, "Ed", None));
    assert_eq!(first.accounts().switch_off_lost_codes().await.unwrap(), Vec::<String>::new());
}
