//! How far a job is: measured, or not said at all.

use leptos::prelude::*;
use service::{Job, JobState};

use crate::texts::{Texts, texts};

/// Stages that count bytes. The others count what a book is made of, entries or pages, of which per cents alone say enough.
const IN_BYTES: [&str; 3] = ["packing", "storing", "verifying"];

/// The stage and the part of it that is done. A job that waits says how many are before it.
#[component]
pub fn JobProgress(job: Job) -> impl IntoView {
    let texts = texts();
    match job.state {
        JobState::Queued => job
            .queue_position
            .map(|position| view! { <p class="soft">{texts.count("jobs.position", position)}</p> }.into_any()),
        JobState::Running => Some(running(texts, &job)),
        _ => None,
    }
}

fn running(texts: Texts, job: &Job) -> AnyView {
    let stage = job.stage.as_deref().map_or(texts.say("jobs.begins"), |stage| texts.word("stage", stage));
    let stage = if job.cancel_requested { texts.say("jobs.stopping") } else { stage };
    let in_bytes = job.stage.as_deref().is_some_and(|stage| IN_BYTES.contains(&stage));
    let bar = percent(job.progress.done, job.progress.total).map(|percent| {
        let measured = if in_bytes {
            let (done, total) = (texts.size(job.progress.done), texts.size(job.progress.total));
            texts.say_with("jobs.percent-of", &[("percent", &percent), ("done", &done), ("total", &total)])
        } else {
            texts.say_with("jobs.percent", &[("percent", &percent)])
        };
        view! {
            <progress max="100" value=percent aria-label=stage></progress>
            <p class="soft">{measured}</p>
        }
    });
    view! { <div class="job-progress"><p>{stage}</p>{bar}</div> }.into_any()
}

/// Whole percents, 100 only when all is done; nothing while the whole is not known.
fn percent(done: u64, total: u64) -> Option<u64> {
    if total == 0 {
        return None;
    }
    u64::try_from(u128::from(done.min(total)) * 100 / u128::from(total)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_is_only_said_at_the_end() {
        assert_eq!(percent(999, 1000), Some(99));
        assert_eq!(percent(1000, 1000), Some(100));
        assert_eq!(percent(2000, 1000), Some(100));
        assert_eq!(percent(u64::MAX - 1, u64::MAX), Some(99));
        assert_eq!(percent(1, 0), None);
    }
}
