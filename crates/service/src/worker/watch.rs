//! What a job tells while it runs, and how it is stopped.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

use packer::watch::Watch;

use crate::jobs::Progress;

/// Why a job is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A person wants it.
    Cancelled = 1,
    /// Somebody else has the job now.
    Lost = 2,
    /// The node stops.
    Shutdown = 3,
}

/// Shared between the work, on whatever thread, and whoever watches it.
#[derive(Debug, Default)]
pub(super) struct JobWatch {
    stage: Mutex<&'static str>,
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicU8,
}

impl JobWatch {
    pub(super) fn begin(&self, stage: &'static str, total: u64) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.progress(0, total);
    }

    pub(super) fn seen(&self) -> (&'static str, Progress) {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        let progress = Progress { done: self.done.load(Ordering::Relaxed), total: self.total.load(Ordering::Relaxed) };
        (stage, progress)
    }

    /// Asks the work to stop; the first reason counts.
    pub(super) fn stop(&self, why: Stop) {
        // Another reason was first: then there is nothing to do.
        let _ = self.stop.compare_exchange(0, why as u8, Ordering::SeqCst, Ordering::SeqCst);
    }

    pub(super) fn stopped(&self) -> Option<Stop> {
        match self.stop.load(Ordering::SeqCst) {
            1 => Some(Stop::Cancelled),
            2 => Some(Stop::Lost),
            3 => Some(Stop::Shutdown),
            _ => None,
        }
    }
}

impl Watch for JobWatch {
    fn progress(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.stopped().is_some()
    }
}

/// Stops the work on blocking threads when whoever waits for it is gone.
#[derive(Debug)]
pub(super) struct StopOnDrop(pub(super) Arc<JobWatch>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop(Stop::Lost);
    }
}
