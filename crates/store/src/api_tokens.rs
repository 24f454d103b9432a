//! Personal tokens of the API: their hashes, never themselves.

use packer::hash::Sha256;
use serde::Serialize;

use crate::{
    StoreError, Timestamp, TokenId, Transaction, UserId,
    connection::{Reads, list, optional},
    row::{CellError, Record, Row},
    statement::statement,
    word::words,
};

words! {
    /// How much of what its owner may do a token may do.
    TokenScope, "scope of a token" {
        /// See what they see.
        Read = "read",
        /// Send books in, and see what they see.
        Books = "books",
        /// Everything, besides the account itself.
        All = "all",
    }
}

/// A token as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub user_id: UserId,
    /// What its owner calls it, at most 100 characters.
    pub name: String,
    /// How much it may do.
    pub scope: TokenScope,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is taken.
    pub expires_at: Timestamp,
    /// About when it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl ApiToken {
    /// True while it has neither ended nor run out.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

impl Record for ApiToken {
    const TABLE: &'static str = "api_tokens";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            user_id: row.get("user_id")?,
            name: row.get("name")?,
            scope: row.get("scope")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            last_used_at: row.optional("last_used_at")?,
            ended_at: row.optional("ended_at")?,
        })
    }
}

/// Tokens, read through a store or a transaction.
#[derive(Debug)]
pub struct ApiTokens<C>(pub(crate) C);

impl<C: Reads> ApiTokens<C> {
    /// The token with a hash, ended or not.
    pub async fn find(mut self, hash: &Sha256) -> Result<Option<ApiToken>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM api_tokens WHERE token_hash = ?").bind(hash)).await
    }

    /// The tokens of a user that have not been ended, the newest first.
    pub async fn list_of(mut self, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
        let tokens = statement("SELECT * FROM api_tokens WHERE user_id = ? AND ended_at IS NULL ORDER BY id DESC");
        list(&mut self.0, tokens.bind(user)).await
    }
}

impl ApiTokens<&mut Transaction> {
    /// Adds a token by its hash.
    pub async fn add(self, token: &ApiToken, hash: &Sha256) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO api_tokens (id, user_id, name, token_hash, scope, created_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(token.id)
        .bind(token.user_id)
        .bind(&token.name)
        .bind(hash)
        .bind(token.scope)
        .bind(token.created_at)
        .bind(token.expires_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Notes that a token was used.
    pub async fn touch(self, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
        let update = statement("UPDATE api_tokens SET last_used_at = ? WHERE id = ?").bind(now).bind(id);
        self.0.execute(update).await.map(drop)
    }

    /// Ends a token of a user. False when it had ended, or is not theirs.
    pub async fn end(self, id: TokenId, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement("UPDATE api_tokens SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL");
        Ok(self.0.execute(update.bind(now).bind(id).bind(user)).await? > 0)
    }

    /// Ends every token of everybody, and says how many had not ended.
    pub async fn end_all(self, now: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("UPDATE api_tokens SET ended_at = ? WHERE ended_at IS NULL").bind(now)).await
    }

    /// Ends every token of a user.
    pub async fn end_all_of(self, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
        let update = statement("UPDATE api_tokens SET ended_at = ? WHERE user_id = ? AND ended_at IS NULL");
        self.0.execute(update.bind(now).bind(user)).await
    }
}
