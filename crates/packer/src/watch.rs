//! What long work tells while it runs, and how it is asked to stop.

use serde::{Deserialize, Serialize};

/// What is being done to a book or a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// A book is read and checked.
    Inspect,
    /// The files of a package are written and summed.
    Pack,
    /// The files of a package are read again and compared with what they should be.
    Verify,
}

impl Stage {
    /// The word used in JSON and in logs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inspect => "inspect",
            Self::Pack => "pack",
            Self::Verify => "verify",
        }
    }
}

/// The one who waits for long work. It is called often, at least once a mebibyte, and from more than one thread.
pub trait Watch: Sync {
    /// `done` of `total` bytes of the stage are through.
    fn progress(&self, stage: Stage, done: u64, total: u64);

    /// True when the work shall stop. It then ends with a cancelled error and leaves nothing behind.
    fn is_cancelled(&self) -> bool;
}

/// Nobody waits and nothing stops the work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _: Stage, _: u64, _: u64) {}

    fn is_cancelled(&self) -> bool {
        false
    }
}
