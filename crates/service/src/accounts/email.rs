//! Where people are written to. An address is used for a new password once a letter has shown that it is theirs; where no
//! mail is sent, an administrator says so.

use std::time::Duration;

use cache::Rate;
use secrecy::SecretString;
use serde_json::json;
use store::{
    Transaction, UserId, audit::AuditAction, email_links::EmailLink, letters::Addressee, permissions::Resource,
    users::User,
};

use super::{Accounts, Client, names, reset, tokens};
use crate::{
    actor::Actor,
    audit::{Author, Change},
    failure::Failure,
    permissions::Action,
};

/// How long a link that confirms an address is good for.
const LIFETIME: Duration = Duration::from_hours(24);
/// How often one may ask for letters to an address of a person that is not confirmed: nobody fills the mailbox of
/// somebody else.
const OF_LETTERS: Rate = Rate { burst: 3, interval: Duration::from_hours(1) };

/// What became of an address that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailChange {
    /// It counts, or the one of before is taken away.
    Done,
    /// A letter is on its way there, and the address of before stays until its link is followed.
    LetterSent,
    /// It is kept, and counts once an administrator gives it too: no mail is sent here.
    Unconfirmed,
}

/// One's own address, and the one that waits to be confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnEmail {
    /// Where one is written to.
    pub email: Option<String>,
    /// Where one is to be written to.
    pub unconfirmed: Option<String>,
}

impl Accounts<'_> {
    /// The address at which one is written to oneself.
    ///
    /// # Errors
    /// `Forbidden` with a personal token.
    pub async fn own_email(&self, actor: &Actor) -> Result<OwnEmail, Failure> {
        actor.session()?;
        let user = self.services.store().users().lookup(actor.user_id).await?;
        Ok(user
            .map_or_else(OwnEmail::default, |user| OwnEmail { email: user.email, unconfirmed: user.unconfirmed_email }))
    }

    /// Gives oneself another address; an empty one takes it away. Whoever reads what is sent there can choose a new
    /// password, so the present one is asked for. Given again, another letter is sent.
    ///
    /// # Errors
    /// `Invalid` on `email` or on `current` (`wrong`); `Busy`; `Forbidden` with a personal token.
    pub async fn set_own_email(
        &self,
        actor: &Actor,
        current: &SecretString,
        email: &str,
    ) -> Result<EmailChange, Failure> {
        actor.session()?;
        let email = names::email(email).map_err(super::password::refuse)?;
        self.require_password(actor, current).await?;
        self.count_letter(actor, actor.user_id, email.as_deref()).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = transaction.users().hold(actor.user_id).await?.ok_or_else(|| Failure::not_found("user"))?;
        let may_say_so = !self.services.settings().sends_mail && actor.may(Resource::Users, Action::Modify);
        match email {
            Some(email) if !may_say_so && user.email.as_ref() != Some(&email) => {
                self.keep_unconfirmed(transaction, actor, &user, &email).await
            }
            email => self.set_email(transaction, actor, &user, email).await,
        }
    }

    /// Gives a person another address; an empty one takes it away. Where mail is sent, it counts once they have confirmed
    /// it; else the word of who looks after people counts. One's own password is asked for, as for one's own address.
    ///
    /// # Errors
    /// `NotFound` `user`; `Invalid` on `email` or on `current` (`wrong`); `Busy`; `Forbidden` for somebody who may more than
    /// oneself, or is in a group that one is not in, and with a personal token.
    pub async fn set_email_of(
        &self,
        actor: &Actor,
        current: &SecretString,
        id: UserId,
        email: &str,
    ) -> Result<EmailChange, Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        // Whoever reads what is sent there can choose a new password, which no token does.
        actor.session()?;
        let email = names::email(email).map_err(super::password::refuse)?;
        self.require_password(actor, current).await?;
        self.count_letter(actor, id, email.as_deref()).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = self.hold_in_reach(&mut transaction, actor, id).await?;
        match email {
            Some(email) if self.services.settings().sends_mail && user.email.as_ref() != Some(&email) => {
                // To themselves nobody gives one: whoever knew their password may have been the one.
                if id != actor.user_id {
                    transaction.users().note_given_email(id, &email, self.services.now()).await?;
                }
                self.keep_unconfirmed(transaction, actor, &user, &email).await
            }
            email => self.set_email(transaction, actor, &user, email).await,
        }
    }

    /// True while a link confirms an address.
    pub async fn is_email_link(&self, token: &str) -> Result<bool, Failure> {
        let link = self.services.store().email_links().find(&tokens::sha256(token), self.services.now()).await?;
        Ok(link.is_some())
    }

    /// Confirms an address with a link, which is used up: from now on the person is written to there. Links that were sent
    /// to the address of before are no longer taken.
    ///
    /// # Errors
    /// `Conflict` `email-link-invalid`; `Busy`.
    pub async fn confirm_email(&self, token: &str, client: &Client) -> Result<(), Failure> {
        self.count_at_door(client).await?;
        let invalid = || Failure::conflict("email-link-invalid", []);
        let (hash, now) = (tokens::sha256(token), self.services.now());
        let mut transaction = self.services.store().begin_write().await?;
        let link = transaction.email_links().find(&hash, now).await?.ok_or_else(invalid)?;
        let user = transaction.users().hold(link.user_id).await?.filter(User::is_active).ok_or_else(invalid)?;
        let is_wanted = user.unconfirmed_email.as_ref() == Some(&link.email);
        if !is_wanted || !transaction.email_links().use_up(&hash, now).await? {
            return Err(invalid());
        }
        let author = Author {
            id: Some(user.id),
            name: user.username.clone(),
            token_id: None,
            address: Some(client.address.to_string()),
        };
        self.put_email(&mut transaction, author, &user, Some(link.email)).await?;
        Ok(transaction.commit().await?)
    }

    /// A link for a letter that is being written, with who confirms what by it; nothing when no address waits any more.
    pub(crate) async fn make_email_link(&self, id: UserId) -> Result<Option<(User, String, SecretString)>, Failure> {
        let (now, token) = (self.services.now(), reset::random_token());
        let mut transaction = self.services.store().begin_write().await?;
        let user = transaction.users().hold(id).await?.filter(User::is_active);
        let Some(user) = user else { return Ok(None) };
        let Some(email) = user.unconfirmed_email.clone() else { return Ok(None) };
        let link = EmailLink { user_id: id, email };
        transaction.email_links().add(&tokens::sha256(&token), &link, now, now.after(LIFETIME)).await?;
        transaction.commit().await?;
        Ok(Some((user, link.email, token.into())))
    }

    /// Keeps an address that somebody gave a person until it is confirmed and asks by a letter, in a transaction that the
    /// caller commits.
    pub(super) async fn ask_to_confirm_given(
        &self,
        transaction: &mut Transaction,
        user: &User,
        email: &str,
    ) -> Result<(), Failure> {
        transaction.users().note_given_email(user.id, email, self.services.now()).await?;
        self.ask_to_confirm(transaction, user, email).await
    }

    async fn ask_to_confirm(&self, transaction: &mut Transaction, user: &User, email: &str) -> Result<(), Failure> {
        transaction.users().set_unconfirmed_email(user.id, Some(email), self.services.now()).await?;
        transaction.email_links().remove_of(user.id).await?;
        self.services.letters().put_into(transaction, &Addressee::Unconfirmed(user.id)).await
    }

    /// Forgets an address that waits to be confirmed, with its links, when the person themselves asked for it: whoever
    /// knew their password may have. What an administrator gave waits on, and its letter is as good as before.
    pub(super) async fn forget_unconfirmed(&self, transaction: &mut Transaction, id: UserId) -> Result<(), Failure> {
        if transaction.users().forget_unconfirmed_email(id, self.services.now()).await? {
            transaction.email_links().remove_of(id).await?;
        }
        Ok(())
    }

    async fn keep_unconfirmed(
        &self,
        mut transaction: Transaction,
        actor: &Actor,
        user: &User,
        email: &str,
    ) -> Result<EmailChange, Failure> {
        let is_other = user.unconfirmed_email.as_deref() != Some(email);
        let sends_mail = self.services.settings().sends_mail;
        if sends_mail {
            self.ask_to_confirm(&mut transaction, user, email).await?;
        } else {
            transaction.users().set_unconfirmed_email(user.id, Some(email), self.services.now()).await?;
        }
        if is_other {
            self.tell_former(&mut transaction, user).await?;
            let change = Change::new(AuditAction::Changed, Resource::Users, user.id, &user.username)
                .between(json!({ "unconfirmed_email": user.unconfirmed_email }), json!({ "unconfirmed_email": email }));
            self.services.record(&mut transaction, actor, change).await?;
        }
        transaction.commit().await?;
        self.services.letters().ring();
        Ok(if sends_mail { EmailChange::LetterSent } else { EmailChange::Unconfirmed })
    }

    async fn set_email(
        &self,
        mut transaction: Transaction,
        actor: &Actor,
        user: &User,
        email: Option<String>,
    ) -> Result<EmailChange, Failure> {
        if user.email == email && user.unconfirmed_email.is_none() {
            transaction.roll_back().await?;
            return Ok(EmailChange::Done);
        }
        if user.email != email {
            self.tell_former(&mut transaction, user).await?;
        }
        self.put_email(&mut transaction, actor.into(), user, email).await?;
        transaction.commit().await?;
        self.services.letters().ring();
        Ok(EmailChange::Done)
    }

    /// Links that were sent to the address of before are no longer taken.
    async fn put_email(
        &self,
        transaction: &mut Transaction,
        author: Author,
        user: &User,
        email: Option<String>,
    ) -> Result<(), Failure> {
        transaction.users().set_email(user.id, email.as_deref(), self.services.now()).await?;
        transaction.email_links().remove_of(user.id).await?;
        if user.email != email {
            transaction.reset_links().remove_of(user.id).await?;
        }
        let change = Change::new(AuditAction::Changed, Resource::Users, user.id, &user.username).between(
            json!({ "email": user.email, "unconfirmed_email": user.unconfirmed_email }),
            json!({ "email": email, "unconfirmed_email": null }),
        );
        self.services.record(transaction, author, change).await
    }

    /// Tells whoever reads the address of before: they may be the only one who did not ask for another.
    async fn tell_former(&self, transaction: &mut Transaction, user: &User) -> Result<(), Failure> {
        match &user.email {
            Some(email) if self.services.settings().sends_mail => {
                let to = Addressee::Former(user.id, email.clone());
                self.services.letters().put_into(transaction, &to).await
            }
            _ => Ok(()),
        }
    }

    /// Counts a letter that is about to be asked for, before the transaction that asks: nothing in it waits for the cache.
    /// The present address, which takes a wish back, brings none. Each who asks is counted alone: nobody keeps another
    /// from asking.
    async fn count_letter(&self, actor: &Actor, id: UserId, email: Option<&str>) -> Result<(), Failure> {
        let Some(email) = email.filter(|_| self.services.settings().sends_mail) else { return Ok(()) };
        let user = self.services.store().users().lookup(id).await?;
        if user.is_none_or(|user| user.email.as_deref() == Some(email)) {
            return Ok(());
        }
        self.count_attempt(&format!("letters:address:{id}:{}", actor.user_id), OF_LETTERS).await
    }
}
