//! Users, their roles, and the link that makes the first one.

use store::{
    Constraint, UserId,
    users::{NewUser, PasswordHash, Role},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash},
};

on_both_engines! {
    a_user_is_found_as_it_was_added,
    a_username_taken_in_another_case_is_refused_and_nothing_is_stored,
    a_user_can_be_changed_deactivated_and_activated,
    of_two_administrators_that_deactivate_each_other_one_stays,
    a_setup_link_is_used_once_and_only_in_its_time,
    of_two_that_use_a_setup_link_one_gets_in,
}

async fn a_user_is_found_as_it_was_added(world: World) {
    let ada = world.user_with("Ada", vec![Role::EDITOR, Role::ADMIN]).await;
    let bob = world.user_with("bob", vec![]).await;
    let user = world.store.users().lookup(ada).await.unwrap().unwrap();
    assert_eq!((user.username.as_str(), user.display_name.as_str()), ("Ada", "Ada ✍️"));
    assert_eq!(user.roles, [Role::ADMIN, Role::EDITOR]);
    assert!(user.is_active());
    assert_eq!((user.created_at, user.updated_at), (at(0), at(0)));
    assert_eq!(world.store.users().find_by_username("ADA").await.unwrap(), Some(user.clone()));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.users().hold(ada).await.unwrap().as_ref(), Some(&user));
    assert_eq!(transaction.users().hold(UserId::new(at(9), 9)).await.unwrap(), None);
    transaction.roll_back().await.unwrap();
    let everyone = world.store.users().list().await.unwrap();
    assert_eq!(everyone.iter().map(|user| user.id).collect::<Vec<_>>(), [ada, bob]);
    assert_eq!(everyone[0], user);
    assert_eq!(world.store.users().count().await.unwrap(), 2);
    let at_door = world.store.users().find_at_door("ADA").await.unwrap().unwrap();
    assert_eq!((at_door.id, at_door.password_hash.0.as_str()), (ada, "$argon2id$…"));
    assert_eq!(at_door.deactivated_at, None);
    assert_eq!(world.store.users().find_at_door("eve").await.unwrap(), None);
    assert_eq!(world.store.users().lookup(UserId::new(at(9), 9)).await.unwrap(), None);
}

async fn a_username_taken_in_another_case_is_refused_and_nothing_is_stored(world: World) {
    world.user("Ada").await;
    let second = NewUser {
        id: UserId::new(at(1), 77),
        username: "ADA".to_owned(),
        display_name: String::new(),
        email: None,
        password_hash: PasswordHash(String::new()),
        locale: None,
        roles: vec![Role::ADMIN],
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    let error = transaction.users().add(&second, at(1)).await.unwrap_err();
    assert_eq!(error.conflict(), Some(Constraint::Username));
    transaction.commit().await.unwrap();
    assert_eq!(world.store.users().count().await.unwrap(), 1);
}

async fn a_user_can_be_changed_deactivated_and_activated(world: World) {
    let ada = world.user("ada").await;
    let nobody = UserId::new(at(9), 9);
    let mut transaction = world.store.begin_write().await.unwrap();
    let hash = PasswordHash("another".to_owned());
    assert!(transaction.users().set_password(ada, &hash, at(1)).await.unwrap());
    assert!(transaction.users().set_locale(ada, Some("fr"), at(2)).await.unwrap());
    assert!(transaction.users().deactivate(ada, at(3)).await.unwrap());
    assert!(transaction.users().deactivate(ada, at(4)).await.unwrap());
    assert!(!transaction.users().deactivate(nobody, at(4)).await.unwrap());
    assert!(!transaction.users().set_password(nobody, &hash, at(4)).await.unwrap());
    transaction.commit().await.unwrap();
    let user = world.store.users().lookup(ada).await.unwrap().unwrap();
    assert_eq!((user.locale.as_deref(), user.deactivated_at, user.updated_at), (Some("fr"), Some(at(3)), at(4)));
    assert_eq!(world.store.users().password_hash(ada).await.unwrap(), Some(hash));
    assert_eq!(world.store.users().password_hash(nobody).await.unwrap(), None);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.users().activate(ada, at(5)).await.unwrap();
    transaction.users().set_locale(ada, None, at(5)).await.unwrap();
    transaction.commit().await.unwrap();
    let user = world.store.users().lookup(ada).await.unwrap().unwrap();
    assert!(user.is_active() && user.locale.is_none());
}

async fn of_two_administrators_that_deactivate_each_other_one_stays(world: World) {
    let ada = world.user_with("ada", vec![Role::ADMIN]).await;
    let bob = world.user_with("bob", vec![Role::ADMIN]).await;
    let tasks = [ada, bob].map(|victim| {
        let store = world.store.clone();
        tokio::spawn(async move {
            let mut transaction = store.begin_write().await.unwrap();
            let held = transaction.users().hold_active_with_role(&Role::ADMIN).await.unwrap();
            let allowed = held.iter().any(|id| *id != victim);
            if allowed {
                transaction.users().deactivate(victim, at(1)).await.unwrap();
            }
            transaction.commit().await.unwrap();
            allowed
        })
    });
    let mut allowed = 0;
    for task in tasks {
        allowed += usize::from(task.await.unwrap());
    }
    assert_eq!(allowed, 1);
    let active = world.store.users().list().await.unwrap().into_iter().filter(store::users::User::is_active).count();
    assert_eq!(active, 1);
}

async fn a_setup_link_is_used_once_and_only_in_its_time(world: World) {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.setup_links().add(&hash(1), at(0), at(100)).await.unwrap();
    transaction.setup_links().add(&hash(2), at(0), at(100)).await.unwrap();
    // A new link puts the old one out of use.
    assert!(!transaction.setup_links().use_up(&hash(1), at(1)).await.unwrap());
    assert!(!transaction.setup_links().use_up(&hash(2), at(100)).await.unwrap());
    transaction.commit().await.unwrap();
    assert!(world.store.setup_links().is_usable(&hash(2), at(99)).await.unwrap());
    assert!(!world.store.setup_links().is_usable(&hash(2), at(100)).await.unwrap());
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.setup_links().use_up(&hash(2), at(99)).await.unwrap());
    assert!(!transaction.setup_links().use_up(&hash(2), at(99)).await.unwrap());
    transaction.commit().await.unwrap();
    assert!(!world.store.setup_links().is_usable(&hash(2), at(99)).await.unwrap());
}

async fn of_two_that_use_a_setup_link_one_gets_in(world: World) {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.setup_links().add(&hash(1), at(0), at(100)).await.unwrap();
    transaction.commit().await.unwrap();
    let tasks = [1, 2].map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move {
            let mut transaction = store.begin_write().await.unwrap();
            let used = transaction.setup_links().use_up(&hash(1), at(1)).await.unwrap();
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
