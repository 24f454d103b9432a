//! Letters that are to be sent, and the addresses of people.

use store::{
    LetterId,
    letters::{Addressee, Letter},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash},
};

on_both_engines! {
    a_letter_is_taken_by_one_and_again_when_that_one_gives_no_sign,
    letters_come_in_the_order_in_which_they_are_due,
    people_are_found_by_an_address_that_they_may_share,
    a_link_beside_another_takes_it_not_away,
    a_link_goes_alone_and_those_that_ran_out_together,
}

async fn put(world: &World, to: &Addressee, seconds: i64) -> LetterId {
    let id = LetterId::new(at(seconds), world.random());
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.letters().add(id, to, Some("2001:db8::1"), at(seconds)).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

async fn take(world: &World, letter: &Letter, until: i64) -> bool {
    let mut transaction = world.store.begin_write().await.unwrap();
    let taken = transaction.letters().take(letter, at(until)).await.unwrap();
    transaction.commit().await.unwrap();
    taken
}

async fn a_letter_is_taken_by_one_and_again_when_that_one_gives_no_sign(world: World) {
    let asked = Addressee::AskedFor("Zoë@example.org".to_owned());
    let id = put(&world, &asked, 1).await;
    assert_eq!(world.store.letters().next_due(at(0)).await.unwrap(), None);
    let letter = world.store.letters().next_due(at(1)).await.unwrap().unwrap();
    let asked_from = Some("2001:db8::1".to_owned());
    assert_eq!(letter, Letter { id, to: asked, asked_from, created_at: at(1), due_at: at(1), attempts: 0 });
    assert!(take(&world, &letter, 10).await);
    assert!(!take(&world, &letter, 10).await, "somebody else has it");
    assert_eq!(world.store.letters().next_due(at(9)).await.unwrap(), None);
    let again = world.store.letters().next_due(at(10)).await.unwrap().unwrap();
    assert_eq!((again.id, again.due_at, again.attempts), (id, at(10), 1));
    assert!(!take(&world, &letter, 20).await, "it is as it was seen long ago");
    assert!(take(&world, &again, 20).await);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.letters().put_off(id, at(50)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.letters().next_due(at(49)).await.unwrap(), None);
    assert_eq!(world.store.letters().next_due(at(50)).await.unwrap().unwrap().attempts, 2);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.letters().delete(id).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.letters().count().await.unwrap(), 0);
}

async fn letters_come_in_the_order_in_which_they_are_due(world: World) {
    let ada = world.user("ada").await;
    let later = put(&world, &Addressee::AskedFor("bob".to_owned()), 2).await;
    let first = put(&world, &Addressee::User(ada), 1).await;
    assert_eq!(world.store.letters().count().await.unwrap(), 2);
    let letter = world.store.letters().next_due(at(9)).await.unwrap().unwrap();
    assert_eq!((letter.id, &letter.to), (first, &Addressee::User(ada)));
    assert!(take(&world, &letter, 100).await);
    assert_eq!(world.store.letters().next_due(at(9)).await.unwrap().unwrap().id, later);
}

async fn people_are_found_by_an_address_that_they_may_share(world: World) {
    let (ada, bob, eve) = (world.user("ada").await, world.user("bob").await, world.user("eve").await);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.users().set_email(bob, Some("Press@Example.org"), at(1)).await.unwrap());
    assert!(transaction.users().set_email(ada, Some("press@example.org"), at(1)).await.unwrap());
    assert!(transaction.users().set_email(eve, Some("eve@example.org"), at(1)).await.unwrap());
    transaction.commit().await.unwrap();
    let found = async |email: &str, limit| {
        let users = world.store.users().list_with_email(email, limit).await.unwrap();
        users.into_iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert_eq!(found("PRESS@example.org", 10).await, [ada, bob]);
    assert_eq!(found("PRESS@example.org", 1).await, [ada]);
    assert_eq!(found("nobody@example.org", 10).await, []);
    let user = world.store.users().lookup(bob).await.unwrap().unwrap();
    assert_eq!((user.email.as_deref(), user.updated_at), (Some("Press@Example.org"), at(1)));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.users().set_email(ada, None, at(2)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(found("press@example.org", 10).await, [bob]);
    assert_eq!(world.store.users().lookup(ada).await.unwrap().unwrap().email, None);
}

async fn a_link_beside_another_takes_it_not_away(world: World) {
    let ada = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.reset_links().add(&hash(1), ada, at(0), at(100)).await.unwrap();
    transaction.reset_links().add_another(&hash(2), ada, at(0), at(100)).await.unwrap();
    transaction.commit().await.unwrap();
    for link in [hash(1), hash(2)] {
        assert_eq!(world.store.reset_links().owner(&link, at(1)).await.unwrap(), Some(ada));
    }
}

async fn a_link_goes_alone_and_those_that_ran_out_together(world: World) {
    let ada = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    for (number, expires) in [(1, 100), (2, 100), (3, 50), (4, 60)] {
        transaction.reset_links().add_another(&hash(number), ada, at(0), at(expires)).await.unwrap();
    }
    transaction.reset_links().remove(&hash(1)).await.unwrap();
    assert_eq!(transaction.reset_links().delete_expired(at(60)).await.unwrap(), 1);
    assert_eq!(transaction.reset_links().delete_expired(at(61)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(world.store.reset_links().owner(&hash(1), at(1)).await.unwrap(), None);
    assert_eq!(world.store.reset_links().owner(&hash(2), at(1)).await.unwrap(), Some(ada));
}
