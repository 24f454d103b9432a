//! Every row out, and in again: what backups are made of. It knows no table by name, so that none can be forgotten, and
//! what came out of one engine goes into the other.

use std::io;

use futures::TryStreamExt;
use packer::hash::Sha256;
use serde::{Deserialize, Serialize};
use sqlx::{MySql, Sqlite, pool::PoolConnection};

use crate::{
    Engine, Store, StoreError, Transaction,
    cell::Value,
    connection::{Reads, list, number, per_engine},
    migration::keep_schema,
    releases::Status,
    row::{Row, Word},
    statement::{Statement, composed, statement},
    store::Db,
    transaction::Link,
};

/// What is only about the present moment: who runs, who holds what, uploads and letters that are under way. Parts of
/// uploads are no blobs yet, and hours later nobody waits for either.
const OF_THE_MOMENT: [&str; 5] = ["letters", "locks", "node_beats", "upload_parts", "uploads"];

/// Whether a table is left out of backups. Backups of earlier versions may hold it.
pub fn is_of_the_moment(table: &str) -> bool {
    OF_THE_MOMENT.contains(&table)
}

/// Values bound to one statement: below every limit of both engines.
const VALUES_AT_ONCE: usize = 900;

/// What one column of one row holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing.
    Nothing(()),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Nothing(()) => Self::Null,
            Cell::Integer(number) => Self::Integer(number),
            Cell::Text(text) => Self::Text(text),
        }
    }
}

/// A table and its columns, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// Why rows did not come out.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database failed.
    #[error("the database cannot be read")]
    Store(#[from] StoreError),
    /// Where they were to go failed.
    #[error("the rows cannot be written")]
    Write(#[from] io::Error),
}

/// One moment of the database: what others write meanwhile is not seen.
pub struct Snapshot(View);

enum View {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    MySql(PoolConnection<MySql>),
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Snapshot")
    }
}

impl Store {
    /// Holds the present moment. It is read from the primary: a replica may be behind.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot(match self.db() {
            Db::Sqlite { readers, .. } => View::Sqlite(readers.begin().await?),
            Db::MySql { primary, .. } => {
                let mut connection = primary.acquire().await?;
                // It keeps its settings and its transaction: nobody else may get it afterwards.
                keep_schema(&mut connection).await?;
                for text in [
                    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
                ] {
                    sqlx::raw_sql(text).execute(&mut *connection).await?;
                }
                View::MySql(connection)
            }
        }))
    }

    /// Every table that is worth keeping.
    pub async fn tables(&self) -> Result<Vec<Table>, StoreError> {
        let (tables, columns) = match self.engine() {
            Engine::Sqlite => (
                "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 1) <> '_' \
                 AND substr(name, 1, 7) <> 'sqlite_'",
                "SELECT name AS text FROM pragma_table_info(?) ORDER BY cid",
            ),
            Engine::MySql => (
                "SELECT table_name AS text FROM information_schema.tables WHERE table_schema = DATABASE() \
                 AND substr(table_name, 1, 1) <> '_'",
                "SELECT column_name AS text FROM information_schema.columns WHERE table_schema = DATABASE() \
                 AND table_name = ? ORDER BY ordinal_position",
            ),
        };
        let mut source = self;
        let mut found = Vec::new();
        // A query for each table, of which there are a few dozen.
        for name in list::<Word>(&mut source, statement(tables)).await? {
            if is_of_the_moment(&name.0) {
                continue;
            }
            let named = list::<Word>(&mut source, statement(columns).bind(name.0.clone())).await?;
            found.push(Table { name: name.0, columns: named.into_iter().map(|column| column.0).collect() });
        }
        // Each engine sorts by rules of its own.
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// The newest migration that the database has seen; 0 for none.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        Ok(self.applied_versions().await?.last().copied().unwrap_or(0))
    }

    /// How many rows a table has.
    pub async fn count_rows(&self, table: &Table) -> Result<u64, StoreError> {
        let count = composed(format!("SELECT COUNT(*) AS number FROM {}", quoted(self.engine(), &table.name)));
        number(&mut &*self, count).await
    }
}

impl Snapshot {
    /// Hands every row of a table to `take`, in no order. Returns how many there were. Memory does not grow with them.
    pub async fn rows(
        &mut self,
        table: &Table,
        mut take: impl FnMut(Vec<Cell>) -> io::Result<()> + Send,
    ) -> Result<u64, CopyError> {
        let mut count = 0;
        let width = table.columns.len();
        match &mut self.0 {
            View::Sqlite(view) => {
                let (text, _) = select(Engine::Sqlite, table).into_parts(Engine::Sqlite)?;
                let mut rows = sqlx::query(text).fetch(&mut **view);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    take(cells(&Row::Sqlite(row), width)?)?;
                    count += 1;
                }
            }
            View::MySql(view) => {
                let (text, _) = select(Engine::MySql, table).into_parts(Engine::MySql)?;
                let mut rows = sqlx::query(text).fetch(&mut **view);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    take(cells(&Row::MySql(row), width)?)?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    /// The bytes that rows of this moment need: the same columns that [`is_needed`](crate::blobs::Blobs::is_needed)
    /// looks at, but for [`thumbnails`](Self::thumbnails). The bytes of refused books are gone,
    /// and so are sources and files of packages that are no longer kept.
    pub async fn blobs(&mut self) -> Result<Vec<Sha256>, StoreError> {
        let mut source = &mut *self;
        let used = statement(
            "SELECT sha256 FROM books WHERE source_removed_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM releases WHERE releases.book_id = books.id AND releases.status = ?) \
             UNION SELECT sha256 FROM package_files WHERE removed_at IS NULL \
             UNION SELECT cover_sha256 AS sha256 FROM books WHERE cover_sha256 IS NOT NULL",
        );
        list::<UsedBlob>(&mut source, used.bind(Status::Refused))
            .await
            .map(|found| found.into_iter().map(|blob| blob.0).collect())
    }

    /// The bytes of thumbnails that rows of this moment name and nothing else needs. Where some are gone nothing is lost:
    /// the whole cover is shown in their place.
    pub async fn thumbnails(&mut self) -> Result<Vec<Sha256>, StoreError> {
        let mut source = &mut *self;
        let named = statement(
            "SELECT DISTINCT thumbnail_sha256 AS sha256 FROM books WHERE thumbnail_sha256 IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM books whole WHERE whole.cover_sha256 = books.thumbnail_sha256) \
             AND NOT EXISTS (SELECT 1 FROM package_files WHERE package_files.sha256 = books.thumbnail_sha256 AND package_files.removed_at IS NULL)",
        );
        list::<UsedBlob>(&mut source, named).await.map(|found| found.into_iter().map(|blob| blob.0).collect())
    }
}

struct UsedBlob(Sha256);

impl crate::row::Record for UsedBlob {
    const TABLE: &'static str = "books";
    const KEY: &'static str = "sha256";

    fn read(row: &Row) -> Result<Self, crate::row::CellError> {
        Ok(Self(row.get("sha256")?))
    }
}

impl Reads for &mut Snapshot {
    async fn rows(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        Ok(match &mut self.0 {
            View::Sqlite(view) => {
                let (text, values) = statement.into_parts(Engine::Sqlite)?;
                per_engine!(text, values, |query| {
                    query.fetch_all(&mut **view).await?.into_iter().map(Row::from).collect()
                })
            }
            View::MySql(view) => {
                let (text, values) = statement.into_parts(Engine::MySql)?;
                per_engine!(text, values, |query| {
                    query.fetch_all(&mut **view).await?.into_iter().map(Row::from).collect()
                })
            }
        })
    }
}

impl Transaction {
    /// Puts off the question whether every row that is pointed at is there: until the end on SQLite, which asks it then;
    /// on MySQL it is not asked, so only rows that came out of a snapshot belong in here.
    pub async fn allow_any_order(&mut self) -> Result<(), StoreError> {
        match self.link() {
            Link::Sqlite(link) => {
                sqlx::raw_sql("PRAGMA defer_foreign_keys = ON").execute(&mut **link).await?;
            }
            Link::MySql(link) => {
                sqlx::raw_sql("SET SESSION foreign_key_checks = 0").execute(&mut **link).await?;
            }
        }
        Ok(())
    }

    /// Ends what [`allow_any_order`](Self::allow_any_order) began: the connection is used again.
    pub async fn ask_for_order(&mut self) -> Result<(), StoreError> {
        if let Link::MySql(link) = self.link() {
            sqlx::raw_sql("SET SESSION foreign_key_checks = 1").execute(&mut **link).await?;
        }
        Ok(())
    }

    /// Adds rows as they came out. Each has a cell for each column of the table.
    pub async fn add_rows(&mut self, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let engine = self.engine();
        let names: Vec<_> = table.columns.iter().map(|column| quoted(engine, column)).collect();
        let one = format!("({})", vec!["?"; names.len()].join(", "));
        let at_once = (VALUES_AT_ONCE / names.len().max(1)).max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some: Vec<_> = rows.by_ref().take(at_once).collect();
            let places = vec![one.as_str(); some.len()].join(", ");
            let insert = format!("INSERT INTO {} ({}) VALUES {places}", quoted(engine, &table.name), names.join(", "));
            self.execute(composed(insert).bind_all(some.into_iter().flatten())).await?;
        }
        Ok(())
    }
}

fn select(engine: Engine, table: &Table) -> Statement {
    let names: Vec<_> = table.columns.iter().map(|column| quoted(engine, column)).collect();
    composed(format!("SELECT {} FROM {}", names.join(", "), quoted(engine, &table.name)))
}

/// A name of a table or a column, so that it can be nothing else.
fn quoted(engine: Engine, name: &str) -> String {
    match engine {
        Engine::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
        Engine::MySql => format!("`{}`", name.replace('`', "``")),
    }
}

fn cells(row: &Row, width: usize) -> Result<Vec<Cell>, StoreError> {
    (0..width).map(|position| row.cell(position).map_err(StoreError::from)).collect()
}
