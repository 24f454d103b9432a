//! Deleting a profile of the house, and having it back.

use packer::profile::Profile;
use serde_json::json;
use store::{StoreError, Transaction, audit::AuditAction, profiles::DeletedProfile};

use super::Profiles;
use crate::{
    actor::Actor,
    audit::Change,
    failure::Failure,
    permissions::{Action, Resource},
};

impl Profiles<'_> {
    /// The names of the profiles that are deleted.
    pub async fn deleted(&self, actor: &Actor) -> Result<Vec<String>, Failure> {
        actor.require(Resource::Profiles, Action::Delete)?;
        let deleted = self.services.store().profiles().list_deleted().await?;
        Ok(deleted.into_iter().map(|one| one.name).collect())
    }

    /// Deletes a profile of the house: nobody can choose it any more, and what anybody was writing for it goes. Releases that
    /// follow it go on with its versions, so it can be had back.
    ///
    /// # Errors
    /// `NotFound` `profile`; `Conflict` `profile-built-in` or `profile-deleted`.
    pub async fn delete(&self, actor: &Actor, name: &str) -> Result<(), Failure> {
        actor.require(Resource::Profiles, Action::Delete)?;
        if Profile::built_in(name).is_some() {
            return Err(Failure::conflict("profile-built-in", [("name", name.to_owned())]));
        }
        let mut transaction = self.services.store().begin_write().await?;
        transaction.profiles().hold(name).await?.ok_or_else(|| Failure::not_found("profile"))?;
        let (deleted_by, deleted_at) = (actor.user_id, self.services.now());
        match transaction.profiles().delete(&DeletedProfile { name: name.to_owned(), deleted_by, deleted_at }).await {
            Err(StoreError::Conflict(_)) => return Err(is_deleted(name)),
            other => other?,
        }
        let change = Change::new(AuditAction::Deleted, Resource::Profiles, name, name);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Lets a deleted profile be chosen again, with every version that it had.
    ///
    /// # Errors
    /// `NotFound` `profile` for one that is not deleted.
    pub async fn restore(&self, actor: &Actor, name: &str) -> Result<(), Failure> {
        actor.require(Resource::Profiles, Action::Delete)?;
        let mut transaction = self.services.store().begin_write().await?;
        if !transaction.profiles().restore(name).await? {
            return Err(Failure::not_found("profile"));
        }
        let change =
            Change::new(AuditAction::Created, Resource::Profiles, name, name).after(json!({ "restored": true }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Refuses to write for a profile that is deleted; nobody deletes it before the transaction ends.
pub(super) async fn require_there(transaction: &mut Transaction, name: &str) -> Result<(), Failure> {
    transaction.profiles().hold(name).await?;
    match transaction.profiles().deletion(name).await? {
        Some(_) => Err(is_deleted(name)),
        None => Ok(()),
    }
}

fn is_deleted(name: &str) -> Failure {
    Failure::conflict("profile-deleted", [("name", name.to_owned())])
}
