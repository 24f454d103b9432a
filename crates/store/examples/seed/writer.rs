//! What the rows are written through: one connection, many rows a statement, and indexes that are made when all is there.

use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, Row as _, SqliteConnection};
use store::DatabaseLocation;

/// Bytes of one statement: what goes out at once. Of what goes out in pieces the last one waits 40 ms for the server to
/// acknowledge those before, because the driver leaves Nagle's algorithm on.
const BYTES: usize = 15_000;
/// Statements of one transaction: some 30 MB.
const STATEMENTS: usize = 2_000;
/// The tables that grow with the catalogue.
const TABLES: [&str; 3] = ["books", "releases", "release_terms"];

/// The connection that is written through.
pub(crate) enum Writer {
    Sqlite(SqliteConnection),
    MySql(MySqlConnection),
}

impl Writer {
    pub(crate) async fn open(location: &DatabaseLocation) -> Result<Self, sqlx::Error> {
        let mut writer = match location {
            DatabaseLocation::Sqlite { file } => {
                Self::Sqlite(SqliteConnection::connect(&format!("sqlite:{}", file.display())).await?)
            }
            DatabaseLocation::MySql { primary, .. } => Self::MySql(MySqlConnection::connect_with(primary).await?),
        };
        // A database that is made anew when it breaks need not be safe while it is made.
        let hasten = match &writer {
            Self::Sqlite(_) => "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF",
            Self::MySql(_) => "SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0",
        };
        writer.run(hasten).await?;
        Ok(writer)
    }

    pub(crate) async fn run(&mut self, text: &str) -> Result<(), sqlx::Error> {
        let text = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
        match self {
            Self::Sqlite(connection) => text.execute(connection).await.map(drop),
            Self::MySql(connection) => text.execute(connection).await.map(drop),
        }
    }

    /// Two texts of each row.
    async fn pairs(&mut self, text: String) -> Result<Vec<(String, String)>, sqlx::Error> {
        let text = AssertSqlSafe(text);
        match self {
            Self::Sqlite(connection) => {
                let rows = sqlx::query(text).fetch_all(connection).await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
            Self::MySql(connection) => {
                let rows = sqlx::query(text).fetch_all(connection).await?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
        }
    }

    /// Takes every index but the primary keys off the large tables, and gives the statements that make them again: an
    /// index is sorted at once in a fraction of the time that it takes to find the place of each row in it.
    pub(crate) async fn take_indexes(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let mut again = Vec::new();
        for table in TABLES {
            if matches!(self, Self::Sqlite(_)) {
                let query = format!(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL"
                );
                for (name, statement) in self.pairs(query).await? {
                    self.run(&format!("DROP INDEX {name}")).await?;
                    again.push(statement);
                }
                continue;
            }
            let query = format!(
                "SELECT CAST(index_name AS CHAR), CAST(CONCAT(IF(non_unique, 'INDEX ', 'UNIQUE INDEX '), index_name, \
                 ' (', GROUP_CONCAT(column_name ORDER BY seq_in_index), ')') AS CHAR) \
                 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = '{table}' \
                 AND index_name <> 'PRIMARY' GROUP BY index_name, non_unique"
            );
            let indexes = self.pairs(query).await?;
            let all = |word: &str, parts: Vec<&String>| {
                let changes: Vec<String> = parts.into_iter().map(|part| format!("{word} {part}")).collect();
                format!("ALTER TABLE {table} {}", changes.join(", "))
            };
            self.run(&all("DROP INDEX", indexes.iter().map(|(name, _)| name).collect())).await?;
            again.push(all("ADD", indexes.iter().map(|(_, index)| index).collect()));
        }
        Ok(again)
    }
}

/// Rows that wait to be written together. Values are of letters, digits and signs that need no escaping.
pub(crate) struct Table {
    head: &'static str,
    rows: String,
    statements: usize,
}

impl Table {
    pub(crate) fn new(head: &'static str) -> Self {
        Self { head, rows: String::new(), statements: 0 }
    }

    pub(crate) async fn add(&mut self, writer: &mut Writer, row: &str) -> Result<(), sqlx::Error> {
        if self.head.len() + self.rows.len() + row.len() > BYTES {
            self.flush(writer).await?;
        }
        if !self.rows.is_empty() {
            self.rows.push(',');
        }
        self.rows.push_str(row);
        Ok(())
    }

    pub(crate) async fn flush(&mut self, writer: &mut Writer) -> Result<(), sqlx::Error> {
        if self.rows.is_empty() {
            return Ok(());
        }
        writer.run(&format!("INSERT INTO {} VALUES {}", self.head, self.rows)).await?;
        self.rows.clear();
        self.statements += 1;
        if self.statements.is_multiple_of(STATEMENTS) {
            writer.run("COMMIT; BEGIN").await?;
        }
        Ok(())
    }
}
