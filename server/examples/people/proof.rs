//! At the end: is everything there that was acknowledged?

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    Outcome,
    books::sha256,
    browser::{Browser, Question},
    person::{Person, Volume},
};

/// So many look at the same time: it is no part of the load.
const AT_A_TIME: usize = 4;

/// Longer than the lease of a job whose worker was killed.
const PATIENCE: Duration = Duration::from_mins(3);

/// Of each kind how much was acknowledged and how much is not there.
#[derive(Debug, Default)]
struct Kept {
    uploads: (u64, u64),
    packages: (u64, u64),
    sessions: (u64, u64),
    details: Vec<String>,
}

/// Looks at everything; the lines `KIND⇥ACKNOWLEDGED⇥LOST`.
pub(crate) async fn look(people: Vec<Person>) -> Outcome<String> {
    let places = Arc::new(Semaphore::new(AT_A_TIME));
    let mut looking = JoinSet::new();
    for mut person in people {
        let places = Arc::clone(&places);
        looking.spawn(async move {
            let _place = places.acquire().await;
            let mut kept = Kept::default();
            look_who_is_in(&mut person.browser, &mut kept).await;
            let shelf = std::mem::take(&mut person.shelf);
            for volume in &shelf {
                look_at(&mut person, volume, &mut kept).await;
            }
            kept
        });
    }
    let mut all = Kept::default();
    for kept in looking.join_all().await {
        all.uploads = (all.uploads.0 + kept.uploads.0, all.uploads.1 + kept.uploads.1);
        all.packages = (all.packages.0 + kept.packages.0, all.packages.1 + kept.packages.1);
        all.sessions = (all.sessions.0 + kept.sessions.0, all.sessions.1 + kept.sessions.1);
        all.details.extend(kept.details);
    }
    for detail in &all.details {
        eprintln!("lost: {detail}");
    }
    let mut lines = String::new();
    let kinds = [("uploads", all.uploads), ("packages", all.packages), ("sessions", all.sessions)];
    for (kind, (acknowledged, lost)) in kinds {
        writeln!(lines, "{kind}\t{acknowledged}\t{lost}")?;
    }
    Ok(lines)
}

/// Whether the last session is there still, and how many of those before it were lost while they worked.
async fn look_who_is_in(browser: &mut Browser, kept: &mut Kept) {
    if browser.session().is_open {
        browser.ask(Question::get("prove", "/api/v1/account/sessions")).await;
    }
    let session = browser.session();
    kept.sessions = (session.begun, session.lost);
    if session.lost > 0 {
        kept.details.push(format!("{} of {} sessions of somebody", session.lost, session.begun));
    }
}

async fn look_at(person: &mut Person, volume: &Volume, kept: &mut Kept) {
    kept.uploads.0 += 1;
    kept.packages.0 += u64::from(volume.is_ordered);
    let wanted = if volume.is_ordered { "packed" } else { "draft" };
    let begun = Instant::now();
    let state = loop {
        let state = person.state_of(&volume.release).await.unwrap_or_default();
        // A real book may be one that is refused; it was read, and its release says why.
        let is_read = !volume.is_ordered && state["status"].as_str().is_some_and(|status| status != "inspecting");
        if state["status"] == wanted || is_read || begun.elapsed() > PATIENCE {
            break state;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    // One that is still being read has lost its job.
    if state["id"].as_str() != Some(&volume.release) || state["status"] == "inspecting" {
        kept.uploads.1 += 1;
        kept.details.push(format!("release {}: {state}", volume.release));
    }
    if volume.is_ordered && !is_whole(person, &state).await {
        kept.packages.1 += 1;
        kept.details.push(format!("package of {}: {state}", volume.release));
    }
}

/// Whether a package can be downloaded and every file of it is what its checksum says, the book among them where it is one.
async fn is_whole(person: &mut Person, state: &serde_json::Value) -> bool {
    let Some(id) = state["packages"][0]["id"].as_str() else { return false };
    let path = format!("/api/v1/packages/{id}");
    let Some(package) = person.browser.ask(Question::get("prove", &path)).await else { return false };
    let package = package.json();
    let files = package["files"].as_array().cloned().unwrap_or_default();
    for file in &files {
        let path = format!("/api/v1/packages/{id}/files/{}", file["position"]);
        let bytes = person.browser.ask(Question::get("prove", &path)).await;
        if !bytes.is_some_and(|answer| file["sha256"] == sha256(&answer.body).as_str()) {
            return false;
        }
    }
    !files.is_empty()
}
