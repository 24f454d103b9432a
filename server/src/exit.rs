//! Exit codes, the same for every command.

use std::process::ExitCode;

/// How a command ended. The order is that of the codes: of several files the highest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All is well; for `pack` also with findings that do not block.
    Good = 0,
    /// `check` found an error, `verify` failed, `pack` was blocked by a finding.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A file cannot be read or written, or is of no format that is known.
    Unreadable = 3,
    /// Refused: DRM, a limit, a name that is taken.
    Refused = 4,
    /// A fault of the program.
    Fault = 5,
    /// Somebody asked to stop.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
