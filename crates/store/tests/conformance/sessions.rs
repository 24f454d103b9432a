//! Sessions and refresh tokens.

use store::{
    Constraint, SessionId, UserId,
    sessions::{EndReason, NewSession, RefreshToken},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash},
};

on_both_engines! {
    a_session_lives_until_it_ends_or_runs_out,
    every_session_but_one_can_be_ended,
    a_refresh_token_is_used_once,
    of_two_that_use_a_refresh_token_one_succeeds,
    what_ran_out_is_removed_with_its_tokens,
    from_where_somebody_came_is_told_by_their_name,
}

async fn session(world: &World, user: UserId) -> SessionId {
    let id = SessionId::new(at(0), world.random());
    let session = NewSession {
        id,
        user_id: user,
        expires_at: at(1_000),
        address: "2001:db8::1".to_owned(),
        user_agent: "🦊".repeat(500),
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.sessions().add(&session, at(0)).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

async fn token(world: &World, session_id: SessionId, sequence: u32, number: u8) -> Result<(), store::StoreError> {
    let token = RefreshToken {
        session_id,
        sequence,
        token_hash: hash(number),
        issued_at: at(0),
        expires_at: at(1_000),
        used_at: None,
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.sessions().add_refresh_token(&token).await?;
    transaction.commit().await
}

async fn a_session_lives_until_it_ends_or_runs_out(world: World) {
    let user = world.user("ada").await;
    let id = session(&world, user).await;
    let found = world.store.sessions().lookup(id).await.unwrap().unwrap();
    assert!(found.is_alive(at(999)) && !found.is_alive(at(1_000)));
    assert_eq!(found.user_agent.chars().count(), 400);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.sessions().prolong(id, at(5), at(2_000)).await.unwrap());
    assert!(transaction.sessions().end(id, EndReason::SignedOut, at(6)).await.unwrap());
    assert!(!transaction.sessions().end(id, EndReason::TokenReused, at(7)).await.unwrap());
    assert!(!transaction.sessions().prolong(id, at(8), at(3_000)).await.unwrap());
    transaction.commit().await.unwrap();
    let found = world.store.sessions().lookup(id).await.unwrap().unwrap();
    assert_eq!((found.last_seen_at, found.expires_at), (at(5), at(2_000)));
    assert_eq!((found.ended_at, found.end_reason), (Some(at(6)), Some(EndReason::SignedOut)));
    assert!(!found.is_alive(at(7)));
}

async fn every_session_but_one_can_be_ended(world: World) {
    let (user, other) = (world.user("ada").await, world.user("bob").await);
    let (kept, gone) = (session(&world, user).await, session(&world, user).await);
    let foreign = session(&world, other).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    let ended = transaction.sessions().end_all_of(user, Some(kept), EndReason::PasswordChanged, at(1)).await.unwrap();
    assert_eq!(ended, [gone]);
    transaction.commit().await.unwrap();
    let alive = world.store.sessions().list_alive(user, at(2)).await.unwrap();
    assert_eq!(alive.iter().map(|session| session.id).collect::<Vec<_>>(), [kept]);
    let mut transaction = world.store.begin_write().await.unwrap();
    let ended = transaction.sessions().end_all_of(user, None, EndReason::Deactivated, at(3)).await.unwrap();
    assert_eq!(ended, [kept]);
    transaction.commit().await.unwrap();
    assert!(world.store.sessions().list_alive(user, at(4)).await.unwrap().is_empty());
    assert!(world.store.sessions().lookup(foreign).await.unwrap().unwrap().is_alive(at(4)));
}

async fn a_refresh_token_is_used_once(world: World) {
    let user = world.user("ada").await;
    let id = session(&world, user).await;
    token(&world, id, 0, 1).await.unwrap();
    assert_eq!(token(&world, id, 1, 1).await.unwrap_err().conflict(), Some(Constraint::RefreshToken));
    assert_eq!(token(&world, id, 0, 2).await.unwrap_err().conflict(), Some(Constraint::Other));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.sessions().use_refresh_token(id, 0, at(9)).await.unwrap());
    assert!(!transaction.sessions().use_refresh_token(id, 0, at(10)).await.unwrap());
    assert!(!transaction.sessions().use_refresh_token(id, 7, at(10)).await.unwrap());
    transaction.commit().await.unwrap();
    let found = world.store.sessions().find_refresh_token(&hash(1)).await.unwrap().unwrap();
    assert_eq!((found.session_id, found.sequence, found.used_at), (id, 0, Some(at(9))));
    assert_eq!(world.store.sessions().lookup_refresh_token(id, 0).await.unwrap(), Some(found));
    assert_eq!(world.store.sessions().find_refresh_token(&hash(9)).await.unwrap(), None);
}

async fn of_two_that_use_a_refresh_token_one_succeeds(world: World) {
    let user = world.user("ada").await;
    let id = session(&world, user).await;
    token(&world, id, 0, 1).await.unwrap();
    let tasks = [1, 2].map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move {
            let mut transaction = store.begin_write().await.unwrap();
            let used = transaction.sessions().use_refresh_token(id, 0, at(1)).await.unwrap();
            transaction.commit().await.unwrap();
            used
        })
    });
    let mut used = 0;
    for task in tasks {
        used += usize::from(task.await.unwrap());
    }
    assert_eq!(used, 1);
}

async fn what_ran_out_is_removed_with_its_tokens(world: World) {
    let user = world.user("ada").await;
    let id = session(&world, user).await;
    token(&world, id, 0, 1).await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.sessions().delete_expired(at(1_000)).await.unwrap(), 0);
    assert_eq!(transaction.sessions().delete_expired(at(1_001)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(world.store.sessions().lookup(id).await.unwrap(), None);
    assert_eq!(world.store.sessions().find_refresh_token(&hash(1)).await.unwrap(), None);
}

async fn from_where_somebody_came_is_told_by_their_name(world: World) {
    let (ada, _) = (world.user("Ada").await, world.user("bob").await);
    for (number, address) in ["10.0.0.1", "2001:db8::2", "10.0.0.3"].into_iter().enumerate() {
        let session = NewSession {
            id: SessionId::new(at(0), world.random()),
            user_id: ada,
            expires_at: at(1_000),
            address: address.to_owned(),
            user_agent: String::new(),
        };
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.sessions().add(&session, at(i64::try_from(number).unwrap())).await.unwrap();
        if number == 2 {
            transaction.sessions().end(session.id, EndReason::RightsChanged, at(9)).await.unwrap();
        }
        transaction.commit().await.unwrap();
    }
    let last = async |name: &str, limit| world.store.sessions().last_addresses(name, limit).await.unwrap();
    assert_eq!(last("ADA", 2).await, ["10.0.0.3", "2001:db8::2"], "the newest first, ended or not");
    assert_eq!(last("ada", 9).await.len(), 3);
    for nobody in ["bob", "eve", ""] {
        assert!(last(nobody, 9).await.is_empty(), "{nobody}");
    }
}
