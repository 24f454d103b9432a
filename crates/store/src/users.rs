//! Users and their roles.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Timestamp, Transaction, UserId, WordError,
    cell::Value,
    connection::{Reads, list, number, optional},
    fold,
    row::{CellError, Record, Row, Word},
    statement::statement,
};

/// The most characters of a role's name.
pub const LONGEST_ROLE: usize = 20;

/// A role, by its name: a built-in one, or one that the house made. What it allows, the use cases know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Role(Cow<'static, str>);

impl Role {
    /// Everything.
    pub const ADMIN: Self = Self(Cow::Borrowed("admin"));
    /// Books, releases, groups and jobs.
    pub const EDITOR: Self = Self(Cow::Borrowed("editor"));
    /// Sees what an editor sees, and changes nothing.
    pub const VIEWER: Self = Self(Cow::Borrowed("viewer"));
    /// Puts books into the inbox.
    pub const CONTRIBUTOR: Self = Self(Cow::Borrowed("contributor"));
    /// The ones that are part of the program.
    pub const BUILT_IN: [Self; 4] = [Self::ADMIN, Self::EDITOR, Self::VIEWER, Self::CONTRIBUTOR];

    /// Its name.
    pub fn word(&self) -> &str {
        &self.0
    }

    /// True for one that is part of the program.
    pub fn is_built_in(&self) -> bool {
        Self::BUILT_IN.contains(self)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Role {
    type Err = WordError;

    /// Two to twenty letters and digits of any script, with blanks and `-` between them.
    fn from_str(text: &str) -> Result<Self, WordError> {
        let good = (2..=LONGEST_ROLE).contains(&text.chars().count())
            && text.trim() == text
            && text.chars().all(|character| character.is_alphanumeric() || " -".contains(character));
        if good {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(WordError { what: "role", text: text.to_owned() })
        }
    }
}

impl TryFrom<String> for Role {
    type Error = WordError;

    fn try_from(text: String) -> Result<Self, WordError> {
        text.parse()
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.0.into_owned()
    }
}

crate::cell::through_text!(Role);

/// A password's hash in PHC form. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash")
    }
}

/// A user as stored. Its password hash is asked for apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Which.
    pub id: UserId,
    /// As the user writes it, at most 100 characters. Found whatever its case.
    pub username: String,
    /// As others see it, at most 200 characters.
    pub display_name: String,
    /// Where they are written to, at most 254 characters.
    pub email: Option<String>,
    /// Where they are to be written to once a letter has confirmed it, at most 254 characters.
    pub unconfirmed_email: Option<String>,
    /// The language chosen, at most 35 characters; absent while the browser decides.
    pub locale: Option<String>,
    /// In order.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Since when it may not sign in.
    pub deactivated_at: Option<Timestamp>,
}

impl User {
    /// True while it may sign in.
    pub fn is_active(&self) -> bool {
        self.deactivated_at.is_none()
    }
}

/// What is looked at when somebody asks to come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtTheDoor {
    /// Who.
    pub id: UserId,
    /// The hash of their password.
    pub password_hash: PasswordHash,
    /// Since when they may not sign in.
    pub deactivated_at: Option<Timestamp>,
}

impl Record for AtTheDoor {
    const TABLE: &'static str = "users";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            password_hash: PasswordHash(row.get("password_hash")?),
            deactivated_at: row.optional("deactivated_at")?,
        })
    }
}

/// A user to come.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Which.
    pub id: UserId,
    /// At most 100 characters.
    pub username: String,
    /// At most 200 characters.
    pub display_name: String,
    /// At most 254 characters.
    pub email: Option<String>,
    /// At most 255 characters.
    pub password_hash: PasswordHash,
    /// At most 35 characters.
    pub locale: Option<String>,
    /// What it may do.
    pub roles: Vec<Role>,
}

impl Record for User {
    const TABLE: &'static str = "users";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            username: row.get("username")?,
            display_name: row.get("display_name")?,
            email: row.optional("email")?,
            unconfirmed_email: row.optional("unconfirmed_email")?,
            locale: row.optional("locale")?,
            roles: Vec::new(),
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            deactivated_at: row.optional("deactivated_at")?,
        })
    }
}

/// A role that a user has.
struct Grant {
    user_id: UserId,
    role: Role,
}

impl Record for Grant {
    const TABLE: &'static str = "user_roles";
    const KEY: &'static str = "user_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { user_id: row.get("user_id")?, role: row.get("role")? })
    }
}

/// Users, read through a store or a transaction.
#[derive(Debug)]
pub struct Users<C>(pub(crate) C);

impl<C: Reads> Users<C> {
    /// The user with an id.
    pub async fn lookup(mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.one(statement("SELECT * FROM users WHERE id = ?").bind(id)).await
    }

    /// The user with a username, whatever its case.
    pub async fn find_by_username(mut self, username: &str) -> Result<Option<User>, StoreError> {
        self.one(statement("SELECT * FROM users WHERE username_folded = ?").bind(fold(username))).await
    }

    /// Who is called so, as far as the door looks at them: one statement, whether there is somebody or not.
    pub async fn find_at_door(mut self, username: &str) -> Result<Option<AtTheDoor>, StoreError> {
        let query = statement("SELECT id, password_hash, deactivated_at FROM users WHERE username_folded = ?");
        optional(&mut self.0, query.bind(fold(username))).await
    }

    /// Those who are written to at an address, whatever its case, at most `limit`, by username. Their roles are left out.
    pub async fn list_with_email(mut self, email: &str, limit: u32) -> Result<Vec<User>, StoreError> {
        let query = statement("SELECT * FROM users WHERE email_folded = ? ORDER BY username_folded LIMIT ?");
        list(&mut self.0, query.bind(fold(email)).bind(limit)).await
    }

    /// The hash of a user's password.
    pub async fn password_hash(mut self, id: UserId) -> Result<Option<PasswordHash>, StoreError> {
        let text = statement("SELECT password_hash AS text FROM users WHERE id = ?").bind(id);
        Ok(optional::<Word>(&mut self.0, text).await?.map(|word| PasswordHash(word.0)))
    }

    /// Everyone, by username.
    pub async fn list(mut self) -> Result<Vec<User>, StoreError> {
        let mut users = list::<User>(&mut self.0, statement("SELECT * FROM users ORDER BY username_folded")).await?;
        let grants = statement("SELECT user_id, role FROM user_roles ORDER BY user_id, role");
        let mut roles = BTreeMap::<UserId, Vec<Role>>::new();
        for grant in list::<Grant>(&mut self.0, grants).await? {
            roles.entry(grant.user_id).or_default().push(grant.role);
        }
        for user in &mut users {
            user.roles = roles.remove(&user.id).unwrap_or_default();
        }
        Ok(users)
    }

    /// How many there are, active or not.
    pub async fn count(mut self) -> Result<u64, StoreError> {
        number(&mut self.0, statement("SELECT COUNT(*) AS number FROM users")).await
    }

    async fn one(&mut self, query: crate::statement::Statement) -> Result<Option<User>, StoreError> {
        let Some(mut user) = optional::<User>(&mut self.0, query).await? else { return Ok(None) };
        let grants = statement("SELECT user_id, role FROM user_roles WHERE user_id = ? ORDER BY role").bind(user.id);
        user.roles = list::<Grant>(&mut self.0, grants).await?.into_iter().map(|grant| grant.role).collect();
        Ok(Some(user))
    }
}

impl Users<&mut Transaction> {
    /// Adds a user. [`Constraint::Username`](crate::Constraint::Username) when the name is taken.
    pub async fn add(self, user: &NewUser, now: Timestamp) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO users (id, username, username_folded, display_name, email, email_folded, password_hash, locale, \
             created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(user.id)
        .bind(&user.username)
        .bind(fold(&user.username))
        .bind(&user.display_name)
        .bind(user.email.as_deref())
        .bind(user.email.as_deref().map(fold))
        .bind(&user.password_hash.0)
        .bind(user.locale.as_deref())
        .bind(now)
        .bind(now);
        self.0.execute(insert).await?;
        for role in &user.roles {
            let grant = statement("INSERT INTO user_roles (user_id, role) VALUES (?, ?)").bind(user.id).bind(role);
            self.0.execute(grant).await?;
        }
        Ok(())
    }

    /// The user with an id, who stays as they are until the transaction ends: what is allowed to happen to them is
    /// decided on what they are now.
    pub async fn hold(mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.one(statement("SELECT * FROM users WHERE id = ?").bind(id).locking()).await
    }

    /// Gives a user another password. False when there is no such user.
    pub async fn set_password(self, id: UserId, hash: &PasswordHash, now: Timestamp) -> Result<bool, StoreError> {
        self.set("UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?", id, &hash.0, now).await
    }

    /// Gives a user another address; none takes it away. One that waits to be confirmed goes. False when there is no such
    /// user.
    pub async fn set_email(self, id: UserId, email: Option<&str>, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE users SET email = ?, email_folded = ?, unconfirmed_email = NULL, given_email = NULL, updated_at = ? \
             WHERE id = ?",
        );
        let update = update.bind(email).bind(email.map(fold)).bind(now).bind(id);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Keeps an address until it is confirmed; none takes it away. It stays one that was given only when it is the one that
    /// waits already: a node of an earlier version knows of none that was given, and leaves one behind that nobody waits
    /// for any more. False when there is no such user.
    pub async fn set_unconfirmed_email(
        self,
        id: UserId,
        email: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        // In this order: MySQL reads a column that was set before as it is by now.
        let update = statement(
            "UPDATE users SET given_email = CASE WHEN given_email = unconfirmed_email AND given_email = ? \
             THEN given_email END, unconfirmed_email = ?, updated_at = ? WHERE id = ?",
        );
        Ok(self.0.execute(update.bind(email).bind(email).bind(now).bind(id)).await? > 0)
    }

    /// Keeps an address that somebody who looks after people gave until it is confirmed: it outlives another password.
    /// False when there is no such user.
    pub async fn note_given_email(self, id: UserId, email: &str, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement("UPDATE users SET given_email = ?, unconfirmed_email = ?, updated_at = ? WHERE id = ?");
        Ok(self.0.execute(update.bind(email).bind(email).bind(now).bind(id)).await? > 0)
    }

    /// Forgets an address that waits to be confirmed, unless it is the one that was given. False when there is none that
    /// could be forgotten.
    pub async fn forget_unconfirmed_email(self, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE users SET unconfirmed_email = NULL, updated_at = ? WHERE id = ? AND unconfirmed_email IS NOT NULL \
             AND (given_email IS NULL OR given_email <> unconfirmed_email)",
        );
        Ok(self.0.execute(update.bind(now).bind(id)).await? > 0)
    }

    /// Gives a user another language; none leaves it to the browser. False when there is no such user.
    pub async fn set_locale(self, id: UserId, locale: Option<&str>, now: Timestamp) -> Result<bool, StoreError> {
        self.set("UPDATE users SET locale = ?, updated_at = ? WHERE id = ?", id, locale, now).await
    }

    /// Gives a user another name for others to see. False when there is no such user.
    pub async fn set_display_name(self, id: UserId, name: &str, now: Timestamp) -> Result<bool, StoreError> {
        self.set("UPDATE users SET display_name = ?, updated_at = ? WHERE id = ?", id, name, now).await
    }

    /// Gives a user these roles and no others.
    pub async fn set_roles(self, id: UserId, roles: &[Role], now: Timestamp) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM user_roles WHERE user_id = ?").bind(id)).await?;
        for role in roles {
            let grant = statement("INSERT INTO user_roles (user_id, role) VALUES (?, ?)").bind(id).bind(role);
            self.0.execute(grant).await?;
        }
        let touched = statement("UPDATE users SET updated_at = ? WHERE id = ?").bind(now).bind(id);
        self.0.execute(touched).await.map(drop)
    }

    /// Keeps a user from signing in. False when there is no such user.
    pub async fn deactivate(self, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let since = "UPDATE users SET deactivated_at = COALESCE(deactivated_at, ?), updated_at = ? WHERE id = ?";
        self.set(since, id, now, now).await
    }

    /// Lets a user sign in again. False when there is no such user.
    pub async fn activate(self, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
        self.set("UPDATE users SET deactivated_at = ?, updated_at = ? WHERE id = ?", id, Value::Null, now).await
    }

    /// The active users with a role. They stay as they are until the transaction ends, so that two administrators
    /// cannot each take the other for the one that is left.
    pub async fn hold_active_with_role(self, role: &Role) -> Result<Vec<UserId>, StoreError> {
        let held = statement(
            "SELECT u.id AS text FROM users u JOIN user_roles r ON r.user_id = u.id \
             WHERE r.role = ? AND u.deactivated_at IS NULL ORDER BY u.id",
        )
        .bind(role)
        .locking();
        let mut source = self.0;
        let words = list::<Word>(&mut source, held).await?;
        words.into_iter().map(|word| word.0.parse().map_err(|error| unreadable_id(word.0, error))).collect()
    }

    async fn set(
        self,
        text: &'static str,
        id: UserId,
        value: impl Into<Value>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.0.execute(statement(text).bind(value).bind(now).bind(id)).await? > 0)
    }
}

pub(crate) fn unreadable_id(id: String, error: crate::IdError) -> StoreError {
    StoreError::Inconsistent { table: "users", column: "id", id: Some(id), source: error.into() }
}
