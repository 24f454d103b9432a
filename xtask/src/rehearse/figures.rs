//! What the requests amount to.

use crate::failure::{Failure, Outcome};

/// One request, as the people wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Milliseconds since 1970.
    pub(crate) begun: u64,
    pub(crate) took_us: u64,
    pub(crate) operation: String,
    pub(crate) method: String,
    /// The status, or what went wrong.
    pub(crate) what: String,
    pub(crate) good: bool,
}

impl Request {
    /// Milliseconds since 1970.
    pub(crate) fn ended(&self) -> u64 {
        self.begun + self.took_us / 1_000
    }
}

/// Of one kind of work, how much was acknowledged and how much of that is not there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) kind: String,
    pub(crate) acknowledged: u64,
    pub(crate) lost: u64,
}

pub(crate) fn read_requests(text: &str) -> Outcome<Vec<Request>> {
    let read = |line: &str| {
        let mut columns = line.split('\t');
        let (begun, took_us) = (columns.next()?.parse().ok()?, columns.next()?.parse().ok()?);
        let mut word = || columns.next().map(str::to_owned);
        let (operation, method, what) = (word()?, word()?, word()?);
        Some(Request { begun, took_us, operation, method, what, good: columns.next()? == "good" })
    };
    text.lines()
        .map(|line| read(line).ok_or_else(|| Failure::new(format!("a line of the requests is damaged: {line}"))))
        .collect()
}

pub(crate) fn read_kept(text: &str) -> Outcome<Vec<Kept>> {
    let read = |line: &str| {
        let mut columns = line.split('\t');
        let kind = columns.next()?.to_owned();
        Some(Kept { kind, acknowledged: columns.next()?.parse().ok()?, lost: columns.next()?.parse().ok()? })
    };
    text.lines().map(|line| read(line).ok_or_else(|| Failure::new(format!("damaged: {line}")))).collect()
}

/// Some requests together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) requests: usize,
    pub(crate) failures: usize,
    /// Of these, requests that change something.
    pub(crate) failed_changes: usize,
    pub(crate) changes: usize,
    pub(crate) p50_us: u64,
    pub(crate) p95_us: u64,
    pub(crate) p99_us: u64,
}

impl Figures {
    pub(crate) fn of<'a>(requests: impl Iterator<Item = &'a Request>) -> Self {
        let (mut figures, mut times) = (Self::default(), Vec::new());
        for request in requests {
            let changes = !matches!(request.method.as_str(), "GET" | "HEAD");
            figures.requests += 1;
            figures.changes += usize::from(changes);
            figures.failures += usize::from(!request.good);
            figures.failed_changes += usize::from(!request.good && changes);
            times.push(request.took_us);
        }
        times.sort_unstable();
        (figures.p50_us, figures.p95_us, figures.p99_us) = (at(&times, 50), at(&times, 95), at(&times, 99));
        figures
    }

    pub(crate) fn cells(&self) -> String {
        format!(
            "{:>9} {:>9} {:>8} {:>8.0} {:>8.0} {:>8.0}",
            self.requests,
            self.changes,
            self.failures,
            milliseconds(self.p50_us),
            milliseconds(self.p95_us),
            milliseconds(self.p99_us)
        )
    }
}

/// The time within which so many percent are done: the nearest rank.
fn at(sorted: &[u64], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a time is far below 2^53 microseconds")]
pub(crate) fn milliseconds(us: u64) -> f64 {
    us as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_request() {
        let requests =
            read_requests("1000\t2500\tlist\tGET\t200\tgood\n1001\t9\tpack\tPOST\tno answer\tfailed\n").unwrap();
        assert_eq!((requests[0].ended(), requests[0].good, requests[1].good), (1_002, true, false));
        let figures = Figures::of(requests.iter());
        assert_eq!((figures.requests, figures.changes, figures.failures, figures.failed_changes), (2, 1, 1, 1));
        assert!(read_requests("1000\tlist").is_err());
    }

    #[test]
    fn percentiles_are_the_nearest_rank() {
        let times: Vec<u64> = (1..=200).collect();
        assert_eq!((at(&times, 50), at(&times, 95), at(&times, 99)), (100, 190, 198));
        assert_eq!(at(&[7], 99), 7);
        assert_eq!(at(&[], 99), 0);
    }

    #[test]
    fn what_was_kept_is_read_by_kind() {
        let kept = read_kept("uploads\t12\t0\n").unwrap();
        assert_eq!(kept, [Kept { kind: "uploads".to_owned(), acknowledged: 12, lost: 0 }]);
    }
}
