//! Sessions and the refresh tokens that prolong them.

use packer::hash::Sha256;
use serde::Serialize;

use crate::{
    SessionId, StoreError, Timestamp, Transaction, UserId,
    cell::Value,
    connection::{Reads, list, optional},
    fold,
    fold::clip,
    row::{CellError, Record, Row, Word},
    statement::statement,
    users::Role,
    word::words,
};

words! {
    /// Why a session ended before its time.
    EndReason, "reason for the end of a session" {
        /// The user signed out.
        SignedOut = "signed-out",
        /// A refresh token was used twice: somebody has a copy.
        TokenReused = "token-reused",
        /// It was ended from elsewhere: by the user in another one, with their one-time codes, or after a restore.
        Ended = "ended",
        /// The password was changed elsewhere.
        PasswordChanged = "password-changed",
        /// The user may no longer sign in.
        Deactivated = "deactivated",
        /// The user may do more, or less, than before.
        RightsChanged = "rights-changed",
    }
}

/// Characters of an address that are kept: any textual IPv6 address with its zone.
const ADDRESS_CHARACTERS: usize = 100;
/// Characters of a user agent that are kept: enough to tell one's own browsers apart.
const USER_AGENT_CHARACTERS: usize = 400;

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it was last prolonged or seen.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it ended before its time.
    pub ended_at: Option<Timestamp>,
    /// Why it did.
    pub end_reason: Option<EndReason>,
    /// From where the user signed in; cut after 100 characters.
    pub address: String,
    /// With what; cut after 400 characters.
    pub user_agent: String,
}

impl Session {
    /// True while it has neither ended nor run out.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// A session to come.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

/// A refresh token as stored: its hash, never itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// Of which session.
    pub session_id: SessionId,
    /// Counted from 0 in the session; with the session it identifies the token.
    pub sequence: u32,
    /// The hash of its text.
    pub token_hash: Sha256,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was used: its successor was issued then.
    pub used_at: Option<Timestamp>,
}

impl Record for Session {
    const TABLE: &'static str = "sessions";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            user_id: row.get("user_id")?,
            created_at: row.get("created_at")?,
            last_seen_at: row.get("last_seen_at")?,
            expires_at: row.get("expires_at")?,
            ended_at: row.optional("ended_at")?,
            end_reason: row.optional("end_reason")?,
            address: row.get("address")?,
            user_agent: row.get("user_agent")?,
        })
    }
}

impl Record for RefreshToken {
    const TABLE: &'static str = "refresh_tokens";
    const KEY: &'static str = "session_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            session_id: row.get("session_id")?,
            sequence: row.get("sequence")?,
            token_hash: row.get("token_hash")?,
            issued_at: row.get("issued_at")?,
            expires_at: row.get("expires_at")?,
            used_at: row.optional("used_at")?,
        })
    }
}

/// Sessions, read through a store or a transaction.
#[derive(Debug)]
pub struct Sessions<C>(pub(crate) C);

impl<C: Reads> Sessions<C> {
    /// The session with an id, ended or not.
    pub async fn lookup(mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM sessions WHERE id = ?").bind(id)).await
    }

    /// The sessions of a user that are alive, the newest first.
    pub async fn list_alive(mut self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let alive = statement(
            "SELECT * FROM sessions WHERE user_id = ? AND ended_at IS NULL AND expires_at > ? \
             ORDER BY created_at DESC, id DESC",
        );
        list(&mut self.0, alive.bind(user).bind(now)).await
    }

    /// The sessions that are alive of every user with a role: who has to be looked up again when it changes.
    pub async fn list_alive_with_role(mut self, role: &Role, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let alive = statement(
            "SELECT s.* FROM sessions s JOIN user_roles r ON r.user_id = s.user_id \
             WHERE r.role = ? AND s.ended_at IS NULL AND s.expires_at > ?",
        );
        list(&mut self.0, alive.bind(role).bind(now)).await
    }

    /// From where the last sessions of whoever is called so were begun, alive or not, the newest first: one statement,
    /// whether there is somebody or not.
    pub async fn last_addresses(mut self, username: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let last = statement(
            "SELECT s.address AS text FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE u.username_folded = ? ORDER BY s.created_at DESC, s.id DESC LIMIT ?",
        );
        let words = list::<Word>(&mut self.0, last.bind(fold(username)).bind(limit)).await?;
        Ok(words.into_iter().map(|word| word.0).collect())
    }

    /// The refresh token with a hash, used or not.
    pub async fn find_refresh_token(mut self, hash: &Sha256) -> Result<Option<RefreshToken>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM refresh_tokens WHERE token_hash = ?").bind(hash)).await
    }

    /// The refresh token of a session with a sequence.
    pub async fn lookup_refresh_token(
        mut self,
        session: SessionId,
        sequence: u32,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let token = statement("SELECT * FROM refresh_tokens WHERE session_id = ? AND sequence = ?");
        optional(&mut self.0, token.bind(session).bind(sequence)).await
    }
}

impl Sessions<&mut Transaction> {
    /// Adds a session.
    pub async fn add(self, session: &NewSession, now: Timestamp) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO sessions (id, user_id, created_at, last_seen_at, expires_at, address, user_agent) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(session.id)
        .bind(session.user_id)
        .bind(now)
        .bind(now)
        .bind(session.expires_at)
        .bind(clip(&session.address, ADDRESS_CHARACTERS))
        .bind(clip(&session.user_agent, USER_AGENT_CHARACTERS));
        self.0.execute(insert).await.map(drop)
    }

    /// Notes that a session was seen, and until when it lives from now on. False when it has ended or is unknown.
    pub async fn prolong(self, id: SessionId, now: Timestamp, expires_at: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE id = ? AND ended_at IS NULL");
        Ok(self.0.execute(update.bind(now).bind(expires_at).bind(id)).await? > 0)
    }

    /// The refresh token with a hash, used or not, which stays as it is until the transaction ends: of two who use it at
    /// once, the second sees that the first has.
    pub async fn hold_refresh_token(self, hash: &Sha256) -> Result<Option<RefreshToken>, StoreError> {
        let mut source = self.0;
        let token = statement("SELECT * FROM refresh_tokens WHERE token_hash = ?").bind(hash);
        optional(&mut source, token.locking()).await
    }

    /// Ends a session. False when it had ended or is unknown.
    pub async fn end(self, id: SessionId, reason: EndReason, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement("UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL");
        Ok(self.0.execute(update.bind(now).bind(reason).bind(id)).await? > 0)
    }

    /// Ends every session of a user but one, and says which, so that caches can forget them.
    pub async fn end_all_of(
        self,
        user: UserId,
        but: Option<SessionId>,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        let mut source = self.0;
        let open = statement("SELECT * FROM sessions WHERE user_id = ? AND ended_at IS NULL").bind(user).locking();
        let open = list::<Session>(&mut source, open).await?;
        // No session has the empty id, so without an exception every one is ended.
        let but_text = but.map_or(Value::Text(String::new()), Value::from);
        let update = statement(
            "UPDATE sessions SET ended_at = ?, end_reason = ? WHERE user_id = ? AND ended_at IS NULL AND id <> ?",
        );
        source.execute(update.bind(now).bind(reason).bind(user).bind(but_text)).await?;
        Ok(open.into_iter().map(|session| session.id).filter(|id| Some(*id) != but).collect())
    }

    /// Ends every session of everybody, and says how many were alive. No cache is told: for a database that nobody uses yet.
    pub async fn end_all(self, reason: EndReason, now: Timestamp) -> Result<u64, StoreError> {
        let update =
            statement("UPDATE sessions SET ended_at = ?, end_reason = ? WHERE ended_at IS NULL AND expires_at > ?");
        self.0.execute(update.bind(now).bind(reason).bind(now)).await
    }

    /// Removes sessions that ran out before an instant, with their tokens, and says how many.
    pub async fn delete_expired(self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM sessions WHERE expires_at < ?").bind(before)).await
    }

    /// Adds a refresh token. [`Constraint::RefreshToken`](crate::Constraint::RefreshToken) or
    /// [`Constraint::Other`](crate::Constraint::Other) when it exists.
    pub async fn add_refresh_token(self, token: &RefreshToken) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO refresh_tokens (session_id, sequence, token_hash, issued_at, expires_at, used_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(token.session_id)
        .bind(token.sequence)
        .bind(token.token_hash)
        .bind(token.issued_at)
        .bind(token.expires_at)
        .bind(token.used_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Uses a refresh token. False when it is used already or unknown; of two callers one gets true.
    pub async fn use_refresh_token(
        self,
        session: SessionId,
        sequence: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE refresh_tokens SET used_at = ? WHERE session_id = ? AND sequence = ? AND used_at IS NULL",
        );
        Ok(self.0.execute(update.bind(now).bind(session).bind(sequence)).await? > 0)
    }
}
