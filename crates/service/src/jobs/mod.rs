//! Jobs: slow work, its progress and its log.

use serde::{Deserialize, Serialize};
use store::{
    Timestamp,
    id::{GroupId, JobId, PackageId, ReleaseId, UserId},
};

use crate::{
    actor::Actor,
    failure::Failure,
    page::{Cursor, Page},
    services::Services,
};

/// An enum whose variants are words in the database and in JSON.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in the database and in JSON.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The one of this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a job does.
    JobKind {
        /// Reads and checks a book.
        Inspect = "inspect",
        /// Makes a package.
        Pack = "pack",
        /// Reads a package again and compares its checksums.
        Verify = "verify",
    }
}

words! {
    /// Where a job stands.
    JobState {
        /// It waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// It ended well.
        Done = "done",
        /// It ended, and something was found.
        DoneWithFindings = "done-with-findings",
        /// It did not succeed.
        Failed = "failed",
        /// A person stopped it.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// True once nothing more happens to it.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

words! {
    /// How much a line of a log weighs.
    LogLevel {
        /// As expected.
        Info = "info",
        /// Worth a look.
        Warning = "warning",
        /// It went wrong.
        Error = "error",
    }
}

/// How far a job is, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// In all; 0 while it is not known.
    pub total: u64,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    /// A stable code.
    pub code: String,
    /// The facts for the sentence.
    pub data: serde_json::Value,
    /// The incident to look for in the log, when it is our fault.
    pub incident: Option<String>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// The release it works on.
    pub release_id: Option<ReleaseId>,
    /// The title or name of that release, for lists.
    pub release_title: Option<String>,
    /// The package it made or reads.
    pub package_id: Option<PackageId>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// What it is at: a stable word.
    pub stage: Option<String>,
    /// How far that stage is.
    pub progress: Progress,
    /// How many times it was begun.
    pub attempts: u32,
    /// How many jobs are before it; only for a queued one that is looked up, from 1.
    pub queue_position: Option<u64>,
    /// Somebody asked it to stop.
    pub cancel_requested: bool,
    /// Why it failed.
    pub failure: Option<JobFailure>,
    /// What it found, as data.
    pub result: Option<serde_json::Value>,
    /// Who wanted it.
    pub created_by: Option<UserId>,
    /// When it was wanted.
    pub created_at: Timestamp,
    /// When it was last begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// One line of a job's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// Counted from 1.
    pub sequence: u32,
    /// When.
    pub at: Timestamp,
    /// How heavy.
    pub level: LogLevel,
    /// A stable code; words are chosen where they are shown.
    pub code: String,
    /// The facts for the sentence.
    pub data: serde_json::Value,
}

/// Which jobs to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobQuery {
    /// Only in this state.
    pub state: Option<JobState>,
    /// Only of this kind.
    pub kind: Option<JobKind>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 1 to 100; 0 means 50.
    pub limit: u32,
}

/// The use cases of jobs.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a> {
    pub(crate) services: &'a Services,
}

impl Jobs<'_> {
    /// Jobs, the newest first.
    pub async fn list(&self, actor: &Actor, query: &JobQuery) -> Result<Page<Job>, Failure> {
        unavailable!(self, actor, query)
    }

    /// One job.
    pub async fn lookup(&self, actor: &Actor, id: JobId) -> Result<Job, Failure> {
        unavailable!(self, actor, id)
    }

    /// The lines of a job's log after the one numbered `after_sequence`; 0 for all. At most 1 000.
    pub async fn log(&self, actor: &Actor, id: JobId, after_sequence: u32) -> Result<Vec<LogLine>, Failure> {
        unavailable!(self, actor, id, after_sequence)
    }

    /// Begins a failed or cancelled job anew.
    ///
    /// # Errors
    /// `Conflict` `job-not-ended`, or what keeps the work from being done now (`name-taken` …).
    pub async fn retry(&self, actor: &Actor, id: JobId) -> Result<(), Failure> {
        unavailable!(self, actor, id)
    }

    /// Asks a job to stop: a queued one is cancelled at once, a running one within a second.
    ///
    /// # Errors
    /// `Conflict` `job-ended`.
    pub async fn cancel(&self, actor: &Actor, id: JobId) -> Result<(), Failure> {
        unavailable!(self, actor, id)
    }
}
