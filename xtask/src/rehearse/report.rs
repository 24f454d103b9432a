//! The tables at the end, and whether the bars held.

use std::collections::BTreeMap;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::copy::Copied;
use super::figures::{Figures, Kept, Request, milliseconds};
use super::fleet::Fleet;
use super::notices::Notice;
use super::{OUTAGES, Outage, engine, monitor};
use crate::failure::{Failure, Outcome};
use crate::terminal::{answer, say};

/// The bars of the whole.
const P95_LIMIT_US: u64 = 200_000;
const P99_LIMIT_US: u64 = 500_000;
const FAILURES_LIMIT: f64 = 0.001;

/// While these happen, not one request may fail.
const WITHOUT_LOSS: [&str; 2] = ["rolling update", "rollback"];

/// What the people call that of which each sign-in is one.
const SESSIONS: &str = "sessions";

/// What happened meanwhile.
#[derive(Debug)]
struct Phase {
    name: &'static str,
    /// Milliseconds since 1970.
    begun: u64,
    ended: u64,
}

impl Phase {
    /// Whether a request was under way in it.
    fn saw(&self, request: &Request) -> bool {
        request.begun <= self.ended && request.ended() >= self.begun
    }
}

#[derive(Debug)]
pub(crate) struct Report {
    people: u32,
    began: Instant,
    phases: Vec<Phase>,
}

impl Report {
    pub(crate) fn begin(people: u32) -> Self {
        Self { people, began: Instant::now(), phases: Vec::new() }
    }

    /// Does something and remembers when.
    pub(crate) fn phase<T>(&mut self, name: &'static str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        say(format_args!("{:>4} s  {name}", self.began.elapsed().as_secs()));
        let begun = now();
        let outcome = work();
        self.phases.push(Phase { name, begun, ended: now() });
        outcome
    }

    /// Prints everything; a bar that did not hold is a failure.
    pub(crate) fn finish(
        &self,
        mut requests: Vec<Request>,
        kept: &[Kept],
        copied: &Copied,
        told: &[Notice],
        fleet: &Fleet,
    ) -> Outcome {
        // What is done before people come and after they go is not theirs.
        requests.retain(|request| !matches!(request.operation.as_str(), "prepare" | "prove"));
        self.tables(&requests);
        failures(&requests);
        answer("\nwork               acknowledged     lost");
        for kind in kept {
            answer(format_args!("{:<18} {:>12} {:>8}", kind.kind, kind.acknowledged, kind.lost));
        }
        answer("\nbackup, restore, backup of the copy");
        for line in &copied.lines {
            answer(format_args!("  {line}"));
        }
        let alerts = self.alerts(told, fleet);
        answer(format_args!(
            "\nNot as in production: {}; alerts wait for a sixth ({}) of their time.",
            engine::differences(),
            monitor::FASTER
        ));
        verdict(&self.bars(&requests, kept, copied, &alerts))
    }

    fn tables(&self, requests: &[Request]) {
        let head = "requests   changes   failed   p50 ms   p95 ms   p99 ms";
        answer(format_args!("\n{} people\n{:<18}  {head}", self.people, "operation"));
        let mut operations = BTreeMap::<&str, Vec<&Request>>::new();
        for request in requests {
            operations.entry(&request.operation).or_default().push(request);
        }
        for (operation, requests) in operations {
            answer(format_args!("{operation:<18} {}", Figures::of(requests.into_iter()).cells()));
        }
        answer(format_args!("{:<18} {}", "all", Figures::of(requests.iter()).cells()));
        answer(format_args!("\n{:<18}  {head}  seconds", "while"));
        for phase in &self.phases {
            let seen = requests.iter().filter(|request| phase.saw(request));
            let seconds = (phase.ended - phase.begun) / 1_000;
            answer(format_args!("{:<18} {} {seconds:>8}", phase.name, Figures::of(seen).cells()));
        }
    }

    /// Each alert with when it was told, in seconds since the beginning: first fired, last cleared, still there.
    fn alerts(&self, told: &[Notice], fleet: &Fleet) -> BTreeMap<(String, String), bool> {
        let mut alerts = BTreeMap::<(String, String), (u64, Option<u64>)>::new();
        for notice in told {
            let about = match fleet.service_at(&notice.instance) {
                _ if !notice.part.is_empty() => notice.part.clone(),
                Some(service) => service.to_owned(),
                None => notice.instance.clone(),
            };
            let second = notice.at.duration_since(self.began).as_secs();
            let known = alerts.entry((notice.alert.clone(), about)).or_insert((second, None));
            known.1 = (!notice.fires).then_some(second);
        }
        answer("\nalert              about            fired s  cleared s");
        for ((alert, about), (fired, cleared)) in &alerts {
            let cleared = cleared.map_or("still".to_owned(), |second| second.to_string());
            answer(format_args!("{alert:<18} {about:<15} {fired:>8} {cleared:>10}"));
        }
        alerts.into_iter().map(|(alert, (_, cleared))| (alert, cleared.is_some())).collect()
    }

    fn bars(
        &self,
        requests: &[Request],
        kept: &[Kept],
        copied: &Copied,
        alerts: &BTreeMap<(String, String), bool>,
    ) -> Vec<(String, bool)> {
        let mut bars = Vec::new();
        for phase in self.phases.iter().filter(|phase| WITHOUT_LOSS.contains(&phase.name)) {
            let seen = Figures::of(requests.iter().filter(|request| phase.saw(request)));
            let what = format!(
                "no failed request in {}: {} of {}, {} of {} changes",
                phase.name, seen.failures, seen.requests, seen.failed_changes, seen.changes
            );
            bars.push((what, seen.failures == 0 && seen.changes > 0));
        }
        let all = Figures::of(requests.iter());
        bars.push((format!("p95 under 200 ms: {:.0}", milliseconds(all.p95_us)), all.p95_us < P95_LIMIT_US));
        bars.push((format!("p99 under 500 ms: {:.0}", milliseconds(all.p99_us)), all.p99_us < P99_LIMIT_US));
        let share = share(all.failures, all.requests);
        bars.push((format!("errors under 0.1 %: {:.3} %", share * 100.0), share < FAILURES_LIMIT));
        bars.extend(kept_bars(kept));
        let equal = copied.difference.as_deref().unwrap_or("yes");
        bars.push((format!("the restored copy is equal and serves: {equal}"), copied.difference.is_none()));
        for Outage { alert, about, .. } in OUTAGES {
            let was_cleared = alerts.get(&(alert.to_owned(), about.to_owned())).copied();
            let how = match was_cleared {
                Some(true) => "fired and was cleared",
                Some(false) => "is still there",
                None => "was never told",
            };
            bars.push((format!("{alert} of {about} {how}"), was_cleared == Some(true)));
        }
        bars
    }
}

/// Work that was acknowledged, and the people who did it: who has to sign in again after something happened was lost.
fn kept_bars(kept: &[Kept]) -> [(String, bool); 2] {
    let bar = |what: &str, is_of: fn(&Kept) -> bool| {
        let kinds = kept.iter().filter(|kind| is_of(kind));
        let (acknowledged, lost) = kinds.fold((0, 0), |sum, kind| (sum.0 + kind.acknowledged, sum.1 + kind.lost));
        (format!("{what}: {lost} of {acknowledged}"), lost == 0 && acknowledged > 0)
    };
    [
        bar("nothing lost", |kind| kind.kind != SESSIONS),
        bar("nobody had to sign in again", |kind| kind.kind == SESSIONS),
    ]
}

fn failures(requests: &[Request]) {
    let mut kinds = BTreeMap::<String, u32>::new();
    for request in requests.iter().filter(|request| !request.good) {
        *kinds.entry(format!("{} {}: {}", request.method, request.operation, request.what)).or_default() += 1;
    }
    if !kinds.is_empty() {
        answer("\nfailed");
    }
    for (kind, count) in kinds {
        answer(format_args!("{count:>6}  {kind}"));
    }
}

fn verdict(bars: &[(String, bool)]) -> Outcome {
    answer("\nbars");
    for (what, held) in bars {
        answer(format_args!("  {}  {what}", if *held { "held  " } else { "MISSED" }));
    }
    let missed = bars.iter().filter(|(_, held)| !held).count();
    if missed == 0 { Ok(()) } else { Err(Failure::new(format!("{missed} of {} bars were missed", bars.len()))) }
}

#[expect(clippy::cast_precision_loss, reason = "requests are counted in millions at most")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for half a billion years")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearse::figures::read_kept;

    #[test]
    fn one_bar_that_is_missed_fails_the_whole() {
        assert!(verdict(&[("a".to_owned(), true)]).is_ok());
        let failure = verdict(&[("a".to_owned(), true), ("b".to_owned(), false)]).unwrap_err().to_string();
        assert!(failure.starts_with("1 of 2"), "{failure}");
    }

    #[test]
    fn a_session_that_is_lost_is_a_loss_and_so_is_one_that_nobody_counted() {
        let kept = |lines: &str| kept_bars(&read_kept(lines).unwrap());
        let held = |lines: &str| kept(lines).map(|(_, held)| held);
        assert_eq!(held("uploads\t12\t0\npackages\t3\t0\nsessions\t20\t0\n"), [true, true]);
        assert_eq!(held("uploads\t12\t0\nsessions\t21\t1\n"), [true, false]);
        assert_eq!(held("uploads\t12\t1\nsessions\t20\t0\n"), [false, true]);
        assert_eq!(held("uploads\t12\t0\n"), [true, false], "people of before, who did not count them");
        let [_, (sessions, _)] = kept("uploads\t12\t0\nsessions\t21\t1\n");
        assert_eq!(sessions, "nobody had to sign in again: 1 of 21");
    }

    #[test]
    fn a_request_counts_in_every_phase_that_it_was_under_way_in() {
        let phase = Phase { name: "rollback", begun: 1_000, ended: 2_000 };
        let request = |begun, took_ms: u64| Request {
            begun,
            took_us: took_ms * 1_000,
            operation: String::new(),
            method: "GET".to_owned(),
            what: String::new(),
            good: true,
        };
        assert!(phase.saw(&request(900, 200)) && phase.saw(&request(1_900, 500)));
        assert!(!phase.saw(&request(100, 200)) && !phase.saw(&request(2_001, 1)));
    }
}
