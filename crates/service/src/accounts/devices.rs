//! One's own sessions, one by one.

use serde::Serialize;
use store::{SessionId, Timestamp, audit::AuditAction, permissions::Resource, sessions::EndReason};

use super::Accounts;
use crate::{actor::Actor, audit::Change, failure::Failure};

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Which.
    pub id: SessionId,
    /// True for the one that asks.
    pub is_this: bool,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last prolonged.
    pub last_seen_at: Timestamp,
    /// From where it was begun.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

impl Accounts<'_> {
    /// One's own sessions that are alive, the newest first.
    pub async fn devices(&self, actor: &Actor) -> Result<Vec<Device>, Failure> {
        let this = actor.session()?;
        let sessions = self.services.store().sessions().list_alive(actor.user_id, self.services.now()).await?;
        let device = |session: store::sessions::Session| Device {
            is_this: session.id == this,
            id: session.id,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            address: session.address,
            user_agent: session.user_agent,
        };
        Ok(sessions.into_iter().map(device).collect())
    }

    /// Ends one of one's own sessions, now.
    ///
    /// # Errors
    /// `NotFound` `session`, for one of somebody else, too.
    pub async fn end_device(&self, actor: &Actor, id: SessionId) -> Result<(), Failure> {
        actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        let session = transaction.sessions().lookup(id).await?;
        if session.is_none_or(|session| session.user_id != actor.user_id) {
            return Err(Failure::not_found("session"));
        }
        if transaction.sessions().end(id, EndReason::Ended, self.services.now()).await? {
            let change = Change::new(AuditAction::Ended, Resource::Users, actor.user_id, &actor.username);
            self.services.record(&mut transaction, actor, change).await?;
        }
        transaction.commit().await?;
        self.forget(id).await;
        Ok(())
    }

    /// Ends every one of one's own sessions but the present one, now.
    ///
    /// # Errors
    /// `Forbidden` with a personal token.
    pub async fn end_other_devices(&self, actor: &Actor) -> Result<(), Failure> {
        let present = actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        let now = self.services.now();
        let ended = transaction.sessions().end_all_of(actor.user_id, Some(present), EndReason::Ended, now).await?;
        if !ended.is_empty() {
            let change = Change::new(AuditAction::Ended, Resource::Users, actor.user_id, &actor.username);
            self.services.record(&mut transaction, actor, change).await?;
        }
        transaction.commit().await?;
        self.forget_all(ended).await;
        Ok(())
    }
}
