//! What a job says as it goes. A line waits until something is stored anyway, at the latest until the next stage, so that
//! many lines cost few transactions.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use store::{JobId, Store, StoreError, Timestamp, Transaction, jobs::LogLevel};

/// Lines do not wait longer than this for each other while a stage says more of them.
const LONGEST_WAIT: Duration = Duration::from_millis(250);

/// A line that is not stored yet.
#[derive(Debug, Clone)]
struct Line {
    at: Timestamp,
    level: LogLevel,
    code: String,
    data: BTreeMap<String, String>,
}

/// The lines of an attempt that are not stored yet, and when some were stored last.
#[derive(Debug)]
pub(super) struct Lines {
    job: JobId,
    waiting: Mutex<(Vec<Line>, Instant)>,
}

impl Lines {
    pub(super) fn new(job: JobId) -> Self {
        Self { job, waiting: Mutex::new((Vec::new(), Instant::now())) }
    }

    pub(super) fn add(&self, at: Timestamp, level: LogLevel, code: &str, data: BTreeMap<String, String>) {
        self.waiting().0.push(Line { at, level, code: code.to_owned(), data });
    }

    /// True when lines wait that a person has waited for long enough.
    pub(super) fn are_due(&self) -> bool {
        let waiting = self.waiting();
        !waiting.0.is_empty() && waiting.1.elapsed() >= LONGEST_WAIT
    }

    /// Stores them whatever becomes of other work. A log that cannot be written stops no work.
    pub(super) async fn store(&self, store: &Store) {
        if self.waiting().0.is_empty() {
            return;
        }
        let stored = async {
            let mut transaction = store.begin_write().await?;
            self.append_to(&mut transaction).await?;
            transaction.commit().await
        };
        if let Err(error) = stored.await {
            tracing::warn!(%error, job = %self.job, "lines of a job's log are lost");
        }
        self.are_stored();
    }

    /// Adds them to what a transaction stores. They wait until [`Lines::are_stored`] says that it was committed.
    pub(super) async fn append_to(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let lines = self.waiting().0.clone();
        for Line { at, level, code, data } in lines {
            transaction.jobs().append_log(self.job, at, level, &code, &data).await?;
        }
        Ok(())
    }

    pub(super) fn are_stored(&self) {
        *self.waiting() = (Vec::new(), Instant::now());
    }

    fn waiting(&self) -> MutexGuard<'_, (Vec<Line>, Instant)> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
