//! Jobs: stopped, begun anew, put off, taken over.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use packer::hash::Sha256;
use service::{JobKind, JobQuery, JobState, Status, Topic, Worker};
use tokio_util::sync::CancellationToken;

use crate::house::{House, book, large_book};

/// Longer than it takes to come to where one waits.
const A_WHILE: Duration = Duration::from_millis(300);

/// Waits until a package is being written. Who waits with it is polled in between, so that it cannot be missed.
async fn staging_has_begun(house: &House) {
    while house.staged().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_queued_pack_that_is_cancelled_gives_its_name_back_and_can_be_begun_anew() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Stopped")).await;
    let id = draft.summary.id;
    let job = house.services.releases().pack(&admin, id).await.unwrap();
    let jobs = house.services.jobs();
    assert_eq!(jobs.lookup(&admin, job).await.unwrap().queue_position, Some(1));
    jobs.cancel(&admin, job).await.unwrap();
    assert_eq!(jobs.cancel(&admin, job).await.unwrap_err().code(), "job-ended");
    let stopped = house.lookup(&admin, id).await;
    assert_eq!((stopped.summary.status, stopped.summary.name), (Status::Draft, None));
    assert_eq!(house.work_off().await, 0);
    jobs.retry(&admin, job).await.unwrap();
    assert_eq!(jobs.retry(&admin, job).await.unwrap_err().code(), "job-not-ended");
    house.work_off().await;
    assert_eq!(house.job_state(&admin, job).await, JobState::Done);
    assert_eq!(house.lookup(&admin, id).await.summary.status, Status::Packed);
}

#[tokio::test]
async fn a_job_whose_disk_fails_is_put_off_for_hours_and_then_fails_and_leaves_nothing() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("No Disk")).await;
    let before = house.blobs();
    // A file where the staging folder should be.
    std::fs::remove_dir_all(house.folder.path().join("staging")).ok();
    std::fs::write(house.folder.path().join("staging"), b"").unwrap();
    let job = house.services.releases().pack(&admin, draft.summary.id).await.unwrap();
    let mut waited = Duration::ZERO;
    for attempt in 1..=50 {
        assert_eq!(house.work_off().await, 1);
        let waiting = house.services.jobs().lookup(&admin, job).await.unwrap();
        assert_eq!((waiting.state, waiting.attempts), (JobState::Queued, attempt));
        assert_eq!(waiting.failure.unwrap().code, "disk-failed");
        let pause = Duration::from_secs(5 * 4_u64.saturating_pow(attempt - 1).min(60));
        house.clock.pass(pause.checked_sub(Duration::from_millis(1)).unwrap());
        assert_eq!(house.work_off().await, 0);
        house.clock.pass(pause / 4 + Duration::from_millis(1));
        waited += pause;
    }
    assert!(waited > Duration::from_hours(3), "{waited:?}");
    assert_eq!(house.work_off().await, 1);
    let failed = house.services.jobs().lookup(&admin, job).await.unwrap();
    assert_eq!((failed.state, failed.attempts), (JobState::Failed, 51));
    assert!(failed.failure.unwrap().incident.is_some());
    let release = house.lookup(&admin, draft.summary.id).await;
    assert_eq!((release.summary.status, release.summary.name.as_ref()), (Status::Failed, None));
    assert_eq!((release.packages.len(), house.blobs()), (0, before));

    std::fs::remove_file(house.folder.path().join("staging")).unwrap();
    house.services.jobs().retry(&admin, job).await.unwrap();
    house.work_off().await;
    assert_eq!(house.lookup(&admin, draft.summary.id).await.summary.status, Status::Packed);
    let lines = house.services.jobs().log(&admin, job, 0).await.unwrap();
    assert_eq!(lines.last().unwrap().code, "job-done");
}

#[tokio::test]
async fn a_fault_of_the_book_is_not_tried_again() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Vanished")).await;
    std::fs::remove_file(house.blob(&draft.book.sha256)).unwrap();
    let job = house.services.releases().pack(&admin, draft.summary.id).await.unwrap();
    assert_eq!(house.work_off().await, 1);
    let failed = house.services.jobs().lookup(&admin, job).await.unwrap();
    assert_eq!((failed.state, failed.failure.unwrap().code.as_str()), (JobState::Failed, "bytes-missing"));
    assert_eq!(house.staged(), [].into());
}

#[tokio::test]
async fn a_worker_that_dies_in_the_middle_is_taken_over_when_its_lease_ends() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &large_book("Taken Over", 20_000_000)).await;
    let id = draft.summary.id;
    let job = house.services.releases().pack(&admin, id).await.unwrap();
    let worker = Worker::new(house.services.clone());
    tokio::select! {
        biased;
        // It has begun to write: here it dies.
        () = staging_has_begun(&house) => {}
        ended = worker.work_off() => panic!("the job was done before it was seen: {ended:?}"),
    }
    assert_eq!(house.job_state(&admin, job).await, JobState::Running);
    assert_eq!(house.work_off().await, 0);
    house.clock.pass(Duration::from_secs(31));
    assert_eq!(house.work_off().await, 1);
    let done = house.services.jobs().lookup(&admin, job).await.unwrap();
    assert_eq!((done.state, done.attempts), (JobState::Done, 2));
    let release = house.lookup(&admin, id).await;
    assert_eq!((release.summary.status, release.packages.len()), (Status::Packed, 1));
}

#[tokio::test]
async fn a_running_job_is_cancelled_within_a_second_and_leaves_nothing() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &large_book("Cancelled", 60_000_000)).await;
    let before = house.blobs();
    let job = house.services.releases().pack(&admin, draft.summary.id).await.unwrap();
    let worker = Worker::new(house.services.clone());
    let (attempts, asked) = tokio::join!(worker.work_off(), async {
        staging_has_begun(&house).await;
        house.services.jobs().cancel(&admin, job).await.unwrap();
        std::time::Instant::now()
    });
    assert_eq!(attempts.unwrap(), 1);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(house.job_state(&admin, job).await, JobState::Cancelled);
    let release = house.lookup(&admin, draft.summary.id).await;
    assert_eq!((release.summary.status, release.summary.name), (Status::Draft, None));
    assert_eq!((house.blobs(), house.staged()), (before, [].into()));
}

#[tokio::test]
async fn a_node_that_stops_gives_its_job_back_at_once() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &large_book("Given Back", 60_000_000)).await;
    let job = house.services.releases().pack(&admin, draft.summary.id).await.unwrap();
    let shutdown = CancellationToken::new();
    let worker = Worker::new(house.services.clone());
    tokio::join!(worker.run(shutdown.clone()), async {
        staging_has_begun(&house).await;
        shutdown.cancel();
    });
    assert_eq!(house.job_state(&admin, job).await, JobState::Queued);
    assert_eq!(house.staged(), [].into());
    house.work_off().await;
    assert_eq!(house.job_state(&admin, job).await, JobState::Done);
}

#[tokio::test]
async fn only_the_deaths_of_its_workers_use_a_job_up_and_not_their_shutdowns() {
    let (house, admin) = House::new().await;
    let now = || service::Timestamp(service::Clock::now_ms(house.clock.as_ref()));
    let claimed = async || {
        let until = now().after(Duration::from_secs(30));
        house.store.jobs().claim(now(), "a worker", until).await.unwrap().unwrap().0
    };
    house.upload(&admin, "book.epub", &book("Given Back")).await;
    for _ in 0..20 {
        claimed().await;
        assert_eq!(house.store.jobs().release_leases_of("a worker").await.unwrap(), 1);
    }
    let begun = claimed().await;
    for _ in 0..4 {
        house.clock.pass(Duration::from_secs(31));
        assert_eq!(claimed().await.id, begun.id);
    }
    house.clock.pass(Duration::from_secs(31));
    assert_eq!(house.work_off().await, 1);
    assert_eq!(house.job_state(&admin, begun.id).await, JobState::Done);

    house.upload(&admin, "poison.epub", &book("Poisonous")).await;
    let poisonous = claimed().await;
    for _ in 0..5 {
        house.clock.pass(Duration::from_secs(31));
        claimed().await;
    }
    house.clock.pass(Duration::from_secs(31));
    assert_eq!(house.work_off().await, 1);
    let failed = house.services.jobs().lookup(&admin, poisonous.id).await.unwrap();
    assert_eq!((failed.state, failed.failure.unwrap().code.as_str()), (JobState::Failed, "attempts-exhausted"));
}

#[tokio::test]
async fn a_book_that_is_refused_loses_its_bytes_although_its_reading_is_cancelled() {
    let (house, admin) = House::new().await;
    let (id, job) = house.refused_by_a_dying_worker(&admin, &book("Refused Already")).await;
    house.services.jobs().cancel(&admin, job).await.unwrap();
    house.clock.pass(Duration::from_secs(31));
    assert_eq!(house.work_off().await, 1);
    assert_eq!(house.job_state(&admin, job).await, JobState::Failed);
    let stored = house.store.releases().lookup(id).await.unwrap().unwrap();
    assert_eq!((stored.status, stored.refusal.as_deref()), (Status::Refused, Some("protected")));
    assert!(house.blobs().is_empty(), "the bytes of a refused book");
}

#[tokio::test]
async fn an_inspection_that_is_given_up_leaves_a_release_alone_that_has_gone_on() {
    let (house, admin) = House::new().await;
    let (id, job) = house.refused_by_a_dying_worker(&admin, &book("Refused Already")).await;
    // Put back, it waits: whoever cancels ends it at once.
    assert_eq!(house.store.jobs().release_leases_of("dying").await.unwrap(), 1);
    house.services.jobs().cancel(&admin, job).await.unwrap();
    assert_eq!(house.job_state(&admin, job).await, JobState::Cancelled);
    let stored = house.store.releases().lookup(id).await.unwrap().unwrap();
    assert_eq!((stored.status, stored.refusal.as_deref()), (Status::Refused, Some("protected")));
}

#[tokio::test]
async fn who_cancels_a_job_and_who_holds_its_release_do_not_wait_for_each_other() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Held")).await;
    let job = house.services.releases().pack(&admin, draft.summary.id).await.unwrap();
    let mut transaction = house.store.begin_write().await.unwrap();
    // As whoever deletes the release or begins the job anew.
    transaction.releases().hold(draft.summary.id).await.unwrap();
    let jobs = house.services.jobs();
    let (cancelled, ()) = tokio::join!(jobs.cancel(&admin, job), async {
        tokio::time::sleep(A_WHILE).await;
        transaction.jobs().hold(job).await.unwrap();
        transaction.commit().await.unwrap();
    });
    cancelled.unwrap();
    assert_eq!(house.job_state(&admin, job).await, JobState::Cancelled);
}

#[tokio::test]
async fn what_a_dead_process_held_is_taken_over_at_the_start_of_the_next() {
    let (house, admin) = House::new().await;
    house.upload(&admin, "book.epub", &book("Held")).await;
    let now = service::Timestamp(service::Clock::now_ms(house.clock.as_ref()));
    let held = house.store.jobs().claim(now, "a dead one", now.after(Duration::from_secs(30))).await.unwrap();
    assert!(held.is_some());
    assert_eq!(house.work_off().await, 0);
    assert_eq!(Worker::new(house.services.clone()).take_over_everything().await.unwrap(), 1);
    assert_eq!(house.work_off().await, 1);
}

#[tokio::test]
async fn a_package_whose_bytes_changed_is_found_out() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("Changed")).await;
    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    let file = package
        .files
        .iter()
        .find(|file| file.path.rsplit_once('.').is_some_and(|(_, extension)| extension == "nfo"))
        .unwrap();
    let hash: Sha256 = file.sha256;
    let mut bytes = std::fs::read(house.blob(&hash)).unwrap();
    bytes[0] ^= 1;
    std::fs::write(house.blob(&hash), bytes).unwrap();
    let job = house.services.releases().verify(&admin, release.summary.id).await.unwrap();
    house.work_off().await;
    let found = house.services.jobs().lookup(&admin, job).await.unwrap();
    assert_eq!(found.state, JobState::DoneWithFindings);
    let result = found.result.unwrap();
    assert_eq!((&result["good"], &result["wrong"][0]["path"]), (&false.into(), &file.path.as_str().into()));
}

#[tokio::test]
async fn jobs_are_listed_newest_first_page_by_page_with_what_they_work_on() {
    let (house, admin) = House::new().await;
    for title in ["One", "Two", "Three"] {
        house.draft(&admin, &book(title)).await;
        house.clock.pass(Duration::from_millis(1));
    }
    let mut query = JobQuery { kind: Some(JobKind::Inspect), limit: 2, ..JobQuery::default() };
    let first = house.services.jobs().list(&admin, &query).await.unwrap();
    query.after = first.next.clone();
    let second = house.services.jobs().list(&admin, &query).await.unwrap();
    let titles = first.items.iter().chain(&second.items).map(|job| job.release_title.clone().unwrap());
    assert_eq!(titles.collect::<Vec<_>>(), ["Three", "Two", "One"]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn others_uploads_are_not_told_and_everything_else_is() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let (mut mine, mut theirs) = (
        house.services.events().subscribe(&admin).await.unwrap(),
        house.services.events().subscribe(&editor).await.unwrap(),
    );
    let release = house.upload(&admin, "book.epub", &book("Told")).await;
    assert_eq!(mine.next().await.unwrap().topic, Topic::Upload);
    let (told, heard) = (mine.next().await.unwrap(), theirs.next().await.unwrap());
    assert_eq!((told.topic, told.id.as_str()), (Topic::Release, &*release.to_string()));
    assert_eq!(told, heard);
    assert!(Arc::strong_count(&house.clock) > 1);
}
