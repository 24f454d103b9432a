//! Coming in, staying in, and being out at once.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use cache::{CacheError, Values};
use futures::{StreamExt, future::BoxFuture};
use service::{
    Actor, AuditAction, AuditQuery, Cache, Capacity, Client, Clock, ExposeSecret, FailureKind, NewAdministrator,
    Resource, Role, SecretString, Services, SignIn, SignedIn, TokenScope,
};

use crate::house::{House, PASSWORD, client};

fn administrator(password: &str, group_tag: &str) -> NewAdministrator {
    NewAdministrator {
        username: "Ada".to_owned(),
        password: password.into(),
        display_name: "Ada".to_owned(),
        group_tag: group_tag.to_owned(),
    }
}

async fn is_in(house: &House, session: &SignedIn) -> bool {
    house.services.accounts().authenticate(session.access_token.expose_secret()).await.is_ok()
}

#[tokio::test]
async fn a_setup_link_makes_the_first_administrator_once() {
    let house = House::empty().await;
    let accounts = house.services.accounts();
    assert!(accounts.setup_needed().await.unwrap());
    let old = accounts.issue_setup_link().await.unwrap();
    let link = accounts.issue_setup_link().await.unwrap();
    let token = link.token.expose_secret();
    let failure = accounts.set_up(token, administrator("short", "a b"), &client()).await.unwrap_err();
    let FailureKind::Invalid(problems) = failure.kind else { panic!("{failure:?}") };
    assert_eq!(problems.iter().map(|one| one.field).collect::<Vec<_>>(), ["group_tag", "password"]);
    let old = accounts.set_up(old.token.expose_secret(), administrator(PASSWORD, "GRP"), &client()).await;
    assert_eq!(old.unwrap_err().code(), "setup-link-invalid");
    let session = accounts.set_up(token, administrator(PASSWORD, "GRP"), &client()).await.unwrap();
    assert_eq!(session.actor.roles, [Role::ADMIN]);
    assert!(is_in(&house, &session).await && !accounts.setup_needed().await.unwrap());
    let again = accounts.set_up(token, administrator(PASSWORD, "GR2"), &client()).await;
    assert!(matches!(again.unwrap_err().code(), "setup-link-invalid" | "already-set-up"));
    assert_eq!(accounts.issue_setup_link().await.unwrap_err().code(), "already-set-up");
    assert_eq!(house.services.groups().list(&session.actor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_setup_link_is_good_for_a_day() {
    let house = House::empty().await;
    let link = house.services.accounts().issue_setup_link().await.unwrap();
    house.clock.pass(Duration::from_hours(24));
    let accounts = house.services.accounts();
    let late = accounts.set_up(link.token.expose_secret(), administrator(PASSWORD, "GRP"), &client()).await;
    assert_eq!(late.unwrap_err().code(), "setup-link-invalid");
    assert!(house.services.accounts().setup_needed().await.unwrap());
}

#[tokio::test]
async fn a_setup_link_is_written_down_without_its_token() {
    let house = House::empty().await;
    let link = house.services.accounts().issue_setup_link().await.unwrap();
    let token = link.token.expose_secret();
    let set_up = house.services.accounts().set_up(token, administrator(PASSWORD, "GRP"), &client()).await.unwrap();
    let entries = house.services.audit().list(&set_up.actor, &AuditQuery::default()).await.unwrap().items;
    let made = entries.last().unwrap();
    assert_eq!((made.action, made.resource, made.actor_id), (AuditAction::Created, Resource::Keys, None));
    assert_eq!(made.subject_name, "setup link");
    assert!(!serde_json::to_string(&entries).unwrap().contains(token));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_refused_alike() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let wrong = accounts.sign_in("Ada", &"not her password".into(), &client()).await.unwrap_err();
    let unknown = accounts.sign_in("Nobody", &PASSWORD.into(), &client()).await.unwrap_err();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.code(), "wrong-credentials");
    assert!(accounts.sign_in(" ADA ", &PASSWORD.into(), &client()).await.is_ok());
}

#[tokio::test]
async fn guessing_is_slowed_down_for_the_account_and_for_the_address() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let from = |last: u8| Client { address: [10, 0, 0, last].into(), user_agent: String::new() };
    let guess = |name: &'static str, last: u8| {
        let client = from(last);
        async move { accounts.sign_in(name, &"x".repeat(200).into(), &client).await.unwrap_err().code() }
    };
    for last in 0..10 {
        assert_eq!(guess("Ada", last).await, "wrong-credentials");
    }
    assert_eq!(guess("ada", 99).await, "busy");
    assert_eq!(guess("Nobody", 98).await, "wrong-credentials");
    house.clock.pass(Duration::from_secs(6));
    assert!(accounts.sign_in("Ada", &PASSWORD.into(), &from(97)).await.is_ok());
    // Who got in has all attempts again.
    assert_eq!(guess("Ada", 96).await, "wrong-credentials");
    let names: Vec<&'static str> = (0..30).map(|number| &*format!("n{number}").leak()).collect();
    for name in names {
        assert_eq!(guess(name, 200).await, "wrong-credentials");
    }
    assert_eq!(guess("another", 200).await, "busy");
}

#[tokio::test]
async fn a_session_that_is_ended_ends_now() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    assert!(is_in(&house, &session).await);
    accounts.sign_out(&session.actor).await.unwrap();
    assert!(!is_in(&house, &session).await);
    let refreshed = accounts.refresh(session.refresh_token.expose_secret(), &client()).await;
    assert_eq!(refreshed.unwrap_err().kind, FailureKind::SignedOut);
}

#[tokio::test]
async fn an_access_token_is_good_for_an_hour_and_refreshed_for_thirty_days() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let mut session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    house.clock.pass(Duration::from_hours(1));
    assert!(!is_in(&house, &session).await);
    for _ in 0..3 {
        house.clock.pass(Duration::from_hours(24 * 29));
        session = accounts.refresh(session.refresh_token.expose_secret(), &client()).await.unwrap();
        assert!(is_in(&house, &session).await);
    }
    house.clock.pass(Duration::from_hours(24 * 30));
    assert!(accounts.refresh(session.refresh_token.expose_secret(), &client()).await.is_err());
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_successor() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let token = session.refresh_token.expose_secret();
    let here = client();
    let (one, other) = tokio::join!(accounts.refresh(token, &here), accounts.refresh(token, &here));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.refresh_token.expose_secret(), other.refresh_token.expose_secret());
    assert_ne!(one.refresh_token.expose_secret(), token);
    house.clock.pass(Duration::from_secs(10));
    assert!(accounts.refresh(token, &client()).await.is_ok());
    assert!(is_in(&house, &one).await);
}

#[tokio::test]
async fn a_refresh_token_used_again_later_ends_the_whole_session() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let other = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let next = accounts.refresh(session.refresh_token.expose_secret(), &client()).await.unwrap();
    assert!(is_in(&house, &next).await);
    house.clock.pass(Duration::from_millis(10_001));
    let reused = accounts.refresh(session.refresh_token.expose_secret(), &client()).await;
    assert_eq!(reused.unwrap_err().kind, FailureKind::SignedOut);
    assert!(!is_in(&house, &next).await);
    assert!(accounts.refresh(next.refresh_token.expose_secret(), &client()).await.is_err());
    assert!(is_in(&house, &other).await);
    assert!(house.audited(&other.actor).await.contains(&(AuditAction::Ended, Resource::Users)));
}

/// A cache that is slow to keep the first value: meanwhile somebody signs out.
#[derive(Debug)]
struct SlowValues {
    values: Arc<dyn Values>,
    leaves: Mutex<Option<(Services, Actor)>>,
}

impl Values for SlowValues {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, CacheError>> {
        self.values.get(key)
    }

    fn put<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        let leaves = self.leaves.lock().unwrap().take();
        Box::pin(async move {
            if let Some((services, actor)) = leaves {
                services.accounts().sign_out(&actor).await.unwrap();
            }
            self.values.put(key, value, lifetime).await
        })
    }

    fn add<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        self.values.add(key, value, lifetime)
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        self.values.remove(key)
    }

    fn whole_since(&self) -> i64 {
        self.values.whole_since()
    }
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_prolonged_has_ended() {
    let (house, _) = House::new().await;
    let clock: Arc<dyn Clock> = house.clock.clone();
    let cache = Cache::in_process(Capacity::default(), clock);
    let here = house.with_cache(&[], cache.clone());
    let session = here.accounts().sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let leaves = Mutex::new(Some((here.clone(), session.actor.clone())));
    let slow = Arc::new(SlowValues { values: Arc::clone(&cache.values), leaves });
    let there = house.with_cache(&[], Cache { values: slow, ..cache });
    let next = there.accounts().refresh(session.refresh_token.expose_secret(), &client()).await.unwrap();
    for token in [session.access_token.expose_secret(), next.access_token.expose_secret()] {
        assert_eq!(here.accounts().authenticate(token).await.unwrap_err().kind, FailureKind::SignedOut);
    }
}

/// A cache that is away. What it is asked to forget it keeps in mind.
#[derive(Debug, Default)]
struct NoValues(Mutex<Vec<String>>);

impl NoValues {
    fn away<T: Send + 'static>() -> BoxFuture<'static, Result<T, CacheError>> {
        Box::pin(async { Err(CacheError("away".to_owned())) })
    }
}

impl Values for NoValues {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, CacheError>> {
        Self::away()
    }

    fn put<'a>(&'a self, _: &'a str, _: Bytes, _: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        Self::away()
    }

    fn add<'a>(&'a self, _: &'a str, _: Bytes, _: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        Self::away()
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        self.0.lock().unwrap().push(key.to_owned());
        Self::away()
    }

    fn whole_since(&self) -> i64 {
        0
    }
}

#[tokio::test]
async fn that_a_session_lives_is_not_told_to_a_cache_that_comes_back_later() {
    let (house, _) = House::new().await;
    let clock: Arc<dyn Clock> = house.clock.clone();
    let away = Arc::new(NoValues::default());
    let values: Arc<dyn Values> = away.clone();
    let here = house.with_cache(&[], Cache { values, ..Cache::in_process(Capacity::default(), clock) });
    let session = here.accounts().sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    here.accounts().refresh(session.refresh_token.expose_secret(), &client()).await.unwrap();
    // It may have ended by then, as another node has told it.
    let forgotten = away.0.lock().unwrap().clone();
    let service::Means::Session(id) = session.actor.means else { panic!("no session") };
    assert_eq!(forgotten, [format!("session:{id}")]);
}

#[tokio::test]
async fn whoever_signs_in_again_leaves_the_session_of_before_or_does_not_come_in() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let (password, here) = (SecretString::from(PASSWORD), client());
    let again = async |before: &Actor| accounts.begin_sign_in("Ada", &password, &here, Some(before)).await;
    let first = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let SignIn::Done(second) = again(&first.actor).await.unwrap() else { panic!("nobody asks for a code") };
    assert!(!is_in(&house, &first).await && is_in(&house, &second).await);
    assert_eq!(house.audited(&admin).await.iter().filter(|(action, _)| *action == AuditAction::SignedOut).count(), 1);
    let alive = async || accounts.devices(&admin).await.unwrap().into_iter().map(|one| one.id).collect::<Vec<_>>();
    let before = alive().await;
    house.refuse_entries_of(AuditAction::SignedOut).await;
    assert_eq!(again(&second.actor).await.unwrap_err().code(), "internal");
    assert_eq!(alive().await, before, "nothing has begun that nobody has the tokens of");
    assert!(is_in(&house, &second).await);
}

#[tokio::test]
async fn whoever_has_left_hears_no_more() {
    let (house, admin) = House::new().await;
    let (accounts, events) = (house.services.accounts(), house.services.events());
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap().actor;
    let token = accounts.create_token(&session, &PASSWORD.into(), "script", TokenScope::Read, 1).await.unwrap();
    let script = accounts.authenticate(token.secret.expose_secret()).await.unwrap();
    let mut stays = events.subscribe(&admin).await.unwrap();
    let left = [events.subscribe(&session).await.unwrap(), events.subscribe(&script).await.unwrap()];
    accounts.end_token(&session, token.token.id).await.unwrap();
    accounts.sign_out(&session).await.unwrap();
    house.clock.pass(Duration::from_mins(1));
    house.services.groups().create(&admin, "NEW").await.unwrap();
    for mut events in left {
        let heard = tokio::time::timeout(Duration::from_secs(10), events.next()).await.unwrap();
        assert!(heard.is_none(), "{heard:?}");
    }
    assert!(stays.next().await.is_some());
}

#[tokio::test]
async fn strangers_at_the_door_do_not_keep_somebody_inside_from_their_password() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    for number in 0..40 {
        let from = Client { address: [10, 0, 0, number].into(), user_agent: String::new() };
        accounts.sign_in("Ada", &"x".repeat(200).into(), &from).await.unwrap_err();
    }
    let new = "an even better password".into();
    let session = accounts.change_password(&session.actor, &PASSWORD.into(), &new, &client()).await.unwrap();
    let mut last = "";
    for _ in 0..11 {
        last = accounts.change_password(&session.actor, &"wrong".into(), &new, &client()).await.unwrap_err().code();
    }
    assert_eq!(last, "busy", "who guesses from inside is slowed, too");
}

#[tokio::test]
async fn another_password_ends_every_session_of_before() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let here = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let there = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    assert!(is_in(&house, &there).await);
    let new = "an even better password".into();
    let wrong = accounts.change_password(&here.actor, &"not her password".into(), &new, &client()).await.unwrap_err();
    assert_eq!(wrong.code(), "invalid");
    let now = accounts.change_password(&here.actor, &PASSWORD.into(), &new, &client()).await.unwrap();
    assert!(is_in(&house, &now).await && !is_in(&house, &here).await && !is_in(&house, &there).await);
    for before in [&here, &there] {
        let token = before.refresh_token.expose_secret();
        assert_eq!(accounts.refresh(token, &client()).await.unwrap_err().kind, FailureKind::SignedOut);
    }
    assert!(accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.is_err());
    assert!(accounts.sign_in("Ada", &new, &client()).await.is_ok());
}

#[tokio::test]
async fn a_deactivated_person_is_out_at_once_and_the_last_administrator_stays() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    house.editor(&admin).await;
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    assert!(is_in(&house, &session).await);
    accounts.set_active(&admin, session.actor.user_id, false).await.unwrap();
    assert!(!is_in(&house, &session).await);
    assert!(accounts.refresh(session.refresh_token.expose_secret(), &client()).await.is_err());
    let failure = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap_err();
    assert_eq!(failure.code(), "wrong-credentials");
    accounts.set_active(&admin, session.actor.user_id, true).await.unwrap();
    assert!(accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.is_ok());
    let failure = accounts.set_active(&admin, admin.user_id, false).await.unwrap_err();
    assert_eq!(failure.code(), "last-administrator");
}

#[tokio::test]
async fn a_username_is_taken_in_whatever_case_and_nothing_is_stored() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let failure = accounts.create_administrator("ADA", &PASSWORD.into()).await.unwrap_err();
    assert_eq!(failure.code(), "username-taken");
    assert_eq!(accounts.users(&admin).await.unwrap().len(), 1);
    accounts.create_administrator("Grace", &PASSWORD.into()).await.unwrap();
    assert_eq!(accounts.sign_in("grace", &PASSWORD.into(), &client()).await.unwrap().actor.roles, [Role::ADMIN]);
}

#[tokio::test]
async fn the_language_that_was_chosen_is_there_at_once() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let token = session.access_token.expose_secret();
    assert_eq!(accounts.authenticate(token).await.unwrap().locale, None);
    accounts.set_locale(&session.actor, "fr").await.unwrap();
    assert_eq!(accounts.authenticate(token).await.unwrap().locale.as_deref(), Some("fr"));
    for tag in ["", "fr/../..", "français", "fr-CA-123"] {
        assert_eq!(accounts.set_locale(&session.actor, tag).await.unwrap_err().code(), "invalid", "{tag}");
    }
}

#[tokio::test]
async fn a_session_ends_after_ninety_days_however_often_it_is_prolonged() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    let mut session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    for day in 0.. {
        match accounts.refresh(session.refresh_token.expose_secret(), &client()).await {
            Ok(next) => session = next,
            Err(failure) => {
                assert_eq!((failure.kind, day), (FailureKind::SignedOut, 90));
                break;
            }
        }
        house.clock.pass(Duration::from_hours(24));
    }
}

#[tokio::test]
async fn limits_are_counted_by_person_and_not_by_what_they_came_in_with() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let again = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap().actor;
    let token = accounts.create_token(&admin, &PASSWORD.into(), "script", TokenScope::All, 1).await.unwrap();
    let program = accounts.authenticate(token.secret.expose_secret()).await.unwrap();
    let keys = [admin.rate_key(), again.rate_key(), program.rate_key()];
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_ne!(house.editor(&admin).await.rate_key(), keys[0]);
}
