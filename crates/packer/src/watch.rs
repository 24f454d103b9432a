//! How slow work tells how far it is, and how it is stopped.

/// Watches slow work. Both answers come often, so they must be cheap.
pub trait Watch {
    /// So much of the measured work is done. Units are the caller's: bytes or entries, never a guess of time.
    fn progress(&self, done: u64, total: u64);

    /// True when the work should stop. It stops soon and leaves nothing behind.
    fn is_cancelled(&self) -> bool;
}

/// Nobody watches: nothing is told and nothing is stopped.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _done: u64, _total: u64) {}

    fn is_cancelled(&self) -> bool {
        false
    }
}
