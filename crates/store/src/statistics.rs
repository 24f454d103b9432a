//! What the metrics tell of the tables. A few counts, each over one index or one small table; callers ask at most every
//! half minute.

use crate::{
    Store, StoreError, Timestamp,
    audit::AuditAction,
    connection::{list, number},
    jobs::{JobKind, JobState},
    permissions::Resource,
    row::{CellError, Record, Row},
    statement::statement,
};

/// How many jobs of a kind are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: JobKind,
    /// The state.
    pub state: JobState,
    /// So many.
    pub count: u64,
}

impl Record for JobCount {
    const TABLE: &'static str = "jobs";
    const KEY: &'static str = "kind";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { kind: row.get("kind")?, state: row.get("state")?, count: row.get("number")? })
    }
}

/// The counts of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Jobs by kind and state.
    pub jobs: Vec<JobCount>,
    /// Users with a session that was used since the instant asked for.
    pub active_users: u64,
    /// Packages that are kept.
    pub packages: u64,
    /// Their bytes together.
    pub packed_bytes: u64,
    /// When the last backup was made and found whole; none as far back as the audit log goes.
    pub last_backup_at: Option<Timestamp>,
}

impl Store {
    /// Counts. A user is active whose session was used at `active_since` or later and has not ended.
    pub async fn statistics(&self, active_since: Timestamp) -> Result<Statistics, StoreError> {
        let mut source = self;
        let jobs =
            statement("SELECT kind, state, COUNT(*) AS number FROM jobs GROUP BY kind, state ORDER BY kind, state");
        let active_users = statement(
            "SELECT COUNT(DISTINCT user_id) AS number FROM sessions WHERE last_seen_at >= ? AND ended_at IS NULL",
        );
        let packages = statement("SELECT COUNT(*) AS number FROM packages WHERE files_removed_at IS NULL");
        // The sum of a column has a type of its own on MySQL; the word for the plain one is none that SQLite minds.
        let packed_bytes = statement(
            "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) AS number FROM packages WHERE files_removed_at IS NULL",
        );
        // By the index of the resource: settings are changed rarely.
        let last_backup =
            statement("SELECT COALESCE(MAX(at), 0) AS number FROM audit_entries WHERE resource = ? AND action = ?");
        let last_backup = last_backup.bind(Resource::Settings).bind(AuditAction::BackedUp);
        let last_backup = i64::try_from(number(&mut source, last_backup).await?).unwrap_or_default();
        Ok(Statistics {
            jobs: list(&mut source, jobs).await?,
            active_users: number(&mut source, active_users.bind(active_since)).await?,
            packages: number(&mut source, packages).await?,
            packed_bytes: number(&mut source, packed_bytes).await?,
            last_backup_at: (last_backup > 0).then_some(Timestamp(last_backup)),
        })
    }
}
