//! Letters with a link for a new password, asked for at the door or by an administrator, and letters about an address;
//! handed to whoever sends mail.
//!
//! At the door nobody is looked up: what was typed is written down, and whom it means is found when the letter is to be
//! sent. So the answer is the same, and takes the same time, whether there is such a person or not.

use std::time::Duration;

use cache::Rate;
use secrecy::{ExposeSecret, SecretString};
use store::{
    LetterId, Transaction, UserId,
    audit::AuditAction,
    letters::{Addressee, Letter},
    users::User,
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{Client, token_hash},
    actor::Actor,
    audit::{Author, Change},
    failure::{Failure, FailureKind},
    permissions::{Action, Resource},
    services::Services,
};

/// The most characters of what is typed at the door: the longest address.
const LONGEST_ASKED: usize = 254;
/// How often the same name or address may be asked for: whoever does not find the letter asks again, and nobody asks a
/// fourth time within minutes.
const OF_ASKED: Rate = Rate { burst: 3, interval: Duration::from_mins(5) };
/// How many letters a person gets that strangers ask for, under whatever name: more would fill a mailbox.
const OF_PERSON: Rate = Rate { burst: 3, interval: Duration::from_hours(1) };
/// People of one address who get a letter each: the members of a small press that share a mailbox.
const MOST_OF_ADDRESS: u32 = 10;
/// How long a letter belongs to who tries to send it: longer than a mail server takes to answer or to give up.
const LEASE: Duration = Duration::from_mins(5);
/// Before a letter is tried again; the double after each attempt.
const FIRST_WAIT: Duration = Duration::from_mins(1);
/// How often it is tried: with the waits between them, for some four hours. Later nobody waits for it any more.
const MOST_ATTEMPTS: u32 = 9;
/// How long to wait for news of a letter, which another node may have been asked for.
const LOOK: Duration = Duration::from_secs(5);

/// A letter as it is to be written: its link stands nowhere else.
#[derive(Debug)]
pub struct Outgoing {
    letter: Letter,
    /// The address of whoever gets it.
    pub to: String,
    /// Their name for others to see.
    pub name: String,
    /// The name to sign in with.
    pub username: String,
    /// Their language, by its tag; absent when they have not chosen one.
    pub locale: Option<String>,
    /// What it says.
    pub message: Message,
}

/// What a letter says, with the token of its link.
#[derive(Debug)]
pub enum Message {
    /// Choose a new password, at `/reset?token=…`.
    NewPassword(SecretString),
    /// Confirm that this address is yours, at `/confirm-email?token=…`.
    ConfirmEmail(SecretString),
    /// Another address than this one is to be written to.
    EmailGoes,
}

impl Outgoing {
    /// Which letter it is, for the log.
    pub fn id(&self) -> LetterId {
        self.letter.id
    }

    /// The token of its link.
    pub fn token(&self) -> Option<&SecretString> {
        match &self.message {
            Message::NewPassword(token) | Message::ConfirmEmail(token) => Some(token),
            Message::EmailGoes => None,
        }
    }
}

/// The use cases of letters.
#[derive(Debug, Clone, Copy)]
pub struct Letters<'a> {
    pub(crate) services: &'a Services,
}

impl Letters<'_> {
    /// Somebody at the door has lost their password, and says a username or an address.
    ///
    /// # Errors
    /// `Invalid` on `name` when it is empty; `Busy`; `Conflict` `no-mail` where no mail is sent. Never whether there is
    /// such a person.
    pub async fn ask(&self, name: &str, client: &Client) -> Result<(), Failure> {
        let name: String = name.trim().chars().take(LONGEST_ASKED).collect();
        self.require_mail()?;
        if name.is_empty() {
            return Err(Failure::invalid("name", "required"));
        }
        let accounts = self.services.accounts();
        accounts.count_at_door(client).await?;
        accounts.count_attempt(&format!("letters:asked:{}", store::fold(&name)), OF_ASKED).await?;
        let from = client.address.to_string();
        self.put(self.services.store().begin_write().await?, Addressee::AskedFor(name), Some(&from)).await
    }

    /// An administrator lets a person choose a new password.
    ///
    /// # Errors
    /// `NotFound` `user`; `Conflict` `no-mail`, `no-address`, `address-unconfirmed` or `user-inactive`; `Forbidden` for
    /// somebody who may more than oneself, or is in a group that one is not in.
    pub async fn send_to(&self, actor: &Actor, id: UserId) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = self.services.accounts().hold_in_reach(&mut transaction, actor, id).await?;
        self.require_mail()?;
        if !user.is_active() {
            return Err(Failure::conflict("user-inactive", []));
        }
        if user.email.is_none() {
            let code = if user.unconfirmed_email.is_some() { "address-unconfirmed" } else { "no-address" };
            return Err(Failure::conflict(code, [("name", user.display_name)]));
        }
        let change = Change::new(AuditAction::ResetLink, Resource::Users, id, &user.username);
        self.services.record(&mut transaction, actor, change).await?;
        self.put(transaction, Addressee::User(id), None).await
    }

    /// The next letter that is due, with its link. Whoever sends it says how it went: [`sent`](Self::sent) or
    /// [`failed`](Self::failed).
    pub async fn next(&self) -> Result<Option<Outgoing>, Failure> {
        let store = self.services.store();
        loop {
            let now = self.services.now();
            let Some(letter) = store.letters().next_due(now).await? else { return Ok(None) };
            let mut transaction = store.begin_write().await?;
            let is_ours = transaction.letters().take(&letter, now.after(LEASE)).await?;
            transaction.commit().await?;
            if !is_ours {
                continue;
            }
            match &letter.to {
                Addressee::AskedFor(text) => self.address(&letter, text).await?,
                _ => match self.written(&letter).await? {
                    Some(outgoing) => return Ok(Some(outgoing)),
                    None => self.remove(&letter).await?,
                },
            }
        }
    }

    /// It is on its way.
    pub async fn sent(&self, outgoing: &Outgoing) -> Result<(), Failure> {
        metrics::counter!("letters_sent_total").increment(1);
        self.remove(&outgoing.letter).await
    }

    /// It could not be sent: it is tried again, unless it was tried often enough or `for_good` says that it never will. Its
    /// link is no longer taken: another attempt brings another.
    pub async fn failed(&self, outgoing: &Outgoing, for_good: bool) -> Result<(), Failure> {
        metrics::counter!("letters_failed_total").increment(1);
        let letter = &outgoing.letter;
        let mut transaction = self.services.store().begin_write().await?;
        let hash = |token: &SecretString| token_hash(token.expose_secret());
        match &outgoing.message {
            Message::NewPassword(token) => transaction.reset_links().remove(&hash(token)).await?,
            Message::ConfirmEmail(token) => transaction.email_links().remove(&hash(token)).await?,
            Message::EmailGoes => {}
        }
        if for_good || letter.attempts + 1 >= MOST_ATTEMPTS {
            tracing::error!(letter = %letter.id, attempts = letter.attempts + 1, "a letter is given up");
            transaction.letters().delete(letter.id).await?;
        } else {
            let until = self.services.now().after(FIRST_WAIT * 2_u32.saturating_pow(letter.attempts));
            transaction.letters().put_off(letter.id, until).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Waits until there may be a letter.
    pub async fn wait(&self, shutdown: &CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {}
            // A letter of another node, or one that was put off, rings no bell here.
            _ = timeout(LOOK, self.services.inner.new_letters.notified()) => {}
        }
    }

    fn require_mail(self) -> Result<(), Failure> {
        if self.services.settings().sends_mail { Ok(()) } else { Err(Failure::conflict("no-mail", [])) }
    }

    /// Adds a letter in a transaction that the caller commits, and [rings](Self::ring) after.
    pub(crate) async fn put_into(&self, transaction: &mut Transaction, to: &Addressee) -> Result<(), Failure> {
        let now = self.services.now();
        Ok(transaction.letters().add(LetterId::new(now, rand::random()), to, None, now).await?)
    }

    /// Tells whoever sends letters that there may be one.
    pub(crate) fn ring(self) {
        self.services.inner.new_letters.notify_one();
    }

    async fn put(&self, mut transaction: Transaction, to: Addressee, from: Option<&str>) -> Result<(), Failure> {
        let now = self.services.now();
        transaction.letters().add(LetterId::new(now, rand::random()), &to, from, now).await?;
        transaction.commit().await?;
        self.ring();
        Ok(())
    }

    async fn remove(&self, letter: &Letter) -> Result<(), Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        transaction.letters().delete(letter.id).await?;
        Ok(transaction.commit().await?)
    }

    /// A letter to each person that a text means, in the place of the one that was asked for. So each is written once, to
    /// the address of that person alone, and written down once, however often it is tried.
    async fn address(&self, asked: &Letter, text: &str) -> Result<(), Failure> {
        let mut people = self.meant(text).await?;
        people.retain(|user| user.is_active() && user.email.is_some());
        let (now, from) = (self.services.now(), asked.asked_from.as_deref());
        let mut meant = Vec::new();
        for user in people {
            if !self.has_enough(user.id).await? {
                meant.push(user);
            }
        }
        let mut transaction = self.services.store().begin_write().await?;
        transaction.letters().delete(asked.id).await?;
        for user in meant {
            let to = Addressee::User(user.id);
            transaction.letters().add(LetterId::new(now, rand::random()), &to, from, now).await?;
            let change = Change::new(AuditAction::ResetLink, Resource::Users, user.id, &user.username);
            let author = Author::at_the_door(asked.asked_from.clone());
            self.services.record(&mut transaction, author, change).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// A letter with its link; nothing for somebody who can no longer be written to.
    async fn written(&self, letter: &Letter) -> Result<Option<Outgoing>, Failure> {
        let (store, accounts) = (self.services.store(), self.services.accounts());
        let active = async |id| Ok::<_, Failure>(store.users().lookup(id).await?.filter(User::is_active));
        let (user, to, message) = match &letter.to {
            Addressee::User(id) => {
                let Some(user) = active(*id).await? else { return Ok(None) };
                let Some(to) = user.email.clone() else { return Ok(None) };
                (user, to, Message::NewPassword(accounts.make_link_for(*id).await?))
            }
            Addressee::Unconfirmed(id) => {
                let Some((user, to, token)) = accounts.make_email_link(*id).await? else { return Ok(None) };
                (user, to, Message::ConfirmEmail(token))
            }
            Addressee::Former(id, to) => {
                let Some(user) = active(*id).await? else { return Ok(None) };
                (user, to.clone(), Message::EmailGoes)
            }
            Addressee::AskedFor(_) => return Ok(None),
        };
        let User { display_name: name, username, locale, .. } = user;
        Ok(Some(Outgoing { letter: letter.clone(), to, name, username, locale, message }))
    }

    /// Who is called so, and who is written to at that address: what looks like an address may be somebody's username, and
    /// nobody keeps another's letters away by calling themselves by their address.
    async fn meant(&self, text: &str) -> Result<Vec<User>, Failure> {
        let store = self.services.store();
        let mut people: Vec<User> = store.users().find_by_username(text).await?.into_iter().collect();
        if text.contains('@') {
            let at_address = store.users().list_with_email(text, MOST_OF_ADDRESS).await?;
            people.extend(
                at_address
                    .into_iter()
                    .filter(|user| people.iter().all(|known| known.id != user.id))
                    .collect::<Vec<_>>(),
            );
        }
        Ok(people)
    }

    async fn has_enough(&self, user: UserId) -> Result<bool, Failure> {
        match self.services.accounts().count_attempt(&format!("letters:person:{user}"), OF_PERSON).await {
            Ok(()) => Ok(false),
            Err(failure) if matches!(failure.kind, FailureKind::Busy { .. }) => Ok(true),
            Err(failure) => Err(failure),
        }
    }
}
