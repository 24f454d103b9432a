//! Letters with a link for a new password: asked for at the door or by an administrator, and handed to whoever sends mail.
//!
//! At the door nobody is looked up: what was typed is written down, and whom it means is found when the letter is to be
//! sent. So the answer is the same, and takes the same time, whether there is such a person or not.

use std::time::Duration;

use cache::Rate;
use secrecy::SecretString;
use store::{
    LetterId, Transaction, UserId,
    audit::AuditAction,
    letters::{Addressee, Letter},
    users::User,
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::Client,
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
/// People of one address who get a link in one letter: the members of a small press that share a mailbox.
const MOST_OF_ADDRESS: u32 = 10;
/// How long a letter belongs to who tries to send it: longer than a mail server takes to answer or to give up.
const LEASE: Duration = Duration::from_mins(5);
/// Before a letter is tried again; the double after each attempt.
const FIRST_WAIT: Duration = Duration::from_mins(1);
/// How often it is tried: with the waits between them, for some four hours. Later nobody waits for it any more.
const MOST_ATTEMPTS: u32 = 9;
/// How long to wait for news of a letter, which another node may have been asked for.
const LOOK: Duration = Duration::from_secs(5);

/// A letter as it is to be written: its links stand nowhere else.
#[derive(Debug)]
pub struct Outgoing {
    letter: Letter,
    /// The address of whoever gets it.
    pub to: String,
    /// Their name for others to see.
    pub name: String,
    /// Their language, `en` or `fr`; absent when they have not chosen one.
    pub locale: Option<String>,
    /// A link for each account at that address, one at least.
    pub links: Vec<AccountLink>,
}

/// The way to a new password of one account.
#[derive(Debug)]
pub struct AccountLink {
    /// The name to sign in with.
    pub username: String,
    /// The token, for `/reset?token=…`.
    pub token: SecretString,
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
        self.put(self.services.store().begin_write().await?, Addressee::AskedFor(name)).await
    }

    /// An administrator lets a person choose a new password.
    ///
    /// # Errors
    /// `NotFound` `user`; `Conflict` `no-mail`, `no-address` or `user-inactive`; `Forbidden` for somebody who may more than
    /// oneself, or is in a group that one is not in.
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
            return Err(Failure::conflict("no-address", [("name", user.display_name)]));
        }
        let change = Change::new(AuditAction::ResetLink, Resource::Users, id, &user.username);
        self.services.record(&mut transaction, actor, change).await?;
        self.put(transaction, Addressee::User(id)).await
    }

    /// The next letter that is due, with its links. Whoever sends it says how it went: [`sent`](Self::sent) or
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
            match self.written(&letter).await? {
                Some(outgoing) => return Ok(Some(outgoing)),
                // Nobody is called so, or nobody who can be written to, or they have had enough letters.
                None => self.remove(&letter).await?,
            }
        }
    }

    /// It is on its way.
    pub async fn sent(&self, outgoing: &Outgoing) -> Result<(), Failure> {
        metrics::counter!("letters_sent_total").increment(1);
        self.remove(&outgoing.letter).await
    }

    /// It could not be sent: it is tried again, unless it was tried often enough or `for_good` says that it never will.
    pub async fn failed(&self, outgoing: &Outgoing, for_good: bool) -> Result<(), Failure> {
        metrics::counter!("letters_failed_total").increment(1);
        let letter = &outgoing.letter;
        if for_good || letter.attempts + 1 >= MOST_ATTEMPTS {
            tracing::error!(letter = %letter.id, attempts = letter.attempts + 1, "a letter is given up");
            return self.remove(letter).await;
        }
        let until = self.services.now().after(FIRST_WAIT * 2_u32.saturating_pow(letter.attempts));
        let mut transaction = self.services.store().begin_write().await?;
        transaction.letters().put_off(letter.id, until).await?;
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

    async fn put(&self, mut transaction: Transaction, to: Addressee) -> Result<(), Failure> {
        let now = self.services.now();
        transaction.letters().add(LetterId::new(now, rand::random()), &to, now).await?;
        transaction.commit().await?;
        self.services.inner.new_letters.notify_one();
        Ok(())
    }

    async fn remove(&self, letter: &Letter) -> Result<(), Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        transaction.letters().delete(letter.id).await?;
        Ok(transaction.commit().await?)
    }

    /// Whom a letter means, and a link for each of them.
    async fn written(&self, letter: &Letter) -> Result<Option<Outgoing>, Failure> {
        let mut people = self.meant(&letter.to).await?;
        people.retain(|user| user.is_active() && user.email.is_some());
        let mut links = Vec::new();
        let mut first = None;
        let by_stranger = matches!(letter.to, Addressee::AskedFor(_));
        for user in people {
            // A second attempt is the same letter.
            if by_stranger && letter.attempts == 0 && self.has_enough(user.id).await? {
                continue;
            }
            let author = by_stranger.then(Author::at_the_door);
            let token = self.services.accounts().make_link_for(&user, author).await?;
            links.push(AccountLink { username: user.username.clone(), token });
            first.get_or_insert(user);
        }
        let Some(User { email: Some(to), display_name: name, locale, .. }) = first else { return Ok(None) };
        Ok(Some(Outgoing { letter: letter.clone(), to, name, locale, links }))
    }

    async fn meant(&self, to: &Addressee) -> Result<Vec<User>, Failure> {
        let users = self.services.store();
        Ok(match to {
            Addressee::User(id) => users.users().lookup(*id).await?.into_iter().collect(),
            Addressee::AskedFor(text) => match users.users().find_by_username(text).await? {
                Some(user) => vec![user],
                None => users.users().list_with_email(text, MOST_OF_ADDRESS).await?,
            },
        })
    }

    async fn has_enough(&self, user: UserId) -> Result<bool, Failure> {
        match self.services.accounts().count_attempt(&format!("letters:person:{user}"), OF_PERSON).await {
            Ok(()) => Ok(false),
            Err(failure) if matches!(failure.kind, FailureKind::Busy { .. }) => Ok(true),
            Err(failure) => Err(failure),
        }
    }
}
