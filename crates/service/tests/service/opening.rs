//! What opens an account: passwords, links, sessions, tokens and one-time codes.

use std::time::Duration;

use packer::profile::Profile;
use service::{
    Action, AuditAction, AuditQuery, Client, ExposeSecret, Failure, FailureKind, Means, OwnEmail, Resource,
    RightsChange, Role, SignIn, SignedIn, TokenScope,
};

use crate::house::{House, PASSWORD, book, client};

const NEW_PASSWORD: &str = "an even better password";

/// The code of an authenticator app, made here anew from the seed that a person types.
pub(crate) fn code(seed: &str, now_ms: i64) -> String {
    use hmac::{Hmac, KeyInit, Mac};

    let values = seed.chars().map(|letter| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap());
    let bits: String = values.map(|value| format!("{value:05b}")).collect::<Vec<_>>().concat();
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&bytes).unwrap();
    mac.update(&(now_ms / 30_000).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

#[tokio::test]
async fn a_reset_link_works_once_and_ends_everything_of_before() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    let token = accounts.create_token(&session.actor, &PASSWORD.into(), "script", TokenScope::All, 30).await.unwrap();
    let old = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap();
    let link = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap();
    assert!(!accounts.is_reset_link(old.token.expose_secret()).await.unwrap(), "a newer link was made");
    let link = link.token.expose_secret();
    assert!(accounts.is_reset_link(link).await.unwrap());
    assert_eq!(accounts.reset_password(link, &"short".into(), &client()).await.unwrap_err().code(), "invalid");
    accounts.reset_password(link, &NEW_PASSWORD.into(), &client()).await.unwrap();
    assert_eq!(
        accounts.reset_password(link, &NEW_PASSWORD.into(), &client()).await.unwrap_err().code(),
        "reset-link-invalid"
    );
    for gone in [session.access_token.expose_secret(), token.secret.expose_secret()] {
        assert_eq!(accounts.authenticate(gone).await.unwrap_err().kind, FailureKind::SignedOut);
    }
    assert!(accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.is_err());
    accounts.sign_in("Ed", &NEW_PASSWORD.into(), &client()).await.unwrap();
    let link = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap();
    house.clock.pass(Duration::from_hours(25));
    assert!(!accounts.is_reset_link(link.token.expose_secret()).await.unwrap(), "it is a day old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_changes_of_one_password_one_holds() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let (client, present) = (client(), PASSWORD.into());
    let (one, other) = (NEW_PASSWORD.into(), "colophons-before-dawn-31".into());
    let (first, second) = tokio::join!(
        accounts.change_password(&admin, &present, &one, &client),
        accounts.change_password(&admin, &present, &other, &client),
    );
    let (kept, refused) = if first.is_ok() { (one, second) } else { (other, first) };
    assert_eq!(refused.unwrap_err().code(), "invalid", "its password was another one by then");
    accounts.sign_in(&admin.username, &kept, &client).await.unwrap();
}

#[tokio::test]
async fn a_reset_link_ends_with_what_it_was_made_for() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let accounts = house.services.accounts();
    let link = || async { accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap().token };
    let is_good =
        |link: service::SecretString| async move { accounts.is_reset_link(link.expose_secret()).await.unwrap() };
    let made = link().await;
    assert!(is_good(made.clone()).await);
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    accounts.change_password(&session.actor, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap();
    assert!(!is_good(made).await, "they know a password again");
    let made = link().await;
    let rights = RightsChange { roles: Some(vec![Role::ADMIN]), ..RightsChange::default() };
    accounts.set_rights(&admin, editor.user_id, rights).await.unwrap();
    assert!(!is_good(made).await, "they may more than when it was made");
    let made = link().await;
    accounts.set_active(&admin, editor.user_id, false).await.unwrap();
    accounts.set_active(&admin, editor.user_id, true).await.unwrap();
    assert!(!is_good(made).await, "they were kept out");
}

#[tokio::test]
async fn one_s_own_sessions_are_listed_and_ended_one_by_one_and_nobody_else_s() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let accounts = house.services.accounts();
    let here = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let there = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let devices = accounts.devices(&here.actor).await.unwrap();
    assert_eq!(devices.len(), 3);
    let session = |signed_in: &SignedIn| match signed_in.actor.means {
        Means::Session(id) => id,
        Means::Token(_) => panic!("a session was begun"),
    };
    assert_eq!(devices.iter().find(|device| device.is_this).unwrap().id, session(&here));
    assert_eq!(accounts.end_device(&editor, session(&there)).await.unwrap_err().code(), "not-found");
    accounts.end_device(&here.actor, session(&there)).await.unwrap();
    assert!(accounts.authenticate(there.access_token.expose_secret()).await.is_err());
    assert!(accounts.authenticate(here.access_token.expose_secret()).await.is_ok());
    let elsewhere = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    accounts.end_other_devices(&here.actor).await.unwrap();
    assert_eq!(accounts.devices(&here.actor).await.unwrap().len(), 1);
    assert!(accounts.authenticate(elsewhere.access_token.expose_secret()).await.is_err());
    assert!(accounts.authenticate(here.access_token.expose_secret()).await.is_ok());
    assert_eq!(accounts.devices(&admin).await.unwrap().len(), 1, "nobody else's");
}

#[tokio::test]
async fn a_token_does_what_its_scope_says_and_never_looks_after_the_account() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    for (scope, sees, sends, edits) in [
        (TokenScope::Read, true, false, false),
        (TokenScope::Books, true, true, false),
        (TokenScope::All, true, true, true),
    ] {
        let new = accounts.create_token(&admin, &PASSWORD.into(), "script", scope, 1).await.unwrap();
        let actor = accounts.authenticate(new.secret.expose_secret()).await.unwrap();
        assert_eq!(actor.may(Resource::Releases, Action::Read), sees);
        assert_eq!(actor.may(Resource::Books, Action::Write), sends);
        assert_eq!(actor.may(Resource::Releases, Action::Modify), edits);
        let refused = FailureKind::Forbidden;
        assert_eq!(accounts.create_token(&actor, &PASSWORD.into(), "more", scope, 1).await.unwrap_err().kind, refused);
        assert_eq!(accounts.tokens(&actor).await.unwrap_err().kind, refused);
        assert_eq!(accounts.end_token(&actor, new.token.id).await.unwrap_err().kind, refused);
        assert_eq!(accounts.devices(&actor).await.unwrap_err().kind, refused);
        assert_eq!(accounts.sign_out(&actor).await.unwrap_err().kind, refused);
        assert_eq!(accounts.second_factor(&actor).await.unwrap_err().kind, refused);
        assert_eq!(accounts.begin_codes(&actor, &PASSWORD.into()).await.unwrap_err().kind, refused);
        assert_eq!(accounts.codes_to_be(&actor).await.unwrap_err().kind, refused);
        assert_eq!(accounts.confirm_codes(&actor, "1").await.unwrap_err().kind, refused);
        assert_eq!(accounts.end_codes(&actor, &PASSWORD.into()).await.unwrap_err().kind, refused);
        let changed = accounts.change_password(&actor, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await;
        assert_eq!(changed.unwrap_err().kind, refused);
        assert_eq!(accounts.make_reset_link(&actor, &PASSWORD.into(), admin.user_id).await.unwrap_err().kind, refused);
    }
    let new = accounts.create_token(&admin, &PASSWORD.into(), "short-lived", TokenScope::All, 1).await.unwrap();
    let editor = house.editor(&admin).await;
    assert_eq!(accounts.end_token(&editor, new.token.id).await.unwrap_err().code(), "not-found");
    assert_eq!(accounts.tokens(&admin).await.unwrap().len(), 4);
    accounts.authenticate(new.secret.expose_secret()).await.unwrap();
    accounts.end_token(&admin, new.token.id).await.unwrap();
    assert_eq!(accounts.authenticate(new.secret.expose_secret()).await.unwrap_err().kind, FailureKind::SignedOut);
    let new = accounts.create_token(&admin, &PASSWORD.into(), "a day", TokenScope::All, 1).await.unwrap();
    house.clock.pass(Duration::from_hours(24));
    assert_eq!(accounts.authenticate(new.secret.expose_secret()).await.unwrap_err().kind, FailureKind::SignedOut);
    for (name, days) in [("", 1), ("a", 0), ("a", 367)] {
        assert_eq!(
            accounts.create_token(&admin, &PASSWORD.into(), name, TokenScope::All, days).await.unwrap_err().code(),
            "invalid"
        );
    }
}

#[tokio::test]
async fn what_opens_an_account_asks_for_the_password_again() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let accounts = house.services.accounts();
    let now = || service::Clock::now_ms(&*house.clock);
    let (wrong, id) = ("not her password".into(), editor.user_id);
    for refused in [
        accounts.change_password(&admin, &wrong, &NEW_PASSWORD.into(), &client()).await.err(),
        accounts.set_own_email(&admin, &wrong, "ada@example.org").await.err(),
        accounts.set_email_of(&admin, &wrong, id, "ed@example.org").await.err(),
        accounts.set_email_of(&admin, &wrong, admin.user_id, "ada@example.org").await.err(),
        accounts.make_reset_link(&admin, &wrong, id).await.err(),
        accounts.create_token(&admin, &wrong, "script", TokenScope::Read, 1).await.err(),
        accounts.begin_codes(&admin, &wrong).await.err(),
    ] {
        assert_eq!(refused.unwrap(), Failure::invalid("current", "wrong"));
    }
    assert_eq!(accounts.own_email(&admin).await.unwrap(), OwnEmail::default());
    assert_eq!(accounts.own_email(&editor).await.unwrap(), OwnEmail::default());
    assert!(accounts.tokens(&admin).await.unwrap().is_empty());
    assert!(accounts.codes_to_be(&admin).await.unwrap().is_none());
    // What was given for a seed counts for a quarter of an hour.
    accounts.begin_codes(&editor, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(&editor).await.unwrap().unwrap().seed.expose_secret().to_owned();
    house.clock.pass(Duration::from_mins(15));
    assert!(accounts.codes_to_be(&editor).await.unwrap().is_none());
    let late = accounts.confirm_codes(&editor, &code(&seed, now())).await;
    assert_eq!(late.unwrap_err().code(), "codes-not-begun");
    accounts.begin_codes(&editor, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(&editor).await.unwrap().unwrap().seed.expose_secret().to_owned();
    house.clock.pass(Duration::from_mins(14));
    accounts.confirm_codes(&editor, &code(&seed, now())).await.unwrap();
    for own_or_not in [accounts.end_codes(&editor, &wrong).await, accounts.end_codes_of(&admin, &wrong, id).await] {
        assert_eq!(own_or_not.unwrap_err(), Failure::invalid("current", "wrong"));
    }
    assert!(accounts.second_factor(&editor).await.unwrap().on);
    accounts.end_codes_of(&admin, &PASSWORD.into(), id).await.unwrap();
    assert!(!accounts.second_factor(&editor).await.unwrap().on);
}

#[tokio::test]
async fn with_one_time_codes_a_password_alone_opens_nothing_and_a_code_opens_once() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let now = || service::Clock::now_ms(&*house.clock);
    accounts.begin_codes(&admin, &PASSWORD.into()).await.unwrap();
    let to_be = accounts.codes_to_be(&admin).await.unwrap().unwrap();
    let seed = to_be.seed.expose_secret().to_owned();
    let address = to_be.address.expose_secret();
    assert!(address.starts_with("otpauth://totp/eBook%20Scene%20Packer%3AAda?secret="), "{address}");
    // Until the first code was entered nothing is asked.
    assert!(accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.is_ok());
    assert_eq!(accounts.confirm_codes(&admin, "000000").await.unwrap_err().code(), "invalid");
    let recovery = accounts.confirm_codes(&admin, &code(&seed, now())).await.unwrap().0;
    assert!(accounts.codes_to_be(&admin).await.unwrap().is_none(), "the seed is never shown again");
    assert_eq!(accounts.begin_codes(&admin, &PASSWORD.into()).await.unwrap_err().code(), "codes-already-on");
    assert_eq!(accounts.second_factor(&admin).await.unwrap().recovery_codes, 10);

    assert_eq!(accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap_err().code(), "code-required");
    let challenge = || async {
        match accounts.begin_sign_in("Ada", &PASSWORD.into(), &client(), None).await.unwrap() {
            SignIn::CodeNeeded(challenge) => challenge.expose_secret().to_owned(),
            SignIn::Done(_) => panic!("a password alone"),
        }
    };
    let first = challenge().await;
    // The code that switched them on is used up.
    assert_eq!(
        accounts.finish_sign_in(&first, &code(&seed, now()), &client(), None).await.unwrap_err().code(),
        "wrong-code"
    );
    house.clock.pass(Duration::from_secs(30));
    let right = code(&seed, now());
    accounts.finish_sign_in(&first, &right, &client(), None).await.unwrap();
    assert_eq!(accounts.finish_sign_in(&first, &right, &client(), None).await.unwrap_err().code(), "wrong-code");
    // A recovery code, however it is typed, and once.
    let typed = recovery[0].expose_secret().to_uppercase().replace('-', " ");
    accounts.finish_sign_in(&first, &typed, &client(), None).await.unwrap();
    assert_eq!(accounts.finish_sign_in(&first, &typed, &client(), None).await.unwrap_err().code(), "wrong-code");
    assert!(house.audited(&admin).await.contains(&(AuditAction::RecoveryUsed, Resource::Users)));
    for forged in ["", "a.b.c", &first.replace(&first[..3], "7ZZ")] {
        let answer = accounts.finish_sign_in(forged, &right, &client(), None).await;
        assert_eq!(answer.unwrap_err().code(), "sign-in-expired", "{forged}");
    }
    house.clock.pass(Duration::from_mins(6));
    assert_eq!(
        accounts.finish_sign_in(&first, &code(&seed, now()), &client(), None).await.unwrap_err().code(),
        "sign-in-expired"
    );
    assert_eq!(accounts.end_codes(&admin, &"not her password".into()).await.unwrap_err().code(), "invalid");
    accounts.end_codes(&admin, &PASSWORD.into()).await.unwrap();
    assert!(accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.is_ok());
}

#[tokio::test]
async fn a_password_that_was_changed_opens_nothing_that_it_had_half_opened() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    accounts.begin_codes(&admin, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(&admin).await.unwrap().unwrap().seed.expose_secret().to_owned();
    let now = || service::Clock::now_ms(&*house.clock);
    accounts.confirm_codes(&admin, &code(&seed, now())).await.unwrap();
    let half_open = async |password: &str| match accounts.begin_sign_in("Ada", &password.into(), &client(), None).await
    {
        Ok(SignIn::CodeNeeded(challenge)) => challenge.expose_secret().to_owned(),
        other => panic!("{other:?}"),
    };
    let before = half_open(PASSWORD).await;
    accounts.change_password(&admin, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap();
    house.clock.pass(Duration::from_secs(30));
    let answer = accounts.finish_sign_in(&before, &code(&seed, now()), &client(), None).await;
    assert_eq!(answer.unwrap_err().code(), "sign-in-expired");
    house.clock.pass(Duration::from_secs(30));
    let after = half_open(NEW_PASSWORD).await;
    accounts.finish_sign_in(&after, &code(&seed, now()), &client(), None).await.unwrap();
}

#[tokio::test]
async fn codes_are_guessed_once_a_minute() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    accounts.begin_codes(&admin, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(&admin).await.unwrap().unwrap().seed.expose_secret().to_owned();
    let now = service::Clock::now_ms(&*house.clock);
    accounts.confirm_codes(&admin, &code(&seed, now)).await.unwrap();
    let SignIn::CodeNeeded(challenge) = accounts.begin_sign_in("Ada", &PASSWORD.into(), &client(), None).await.unwrap()
    else {
        panic!("a password alone");
    };
    let home = client();
    let mut codes = Vec::new();
    for number in 0..20 {
        let from = Client { address: [10, 0, 0, number].into(), user_agent: String::new() };
        let answer = accounts.finish_sign_in(challenge.expose_secret(), "000000", &from, None).await;
        codes.push(answer.unwrap_err().code());
    }
    // The code that switched them on was one of the five.
    assert_eq!(codes[..5], ["wrong-code", "wrong-code", "wrong-code", "wrong-code", "busy"]);
    assert!(codes[5..].iter().all(|code| *code == "busy"), "{codes:?}");
    house.clock.pass(Duration::from_secs(59));
    let again = || accounts.finish_sign_in(challenge.expose_secret(), "000000", &home, None);
    assert_eq!(again().await.unwrap_err().code(), "busy");
    house.clock.pass(Duration::from_secs(1));
    assert_eq!(again().await.unwrap_err().code(), "wrong-code");
}

#[tokio::test]
async fn stored_secrets_move_to_a_new_key_and_are_never_stored_plainly() {
    let (house, admin) = House::new().await;
    let first = house.with(&[("secrets_key", 1)]);
    first.accounts().begin_codes(&admin, &PASSWORD.into()).await.unwrap();
    let seed = first.accounts().codes_to_be(&admin).await.unwrap().unwrap().seed.expose_secret().to_owned();
    let stored = house.store.second_factors().seed(admin.user_id).await.unwrap().unwrap().sealed;
    assert!(!stored.contains(&seed) && stored.starts_with("v1."), "{stored}");
    let second = house.with(&[("secrets_key", 2), ("secrets_key_previous", 1)]);
    assert_eq!(second.accounts().rotate_secrets().await.unwrap().count, 1);
    assert_eq!(second.accounts().rotate_secrets().await.unwrap().count, 0);
    let third = house.with(&[("secrets_key", 2)]);
    let again = third.accounts().codes_to_be(&admin).await.unwrap().unwrap().seed.expose_secret().to_owned();
    assert_eq!(again, seed);
    assert_eq!(first.accounts().codes_to_be(&admin).await.unwrap_err().code(), "internal");
}

#[tokio::test]
async fn what_people_do_is_written_down_with_who_and_from_where_and_no_secret_is() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let accounts = house.services.accounts();
    let link = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    let token = accounts.create_token(&session.actor, &PASSWORD.into(), "script", TokenScope::Read, 1).await.unwrap();
    let session =
        accounts.change_password(&session.actor, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap();
    let draft = house.draft(&session.actor, &book("Written down")).await;
    house.services.releases().delete(&session.actor, draft.summary.id).await.unwrap();
    let profile = Profile { name: "house-rules".to_owned(), ..Profile::built_ins().next().unwrap().clone() };
    let text = profile.to_toml().unwrap();
    house.services.profiles().save(&session.actor, "house-rules", &text, 0).await.unwrap();
    let all = house.services.audit().list(&admin, &AuditQuery { limit: 100, ..AuditQuery::default() }).await.unwrap();
    let found: Vec<_> = all.items.iter().map(|entry| (entry.action, entry.resource)).collect();
    for wanted in [
        (AuditAction::Created, Resource::Users),
        (AuditAction::Created, Resource::Groups),
        (AuditAction::ResetLink, Resource::Users),
        (AuditAction::SignedIn, Resource::Users),
        (AuditAction::Created, Resource::Keys),
        (AuditAction::PasswordChanged, Resource::Users),
        (AuditAction::Created, Resource::Books),
        (AuditAction::Created, Resource::Profiles),
        (AuditAction::Changed, Resource::Releases),
        (AuditAction::Deleted, Resource::Releases),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
    }
    let changed =
        all.items.iter().find(|entry| entry.resource == Resource::Releases && entry.action == AuditAction::Changed);
    let changed = changed.unwrap();
    assert_eq!(changed.after.as_ref().unwrap()["rights"], "CC-BY-4.0");
    assert_eq!(changed.before.as_ref().unwrap()["rights"], serde_json::Value::Null);
    assert_eq!((changed.actor_name.as_str(), changed.address.as_deref()), ("Ada", Some("127.0.0.1")));
    let sent = all.items.iter().find(|entry| entry.resource == Resource::Books).unwrap();
    assert_eq!((sent.actor_name.as_str(), sent.address.as_deref()), ("Ada", Some("127.0.0.1")));
    let text = serde_json::to_string(&all.items).unwrap();
    for secret in [PASSWORD, NEW_PASSWORD, link.token.expose_secret(), token.secret.expose_secret()] {
        assert!(!text.contains(secret), "{secret} stands in the audit log");
    }
    house.clock.pass(Duration::from_hours(2 * 365 * 24 + 1));
    assert!(house.services.housekeeping().sweep().await.unwrap().audit > 9);
}

#[tokio::test]
async fn ten_thousand_wrong_passwords_from_everywhere_do_not_keep_the_owner_out() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    // She has come from here before.
    let home = Client { address: [192, 0, 2, 77].into(), user_agent: "home".to_owned() };
    accounts.sign_in("Ada", &PASSWORD.into(), &home).await.unwrap();
    let mut slowed = 0;
    for number in 0_u32..10_000 {
        let bytes = number.to_be_bytes();
        let from = Client { address: [10, bytes[1], bytes[2], bytes[3]].into(), user_agent: "guesser".to_owned() };
        let answer = accounts.sign_in("Ada", &"a wrong guess".into(), &from).await;
        slowed += u32::from(matches!(answer.unwrap_err().kind, FailureKind::Busy { .. }));
    }
    assert!(slowed >= 9_980, "{slowed} were slowed");
    // However often she comes, and however fast strangers use up again what her coming gives them.
    for number in 0..12 {
        accounts.sign_in("Ada", &PASSWORD.into(), &home).await.unwrap();
        for guess in 0..10 {
            let from = Client { address: [11, 0, number, guess].into(), user_agent: "guesser".to_owned() };
            accounts.sign_in("Ada", &"a wrong guess".into(), &from).await.unwrap_err();
        }
    }
    // Who guesses from her address is slowed, too.
    let mut last = "";
    for _ in 0..40 {
        last = accounts.sign_in("Ada", &"a wrong guess".into(), &home).await.unwrap_err().code();
    }
    assert_eq!(last, "busy");
}

#[tokio::test]
async fn somebody_unknown_is_answered_as_late_as_somebody_known() {
    let (house, _) = House::new().await;
    let accounts = house.services.accounts();
    // The first one makes the hash that nobody has.
    let _ = accounts.sign_in("nobody", &"a wrong guess".into(), &client()).await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..24 {
        let name = ["Ada", "nobody"][round % 2];
        house.clock.pass(Duration::from_mins(2));
        let begun = std::time::Instant::now();
        assert_eq!(
            accounts.sign_in(name, &"a wrong guess".into(), &client()).await.unwrap_err().code(),
            "wrong-credentials"
        );
        times[round % 2].push(begun.elapsed());
    }
    let middle = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    };
    let [known, unknown] = times.each_mut().map(middle);
    let ratio = known / unknown;
    // One hash takes many times what everything else takes: without it the ratio would be ten and more.
    assert!((0.5..2.0).contains(&ratio), "known {known} s, unknown {unknown} s");
}
