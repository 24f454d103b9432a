//! One-time codes of a person: switched on with a first code, asked for at sign-in, switched off again.

use std::time::Duration;

use packer::hash::Sha256;
use secrecy::{ExposeSecret, SecretString};
use store::{
    SessionId, Transaction, UserId,
    audit::AuditAction,
    permissions::Resource,
    second_factors::SealedSeed,
    sessions::EndReason,
    users::{PasswordHash, User},
};

use super::{
    Accounts, Client,
    attempts::{OF_ACCOUNT, OF_CODES, codes_key, password_key},
    password::{self, Queue, Verdict},
    tokens, totp,
};
use crate::{
    actor::Actor,
    audit::{Author, Change},
    failure::Failure,
    permissions::Action,
    sealing::Seals,
};

/// Recovery codes of a person.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not taken for each other.
const RECOVERY_ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Characters of a recovery code, without its hyphen: 50 bits.
const RECOVERY_CHARACTERS: usize = 10;
/// How long a new seed waits for its first code: for so long counts the password that was given for it.
const TIME_TO_CONFIRM: Duration = Duration::from_mins(15);
/// The name that an authenticator app shows beside the account.
const ISSUER: &str = "eBook Scene Packer";

/// How it is with the one-time codes of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactor {
    /// True when a code is asked for at sign-in.
    pub on: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u64,
}

/// What an authenticator app is given. Shown until the first code was entered.
#[derive(Debug, Clone)]
pub struct CodesToBe {
    /// The seed as one types it.
    pub seed: SecretString,
    /// The address that a QR code holds (`otpauth:`).
    pub address: SecretString,
}

/// Recovery codes, each good once. Shown once; only their hashes are kept.
#[derive(Debug, Clone)]
pub struct RecoveryCodes(pub Vec<SecretString>);

impl Accounts<'_> {
    /// How it is with one's own codes.
    pub async fn second_factor(&self, actor: &Actor) -> Result<SecondFactor, Failure> {
        actor.session()?;
        let store = self.services.store();
        let on = store.second_factors().seed(actor.user_id).await?.is_some_and(|seed| seed.confirmed_at.is_some());
        Ok(SecondFactor { on, recovery_codes: store.second_factors().recovery_codes_left(actor.user_id).await? })
    }

    /// Makes a new seed for oneself. No code is asked for until the first one was entered, within a quarter of an hour.
    /// Whoever has the seed comes in where its owner no longer does, so the password is asked for.
    ///
    /// # Errors
    /// `Invalid` on `current` (`wrong`); `Busy`; `Conflict` `codes-already-on`; `Conflict` `secrets-key-missing` when
    /// nothing can be stored.
    pub async fn begin_codes(&self, actor: &Actor, current: &SecretString) -> Result<(), Failure> {
        actor.session()?;
        let seals = Seals::of(self.services.settings())?;
        self.require_password(actor, current).await?;
        let seed: [u8; totp::SEED_BYTES] = rand::random();
        let sealed = seals.seal(&owner(actor.user_id), &seed)?;
        let mut transaction = self.services.store().begin_write().await?;
        transaction.users().hold(actor.user_id).await?;
        let present = transaction.second_factors().seed(actor.user_id).await?;
        if present.is_some_and(|seed| seed.confirmed_at.is_some()) {
            return Err(Failure::conflict("codes-already-on", []));
        }
        transaction.second_factors().put_seed(actor.user_id, &sealed, self.services.now()).await?;
        Ok(transaction.commit().await?)
    }

    /// The seed that waits for its first code; nothing when none does.
    pub async fn codes_to_be(&self, actor: &Actor) -> Result<Option<CodesToBe>, Failure> {
        actor.session()?;
        let Some(stored) = self.waiting_seed(actor).await? else { return Ok(None) };
        let seed = self.open_seed(&stored)?;
        let text = totp::base32(&seed);
        let label = url_encoded(&format!("{ISSUER}:{}", actor.username));
        let address = format!("otpauth://totp/{label}?secret={text}&issuer={}", url_encoded(ISSUER));
        Ok(Some(CodesToBe { seed: text.into(), address: address.into() }))
    }

    /// Switches the codes on with the first one, and gives the recovery codes. Every other session of the person ends: it
    /// was begun with a password alone.
    ///
    /// # Errors
    /// `Invalid` on `code` (`wrong`); `Conflict` `codes-not-begun`; `Busy`.
    pub async fn confirm_codes(&self, actor: &Actor, code: &str) -> Result<RecoveryCodes, Failure> {
        let here = actor.session()?;
        self.count_attempt(&codes_key(actor.user_id), OF_CODES).await?;
        let stored = self.waiting_seed(actor).await?.ok_or_else(|| Failure::conflict("codes-not-begun", []))?;
        let now = self.services.now();
        let step = totp::matching_step(&self.open_seed(&stored)?, code, now);
        let step = step.ok_or_else(|| Failure::invalid("code", "wrong-code"))?;
        let (codes, hashes) = new_recovery_codes();
        let mut transaction = self.services.store().begin_write().await?;
        transaction.users().hold(actor.user_id).await?;
        // The code was of the seed that was read: another may have been begun, or this one confirmed, meanwhile.
        let present = transaction.second_factors().seed(actor.user_id).await?;
        if present.as_ref() != Some(&stored) || !transaction.second_factors().take_step(actor.user_id, step).await? {
            return Err(Failure::conflict("codes-not-begun", []));
        }
        transaction.second_factors().confirm(actor.user_id, &hashes, now).await?;
        let ended = transaction.sessions().end_all_of(actor.user_id, Some(here), EndReason::Ended, now).await?;
        let change = Change::new(AuditAction::CodesOn, Resource::Users, actor.user_id, &actor.username);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.forget_all(ended).await;
        Ok(codes)
    }

    /// Switches one's own codes off. Every other session of the person ends.
    ///
    /// # Errors
    /// `Invalid` on `current` (`wrong`); `Busy`.
    pub async fn end_codes(&self, actor: &Actor, current: &SecretString) -> Result<(), Failure> {
        let here = actor.session()?;
        self.require_password(actor, current).await?;
        let transaction = self.services.store().begin_write().await?;
        self.remove_codes(transaction, actor.into(), Some(here), actor.user_id, &actor.username).await
    }

    /// Switches the codes of another person off, who has lost device and recovery codes, and ends every session of theirs:
    /// the device may have been lost with one. One's own password is asked for: nobody at an open session opens the
    /// accounts of others.
    ///
    /// # Errors
    /// `Invalid` on `current` (`wrong`); `Busy`; `NotFound` `user`; `Forbidden` for somebody who may more than oneself, or
    /// is in a group that one is not in.
    pub async fn end_codes_of(&self, actor: &Actor, current: &SecretString, id: UserId) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        let here = actor.session()?;
        self.require_password(actor, current).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = self.hold_in_reach(&mut transaction, actor, id).await?;
        // Of somebody else every session ends: this one is none of theirs.
        self.remove_codes(transaction, actor.into(), Some(here), id, &user.username).await
    }

    /// Takes a code or a recovery code of somebody at the door. True when it was right and not used before. A recovery code
    /// needs no seed: it opens, too, where the key of the seeds is gone.
    pub(super) async fn take_code(&self, user: UserId, code: &str, client: &Client) -> Result<bool, Failure> {
        let store = self.services.store();
        let Some(stored) = store.second_factors().seed(user).await?.filter(|seed| seed.confirmed_at.is_some()) else {
            return Ok(false);
        };
        let now = self.services.now();
        let seed = self.open_seed(&stored);
        let step = seed.as_ref().ok().and_then(|seed| totp::matching_step(seed, code, now));
        let mut transaction = store.begin_write().await?;
        if let Some(step) = step {
            let taken = transaction.second_factors().take_step(user, step).await?;
            transaction.commit().await?;
            return Ok(taken);
        }
        let hash = tokens::sha256(&plain(code));
        if !transaction.second_factors().use_recovery_code(user, &hash, now).await? {
            // Without the seed nobody knows whether a code was right: that is our fault and no wrong code.
            return seed.map(|_| false);
        }
        let person = transaction.users().lookup(user).await?.map(|user: User| user.username).unwrap_or_default();
        let author =
            Author { id: Some(user), name: person.clone(), address: Some(client.address.to_string()), token_id: None };
        let change = Change::new(AuditAction::RecoveryUsed, Resource::Users, user, person);
        self.services.record(&mut transaction, author, change).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Asks for one's own password again, before something that a stranger at an open session should not do.
    pub(crate) async fn require_password(
        &self,
        actor: &Actor,
        current: &SecretString,
    ) -> Result<PasswordHash, Failure> {
        let key = password_key(actor.user_id);
        self.count_attempt(&key, OF_ACCOUNT).await?;
        let hash = self.services.store().users().password_hash(actor.user_id).await?;
        let wrong = || Failure::invalid("current", "wrong");
        if current.expose_secret().chars().count() > password::LONGEST
            || self.services.inner.passwords.verify(current, hash.as_ref(), Queue::Known).await? == Verdict::Wrong
        {
            return Err(wrong());
        }
        self.forgive_attempts(&key).await;
        hash.ok_or_else(wrong)
    }

    /// Switches codes off and ends every session of the person but `here`, in a transaction that it commits.
    pub(super) async fn remove_codes(
        &self,
        mut transaction: Transaction,
        author: Author,
        here: Option<SessionId>,
        user: UserId,
        username: &str,
    ) -> Result<(), Failure> {
        let mut ended = Vec::new();
        if transaction.second_factors().remove(user).await? {
            ended = transaction.sessions().end_all_of(user, here, EndReason::Ended, self.services.now()).await?;
            let change = Change::new(AuditAction::CodesOff, Resource::Users, user, username);
            self.services.record(&mut transaction, author, change).await?;
        }
        transaction.commit().await?;
        self.forget_all(ended).await;
        Ok(())
    }

    /// One's own seed that waits for its first code.
    async fn waiting_seed(&self, actor: &Actor) -> Result<Option<SealedSeed>, Failure> {
        let now = self.services.now();
        let stored = self.services.store().second_factors().seed(actor.user_id).await?;
        Ok(stored.filter(|seed| seed.confirmed_at.is_none() && now.since(seed.created_at) < TIME_TO_CONFIRM))
    }

    fn open_seed(self, stored: &SealedSeed) -> Result<Vec<u8>, Failure> {
        Seals::of(self.services.settings())?.open(&owner(stored.user_id), &stored.sealed)
    }
}

/// What a seed is sealed for.
pub(super) fn owner(user: UserId) -> String {
    format!("totp seed of {user}")
}

fn new_recovery_codes() -> (RecoveryCodes, Vec<Sha256>) {
    let codes: Vec<String> = (0..RECOVERY_CODES)
        .map(|_| {
            let random: [u8; RECOVERY_CHARACTERS] = rand::random();
            let letters: String =
                random.iter().map(|byte| char::from(RECOVERY_ALPHABET[usize::from(*byte) % 32])).collect();
            format!("{}-{}", &letters[..RECOVERY_CHARACTERS / 2], &letters[RECOVERY_CHARACTERS / 2..])
        })
        .collect();
    let hashes = codes.iter().map(|code| tokens::sha256(&plain(code))).collect();
    (RecoveryCodes(codes.into_iter().map(SecretString::from).collect()), hashes)
}

/// A recovery code as it is hashed: however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(|character| character.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// A text as part of an address.
fn url_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
