//! What is stored encrypted, and the keys that it is encrypted with.

use serde_json::json;
use store::{UserId, audit::AuditAction, permissions::Resource, second_factors::SealedSeed};

use super::{Accounts, second_factor::owner};
use crate::{
    audit::{Author, Change},
    failure::{Failure, FailureKind},
    sealing::Seals,
};

/// Secrets that move to another key in one transaction, with the entry that tells of them.
const AT_ONCE: usize = 200;

/// What became of the stored secrets when they were to be encrypted anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rotation {
    /// How many were encrypted with the present key.
    pub count: u64,
    /// The names to sign in with of those whose seed of one-time codes opens with no key that is set.
    pub left: Vec<String>,
}

/// How the stored secrets stand to the keys that are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFit {
    /// There are none, or all name a key that is set.
    All,
    /// So many name a key that is not set.
    Some {
        /// How many.
        foreign: u64,
    },
    /// Every one names a key that is not set, or none is set: nobody of whom a code is asked comes in with one.
    None,
}

impl Accounts<'_> {
    /// Encrypts every stored secret that is encrypted with the key before with the present one. One that does not open is
    /// left as it is and told of: the others are no worse for it. Nothing moves without an entry in the audit log.
    ///
    /// # Errors
    /// `Conflict` `secrets-key-missing`.
    pub async fn rotate_secrets(&self) -> Result<Rotation, Failure> {
        let seals = Seals::of(self.services.settings())?;
        let (mut moves, mut left) = (Vec::new(), Vec::new());
        for stored in self.services.store().second_factors().seeds().await? {
            match seals.open(&owner(stored.user_id), &stored.sealed) {
                Ok(_) if seals.is_present(&stored.sealed)? => {}
                Ok(seed) => moves.push((seals.seal(&owner(stored.user_id), &seed)?, stored)),
                Err(failure) => {
                    tracing::error!(%failure, user = %stored.user_id, "a stored secret does not open");
                    left.push(self.name_of(stored.user_id).await?);
                }
            }
        }
        let mut rotation = Rotation { count: 0, left };
        for some in moves.chunks(AT_ONCE) {
            rotation.count += self.move_to_present(some, &rotation.left).await?;
        }
        if moves.is_empty() {
            self.move_to_present(&[], &rotation.left).await?;
        }
        Ok(rotation)
    }

    /// How the seeds of those of whom codes are asked stand to the keys that are set. Only the names of the keys are
    /// compared: nothing is opened.
    pub async fn key_fit(&self) -> Result<KeyFit, Failure> {
        let seeds = self.services.store().second_factors().seeds().await?;
        let seeds: Vec<_> = seeds.into_iter().filter(|seed| seed.confirmed_at.is_some()).collect();
        let mut foreign = 0;
        match Seals::of(self.services.settings()) {
            Ok(seals) => {
                for seed in &seeds {
                    foreign += usize::from(!seals.know_key_of(&seed.sealed)?);
                }
            }
            Err(_) => foreign = seeds.len(),
        }
        Ok(match foreign {
            0 => KeyFit::All,
            some if some < seeds.len() => KeyFit::Some { foreign: some as u64 },
            _ => KeyFit::None,
        })
    }

    /// Switches one-time codes off for everybody whose seed opens with no key that is set, for a house that has lost the
    /// key: they come in with their password alone until they set codes up anew. Says who.
    ///
    /// # Errors
    /// `Conflict` `secrets-key-missing`.
    pub async fn switch_off_lost_codes(&self) -> Result<Vec<String>, Failure> {
        let seals = Seals::of(self.services.settings())?;
        let mut names = Vec::new();
        for stored in self.services.store().second_factors().seeds().await? {
            if seals.open(&owner(stored.user_id), &stored.sealed).is_err() {
                let name = self.name_of(stored.user_id).await?;
                let transaction = self.services.store().begin_write().await?;
                self.remove_codes(transaction, Author::command_line(), None, stored.user_id, &name).await?;
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Moves some, and writes it down, together or not at all. Says how many: a seed that was taken away or made anew
    /// meanwhile is none of them.
    async fn move_to_present(&self, some: &[(String, SealedSeed)], left: &[String]) -> Result<u64, Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        let mut count: u64 = 0;
        for (sealed, stored) in some {
            let replaced = transaction.second_factors().replace_seed(stored.user_id, &stored.sealed, sealed).await?;
            count += u64::from(replaced);
        }
        let mut written = json!({ "count": count });
        if !left.is_empty() {
            written["left"] = json!(left);
        }
        let change = Change::new(AuditAction::Rotated, Resource::Keys, "secrets", "SECRETS_KEY").after(written);
        self.services.record(&mut transaction, Author::command_line(), change).await?;
        transaction.commit().await?;
        Ok(count)
    }

    async fn name_of(&self, user: UserId) -> Result<String, Failure> {
        let user = self.services.store().users().lookup(user).await?;
        Ok(user.ok_or_else(|| Failure::new(FailureKind::NotFound("user")))?.username)
    }
}
