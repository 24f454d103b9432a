//! One row, whichever engine it came from.

use sqlx::{Row as _, mysql::MySqlRow, sqlite::SqliteRow};

use crate::{
    StoreError,
    cell::{FromCell, Raw, Wrong},
    copy::Cell,
};

/// A row of a result.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From MySQL or MariaDB.
    MySql(MySqlRow),
}

impl std::fmt::Debug for Row {
    /// Without the values: they may be secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Row")
    }
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<MySqlRow> for Row {
    fn from(row: MySqlRow) -> Self {
        Self::MySql(row)
    }
}

/// A cell that cannot be read.
#[derive(Debug)]
pub(crate) struct CellError {
    column: &'static str,
    wrong: Wrong,
}

impl CellError {
    /// A value that the record it stands in does not know.
    pub(crate) fn new(column: &'static str, wrong: &'static str) -> Self {
        Self { column, wrong: wrong.into() }
    }
}

/// Reads a column as one of the two kinds that columns have.
pub(crate) trait ReadRaw: Raw {
    fn read(row: &Row, column: &str) -> Result<Option<Self>, sqlx::Error>;
}

impl ReadRaw for String {
    fn read(row: &Row, column: &str) -> Result<Option<Self>, sqlx::Error> {
        match row {
            Row::Sqlite(row) => row.try_get(column),
            Row::MySql(row) => row.try_get(column),
        }
    }
}

impl ReadRaw for i64 {
    fn read(row: &Row, column: &str) -> Result<Option<Self>, sqlx::Error> {
        match row {
            Row::Sqlite(row) => row.try_get(column),
            Row::MySql(row) => row.try_get(column),
        }
    }
}

impl Row {
    /// Whatever stands in the column at a position.
    pub(crate) fn cell(&self, position: usize) -> Result<Cell, sqlx::Error> {
        let number = match self {
            Self::Sqlite(row) => row.try_get::<Option<i64>, _>(position),
            Self::MySql(row) => row.try_get::<Option<i64>, _>(position),
        };
        if let Ok(number) = number {
            return Ok(number.map_or(Cell::Nothing(()), Cell::Integer));
        }
        let text = match self {
            Self::Sqlite(row) => row.try_get::<Option<String>, _>(position),
            Self::MySql(row) => row.try_get::<Option<String>, _>(position),
        };
        Ok(text?.map_or(Cell::Nothing(()), Cell::Text))
    }

    /// The value of a column that may be empty.
    pub(crate) fn optional<T: FromCell<Raw: ReadRaw>>(&self, column: &'static str) -> Result<Option<T>, CellError> {
        let wrong = |wrong| CellError { column, wrong };
        let raw = T::Raw::read(self, column).map_err(|error| wrong(error.into()))?;
        raw.map(T::from_cell).transpose().map_err(wrong)
    }

    /// The value of a column that always has one.
    pub(crate) fn get<T: FromCell<Raw: ReadRaw>>(&self, column: &'static str) -> Result<T, CellError> {
        self.optional(column)?.ok_or_else(|| CellError::new(column, "the cell is empty"))
    }
}

/// Something that is read from a row.
pub(crate) trait Record: Sized {
    /// The table the row is about.
    const TABLE: &'static str;
    /// The column that tells which row, for messages.
    const KEY: &'static str = "id";

    /// Reads it.
    fn read(row: &Row) -> Result<Self, CellError>;

    /// Reads it; what cannot be is told by table, column and id.
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Self::read(row).map_err(|CellError { column, wrong }| StoreError::Inconsistent {
            table: Self::TABLE,
            column,
            id: row.get(Self::KEY).ok(),
            source: wrong,
        })
    }
}

/// A single number under the column name `number`.
pub(crate) struct Number(pub i64);

impl Record for Number {
    const TABLE: &'static str = "result";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self(row.get("number")?))
    }
}

/// A single text under the column name `text`.
pub(crate) struct Word(pub String);

impl Record for Word {
    const TABLE: &'static str = "result";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self(row.get("text")?))
    }
}
