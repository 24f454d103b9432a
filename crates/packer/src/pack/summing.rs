//! Sums files on a second thread while the next one is written.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{Scope, ScopedJoinHandle},
};

use crate::{
    manifest::ManifestFile,
    pack::{PackError, error::Stopped},
    sums::Digest,
};

/// Files that wait to be summed: no more, so that the writer never runs far ahead with open files.
const WAITING: usize = 1;

/// A file that is written and waits for its sums.
struct Written {
    name: String,
    path: PathBuf,
    file: File,
}

/// The second thread.
pub(super) struct Summing<'scope> {
    queue: SyncSender<Written>,
    thread: ScopedJoinHandle<'scope, Result<Vec<ManifestFile>, PackError>>,
    stop: &'scope AtomicBool,
}

impl<'scope> Summing<'scope> {
    /// Starts the thread. It ends early when `stop` is set.
    pub(super) fn start<'environment>(scope: &'scope Scope<'scope, 'environment>, stop: &'scope AtomicBool) -> Self {
        let (queue, written) = sync_channel(WAITING);
        Self { queue, thread: scope.spawn(move || sum(&written, stop)), stop }
    }

    /// Hands over a file that is written and open for reading too. It is summed and brought to the disk.
    ///
    /// False when the thread has ended because a file failed; `finish` says why.
    pub(super) fn hand_over(&self, name: String, path: &Path, file: File) -> bool {
        self.queue.send(Written { name, path: path.to_owned(), file }).is_ok()
    }

    /// Waits for the last file and gives all, in the order in which they were handed over.
    pub(super) fn finish(self) -> Result<Vec<ManifestFile>, PackError> {
        drop(self.queue);
        match self.thread.join() {
            Ok(files) => files,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Gives up: the thread ends with the file it has.
    pub(super) fn abandon(self) {
        self.stop.store(true, Ordering::Relaxed);
        drop(self.finish());
    }
}

fn sum(written: &Receiver<Written>, stop: &AtomicBool) -> Result<Vec<ManifestFile>, PackError> {
    let mut files = Vec::new();
    while let Ok(Written { name, path, mut file }) = written.recv() {
        let digest = digest(&mut file, stop).map_err(PackError::write(&path))?;
        files.push(ManifestFile { path: name, digest });
    }
    Ok(files)
}

fn digest(file: &mut File, stop: &AtomicBool) -> io::Result<Digest> {
    file.rewind()?;
    let digest = Digest::of_reader(&mut Stoppable { file, stop })?;
    file.sync_all()?;
    Ok(digest)
}

struct Stoppable<'a> {
    file: &'a mut File,
    stop: &'a AtomicBool,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other(Stopped));
        }
        self.file.read(buffer)
    }
}
