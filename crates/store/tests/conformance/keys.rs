//! Tokens of the API, reset links, seeds and recovery codes: none of them is stored as itself.

use store::{
    TokenId,
    api_tokens::{ApiToken, TokenScope},
    verify_links::VerifyLink,
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    a_token_is_found_by_its_hash_until_it_ends,
    a_reset_link_is_used_once_by_its_owner,
    a_code_is_taken_once_and_in_order,
    a_recovery_code_is_used_once,
    a_seed_is_replaced_only_as_it_was_read,
    a_release_has_one_link_and_it_goes_with_the_release,
}

async fn a_token_is_found_by_its_hash_until_it_ends(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let token = ApiToken {
        id: TokenId::new(at(0), world.random()),
        user_id: ada,
        name: "Büro".to_owned(),
        scope: TokenScope::Books,
        created_at: at(0),
        expires_at: at(100),
        last_used_at: None,
        ended_at: None,
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.api_tokens().add(&token, &hash(1)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.api_tokens().find(&hash(1)).await.unwrap(), Some(token.clone()));
    assert_eq!(world.store.api_tokens().find(&hash(2)).await.unwrap(), None);
    assert!(token.is_alive(at(99)) && !token.is_alive(at(100)));
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.api_tokens().touch(token.id, at(5)).await.unwrap();
    assert!(!transaction.api_tokens().end(token.id, bob, at(6)).await.unwrap());
    assert!(transaction.api_tokens().end(token.id, ada, at(6)).await.unwrap());
    assert!(!transaction.api_tokens().end(token.id, ada, at(7)).await.unwrap());
    assert_eq!(transaction.api_tokens().end_all_of(ada, at(8)).await.unwrap(), 0);
    transaction.commit().await.unwrap();
    let found = world.store.api_tokens().find(&hash(1)).await.unwrap().unwrap();
    assert_eq!((found.last_used_at, found.ended_at), (Some(at(5)), Some(at(6))));
    assert!(world.store.api_tokens().list_of(ada).await.unwrap().is_empty());
}

async fn a_reset_link_is_used_once_by_its_owner(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.reset_links().add(&hash(1), ada, at(0), at(100)).await.unwrap();
    transaction.reset_links().add(&hash(2), bob, at(0), at(100)).await.unwrap();
    transaction.reset_links().add(&hash(3), ada, at(0), at(100)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.reset_links().owner(&hash(1), at(1)).await.unwrap(), None);
    assert_eq!(world.store.reset_links().owner(&hash(2), at(1)).await.unwrap(), Some(bob));
    assert_eq!(world.store.reset_links().owner(&hash(3), at(100)).await.unwrap(), None);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.reset_links().use_up(&hash(3), at(1)).await.unwrap());
    assert!(!transaction.reset_links().use_up(&hash(3), at(1)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.reset_links().owner(&hash(3), at(1)).await.unwrap(), None);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.reset_links().add(&hash(4), ada, at(2), at(100)).await.unwrap();
    transaction.reset_links().remove_of(ada).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.reset_links().owner(&hash(4), at(3)).await.unwrap(), None);
    assert_eq!(world.store.reset_links().owner(&hash(2), at(3)).await.unwrap(), Some(bob), "it is somebody else's");
}

async fn a_code_is_taken_once_and_in_order(world: World) {
    let ada = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.second_factors().put_seed(ada, "sealed", at(0)).await.unwrap();
    assert!(transaction.second_factors().take_step(ada, 10).await.unwrap());
    assert!(!transaction.second_factors().take_step(ada, 10).await.unwrap());
    assert!(!transaction.second_factors().take_step(ada, 9).await.unwrap());
    transaction.second_factors().confirm(ada, &[hash(1), hash(2)], at(1)).await.unwrap();
    transaction.commit().await.unwrap();
    let seed = world.store.second_factors().seed(ada).await.unwrap().unwrap();
    assert_eq!((seed.sealed.as_str(), seed.confirmed_at, seed.last_step), ("sealed", Some(at(1)), 10));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.second_factors().remove(ada).await.unwrap());
    assert!(!transaction.second_factors().remove(ada).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.second_factors().seed(ada).await.unwrap(), None);
}

async fn a_recovery_code_is_used_once(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.second_factors().put_seed(ada, "sealed", at(0)).await.unwrap();
    transaction.second_factors().confirm(ada, &[hash(1), hash(2)], at(1)).await.unwrap();
    assert!(!transaction.second_factors().use_recovery_code(bob, &hash(1), at(2)).await.unwrap());
    assert!(transaction.second_factors().use_recovery_code(ada, &hash(1), at(2)).await.unwrap());
    assert!(!transaction.second_factors().use_recovery_code(ada, &hash(1), at(2)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.second_factors().recovery_codes_left(ada).await.unwrap(), 1);
}

async fn a_seed_is_replaced_only_as_it_was_read(world: World) {
    let ada = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.second_factors().put_seed(ada, "old", at(0)).await.unwrap();
    assert!(!transaction.second_factors().replace_seed(ada, "other", "new").await.unwrap());
    assert!(transaction.second_factors().replace_seed(ada, "old", "new").await.unwrap());
    transaction.commit().await.unwrap();
    let seeds = world.store.second_factors().seeds().await.unwrap();
    assert_eq!(seeds.iter().map(|seed| seed.sealed.as_str()).collect::<Vec<_>>(), ["new"]);
}

async fn a_release_has_one_link_and_it_goes_with_the_release(world: World) {
    let ada = world.user("ada").await;
    let release = world.release(ada, None, listing("A Book"), at(0)).await;
    let link = VerifyLink { release_id: release, created_by: ada, created_at: at(5) };
    for token in [hash(1), hash(2)] {
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.verify_links().put(&link, &token).await.unwrap();
        transaction.commit().await.unwrap();
    }
    assert_eq!(world.store.verify_links().find(&hash(1)).await.unwrap(), None);
    assert_eq!(world.store.verify_links().find(&hash(2)).await.unwrap(), Some(link));
    assert_eq!(world.store.verify_links().of_release(release).await.unwrap(), Some(link));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.verify_links().remove(release).await.unwrap());
    assert!(!transaction.verify_links().remove(release).await.unwrap());
    transaction.verify_links().put(&link, &hash(3)).await.unwrap();
    transaction.releases().delete(release).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.verify_links().find(&hash(3)).await.unwrap(), None);
}
