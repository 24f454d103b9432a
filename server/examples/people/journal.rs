//! What was asked and what came of it, a line a request.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::Outcome;

/// The file of the requests: when it began (milliseconds since 1970), how long it took (microseconds), what it was for,
/// its method, the status or what went wrong, `good` or `failed`.
#[derive(Debug)]
pub(crate) struct Journal {
    file: Mutex<BufWriter<File>>,
    requests: AtomicU64,
}

impl Journal {
    pub(crate) fn begin(path: &Path) -> Outcome<Self> {
        Ok(Self { file: Mutex::new(BufWriter::new(File::create(path)?)), requests: AtomicU64::new(0) })
    }

    pub(crate) fn note(&self, operation: &str, method: &str, took: Duration, result: &Result<u16, String>, good: bool) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let begun = (SystemTime::now() - took).duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let what = match result {
            Ok(status) => status.to_string(),
            Err(error) => error.replace(['\t', '\n'], " "),
        };
        let verdict = if good { "good" } else { "failed" };
        if let Ok(mut file) = self.file.lock() {
            // A full disk shows in the number of lines, which the rehearsal compares.
            let _ = writeln!(file, "{begun}\t{}\t{operation}\t{method}\t{what}\t{verdict}", took.as_micros());
        }
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn flush(&self) -> Outcome {
        self.file.lock().map_err(|_| "somebody panicked while writing the journal")?.flush()?;
        Ok(())
    }
}
