//! Signing in: name and password, and a one-time code where the person asked for it.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use packer::hash::Sha256;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{
    Timestamp, UserId,
    audit::AuditAction,
    permissions::Resource,
    users::{PasswordHash, User},
};
use subtle::ConstantTimeEq;

use super::{
    Accounts, Client, LONGEST_PASSWORD, SignedIn,
    attempts::{OF_ACCOUNT, OF_CODES, account_key, address_key, codes_key},
    password::{Queue, Verdict},
    tokens,
};
use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind},
};

/// How long somebody whose password was right may look for the code.
const TIME_FOR_CODE: Duration = Duration::from_mins(5);
/// How many of the last sessions tell from where a person comes.
const KNOWN_ADDRESSES: u32 = 50;

/// What a name and a password amount to.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// A session.
    Done(Box<SignedIn>),
    /// A one-time code is asked for: this says, for five minutes, whose password was right.
    CodeNeeded(SecretString),
}

/// Whose password was right, and which one it was.
struct Shown {
    user: UserId,
    password: Sha256,
}

impl Accounts<'_> {
    /// Signs in somebody of whom no one-time code is asked. It takes as long for somebody unknown as for a wrong
    /// password.
    ///
    /// # Errors
    /// `Conflict` `wrong-credentials` whatever was wrong; `Conflict` `code-required`; `Busy`.
    pub async fn sign_in(&self, username: &str, password: &SecretString, client: &Client) -> Result<SignedIn, Failure> {
        match self.begin_sign_in(username, password, client, None).await? {
            SignIn::Done(signed_in) => Ok(*signed_in),
            SignIn::CodeNeeded(_) => Err(Failure::conflict("code-required", [])),
        }
    }

    /// Signs in, or asks for a one-time code. `before` is who the browser was until now: their session ends as the new one
    /// begins, or neither happens.
    ///
    /// # Errors
    /// `Conflict` `wrong-credentials` whatever was wrong; `Busy`.
    pub async fn begin_sign_in(
        &self,
        username: &str,
        password: &SecretString,
        client: &Client,
        before: Option<&Actor>,
    ) -> Result<SignIn, Failure> {
        counted(self.check_password(username, password, client, before).await)
    }

    async fn check_password(
        &self,
        username: &str,
        password: &SecretString,
        client: &Client,
        before: Option<&Actor>,
    ) -> Result<SignIn, Failure> {
        let account = account_key(username);
        self.count_at_door(client).await?;
        self.count_attempt_on(&account, username, client).await?;
        let wrong = || Failure::conflict("wrong-credentials", []);
        // Longer than any password of ours: its hash would only cost.
        if password.expose_secret().chars().count() > LONGEST_PASSWORD {
            return Err(wrong());
        }
        let store = self.services.store();
        let found = store.users().find_at_door(username.trim()).await?;
        let hash = found.as_ref().map(|found| &found.password_hash);
        let passwords = &self.services.inner.passwords;
        let verdict = match passwords.verify(password, hash, Queue::Strangers).await {
            Err(full) if matches!(full.kind, FailureKind::Busy { .. }) => {
                if !self.has_come_from(username, client).await? {
                    return Err(full);
                }
                passwords.verify(password, hash, Queue::Known).await?
            }
            other => other?,
        };
        let found = found.filter(|found| found.deactivated_at.is_none() && verdict != Verdict::Wrong);
        let Some(found) = found else {
            tracing::info!(address = %client.address, "somebody did not get in: name and password do not go together");
            return Err(wrong());
        };
        let mut shown = Shown { user: found.id, password: digest(&found.password_hash) };
        let renewed = match verdict {
            Verdict::RightAndOutdated => Some(self.services.inner.passwords.hash(password).await?),
            Verdict::Right | Verdict::Wrong => None,
        };
        if store.second_factors().seed(found.id).await?.is_some_and(|seed| seed.confirmed_at.is_some()) {
            if let Some(renewed) = &renewed {
                // Here, where the password is: whoever comes with the code no longer has it.
                self.renew_hash(&mut shown, renewed).await?;
            }
            return Ok(SignIn::CodeNeeded(self.challenge(&shown, self.services.now().after(TIME_FOR_CODE))?));
        }
        let signed_in = self.enter(&shown, renewed, client, before).await?.ok_or_else(wrong)?;
        self.forgive_attempts_on(&account, client).await;
        Ok(SignIn::Done(Box::new(signed_in)))
    }

    /// The second step: a one-time code, or one of the recovery codes. `before` as with the first.
    ///
    /// # Errors
    /// `Conflict` `sign-in-expired` after five minutes and once there is another password, `wrong-code`; `Busy`.
    pub async fn finish_sign_in(
        &self,
        challenge: &str,
        code: &str,
        client: &Client,
        before: Option<&Actor>,
    ) -> Result<SignedIn, Failure> {
        counted(self.check_code(challenge, code, client, before).await)
    }

    async fn check_code(
        &self,
        challenge: &str,
        code: &str,
        client: &Client,
        before: Option<&Actor>,
    ) -> Result<SignedIn, Failure> {
        self.count_at_door(client).await?;
        let expired = || Failure::conflict("sign-in-expired", []);
        let shown = self.challenged(challenge).ok_or_else(expired)?;
        let attempts = codes_key(shown.user);
        self.count_attempt(&attempts, OF_CODES).await?;
        if !self.take_code(shown.user, code, client).await? {
            tracing::info!(address = %client.address, "somebody did not get in: the one-time code was wrong");
            return Err(Failure::conflict("wrong-code", []));
        }
        let signed_in = self.enter(&shown, None, client, before).await?.ok_or_else(expired)?;
        self.forgive_attempts(&attempts).await;
        self.forgive_attempts_on(&account_key(&signed_in.actor.username), client).await;
        Ok(signed_in)
    }

    /// Stores the hash of the same password with the parameters of today, unless the password is another one meanwhile.
    async fn renew_hash(&self, shown: &mut Shown, renewed: &PasswordHash) -> Result<(), Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        transaction.users().hold(shown.user).await?;
        let present = transaction.users().password_hash(shown.user).await?;
        if present.is_some_and(|present| digest(&present) == shown.password) {
            transaction.users().set_password(shown.user, renewed, self.services.now()).await?;
            transaction.commit().await?;
            shown.password = digest(renewed);
        }
        Ok(())
    }

    /// Begins the session of somebody who has shown who they are. Nothing for somebody who was deactivated since, or
    /// whose password is another one by now: every session of before has ended with it, and so does this one. After the
    /// commit nothing can fail: no session is left that nobody has the tokens of.
    async fn enter(
        &self,
        shown: &Shown,
        renewed: Option<PasswordHash>,
        client: &Client,
        before: Option<&Actor>,
    ) -> Result<Option<SignedIn>, Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        let user = transaction.users().hold(shown.user).await?.filter(User::is_active);
        let present = transaction.users().password_hash(shown.user).await?;
        let is_present = present.is_some_and(|present| digest(&present) == shown.password);
        let Some(user) = user.filter(|_| is_present) else { return Ok(None) };
        if let Some(renewed) = renewed {
            transaction.users().set_password(user.id, &renewed, self.services.now()).await?;
        }
        let signed_in = self.begin_session(&mut transaction, &user, client).await?;
        let change = Change::new(AuditAction::SignedIn, Resource::Users, user.id, &user.username)
            .after(json!({ "user_agent": client.user_agent }));
        self.services.record(&mut transaction, &signed_in.actor, change).await?;
        let left = before.and_then(|actor| Some((actor, actor.session().ok()?)));
        if let Some((actor, session)) = left {
            self.end_session(&mut transaction, actor, session).await?;
        }
        transaction.commit().await?;
        self.has_begun(&signed_in).await;
        if let Some((_, session)) = left {
            self.forget(session).await;
        }
        Ok(Some(signed_in))
    }

    /// Counts an attempt on an account. Strangers who try it from everywhere use up what strangers may; its owner, who
    /// has come from the same address before, is counted apart and gets in.
    pub(super) async fn count_attempt_on(&self, account: &str, username: &str, client: &Client) -> Result<(), Failure> {
        let Err(refused) = self.count_attempt(account, OF_ACCOUNT).await else { return Ok(()) };
        if !self.has_come_from(username, client).await? {
            return Err(refused);
        }
        self.count_attempt(&own_key(account, client), OF_ACCOUNT).await
    }

    /// Forgets what was counted on the account of somebody who got in, for strangers and for who has come from there.
    async fn forgive_attempts_on(&self, account: &str, client: &Client) {
        self.forgive_attempts(account).await;
        self.forgive_attempts(&own_key(account, client)).await;
    }

    /// Whether a person of this name has come in from there before. The database is asked the same whether there is such a
    /// person or not: how long a refusal takes tells nobody.
    async fn has_come_from(&self, username: &str, client: &Client) -> Result<bool, Failure> {
        let here = address_key(client.address);
        let known = self.services.store().sessions().last_addresses(username.trim(), KNOWN_ADDRESSES).await?;
        let mut addresses = known.iter().filter_map(|address| address.parse().ok());
        Ok(addresses.any(|address| address_key(address) == here))
    }

    /// A text that says whose password was right, which one it was, and until when that counts.
    fn challenge(self, shown: &Shown, until: Timestamp) -> Result<SecretString, Failure> {
        let claim = format!("{}.{}.{}", shown.user, shown.password, until.0);
        let seal = seal(&self.services.settings().jwt_secret, &claim)?;
        Ok(format!("{claim}.{seal}").into())
    }

    fn challenged(self, challenge: &str) -> Option<Shown> {
        let (claim, given) = challenge.rsplit_once('.')?;
        let settings = self.services.settings();
        let is_ours = [Some(&settings.jwt_secret), settings.jwt_secret_previous.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|secret| seal(secret, claim).ok())
            .any(|seal| seal.as_bytes().ct_eq(given.as_bytes()).into());
        let (user, rest) = claim.split_once('.').filter(|_| is_ours)?;
        let (password, until) = rest.split_once('.')?;
        let until: i64 = until.parse().ok()?;
        let shown = Shown { user: user.parse().ok()?, password: password.parse().ok()? };
        (self.services.now().0 < until).then_some(shown)
    }
}

/// Counts who does not get in, by page or by API: many of them are somebody guessing.
fn counted<T>(answer: Result<T, Failure>) -> Result<T, Failure> {
    let is_refusal = |failure: &Failure| ["wrong-credentials", "wrong-code", "busy"].contains(&failure.code());
    if answer.as_ref().is_err_and(is_refusal) {
        metrics::counter!("sign_in_failures_total").increment(1);
    }
    answer
}

/// What a hash is known by outside the database: the hash itself stays there.
fn digest(hash: &PasswordHash) -> Sha256 {
    tokens::sha256(&hash.0)
}

fn seal(secret: &SecretString, claim: &str) -> Result<String, Failure> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(|error| Failure::caused(FailureKind::Internal, error))?;
    mac.update(format!("sign-in challenge\0{claim}").as_bytes());
    let bytes: [u8; 32] = mac.finalize().into_bytes().into();
    Ok(Sha256(bytes).to_string())
}

/// The key of an account for who has come from an address before.
fn own_key(account: &str, client: &Client) -> String {
    format!("{account}:{}", address_key(client.address))
}
