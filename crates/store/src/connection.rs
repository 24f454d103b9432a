//! What the tables are read through: the store itself, or a transaction.

use std::{future::Future, time::Instant};

use sqlx::{MySqlPool, SqlStr};

use crate::{
    Store, StoreError, Transaction,
    cell::Value,
    row::{Number, Record, Row},
    statement::Statement,
    store::{Db, Engine},
    transaction::Link,
};

/// Runs the same body with the query and the connection of whichever engine it is: the only place where the engines
/// meet.
macro_rules! per_engine {
    ($text:expr, $values:expr, |$query:ident| $body:expr) => {{
        let mut $query = sqlx::query($text);
        for value in $values {
            $query = match value {
                Value::Text(text) => $query.bind(text),
                Value::Integer(number) => $query.bind(number),
                Value::Null | Value::Beyond(_) => $query.bind(None::<String>),
            };
        }
        $body
    }};
}

pub(crate) use per_engine;

/// A source of rows: `&Store` reads what is committed, `&mut Transaction` also sees its own changes.
pub trait Reads: Send {
    /// Every row of a result.
    fn rows(&mut self, statement: Statement) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
}

impl Reads for &Store {
    async fn rows(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        // Its values are bound and stand nowhere in it.
        tracing::trace!(statement = statement.text(), "the database is asked");
        measured("read", Box::pin(self.fetch(statement))).await
    }
}

impl Store {
    async fn fetch(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let (text, values) = statement.into_parts(self.engine())?;
        Ok(match self.db() {
            Db::Sqlite { readers, .. } => {
                per_engine!(text, values, |query| query.fetch_all(readers).await?.into_iter().map(Row::from).collect())
            }
            Db::MySql { primary, replica } => {
                if let Some(replica) = replica.as_ref().filter(|replica| self.allows_lag && replica.is_read())
                    && let Some(rows) = replica.ask(fetch(&replica.pool, text.clone(), values.clone())).await
                {
                    return Ok(rows);
                }
                fetch(primary, text, values).await?
            }
        })
    }
}

/// Waits for the database, and keeps how long: whatever the question, a slow database shows here first.
async fn measured<T>(kind: &'static str, asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let start = Instant::now();
    let answer = asked.await;
    metrics::histogram!("database_query_duration_seconds", "kind" => kind).record(start.elapsed().as_secs_f64());
    if let Err(StoreError::Busy(_) | StoreError::Full(_) | StoreError::Backend(_)) = &answer {
        metrics::counter!("database_failures_total").increment(1);
    }
    answer
}

async fn fetch(pool: &MySqlPool, text: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    Ok(per_engine!(text, values, |query| query.fetch_all(pool).await?.into_iter().map(Row::from).collect()))
}

/// Every row of a result, from one server of several.
pub(crate) async fn rows_of(pool: &MySqlPool, statement: Statement) -> Result<Vec<Row>, StoreError> {
    let (text, values) = statement.into_parts(Engine::MySql)?;
    fetch(pool, text, values).await
}

impl Reads for &mut Transaction {
    async fn rows(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        tracing::trace!(statement = statement.text(), "the database is asked in a transaction");
        measured("read in a transaction", Box::pin(self.fetch(statement))).await
    }
}

impl Transaction {
    async fn fetch(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let (text, values) = statement.into_parts(self.engine())?;
        Ok(match self.link() {
            Link::Sqlite(link) => per_engine!(text, values, |query| {
                query.fetch_all(&mut **link).await?.into_iter().map(Row::from).collect()
            }),
            Link::MySql(link) => per_engine!(text, values, |query| {
                query.fetch_all(&mut **link).await?.into_iter().map(Row::from).collect()
            }),
        })
    }
}

impl Transaction {
    /// Runs a statement that changes rows, and says how many it found to change.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        tracing::trace!(statement = statement.text(), "the database is changed");
        measured("change", Box::pin(self.run(statement))).await
    }

    async fn run(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let (text, values) = statement.into_parts(self.engine())?;
        Ok(match self.link() {
            Link::Sqlite(link) => {
                per_engine!(text, values, |query| query.execute(&mut **link).await?.rows_affected())
            }
            Link::MySql(link) => {
                per_engine!(text, values, |query| query.execute(&mut **link).await?.rows_affected())
            }
        })
    }
}

/// Every record of a result.
pub(crate) async fn list<T: Record>(source: &mut impl Reads, statement: Statement) -> Result<Vec<T>, StoreError> {
    source.rows(statement).await?.iter().map(T::from_row).collect()
}

/// The record, when there is one.
pub(crate) async fn optional<T: Record>(
    source: &mut impl Reads,
    statement: Statement,
) -> Result<Option<T>, StoreError> {
    source.rows(statement).await?.first().map(T::from_row).transpose()
}

/// The number that a count gives.
pub(crate) async fn number(source: &mut impl Reads, statement: Statement) -> Result<u64, StoreError> {
    let number = optional::<Number>(source, statement).await?.map_or(0, |number| number.0);
    Ok(u64::try_from(number).unwrap_or(0))
}

/// Gives each area of the tables its door on the store and on a transaction.
macro_rules! areas {
    ($($(#[$meta:meta])* $door:ident => $area:ident,)+) => {
        impl Store {
            $($(#[$meta])* pub fn $door(&self) -> $area<&Self> { $area(self) })+
        }

        impl Transaction {
            $($(#[$meta])* pub fn $door(&mut self) -> $area<&mut Self> { $area(self) })+
        }
    };
}

use crate::{
    api_tokens::ApiTokens, audit::Audit, blobs::Blobs, books::Books, email_links::EmailLinks, groups::Groups,
    house_settings::HouseSettings, inbox::Inbox, jobs::Jobs, letters::Letters, packages::Packages,
    permissions::Permissions, profiles::Profiles, quotas::Quotas, releases::Releases, reset_links::ResetLinks,
    saved_views::SavedViews, second_factors::SecondFactors, sessions::Sessions, setup_links::SetupLinks,
    uploads::Uploads, users::Users, verify_links::VerifyLinks, withdrawals::Withdrawals,
};

areas! {
    /// Users and their roles.
    users => Users,
    /// The links that make the first administrator.
    setup_links => SetupLinks,
    /// Roles of the house, exceptions, and who is in which group.
    permissions => Permissions,
    /// What was changed by whom.
    audit => Audit,
    /// Personal tokens of the API.
    api_tokens => ApiTokens,
    /// Links with which a person chooses a new password.
    reset_links => ResetLinks,
    /// Links with which a person confirms an address.
    email_links => EmailLinks,
    /// Letters that are to be sent.
    letters => Letters,
    /// Seeds of one-time codes, and recovery codes.
    second_factors => SecondFactors,
    /// Books that contributors sent in.
    inbox => Inbox,
    /// Sessions and their refresh tokens.
    sessions => Sessions,
    /// Groups.
    groups => Groups,
    /// How many bytes each group keeps, and may keep.
    quotas => Quotas,
    /// Uploads in progress.
    uploads => Uploads,
    /// Books and their findings.
    books => Books,
    /// Releases.
    releases => Releases,
    /// Views of the catalogue that people keep.
    saved_views => SavedViews,
    /// Profiles of one's own.
    profiles => Profiles,
    /// Packages and their files.
    packages => Packages,
    /// Links with which anybody compares a package with what was released.
    verify_links => VerifyLinks,
    /// Releases whose package is no longer offered.
    withdrawals => Withdrawals,
    /// What the house decided for itself.
    house_settings => HouseSettings,
    /// Jobs and their logs.
    jobs => Jobs,
    /// Which blobs are still needed.
    blobs => Blobs,
}
