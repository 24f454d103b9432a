//! What a job tells while it runs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Jobs;
use crate::{
    JobId, StoreError, Timestamp, Transaction,
    cell::Json,
    connection::{Reads, list, number, optional},
    row::{CellError, Record, Row, Word},
    statement::statement,
    word::words,
};

words! {
    /// How much a line of a job's log weighs.
    LogLevel, "log level" {
        /// What is going on.
        Info = "info",
        /// Something a person may want to look at.
        Warning = "warning",
        /// What made the job fail.
        Error = "error",
    }
}

/// One line of a job's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Counted from 1 in the job.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// How much it weighs.
    pub level: LogLevel,
    /// What it says, at most 100 characters: words are chosen where it is shown.
    pub code: String,
    /// The values that the code's text names.
    pub data: BTreeMap<String, String>,
}

impl Record for LogLine {
    const TABLE: &'static str = "job_log";
    const KEY: &'static str = "job_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            sequence: row.get("sequence")?,
            at: row.get("at")?,
            level: row.get("level")?,
            code: row.get("code")?,
            data: row.get::<Json<_>>("data")?.0,
        })
    }
}

impl<C: Reads> Jobs<C> {
    /// The lines of a job after one of them, in order and at most `limit`.
    pub async fn log(mut self, id: JobId, after: u64, limit: u32) -> Result<Vec<LogLine>, StoreError> {
        let lines = statement("SELECT * FROM job_log WHERE job_id = ? AND sequence > ? ORDER BY sequence LIMIT ?");
        list(&mut self.0, lines.bind(id).bind(after).bind(limit)).await
    }
}

impl Jobs<&mut Transaction> {
    /// Adds a line, and says which number it has; nothing when there is no such job.
    pub async fn append_log(
        self,
        id: JobId,
        at: Timestamp,
        level: LogLevel,
        code: &str,
        data: &BTreeMap<String, String>,
    ) -> Result<Option<u64>, StoreError> {
        let mut source = self.0;
        // Whoever appends holds the job, so that no two lines get one number.
        let held = statement("SELECT id AS text FROM jobs WHERE id = ?").bind(id).locking();
        if optional::<Word>(&mut source, held).await?.is_none() {
            return Ok(None);
        }
        let last = statement("SELECT COALESCE(MAX(sequence), 0) AS number FROM job_log WHERE job_id = ?").bind(id);
        let sequence = number(&mut source, last).await? + 1;
        let insert =
            statement("INSERT INTO job_log (job_id, sequence, at, level, code, data) VALUES (?, ?, ?, ?, ?, ?)");
        source.execute(insert.bind(id).bind(sequence).bind(at).bind(level).bind(code).bind(Json(data))).await?;
        Ok(Some(sequence))
    }
}
