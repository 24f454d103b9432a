//! Letters that are to be sent, until they are on their way: links for a new password, and what concerns an address.

use crate::{
    LetterId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, number, optional},
    row::{CellError, Record, Row},
    statement::statement,
};

/// What is written of a letter to the address that a person wants to be written to.
const CONFIRM: &str = "confirm";
/// What is written of a letter to the address of before.
const FORMER: &str = "former";

/// Whom a letter is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// Somebody that an administrator chose: a link for a new password.
    User(UserId),
    /// A name or an address, at most 254 characters, as a stranger typed it: nobody may be called so.
    AskedFor(String),
    /// A person at the address that they have not confirmed: a link with which they do.
    Unconfirmed(UserId),
    /// A person at an address, at most 254 characters, that another is to take the place of: they are told.
    Former(UserId, String),
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
        let about: Option<String> = row.optional("about")?;
        let to = match (row.optional("user_id")?, about.as_deref()) {
            (Some(user), None) => Addressee::User(user),
            (Some(user), Some(CONFIRM)) => Addressee::Unconfirmed(user),
            (Some(user), Some(FORMER)) => Addressee::Former(user, row.get("asked_for")?),
            (None, None) => Addressee::AskedFor(row.get("asked_for")?),
            (_, Some(_)) => return Err(CellError::new("about", "it is of no kind that this version writes")),
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
    /// The one that has been due for longest, of the kinds that this version knows: a letter of another kind waits for a
    /// node of the version that wrote it, or it would go to whom it is not for.
    pub async fn next_due(mut self, now: Timestamp) -> Result<Option<Letter>, StoreError> {
        let next = statement(
            "SELECT * FROM letters WHERE due_at <= ? AND (about IS NULL OR about IN (?, ?)) \
             ORDER BY due_at, id LIMIT 1",
        );
        optional(&mut self.0, next.bind(now).bind(CONFIRM).bind(FORMER)).await
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
        let (user, asked_for, about) = match to {
            Addressee::User(user) => (Some(*user), None, None),
            Addressee::AskedFor(text) => (None, Some(text.as_str()), None),
            Addressee::Unconfirmed(user) => (Some(*user), None, Some(CONFIRM)),
            Addressee::Former(user, address) => (Some(*user), Some(address.as_str()), Some(FORMER)),
        };
        let insert = statement(
            "INSERT INTO letters (id, user_id, asked_for, about, asked_from, created_at, due_at, attempts) \
             VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        );
        let insert = insert.bind(id).bind(user).bind(asked_for).bind(about).bind(asked_from).bind(now).bind(now);
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
