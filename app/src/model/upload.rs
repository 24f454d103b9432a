//! Files on their way to the server: what is known of each, and what comes next. No browser in it.

use std::{collections::VecDeque, time::Duration};

/// Bytes of one request. An acknowledged request is durable, so this is the most that a lost connection repeats; small
/// enough for a progress bar that moves, large enough that the round trips do not count.
pub const PART_BYTES: u64 = 4 << 20;

/// Uploads that run at one time: a browser opens six connections to one server, and the page needs some itself.
pub const AT_ONCE: usize = 2;

/// Where an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Behind others.
    Waiting,
    /// Bytes flow; `acknowledged` of them are durable on the server.
    Sending {
        /// Bytes that the browser has sent, acknowledged or not.
        sent: u64,
        /// Bytes that the server holds.
        acknowledged: u64,
    },
    /// The connection is lost; it goes on by itself.
    Interrupted {
        /// Bytes that the server holds.
        acknowledged: u64,
    },
    /// The server has it all and made a release of it.
    Arrived {
        /// The release's id.
        release: String,
    },
    /// The server does not take it; trying again would not help.
    Refused {
        /// The server's stable code, such as `too-large`; empty when what answered had none.
        code: String,
    },
    /// The person stopped it.
    Cancelled,
}

impl Phase {
    /// The word that a style and a test know it by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending { .. } => "sending",
            Self::Interrupted { .. } => "interrupted",
            Self::Arrived { .. } => "arrived",
            Self::Refused { .. } => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    /// True when nothing will happen any more.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Arrived { .. } | Self::Refused { .. } | Self::Cancelled)
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Counted from 0 in the order of dropping.
    pub key: usize,
    /// The file's own name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Where it is.
    pub phase: Phase,
}

impl Upload {
    /// Whole per cent of what was sent; an empty file is at once whole.
    pub fn percent(&self) -> u64 {
        match &self.phase {
            Phase::Sending { sent, .. } if self.size > 0 => sent.min(&self.size) * 100 / self.size,
            Phase::Interrupted { acknowledged } if self.size > 0 => acknowledged * 100 / self.size,
            Phase::Arrived { .. } | Phase::Sending { .. } | Phase::Interrupted { .. } => 100,
            Phase::Waiting | Phase::Refused { .. } | Phase::Cancelled => 0,
        }
    }
}

/// Every file that was dropped on this page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uploads {
    all: Vec<Upload>,
    waiting: VecDeque<usize>,
}

impl Uploads {
    /// Takes one more file and gives its key.
    pub fn add(&mut self, name: String, size: u64) -> usize {
        let key = self.all.len();
        self.all.push(Upload { key, name, size, phase: Phase::Waiting });
        self.waiting.push_back(key);
        key
    }

    /// The next file to send, when there is one and there is room for it. It is sending from now on.
    pub fn start_next(&mut self) -> Option<usize> {
        if self.running() >= AT_ONCE {
            return None;
        }
        while let Some(key) = self.waiting.pop_front() {
            if self.all[key].phase == Phase::Waiting {
                self.all[key].phase = Phase::Sending { sent: 0, acknowledged: 0 };
                return Some(key);
            }
        }
        None
    }

    /// Changes where a file is. What has ended stays as it ended.
    pub fn change(&mut self, key: usize, phase: Phase) {
        if let Some(upload) = self.all.get_mut(key).filter(|upload| !upload.phase.has_ended()) {
            upload.phase = phase;
        }
    }

    /// One file.
    pub fn get(&self, key: usize) -> Option<&Upload> {
        self.all.get(key)
    }

    /// Ends every file that waits and is as large as `refused`, for which there was no room, or larger, and gives their
    /// keys: a smaller one may still fit.
    pub fn refuse_waiting(&mut self, refused: usize, code: &str) -> Vec<usize> {
        let size = self.all[refused].size;
        let has_no_room = |upload: &Upload| upload.phase == Phase::Waiting && upload.size >= size;
        let keys: Vec<usize> = self.waiting.iter().copied().filter(|key| has_no_room(&self.all[*key])).collect();
        for key in &keys {
            self.all[*key].phase = Phase::Refused { code: code.to_owned() };
        }
        keys
    }

    /// Files that are being sent or wait for their connection.
    pub fn running(&self) -> usize {
        self.all
            .iter()
            .filter(|upload| matches!(upload.phase, Phase::Sending { .. } | Phase::Interrupted { .. }))
            .count()
    }

    /// Files that have not come to their end, by their keys.
    pub fn unfinished(&self) -> impl Iterator<Item = usize> {
        self.all.iter().filter(|upload| !upload.phase.has_ended()).map(|upload| upload.key)
    }

    /// How many files the server has, and how many it is to have: those that were stopped or refused do not count.
    pub fn sum(&self) -> (usize, usize) {
        let arrived = self.all.iter().filter(|upload| matches!(upload.phase, Phase::Arrived { .. })).count();
        (arrived, arrived + self.unfinished().count())
    }
}

/// Endings of the names of books: of a folder only these are taken. What a file is, its content decides.
pub const BOOKS: [&str; 7] = [".epub", ".pdf", ".mobi", ".prc", ".azw", ".azw3", ".cbz"];

/// True for a file of a folder that may be a book.
pub fn is_book(path: &str) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    !is_hidden(path) && BOOKS.iter().any(|ending| name.ends_with(ending))
}

/// True for a file that systems do not show: nobody misses it.
pub fn is_hidden(path: &str) -> bool {
    name_of(path).starts_with('.')
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The code of a server whose disk has no room for a file: nor has it any for one that is larger.
pub const STORAGE_FULL: &str = "storage-full";

/// True for a refusal that lies in the file itself. Any other may end: a full disk, a right that is missing, a proxy that
/// answers in the server's place.
pub fn is_of_the_file(code: &str) -> bool {
    matches!(code, "too-large" | "invalid")
}

/// What a browser can say of a file without reading it: enough to know it again when it is dropped once more.
pub fn known_by(name: &str, size: u64, modified_ms: i64) -> String {
    format!("{size}-{modified_ms}-{name}")
}

/// The ending of what Chromium writes a file into, beside it, until the file is there whole.
const BEING_WRITTEN: &str = ".crswap";

/// The name and the time of a file by what it is known by; nothing when it is not one of ours, when it is still being
/// written, or when there are not as many bytes as it had: a browser that was closed while it kept a file leaves an empty
/// one.
pub fn read_known_by(known_by: &str, bytes: u64) -> Option<(&str, f64)> {
    if known_by.ends_with(BEING_WRITTEN) {
        return None;
    }
    let mut parts = known_by.splitn(3, '-');
    let size: u64 = parts.next()?.parse().ok()?;
    let modified = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    (size == bytes).then_some((name, modified))
}

/// Characters that a server takes of a fingerprint.
const FINGERPRINT: usize = 200;

/// What a server is told that a file is known by. A file system takes a longer name: then its middle is left out, since
/// volumes differ at the end and books at the start.
pub fn fingerprint(known_by: &str) -> String {
    let signs: Vec<char> = known_by.chars().collect();
    if signs.len() <= FINGERPRINT {
        return known_by.to_owned();
    }
    let half = (FINGERPRINT - 1) / 2;
    signs[..half].iter().chain(&['…']).chain(&signs[signs.len() - half..]).collect()
}

/// How long to wait before the `attempt`th try to go on, counted from 1: doubling from half a second, never over 30.
pub fn pause_before(attempt: u32) -> Duration {
    let milliseconds = 500_u64.saturating_mul(1 << attempt.saturating_sub(1).min(10));
    Duration::from_millis(milliseconds.min(30_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_are_sent_at_once_and_the_third_follows_the_first_that_ends() {
        let mut uploads = Uploads::default();
        for name in ["a", "b", "c"] {
            uploads.add(name.into(), 10);
        }
        assert_eq!(uploads.start_next(), Some(0));
        assert_eq!(uploads.start_next(), Some(1));
        assert_eq!(uploads.start_next(), None);
        uploads.change(1, Phase::Arrived { release: "r".into() });
        assert_eq!(uploads.start_next(), Some(2));
        assert_eq!(uploads.unfinished().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(uploads.sum(), (1, 3));
    }

    #[test]
    fn a_file_that_was_stopped_while_waiting_is_never_sent() {
        let mut uploads = Uploads::default();
        let key = uploads.add("a".into(), 10);
        uploads.change(key, Phase::Cancelled);
        assert_eq!(uploads.start_next(), None);
        assert_eq!(uploads.sum(), (0, 0));
    }

    #[test]
    fn what_has_ended_stays_as_it_ended() {
        let mut uploads = Uploads::default();
        let key = uploads.add("a".into(), 10);
        uploads.change(key, Phase::Refused { code: "too-large".into() });
        uploads.change(key, Phase::Sending { sent: 5, acknowledged: 0 });
        assert_eq!(uploads.get(key).unwrap().phase.word(), "refused");
    }

    #[test]
    fn a_full_disk_ends_what_waits_and_is_as_large_and_leaves_what_runs() {
        let mut uploads = Uploads::default();
        for name in ["a", "b", "c", "d", "e"] {
            uploads.add(name.into(), 10);
        }
        assert_eq!((uploads.start_next(), uploads.start_next()), (Some(0), Some(1)));
        uploads.change(4, Phase::Cancelled);
        uploads.change(0, Phase::Refused { code: STORAGE_FULL.into() });
        assert_eq!(uploads.refuse_waiting(0, STORAGE_FULL), [2, 3]);
        assert_eq!(uploads.start_next(), None);
        assert_eq!(uploads.unfinished().collect::<Vec<_>>(), [1]);
        assert_eq!(uploads.get(4).unwrap().phase, Phase::Cancelled);
    }

    #[test]
    fn what_is_smaller_than_a_file_without_room_is_sent() {
        let mut uploads = Uploads::default();
        for size in [400, 500, 1, 400, 2] {
            uploads.add(size.to_string(), size);
        }
        assert_eq!(uploads.start_next(), Some(0));
        uploads.change(0, Phase::Refused { code: STORAGE_FULL.into() });
        assert_eq!(uploads.refuse_waiting(0, STORAGE_FULL), [1, 3]);
        assert_eq!((uploads.start_next(), uploads.start_next()), (Some(2), Some(4)));
        assert_eq!(uploads.sum(), (0, 2));
    }

    #[test]
    fn only_a_refusal_of_the_file_itself_is_final() {
        assert!(is_of_the_file("too-large"));
        for code in ["storage-full", "forbidden", "signed-out", ""] {
            assert!(!is_of_the_file(code), "{code}");
        }
    }

    #[test]
    fn a_kept_file_of_another_size_is_not_there() {
        let known_by = known_by("a-b.epub", 10, 1_700_000_000_000);
        assert_eq!(read_known_by(&known_by, 10), Some(("a-b.epub", 1_700_000_000_000.0)));
        assert_eq!(read_known_by(&known_by, 0), None);
        assert_eq!(read_known_by("notes.txt", 0), None);
        assert_eq!(read_known_by(&format!("{known_by}.crswap"), 10), None);
    }

    #[test]
    fn the_longest_name_of_a_file_system_has_a_fingerprint_that_the_server_takes() {
        let name = |volume: u32| format!("{} {volume}.epub", "é".repeat(240));
        let one = fingerprint(&known_by(&name(1), 10, 1));
        assert_eq!(one.chars().count(), 199);
        assert_ne!(one, fingerprint(&known_by(&name(2), 10, 1)));
        assert_ne!(one, fingerprint(&known_by(&name(1), 10, 2)));
        assert_eq!(fingerprint("10-1-a.epub"), "10-1-a.epub");
    }

    #[test]
    fn progress_counts_what_was_sent_and_an_empty_file_does_not_divide_by_nothing() {
        let mut upload = Upload { key: 0, name: "a".into(), size: 200, phase: Phase::Waiting };
        assert_eq!(upload.percent(), 0);
        upload.phase = Phase::Sending { sent: 50, acknowledged: 0 };
        assert_eq!(upload.percent(), 25);
        upload.size = 0;
        assert_eq!(upload.percent(), 100);
    }

    #[test]
    fn of_a_folder_only_books_are_taken() {
        assert!(is_book("Wells/The Time Machine.EPUB") && is_book("a.azw3"));
        assert!(!is_book("Wells/cover.jpg") && !is_book("Wells/._a.epub") && !is_book("epub"));
        assert!(is_hidden("Wells/._a.epub") && is_hidden(".DS_Store") && !is_hidden(".wells/cover.jpg"));
    }

    #[test]
    fn pauses_grow_to_half_a_minute() {
        let pauses: Vec<u64> =
            (1..=9).map(|attempt| u64::try_from(pause_before(attempt).as_millis()).unwrap()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
        assert_eq!(pause_before(u32::MAX).as_secs(), 30);
    }
}
