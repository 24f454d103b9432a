//! Letters that are to be sent, and the addresses of people.

use store::{
    LetterId, UserId,
    email_links::EmailLink,
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
    a_letter_about_an_address_says_which,
    a_letter_of_a_kind_that_nobody_knows_here_waits_for_who_does,
    an_address_waits_until_it_is_confirmed,
    an_address_that_was_given_is_not_forgotten,
    what_a_node_before_leaves_of_an_address_that_was_given_is_none_any_more,
    a_link_confirms_once_in_its_time_what_it_was_made_for,
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

async fn a_letter_about_an_address_says_which(world: World) {
    let ada = world.user("ada").await;
    let former = Addressee::Former(ada, "Ada@example.org".to_owned());
    for (seconds, to) in [(1, Addressee::Unconfirmed(ada)), (2, former), (3, Addressee::User(ada))] {
        let id = put(&world, &to, seconds).await;
        let letter = world.store.letters().next_due(at(9)).await.unwrap().unwrap();
        assert_eq!((letter.id, &letter.to), (id, &to));
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.letters().delete(id).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

async fn a_letter_of_a_kind_that_nobody_knows_here_waits_for_who_does(world: World) {
    let ada = world.user("ada").await;
    let unknown = put(&world, &Addressee::Unconfirmed(ada), 1).await;
    world.execute(&format!("UPDATE letters SET about = 'of-a-later-version' WHERE id = '{unknown}'")).await;
    assert_eq!(world.store.letters().next_due(at(9)).await.unwrap(), None);
    let known = put(&world, &Addressee::User(ada), 2).await;
    assert_eq!(world.store.letters().next_due(at(9)).await.unwrap().unwrap().id, known);
    assert_eq!(world.store.letters().count().await.unwrap(), 2, "it waits");
}

async fn an_address_waits_until_it_is_confirmed(world: World) {
    let ada = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.users().set_email(ada, Some("ada@example.org"), at(1)).await.unwrap());
    assert!(transaction.users().set_unconfirmed_email(ada, Some("Ada@example.net"), at(2)).await.unwrap());
    transaction.commit().await.unwrap();
    let user = world.store.users().lookup(ada).await.unwrap().unwrap();
    assert_eq!(user.email.as_deref(), Some("ada@example.org"));
    assert_eq!((user.unconfirmed_email.as_deref(), user.updated_at), (Some("Ada@example.net"), at(2)));
    assert_eq!(world.store.users().list_with_email("ada@example.net", 10).await.unwrap(), [], "nothing is sent there");
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.users().set_email(ada, Some("Ada@example.net"), at(3)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.users().lookup(ada).await.unwrap().unwrap().unconfirmed_email, None);
    assert_eq!(world.store.users().list_with_email("ada@example.net", 10).await.unwrap().len(), 1);
}

async fn an_address_that_was_given_is_not_forgotten(world: World) {
    let ada = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(!transaction.users().forget_unconfirmed_email(ada, at(1)).await.unwrap(), "none waits");
    assert!(transaction.users().note_given_email(ada, "ada@example.org", at(1)).await.unwrap());
    assert!(!transaction.users().forget_unconfirmed_email(ada, at(2)).await.unwrap(), "it was given");
    // Another one, be it in its case alone, is not the one that was given.
    transaction.users().set_unconfirmed_email(ada, Some("Ada@example.org"), at(3)).await.unwrap();
    assert!(transaction.users().forget_unconfirmed_email(ada, at(4)).await.unwrap());
    transaction.users().set_unconfirmed_email(ada, Some("ada@example.org"), at(5)).await.unwrap();
    transaction.users().set_email(ada, Some("ada@example.org"), at(6)).await.unwrap();
    // Confirmed, it is an address as any other: who asks for it again asks for themselves.
    transaction.users().set_unconfirmed_email(ada, Some("ada@example.org"), at(7)).await.unwrap();
    assert!(transaction.users().forget_unconfirmed_email(ada, at(8)).await.unwrap());
    assert!(!transaction.users().note_given_email(UserId::new(at(9), 9), "x@example.org", at(8)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.users().lookup(ada).await.unwrap().unwrap().unconfirmed_email, None);
}

/// A node of the version before knows nothing of addresses that were given: while both are in use, it takes one away or
/// puts another in its place and leaves the note of it.
async fn what_a_node_before_leaves_of_an_address_that_was_given_is_none_any_more(world: World) {
    let (given, other) = ("ada@example.org", "ada@example.net");
    let confirmed = format!("email = '{given}', email_folded = '{given}', unconfirmed_email = NULL");
    // What the node of before does; and what is then asked for by whoever knows the password.
    for (number, (before, asked_for)) in [
        (confirmed.as_str(), given),
        (confirmed.as_str(), other),
        ("unconfirmed_email = 'ada@example.net'", given),
        ("unconfirmed_email = 'ada@example.net'", other),
        ("unconfirmed_email = NULL", given),
    ]
    .into_iter()
    .enumerate()
    {
        let user = world.user(&format!("ada-{number}")).await;
        let mut transaction = world.store.begin_write().await.unwrap();
        assert!(transaction.users().note_given_email(user, given, at(1)).await.unwrap());
        transaction.users().set_unconfirmed_email(user, Some(given), at(1)).await.unwrap();
        transaction.commit().await.unwrap();
        world.execute(&format!("UPDATE users SET {before} WHERE id = '{user}'")).await;
        let mut transaction = world.store.begin_write().await.unwrap();
        assert!(transaction.users().set_unconfirmed_email(user, Some(asked_for), at(2)).await.unwrap());
        let forgotten = transaction.users().forget_unconfirmed_email(user, at(3)).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(forgotten, "{before}, then {asked_for}: nobody gave it");
        assert_eq!(world.store.users().lookup(user).await.unwrap().unwrap().unconfirmed_email, None);
    }
    // Asked for again while it waits, it is still the one that was given.
    let user = world.user("bob").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.users().note_given_email(user, given, at(1)).await.unwrap();
    transaction.users().set_unconfirmed_email(user, Some(given), at(2)).await.unwrap();
    assert!(!transaction.users().forget_unconfirmed_email(user, at(3)).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn a_link_confirms_once_in_its_time_what_it_was_made_for(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let of = |user_id, email: &str| EmailLink { user_id, email: email.to_owned() };
    let mut transaction = world.store.begin_write().await.unwrap();
    for (number, link, expires) in [
        (1, of(ada, "Ada@example.org"), 100),
        (2, of(ada, "ada@example.net"), 100),
        (3, of(bob, "bob@example.org"), 50),
        (4, of(bob, "bob@example.org"), 100),
    ] {
        transaction.email_links().add(&hash(number), &link, at(0), at(expires)).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let find = async |number, seconds| world.store.email_links().find(&hash(number), at(seconds)).await.unwrap();
    assert_eq!(find(1, 99).await, Some(of(ada, "Ada@example.org")));
    assert_eq!((find(1, 100).await, find(9, 1).await), (None, None));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(!transaction.email_links().use_up(&hash(1), at(100)).await.unwrap(), "too old");
    assert!(transaction.email_links().use_up(&hash(1), at(99)).await.unwrap());
    assert!(!transaction.email_links().use_up(&hash(1), at(99)).await.unwrap(), "once");
    assert_eq!(transaction.email_links().delete_expired(at(51)).await.unwrap(), 1);
    transaction.email_links().remove_of(ada).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!((find(2, 1).await, find(3, 1).await), (None, None));
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.email_links().remove(&hash(4)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(find(4, 1).await, None);
}
