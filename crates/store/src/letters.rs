//! Letters that are to be sent: who asked for a link for a new password, until it is on its way.

use crate::{
    LetterId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, number, optional},
    row::{CellError, Record, Row},
    statement::statement,
};

/// Whom a letter is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// Somebody that an administrator chose.
    User(UserId),
    /// A name or an address, at most 254 characters, as a stranger typed it: nobody may be called so.
    AskedFor(String),
}

/// A letter that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which.
    pub id: LetterId,
    /// Whom it is for.
    pub to: Addressee,
    /// From which address a stranger asked for it, for the audit log; absent where nobody said.
    pub asked_from: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it is to be tried, or the one who tries it just now is given up.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

impl Record for Letter {
    const TABLE: &'static str = "letters";

    fn read(row: &Row) -> Result<Self, CellError> {
        let to = match row.optional("user_id")? {
            Some(user) => Addressee::User(user),
            None => Addressee::AskedFor(row.get("asked_for")?),
        };
        Ok(Self {
            id: row.get("id")?,
            to,
            asked_from: row.optional("asked_from")?,
            created_at: row.get("created_at")?,
            due_at: row.get("due_at")?,
            attempts: row.get("attempts")?,
        })
    }
}

/// Letters, read through a store or a transaction.
#[derive(Debug)]
pub struct Letters<C>(pub(crate) C);

impl<C: Reads> Letters<C> {
    /// The one that has been due for longest.
    pub async fn next_due(mut self, now: Timestamp) -> Result<Option<Letter>, StoreError> {
        let next = statement("SELECT * FROM letters WHERE due_at <= ? ORDER BY due_at, id LIMIT 1").bind(now);
        optional(&mut self.0, next).await
    }

    /// How many wait.
    pub async fn count(mut self) -> Result<u64, StoreError> {
        number(&mut self.0, statement("SELECT COUNT(*) AS number FROM letters")).await
    }
}

impl Letters<&mut Transaction> {
    /// Adds a letter, due now. `asked_from` is the address of the stranger who asks for it, at most 45 characters.
    pub async fn add(
        self,
        id: LetterId,
        to: &Addressee,
        asked_from: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (user, asked_for) = match to {
            Addressee::User(user) => (Some(*user), None),
            Addressee::AskedFor(text) => (None, Some(text.as_str())),
        };
        let insert = statement(
            "INSERT INTO letters (id, user_id, asked_for, asked_from, created_at, due_at, attempts) \
             VALUES (?, ?, ?, ?, ?, ?, 0)",
        );
        let insert = insert.bind(id).bind(user).bind(asked_for).bind(asked_from).bind(now).bind(now);
        self.0.execute(insert).await.map(drop)
    }

    /// Takes a letter that is due, to try it until `until`. False when somebody else has taken it: of two callers one
    /// gets true.
    pub async fn take(self, letter: &Letter, until: Timestamp) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE letters SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND due_at = ? AND attempts = ?",
        );
        let update = update.bind(until).bind(letter.id).bind(letter.due_at).bind(i64::from(letter.attempts));
        Ok(self.0.execute(update).await? > 0)
    }

    /// Puts it off.
    pub async fn put_off(self, id: LetterId, until: Timestamp) -> Result<(), StoreError> {
        self.0.execute(statement("UPDATE letters SET due_at = ? WHERE id = ?").bind(until).bind(id)).await.map(drop)
    }

    /// Takes it away: it is on its way, or never will be.
    pub async fn delete(self, id: LetterId) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM letters WHERE id = ?").bind(id)).await.map(drop)
    }
}
