//! Letters with a link for a new password.

use std::time::{Duration, Instant};

use service::{
    Actor, AuditAction, Client, EmailChange, ExposeSecret, FailureKind, Message, OwnEmail, Resource, Role, Services,
};

use crate::house::{House, PASSWORD, client};

const NEW_PASSWORD: &str = "an even better password";

/// A house that sends mail, with an administrator and with Ed, who is written to.
async fn with_mail() -> (House, Services, Actor, Actor) {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let services = house.with(&[("sends_mail", 1)]);
    // Before it sent mail: an administrator's word.
    house.services.accounts().set_email_of(&admin, &PASSWORD.into(), editor.user_id, " Ed@Example.org ").await.unwrap();
    (house, services, admin, editor)
}

/// Sends what is due, and follows the link that is sent to an address.
async fn follow(services: &Services, to: &str) {
    let mut followed = 0;
    while let Some(letter) = services.letters().next().await.unwrap() {
        if letter.to == to {
            let Message::ConfirmEmail(token) = &letter.message else { panic!("{letter:?}") };
            services.accounts().confirm_email(token.expose_secret(), &client()).await.unwrap();
            followed += 1;
        }
        services.letters().sent(&letter).await.unwrap();
    }
    assert_eq!(followed, 1, "letters to {to}");
}

fn from(number: u8) -> Client {
    Client { address: [10, 0, 0, number].into(), user_agent: String::new() }
}

#[tokio::test]
async fn a_letter_brings_a_link_that_opens_the_account_it_was_asked_for() {
    let (house, services, admin, editor) = with_mail().await;
    let letters = services.letters();
    for asked in ["Ed", " ed@example.ORG "] {
        letters.ask(asked, &client()).await.unwrap();
        let letter = letters.next().await.unwrap().unwrap();
        let parts = (letter.to.as_str(), letter.name.as_str(), letter.username.as_str());
        assert_eq!(parts, ("Ed@Example.org", "Ed", "Ed"));
        assert!(letters.next().await.unwrap().is_none(), "it is being sent");
        letters.sent(&letter).await.unwrap();
        let token = letter.token().unwrap().expose_secret();
        services.accounts().reset_password(token, &NEW_PASSWORD.into(), &client()).await.unwrap();
        services.accounts().sign_in("Ed", &NEW_PASSWORD.into(), &client()).await.unwrap();
    }
    assert_eq!(house.store.letters().count().await.unwrap(), 0);
    let audited = house.audited(&admin).await;
    assert!(audited.contains(&(AuditAction::ResetLink, Resource::Users)));
    letters.send_to(&admin, editor.user_id).await.unwrap();
    let letter = letters.next().await.unwrap().unwrap();
    assert_eq!(letter.to, "Ed@Example.org");
}

#[tokio::test]
async fn whoever_asks_learns_nothing_and_waits_no_longer_for_somebody_known() {
    let (_house, services, admin, editor) = with_mail().await;
    let (letters, accounts) = (services.letters(), services.accounts());
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..24_u8 {
        // Somebody who is there, and a name of the same length; from addresses and under names that are not slowed.
        let name = if round % 2 == 0 {
            format!("{}ed@example.org", " ".repeat(usize::from(round)))
        } else {
            format!("x{round}@example.org")
        };
        if round % 6 == 0 {
            tokio::task::yield_now().await;
        }
        let begun = Instant::now();
        let answer = letters.ask(&name, &from(round)).await;
        times[usize::from(round % 2)].push(begun.elapsed());
        match answer {
            Ok(()) => {}
            // The same name a fourth time.
            Err(failure) => assert!(matches!(failure.kind, FailureKind::Busy { .. }), "{failure:?}"),
        }
    }
    // Three for the address that is known, twelve for names that nobody has: one letter for each at most, and none more.
    let mut written = 0;
    while let Some(letter) = letters.next().await.unwrap() {
        assert_eq!(letter.to, "Ed@Example.org");
        letters.sent(&letter).await.unwrap();
        written += 1;
    }
    assert_eq!(written, 3);
    // The shortest of those that were taken: a machine that does something else only adds to it. A look for a person, a link
    // and an entry of the audit log would take several times as long.
    let shortest = |times: &[Duration]| times.iter().min().unwrap().as_secs_f64();
    let ratio = shortest(&times[0][..3]) / shortest(&times[1]);
    assert!((0.2..5.0).contains(&ratio), "{times:?}");
    // Whoever is deactivated, or has no address, gets nothing and is told nothing.
    accounts.set_active(&admin, editor.user_id, false).await.unwrap();
    letters.ask("Ed", &from(100)).await.unwrap();
    letters.ask("Ada", &from(101)).await.unwrap();
    assert!(letters.next().await.unwrap().is_none());
}

#[tokio::test]
async fn nobody_s_mailbox_is_filled_and_no_link_is_taken_away_by_asking() {
    let (house, services, admin, editor) = with_mail().await;
    let (letters, accounts) = (services.letters(), services.accounts());
    let made = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap().token;
    let mut written = 0;
    for round in 0..20_u8 {
        let name = if round % 2 == 0 { "Ed" } else { "ed@example.org" };
        let _ = letters.ask(name, &from(round)).await;
        while let Some(letter) = letters.next().await.unwrap() {
            letters.sent(&letter).await.unwrap();
            written += 1;
        }
        house.clock.pass(Duration::from_mins(1));
    }
    assert_eq!(written, 3, "of twenty that were asked for");
    assert!(accounts.is_reset_link(made.expose_secret()).await.unwrap());
    // From one address thirty at once at most.
    let mut last = "";
    for number in 0..40 {
        last = letters.ask(&format!("name{number}"), &from(200)).await.err().map_or("ok", |failure| failure.code());
    }
    assert_eq!(last, "busy");
}

#[tokio::test]
async fn a_letter_that_cannot_be_sent_is_tried_again_and_given_up_in_the_end() {
    let (house, services, admin, editor) = with_mail().await;
    let letters = services.letters();
    let is_taken = async |letter: &service::Outgoing| {
        services.accounts().is_reset_link(letter.token().unwrap().expose_secret()).await.unwrap()
    };
    letters.send_to(&admin, editor.user_id).await.unwrap();
    let (mut attempts, mut last) = (0, None);
    for _ in 0..24 * 60 {
        if let Some(letter) = letters.next().await.unwrap() {
            attempts += 1;
            assert!(is_taken(&letter).await);
            letters.failed(&letter, false).await.unwrap();
            last = Some(letter);
        }
        house.clock.pass(Duration::from_mins(1));
    }
    assert_eq!((attempts, house.store.letters().count().await.unwrap()), (9, 0));
    assert!(!is_taken(&last.unwrap()).await, "a link that reached nobody");
    letters.send_to(&admin, editor.user_id).await.unwrap();
    let letter = letters.next().await.unwrap().unwrap();
    letters.failed(&letter, true).await.unwrap();
    assert_eq!(house.store.letters().count().await.unwrap(), 0, "no such mailbox");
    // A process that dies while it sends loses nothing.
    letters.send_to(&admin, editor.user_id).await.unwrap();
    assert!(letters.next().await.unwrap().is_some());
    assert!(letters.next().await.unwrap().is_none());
    house.clock.pass(Duration::from_mins(5));
    assert!(letters.next().await.unwrap().is_some());
}

#[tokio::test]
async fn an_address_belongs_to_its_person_and_to_who_looks_after_people() {
    let (house, services, admin, editor) = with_mail().await;
    let (letters, accounts) = (services.letters(), services.accounts());
    let own = |email: &str| OwnEmail { email: Some(email.to_owned()), unconfirmed: None };
    assert_eq!(accounts.own_email(&editor).await.unwrap(), own("Ed@Example.org"));
    let made = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap().token;
    let wrong = accounts.set_own_email(&editor, &"not the password".into(), "eve@example.org").await;
    assert_eq!(wrong.unwrap_err().code(), "invalid");
    let bad = accounts.set_own_email(&editor, &PASSWORD.into(), "a@b, c@d").await;
    assert_eq!(bad.unwrap_err().code(), "invalid");
    assert_eq!(accounts.own_email(&editor).await.unwrap(), own("Ed@Example.org"));
    let asked = accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.net").await.unwrap();
    assert_eq!(asked, EmailChange::LetterSent);
    follow(&services, "ed@example.net").await;
    assert_eq!(accounts.own_email(&editor).await.unwrap(), own("ed@example.net"));
    assert!(!accounts.is_reset_link(made.expose_secret()).await.unwrap(), "it went to the address of before");
    let page = services.audit().list(&admin, &service::AuditQuery::default()).await.unwrap();
    let is_it = |after: &serde_json::Value| after["email"] == "ed@example.net";
    let changed = page.items.iter().find(|entry| entry.after.as_ref().is_some_and(is_it)).unwrap();
    assert_eq!(
        (changed.actor_name.as_str(), &changed.before.as_ref().unwrap()["email"]),
        ("Ed", &"Ed@Example.org".into())
    );
    // Whoever may more than oneself is out of reach, and so is their mailbox.
    let grants = [(Resource::Users, service::Action::Read), (Resource::Users, service::Action::Modify)];
    let role = services.roles().create(&admin, "People", false, grants.into_iter().collect()).await.unwrap();
    let helper = house.person(&admin, "Helga", role).await;
    let refused = FailureKind::Forbidden;
    let taken = accounts.set_email_of(&helper, &PASSWORD.into(), admin.user_id, "helga@example.org").await;
    assert_eq!(taken.unwrap_err().kind, refused);
    assert_eq!(letters.send_to(&helper, admin.user_id).await.unwrap_err().kind, refused);
    let taken_away = accounts.set_own_email(&editor, &PASSWORD.into(), "").await.unwrap();
    assert_eq!((taken_away, accounts.own_email(&editor).await.unwrap()), (EmailChange::Done, OwnEmail::default()));
    assert_eq!(letters.send_to(&admin, editor.user_id).await.unwrap_err().code(), "no-address");
    // Without a mail server nothing is promised.
    assert_eq!(house.services.letters().ask("Ed", &client()).await.unwrap_err().code(), "no-mail");
    assert_eq!(house.services.letters().send_to(&admin, editor.user_id).await.unwrap_err().code(), "no-mail");
    let sender = house.person(&admin, "Cora", Role::CONTRIBUTOR).await;
    let token = accounts.create_token(&sender, &PASSWORD.into(), "script", service::TokenScope::All, 1).await.unwrap();
    let program = accounts.authenticate(token.secret.expose_secret()).await.unwrap();
    assert_eq!(accounts.own_email(&program).await.unwrap_err().kind, refused);
    assert_eq!(accounts.set_own_email(&program, &PASSWORD.into(), "x@example.org").await.unwrap_err().kind, refused);
}

#[tokio::test]
async fn each_gets_a_letter_of_their_own_whoever_is_called_by_their_address() {
    let (house, services, admin, editor) = with_mail().await;
    let (letters, accounts) = (services.letters(), services.accounts());
    // Eve calls herself by Ed's address, and Zoe shares a mailbox with Ed under another spelling.
    for (username, email) in [("ed@example.org", "eve@example.net"), ("Zoe", "ED@example.org")] {
        let person = house.person(&admin, username, Role::CONTRIBUTOR).await;
        house.services.accounts().set_email_of(&admin, &PASSWORD.into(), person.user_id, email).await.unwrap();
    }
    letters.ask("ed@example.org", &from(7)).await.unwrap();
    let mut written = Vec::new();
    while let Some(letter) = letters.next().await.unwrap() {
        written.push((letter.username.clone(), letter.to.clone()));
        letters.failed(&letter, false).await.unwrap();
    }
    written.sort_unstable();
    let expected = [("Ed", "Ed@Example.org"), ("Zoe", "ED@example.org"), ("ed@example.org", "eve@example.net")];
    assert_eq!(written, expected.map(|(username, to)| (username.to_owned(), to.to_owned())));
    // However often it is tried, it is written down once a letter, with from where it was asked for.
    house.clock.pass(Duration::from_hours(1));
    let mut again = 0;
    while let Some(letter) = letters.next().await.unwrap() {
        letters.sent(&letter).await.unwrap();
        again += 1;
    }
    assert_eq!(again, 3);
    let query = service::AuditQuery { action: Some(AuditAction::ResetLink), ..Default::default() };
    let entries = services.audit().list(&admin, &query).await.unwrap().items;
    assert_eq!(entries.len(), 3, "{entries:?}");
    assert!(entries.iter().all(|entry| entry.address.as_deref() == Some("10.0.0.7")), "{entries:?}");
    // What is used or ran out is thrown away in time.
    let link = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap();
    assert_eq!(services.housekeeping().sweep().await.unwrap().links, 0);
    house.clock.pass(Duration::from_hours(25));
    assert!(!accounts.is_reset_link(link.token.expose_secret()).await.unwrap());
    assert_eq!(services.housekeeping().sweep().await.unwrap().links, 3);
}
