//! Sessions: begun, prolonged, looked up on each request, ended now.

use std::time::Duration;

use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    SessionId, Timestamp, Transaction, UserId,
    audit::AuditAction,
    permissions::Resource,
    sessions::{EndReason, NewSession, RefreshToken},
    users::User,
};

use super::{Accounts, Client, SignedIn, standing::Standing, tokens};
use crate::{
    actor::{Actor, Means},
    audit::{Author, Change},
    failure::{Failure, FailureKind},
};

/// For so long a token that was used gives the same successor again: two tabs may refresh at once.
const GRACE: Duration = Duration::from_secs(10);

/// However often it is prolonged, a session ends so long after its beginning.
const LONGEST_SESSION: Duration = Duration::from_hours(90 * 24);

/// How long a session that was looked up is not looked up again.
const REMEMBERED: Duration = Duration::from_mins(1);

/// What is remembered of a session.
#[derive(Debug, Serialize, Deserialize)]
enum Remembered {
    /// Who is in it, and until when.
    Alive { standing: Standing, expires_at: Timestamp },
    /// It has ended, whatever somebody read of it before.
    Ended,
}

impl Accounts<'_> {
    /// Begins a session in a transaction that the caller commits.
    pub(super) async fn begin_session(
        &self,
        transaction: &mut Transaction,
        user: &User,
        client: &Client,
    ) -> Result<SignedIn, Failure> {
        let now = self.services.now();
        let session = SessionId::new(now, rand::random());
        let expires_at = now.after(self.services.settings().session_lifetime);
        let new = NewSession {
            id: session,
            user_id: user.id,
            expires_at,
            address: client.address.to_string(),
            user_agent: client.user_agent.clone(),
        };
        transaction.sessions().add(&new, now).await?;
        let refresh_token = tokens::derive_refresh(&self.services.settings().jwt_secret, session, 0)?;
        add_refresh_token(transaction, session, 0, &refresh_token, now, expires_at).await?;
        self.signed_in(user, client, session, refresh_token, expires_at).await
    }

    /// To be told when a session that was begun is committed: whoever came in is shown that they did, and what else was
    /// committed with it.
    pub(super) async fn has_begun(&self, signed_in: &SignedIn) {
        self.services.has_changed(signed_in.actor.means).await;
    }

    /// Ends the session of whoever leaves, in a transaction that the caller commits; it [forgets](Self::forget) it after.
    pub(super) async fn end_session(
        &self,
        transaction: &mut Transaction,
        actor: &Actor,
        session: SessionId,
    ) -> Result<(), Failure> {
        transaction.sessions().end(session, EndReason::SignedOut, self.services.now()).await?;
        let change = Change::new(AuditAction::SignedOut, Resource::Users, actor.user_id, &actor.username);
        self.services.record(transaction, actor, change).await
    }

    pub(super) async fn prolong(&self, token: &str, client: &Client) -> Result<SignedIn, Failure> {
        let signed_out = || Failure::new(FailureKind::SignedOut);
        let store = self.services.store();
        let now = self.services.now();
        let mut transaction = store.begin_write().await?;
        let found = transaction.sessions().hold_refresh_token(&tokens::sha256(token)).await?;
        let token = found.ok_or_else(signed_out)?;
        let session = transaction.sessions().lookup(token.session_id).await?.ok_or_else(signed_out)?;
        if !session.is_alive(now) {
            return Err(signed_out());
        }
        let user = transaction.users().lookup(session.user_id).await?;
        let user = user.filter(User::is_active).ok_or_else(signed_out)?;
        let next = token.sequence + 1;
        if let Some(used_at) = token.used_at {
            if now.since(used_at) <= GRACE
                && let Some((successor, expires_at)) = self.successor(&mut transaction, session.id, next).await?
            {
                drop(transaction);
                return self.signed_in(&user, client, session.id, successor, expires_at).await;
            }
            transaction.sessions().end(session.id, EndReason::TokenReused, now).await?;
            let author = Author {
                id: Some(user.id),
                name: user.username.clone(),
                token_id: None,
                address: Some(client.address.to_string()),
            };
            let change = Change::new(AuditAction::Ended, Resource::Users, user.id, &user.username)
                .after(json!({ "reason": EndReason::TokenReused.word() }));
            self.services.record(&mut transaction, author, change).await?;
            transaction.commit().await?;
            self.forget(session.id).await;
            tracing::warn!(session = %session.id, "a refresh token was used twice: the session was ended");
            return Err(signed_out());
        }
        if token.expires_at <= now {
            return Err(signed_out());
        }
        let expires_at =
            now.after(self.services.settings().session_lifetime).min(session.created_at.after(LONGEST_SESSION));
        transaction.sessions().use_refresh_token(session.id, token.sequence, now).await?;
        let successor = tokens::derive_refresh(&self.services.settings().jwt_secret, session.id, next)?;
        add_refresh_token(&mut transaction, session.id, next, &successor, now, expires_at).await?;
        transaction.sessions().prolong(session.id, now, expires_at).await?;
        transaction.commit().await?;
        self.renew(session.id).await;
        self.signed_in(&user, client, session.id, successor, expires_at).await
    }

    /// The token that was issued after another, derived with whichever secret it was derived with then.
    async fn successor(
        &self,
        transaction: &mut Transaction,
        session: SessionId,
        sequence: u32,
    ) -> Result<Option<(SecretString, Timestamp)>, Failure> {
        let Some(stored) = transaction.sessions().lookup_refresh_token(session, sequence).await? else {
            return Ok(None);
        };
        let settings = self.services.settings();
        for secret in [Some(&settings.jwt_secret), settings.jwt_secret_previous.as_ref()].into_iter().flatten() {
            let derived = tokens::derive_refresh(secret, session, sequence)?;
            if tokens::sha256(derived.expose_secret()) == stored.token_hash {
                return Ok(Some((derived, stored.expires_at)));
            }
        }
        Ok(None)
    }

    pub(super) async fn actor_of(&self, session_id: SessionId) -> Result<Actor, Failure> {
        let signed_out = || Failure::new(FailureKind::SignedOut);
        let now = self.services.now();
        let key = key(session_id);
        let values = &self.services.inner.cache.values;
        // A cache that does not answer is as good as one that knows nothing.
        let remembered = self.services.remembered(&key).await.ok().flatten();
        let remembered = remembered.and_then(|bytes| serde_json::from_slice::<Remembered>(&bytes).ok());
        match remembered {
            Some(Remembered::Ended) => return Err(signed_out()),
            Some(Remembered::Alive { standing, expires_at }) => {
                let alive = (expires_at > now).then(|| standing.into_actor(Means::Session(session_id)));
                return alive.ok_or_else(signed_out);
            }
            None => {}
        }
        let (standing, expires_at) = self.look_up(session_id).await?.ok_or_else(signed_out)?;
        let alive = Remembered::Alive { standing: standing.clone(), expires_at };
        if let Ok(bytes) = serde_json::to_vec(&alive)
            && let Err(error) = values.add(&key, Bytes::from(bytes), REMEMBERED).await
        {
            tracing::debug!(%error, "a session was not remembered");
        }
        Ok(standing.into_actor(Means::Session(session_id)))
    }

    /// Who is in a session that is alive, and until when.
    async fn look_up(&self, session_id: SessionId) -> Result<Option<(Standing, Timestamp)>, Failure> {
        let now = self.services.now();
        let session = self.services.store().sessions().lookup(session_id).await?;
        let Some(session) = session.filter(|session| session.is_alive(now)) else { return Ok(None) };
        let user = self.services.store().users().lookup(session.user_id).await?;
        let Some(user) = user.filter(User::is_active) else { return Ok(None) };
        Ok(Some((self.standing(&user).await?, session.expires_at)))
    }

    /// Remembers a session as it is now in place of how it was: what its person may do has changed.
    pub(crate) async fn renew(&self, session_id: SessionId) {
        let remembered = match self.look_up(session_id).await {
            Ok(Some((standing, expires_at))) => Remembered::Alive { standing, expires_at },
            Ok(None) => Remembered::Ended,
            Err(error) => {
                tracing::warn!(%error, session = %session_id, "a session keeps for a minute what it was allowed before");
                return;
            }
        };
        let bytes = Bytes::from(serde_json::to_vec(&remembered).unwrap_or_default());
        let (key, values) = (key(session_id), &self.services.inner.cache.values);
        if let Err(error) = values.put(&key, bytes, REMEMBERED).await {
            tracing::debug!(%error, session = %session_id, "a session was not remembered");
            // Told when the cache is back, that it lives might stand in place of its end, which another node told in the
            // meantime. So that it is to be looked up is told instead.
            if matches!(remembered, Remembered::Alive { .. })
                && let Err(error) = values.remove(&key).await
            {
                tracing::debug!(%error, session = %session_id, "a session will be forgotten later");
            }
        }
        // Ended between the look and here, it was forgotten, and the forgetting was written over.
        if matches!(remembered, Remembered::Alive { .. }) && matches!(self.look_up(session_id).await, Ok(None)) {
            self.forget(session_id).await;
        }
    }

    /// The same for every session of a person.
    pub(crate) async fn renew_all_of(&self, user: UserId) {
        match self.services.store().sessions().list_alive(user, self.services.now()).await {
            Ok(sessions) => {
                for session in sessions {
                    self.renew(session.id).await;
                }
            }
            Err(error) => tracing::warn!(%error, "sessions keep for a minute what they were allowed before"),
        }
    }

    /// Makes ended sessions end now.
    pub(super) async fn forget_all(&self, sessions: Vec<SessionId>) {
        for session in sessions {
            self.forget(session).await;
        }
    }

    /// Makes an ended session end now, for those too who have just read that it is alive.
    pub(super) async fn forget(&self, session: SessionId) {
        let ended = serde_json::to_vec(&Remembered::Ended).unwrap_or_default();
        let key = key(session);
        let put = self.services.inner.cache.values.put(&key, Bytes::from(ended), REMEMBERED * 2);
        if let Err(error) = put.await {
            tracing::warn!(%error, %session, "other nodes may take an ended session for alive for a minute");
        }
    }

    async fn signed_in(
        self,
        user: &User,
        client: &Client,
        session: SessionId,
        refresh_token: SecretString,
        refresh_expires_at: Timestamp,
    ) -> Result<SignedIn, Failure> {
        let now = self.services.now();
        let (access_token, access_expires_at) = tokens::issue_access(self.services.settings(), user.id, session, now)?;
        let actor = self.standing(user).await?.into_actor(Means::Session(session)).from_address(client.address);
        Ok(SignedIn { actor, access_token, access_expires_at, refresh_token, refresh_expires_at })
    }
}

async fn add_refresh_token(
    transaction: &mut Transaction,
    session: SessionId,
    sequence: u32,
    token: &SecretString,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    let token_hash = tokens::sha256(token.expose_secret());
    let token = RefreshToken { session_id: session, sequence, token_hash, issued_at: now, expires_at, used_at: None };
    Ok(transaction.sessions().add_refresh_token(&token).await?)
}

fn key(session: SessionId) -> String {
    format!("session:{session}")
}
