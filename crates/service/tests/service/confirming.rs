//! Addresses that are confirmed by a letter before they count.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use cache::{CacheError, Rate, Rates, Verdict};
use futures::future::BoxFuture;
use service::{
    Actor, AuditQuery, Cache, Capacity, Client, Clock, EmailChange, ExposeSecret, FailureKind, Message, NewUser,
    Outgoing, OwnEmail, Role, Services, Store, UserId,
};

use crate::house::{Hands, House, PASSWORD, client};

const NEW_PASSWORD: &str = "an even better password";

/// A house that sends mail, with an administrator and with Ed, who is written to.
async fn with_mail() -> (House, Services, Actor, Actor) {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    house.services.accounts().set_email_of(&admin, &PASSWORD.into(), editor.user_id, "ed@example.org").await.unwrap();
    let services = house.with(&[("sends_mail", 1)]);
    (house, services, admin, editor)
}

/// Every letter that is due, as sent.
async fn letters(services: &Services) -> Vec<Outgoing> {
    let mut sent = Vec::new();
    while let Some(letter) = services.letters().next().await.unwrap() {
        services.letters().sent(&letter).await.unwrap();
        sent.push(letter);
    }
    sent.sort_by(|one, other| one.to.cmp(&other.to));
    sent
}

fn token(letter: &Outgoing) -> &str {
    match &letter.message {
        Message::ConfirmEmail(token) => token.expose_secret(),
        other => panic!("{other:?}"),
    }
}

async fn emails(services: &Services, actor: &Actor) -> (Option<String>, Option<String>) {
    let OwnEmail { email, unconfirmed } = services.accounts().own_email(actor).await.unwrap();
    (email, unconfirmed)
}

fn both(email: &str, unconfirmed: &str) -> (Option<String>, Option<String>) {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    (some(email), some(unconfirmed))
}

#[tokio::test]
async fn an_address_counts_once_its_letter_was_answered_and_the_one_of_before_is_told() {
    let (house, services, admin, editor) = with_mail().await;
    let accounts = services.accounts();
    let asked = accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.net").await.unwrap();
    assert_eq!(asked, EmailChange::LetterSent);
    assert_eq!(emails(&services, &editor).await, both("ed@example.org", "ed@example.net"));
    let sent = letters(&services).await;
    let [confirm, told] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((confirm.to.as_str(), told.to.as_str()), ("ed@example.net", "ed@example.org"));
    assert!(matches!(told.message, Message::EmailGoes) && told.token().is_none(), "{told:?}");
    // Until then a lost password is chosen anew at the address of before, and at no other.
    let ask = async |name: &str, number: u8| {
        let from = Client { address: [10, 0, 0, number].into(), user_agent: String::new() };
        services.letters().ask(name, &from).await.unwrap();
        letters(&services).await.into_iter().map(|letter| letter.to).collect::<Vec<_>>()
    };
    assert_eq!(ask("ed@example.net", 1).await, [""; 0]);
    assert_eq!(ask("Ed", 2).await, ["ed@example.org"]);
    assert!(accounts.is_email_link(token(confirm)).await.unwrap());
    accounts.confirm_email(token(confirm), &client()).await.unwrap();
    assert_eq!(emails(&services, &editor).await, both("ed@example.net", ""));
    assert_eq!(ask("ed@example.net", 3).await, ["ed@example.net"]);
    assert_eq!(ask("ed@example.org", 4).await, [""; 0]);
    let again = accounts.confirm_email(token(confirm), &client()).await;
    assert_eq!(again.unwrap_err().code(), "email-link-invalid", "once");
    let entries = house.services.audit().list(&admin, &AuditQuery::default()).await.unwrap().items;
    let of_email =
        |entry: &&service::AuditEntry| entry.after.as_ref().is_some_and(|after| after.get("email").is_some());
    let confirmed = |entry: &service::AuditEntry| {
        (entry.actor_name.as_str(), entry.address.as_deref()) == ("Ed", Some("127.0.0.1"))
    };
    assert!(entries.iter().filter(of_email).any(confirmed), "{entries:?}");
    assert!(!format!("{entries:?}").contains(token(confirm)));
}

#[tokio::test]
async fn a_link_confirms_the_address_it_was_sent_to_and_only_for_a_day() {
    let (house, services, admin, editor) = with_mail().await;
    let accounts = services.accounts();
    let ask = async |email: &str| {
        accounts.set_own_email(&editor, &PASSWORD.into(), email).await.unwrap();
        let sent = letters(&services).await;
        token(sent.iter().find(|letter| letter.to == email).unwrap()).to_owned()
    };
    let refused = async |token: &str, why: &str| {
        let answer = accounts.confirm_email(token, &client()).await;
        assert_eq!(answer.unwrap_err().code(), "email-link-invalid", "{why}");
        assert!(!accounts.is_email_link(token).await.unwrap(), "{why}");
    };
    refused("", "nothing").await;
    refused(&"0".repeat(64), "nobody's").await;
    let first = ask("first@example.net").await;
    let second = ask("second@example.net").await;
    refused(&first, "another address is wanted by now").await;
    house.clock.pass(Duration::from_hours(24));
    refused(&second, "a day is over").await;
    assert_eq!(emails(&services, &editor).await, both("ed@example.org", "second@example.net"));
    assert_eq!(services.housekeeping().sweep().await.unwrap().links, 0);
    house.clock.pass(Duration::from_secs(1));
    assert_eq!(services.housekeeping().sweep().await.unwrap().links, 1);
    // Given again, another letter comes; the address of before takes the wish back.
    let third = ask("second@example.net").await;
    assert!(accounts.is_email_link(&third).await.unwrap());
    accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.org").await.unwrap();
    refused(&third, "it was taken back").await;
    assert_eq!(emails(&services, &editor).await, both("ed@example.org", ""));
    // Three an hour: nobody fills the mailbox of somebody else.
    let mut last = Ok(EmailChange::Done);
    for _ in 0..4 {
        last = accounts.set_own_email(&editor, &PASSWORD.into(), "somebody.else@example.net").await;
    }
    assert!(matches!(last.unwrap_err().kind, FailureKind::Busy { .. }));
    assert_eq!(letters(&services).await.iter().filter(|letter| letter.to == "ed@example.org").count(), 1, "told once");
    house.clock.pass(Duration::from_hours(1));
    let fourth = ask("fourth@example.net").await;
    services.accounts().set_active(&admin, editor.user_id, false).await.unwrap();
    refused(&fourth, "they may no longer come in").await;
}

#[tokio::test]
async fn an_address_that_a_thief_asked_for_is_forgotten_with_the_password_they_knew() {
    let (house, services, admin, editor) = with_mail().await;
    let accounts = services.accounts();
    let steal = async |actor: &Actor, password: &str, email: &str| {
        accounts.set_own_email(actor, &password.into(), email).await.unwrap();
        let sent = letters(&services).await;
        assert!(sent.iter().any(|letter| letter.to == "ed@example.org"), "the owner is told: {sent:?}");
        token(sent.iter().find(|letter| letter.to == email).unwrap()).to_owned()
    };
    let stolen = steal(&editor, PASSWORD, "thief@example.net").await;
    let session = accounts.change_password(&editor, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap();
    assert_eq!(accounts.confirm_email(&stolen, &client()).await.unwrap_err().code(), "email-link-invalid");
    assert_eq!(emails(&services, &session.actor).await, both("ed@example.org", ""));
    let stolen = steal(&session.actor, NEW_PASSWORD, "thief@example.com").await;
    let link = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap().token;
    accounts.reset_password(link.expose_secret(), &PASSWORD.into(), &client()).await.unwrap();
    assert_eq!(accounts.confirm_email(&stolen, &client()).await.unwrap_err().code(), "email-link-invalid");
    let user = house.store.users().lookup(editor.user_id).await.unwrap().unwrap();
    assert_eq!((user.email, user.unconfirmed_email), both("ed@example.org", ""));
}

#[tokio::test]
async fn an_address_that_an_administrator_gave_waits_on_when_the_password_changes() {
    let (_house, services, admin, editor) = with_mail().await;
    let accounts = services.accounts();
    // Zoe changes her first password before she reads the letter, and Ed's before it is even sent.
    let new = NewUser {
        username: "Zoe".to_owned(),
        display_name: "Zoe".to_owned(),
        password: PASSWORD.into(),
        email: "zoe@example.org".to_owned(),
        role: Role::VIEWER,
        groups: Vec::new(),
    };
    accounts.create_user(&admin, new).await.unwrap();
    let sent = letters(&services).await;
    accounts.set_email_of(&admin, &PASSWORD.into(), editor.user_id, "ed@example.net").await.unwrap();
    let zoe = accounts.sign_in("Zoe", &PASSWORD.into(), &client()).await.unwrap().actor;
    let mut sessions = Vec::new();
    for actor in [&zoe, &editor] {
        let changed = accounts.change_password(actor, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await;
        sessions.push(changed.unwrap().actor);
    }
    assert_eq!(emails(&services, &sessions[0]).await, both("", "zoe@example.org"));
    assert_eq!(emails(&services, &sessions[1]).await, both("ed@example.org", "ed@example.net"));
    accounts.confirm_email(token(&sent[0]), &client()).await.unwrap();
    assert_eq!(emails(&services, &sessions[0]).await, both("zoe@example.org", ""));
    // A link for a new password leaves it waiting, too, and is ended when the address is another.
    let link = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap().token;
    accounts.reset_password(link.expose_secret(), &PASSWORD.into(), &client()).await.unwrap();
    let left = accounts.make_reset_link(&admin, &PASSWORD.into(), editor.user_id).await.unwrap().token;
    let sent = letters(&services).await;
    let confirm = sent.iter().find(|letter| letter.to == "ed@example.net").unwrap();
    accounts.confirm_email(token(confirm), &client()).await.unwrap();
    assert!(!accounts.is_reset_link(left.expose_secret()).await.unwrap());
    let ed = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap().actor;
    assert_eq!(emails(&services, &ed).await, both("ed@example.net", ""));
    // What they ask for themselves in its place is forgotten as ever, and given again it is theirs to ask for once more.
    accounts.set_email_of(&admin, &PASSWORD.into(), ed.user_id, "ed@example.com").await.unwrap();
    accounts.set_own_email(&ed, &PASSWORD.into(), "thief@example.com").await.unwrap();
    let ed = accounts.change_password(&ed, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap().actor;
    assert_eq!(emails(&services, &ed).await, both("ed@example.net", ""));
    // To oneself one gives nothing, by no door.
    accounts.set_email_of(&admin, &PASSWORD.into(), admin.user_id, "thief@example.net").await.unwrap();
    let ada = accounts.change_password(&admin, &PASSWORD.into(), &NEW_PASSWORD.into(), &client()).await.unwrap().actor;
    assert_eq!(emails(&services, &ada).await, both("", ""));
}

#[tokio::test]
async fn a_letter_is_counted_when_one_is_sent_and_before_anything_is_held() {
    let (house, services, admin, editor) = with_mail().await;
    // The address that is there brings no letter, however often it is given.
    for _ in 0..5 {
        services.accounts().set_own_email(&editor, &PASSWORD.into(), "ed@example.org").await.unwrap();
        services.accounts().set_email_of(&admin, &PASSWORD.into(), editor.user_id, "ed@example.org").await.unwrap();
    }
    let clock: Arc<dyn Clock> = Arc::<Hands>::clone(&house.clock);
    let cache = Cache::in_process(Capacity::default(), clock);
    let looking = Arc::new(Looking { store: house.store.clone(), user: editor.user_id, asked: AtomicU32::new(0) });
    let rates: Arc<dyn Rates> = Arc::<Looking>::clone(&looking);
    let services = house.with_cache(&[("sends_mail", 1)], Cache { rates, ..cache });
    let accounts = services.accounts();
    let asked = accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.net").await.unwrap();
    assert_eq!(asked, EmailChange::LetterSent);
    let asked = accounts.set_email_of(&admin, &PASSWORD.into(), editor.user_id, "ed@example.com").await.unwrap();
    assert_eq!(asked, EmailChange::LetterSent);
    assert_eq!(looking.asked.load(Ordering::SeqCst), 2);
}

/// Allows every attempt to get a letter, and sees that nobody is held meanwhile.
#[derive(Debug)]
struct Looking {
    store: Store,
    user: UserId,
    asked: AtomicU32,
}

impl Rates for Looking {
    fn attempt<'a>(&'a self, key: &'a str, _: Rate) -> BoxFuture<'a, Result<Verdict, CacheError>> {
        Box::pin(async move {
            if key.starts_with("letters:address:") {
                let hold = async {
                    let mut transaction = self.store.begin_write().await.unwrap();
                    transaction.users().hold(self.user).await.unwrap();
                    transaction.roll_back().await.unwrap();
                };
                tokio::time::timeout(Duration::from_secs(2), hold).await.expect("the person is held already");
                self.asked.fetch_add(1, Ordering::SeqCst);
            }
            Ok(Verdict::Allowed)
        })
    }

    fn forgive<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn where_mail_is_sent_nobody_s_word_is_enough_and_else_that_of_who_looks_after_people() {
    let (house, services, admin, editor) = with_mail().await;
    // An administrator gives an address, to somebody who is there and to somebody who is made.
    let asked =
        services.accounts().set_email_of(&admin, &PASSWORD.into(), editor.user_id, "ed@example.net").await.unwrap();
    assert_eq!(asked, EmailChange::LetterSent);
    let new = NewUser {
        username: "Zoe".to_owned(),
        display_name: "Zoe".to_owned(),
        password: PASSWORD.into(),
        email: "zoe@example.org".to_owned(),
        role: Role::VIEWER,
        groups: Vec::new(),
    };
    let zoe = services.accounts().create_user(&admin, new).await.unwrap();
    let not_yet = services.letters().send_to(&admin, zoe).await;
    assert_eq!(not_yet.unwrap_err().code(), "address-unconfirmed");
    let sent = letters(&services).await;
    let to: Vec<_> = sent.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(to, ["ed@example.net", "ed@example.org", "zoe@example.org"]);
    services.accounts().confirm_email(token(&sent[2]), &client()).await.unwrap();
    services.letters().send_to(&admin, zoe).await.unwrap();
    assert_eq!(letters(&services).await[0].to, "zoe@example.org");
    // Taking one away needs no letter but the one that says so.
    assert_eq!(services.accounts().set_email_of(&admin, &PASSWORD.into(), zoe, "").await.unwrap(), EmailChange::Done);
    assert_eq!(letters(&services).await.iter().filter(|letter| letter.to == "zoe@example.org").count(), 1);
    // Without mail: one's own word is kept, and that of an administrator counts.
    let without = house.services.accounts();
    let kept = without.set_own_email(&editor, &PASSWORD.into(), "ed@example.com").await.unwrap();
    assert_eq!(kept, EmailChange::Unconfirmed);
    assert_eq!(emails(&services, &editor).await, both("ed@example.org", "ed@example.com"));
    assert_eq!(letters(&services).await.len(), 0);
    assert_eq!(
        without.set_email_of(&admin, &PASSWORD.into(), editor.user_id, "ed@example.com").await.unwrap(),
        EmailChange::Done
    );
    assert_eq!(emails(&services, &editor).await, both("ed@example.com", ""));
    let own = without.set_own_email(&admin, &PASSWORD.into(), "ada@example.org").await.unwrap();
    assert_eq!((own, emails(&services, &admin).await), (EmailChange::Done, both("ada@example.org", "")));
}

#[tokio::test]
async fn a_letter_that_cannot_be_sent_confirms_nothing_and_another_attempt_brings_another_link() {
    let (house, services, _, editor) = with_mail().await;
    let accounts = services.accounts();
    accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.net").await.unwrap();
    let next = async || {
        loop {
            let letter = services.letters().next().await.unwrap().expect("a letter is due");
            if letter.to == "ed@example.net" {
                return letter;
            }
            services.letters().sent(&letter).await.unwrap();
        }
    };
    let first = next().await;
    services.letters().failed(&first, false).await.unwrap();
    assert!(!accounts.is_email_link(token(&first)).await.unwrap(), "it reached nobody");
    house.clock.pass(Duration::from_mins(2));
    let second = next().await;
    assert_ne!(token(&first), token(&second));
    accounts.confirm_email(token(&second), &client()).await.unwrap();
    assert_eq!(emails(&services, &editor).await, both("ed@example.net", ""));
    // A letter that is still to be sent when nobody wants the address any more is not sent.
    accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.com").await.unwrap();
    accounts.set_own_email(&editor, &PASSWORD.into(), "ed@example.net").await.unwrap();
    assert!(letters(&services).await.iter().all(|letter| letter.to != "ed@example.com"));
}
