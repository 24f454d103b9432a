//! Jobs as people see them: lists, logs, cancelling, trying again.

use std::collections::BTreeMap;

use store::{
    JobId, Store, Timestamp,
    jobs::{Cancelled, JobFailure, JobFilter, JobKind, JobState, LogLevel, NewJob, Outcome},
};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    a_job_exists_only_with_the_transaction_that_causes_it,
    jobs_are_listed_page_by_page_the_newest_first,
    a_failure_is_left_out_once_a_later_job_of_its_kind_took_it_up,
    what_one_has_sent_to_be_packed_at_once_is_counted_by_state,
    waiting_jobs_know_their_place,
    a_waiting_job_is_cancelled_at_once_and_can_be_tried_again,
    a_failed_job_says_why_and_can_be_tried_again,
    log_lines_are_numbered_without_a_gap_whoever_writes_them,
    old_jobs_are_removed_with_their_logs,
}

async fn a_job_exists_only_with_the_transaction_that_causes_it(world: World) {
    let job = world.new_job(at(0));
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(0)).await.unwrap();
    transaction.roll_back().await.unwrap();
    assert_eq!(world.store.jobs().lookup(job.id).await.unwrap(), None);
    assert!(world.store.jobs().claim(at(1), "w", at(31)).await.unwrap().is_none());
    let id = world.job(at(0)).await;
    let job = world.store.jobs().lookup(id).await.unwrap().unwrap();
    assert_eq!((job.kind, job.state, job.attempts), (JobKind::Inspect, JobState::Queued, 0));
    assert_eq!((job.created_at, job.started_at, job.cancel_requested), (at(0), None, false));
}

async fn jobs_are_listed_page_by_page_the_newest_first(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Title"), at(0)).await;
    let mut ids = Vec::new();
    for number in 0..7 {
        let mut job = world.new_job(at(100 - number));
        if number % 2 == 0 {
            (job.kind, job.release_id, job.created_by) = (JobKind::Pack, Some(release), Some(user));
        }
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.jobs().enqueue(&job, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        ids.push(job.id);
    }
    ids.reverse();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = world.store.jobs().list(&JobFilter::default(), after, 3).await.unwrap();
        found.extend(page.items.iter().map(|job| job.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, ids);
    let packs = JobFilter {
        kind: vec![JobKind::Pack],
        state: vec![JobState::Queued],
        release: Some(release),
        ..JobFilter::default()
    };
    let page = world.store.jobs().list(&packs, None, 10).await.unwrap();
    assert_eq!(page.items.iter().map(|job| job.id).collect::<Vec<_>>(), [ids[0], ids[2], ids[4], ids[6]]);
    assert!(page.items.iter().all(|job| job.created_by == Some(user)));
    let none = JobFilter { state: vec![JobState::Done, JobState::Failed], ..JobFilter::default() };
    assert!(world.store.jobs().list(&none, None, 10).await.unwrap().items.is_empty());
    let of_release = world.store.jobs().list_of(release).await.unwrap();
    assert_eq!(of_release, page.items);
}

fn failed() -> Outcome {
    Outcome::Failed(JobFailure { code: "disk-full".to_owned(), data: BTreeMap::new(), incident: None })
}

async fn a_failure_is_left_out_once_a_later_job_of_its_kind_took_it_up(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Title"), at(0)).await;
    let (failed, done) = (failed(), Outcome::Done { result: serde_json::Value::Null });
    let end = async |second: i64, kind: JobKind, outcome: &Outcome| {
        let id = JobId::new(at(second), world.random());
        let job = NewJob { id, kind, release_id: Some(release), ..world.new_job(at(second)) };
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.jobs().enqueue(&job, at(second)).await.unwrap();
        transaction.commit().await.unwrap();
        let (_, lease) = world.store.jobs().claim(at(second), "w", at(second + 30)).await.unwrap().unwrap();
        let mut transaction = world.store.begin_write().await.unwrap();
        assert!(transaction.jobs().finish(&lease, outcome, at(second)).await.unwrap());
        transaction.commit().await.unwrap();
        job.id
    };
    let first = end(1, JobKind::Pack, &failed).await;
    let other_kind = end(2, JobKind::Verify, &failed).await;
    let unanswered = JobFilter {
        state: vec![JobState::Failed],
        not_followed_by: vec![JobState::Queued, JobState::Done, JobState::Failed],
        ..JobFilter::default()
    };
    let found = async || {
        let page = world.store.jobs().list(&unanswered, None, 10).await.unwrap();
        page.items.iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(found().await, [other_kind, first]);
    end(3, JobKind::Pack, &done).await;
    assert_eq!(found().await, [other_kind]);
    let later = end(4, JobKind::Pack, &failed).await;
    assert_eq!(found().await, [later, other_kind]);
    let latest = end(5, JobKind::Pack, &failed).await;
    assert_eq!(found().await, [latest, other_kind], "one failure is not told twice");
    // Begun anew, the older one is the later try, whatever its id.
    let now = at(6);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry(later, now).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(found().await, [other_kind]);
    let (_, lease) = world.store.jobs().claim(now, "w", at(36)).await.unwrap().unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().finish(&lease, &failed, at(7)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(found().await, [later, other_kind]);

    let count = async |filter: &JobFilter, most| world.store.jobs().count(filter, most).await.unwrap();
    assert_eq!((count(&unanswered, 10).await, count(&unanswered, 1).await), (2, 1));
    let otherwise = JobFilter { not_failed_with: vec!["disk-full", "protected"], ..JobFilter::default() };
    assert_eq!(count(&otherwise, 10).await, 1, "the one that did not fail");
    let of_kept = JobFilter { package_is_kept: true, ..JobFilter::default() };
    assert_eq!(count(&of_kept, 10).await, 0, "none has a package");
    let job = world.new_job(at(8));
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(8)).await.unwrap();
    transaction.commit().await.unwrap();
    world.store.jobs().claim(at(8), "w", at(38)).await.unwrap().unwrap();
    let going_on = JobFilter { state: vec![JobState::Running], not_stopping: true, ..JobFilter::default() };
    assert_eq!(count(&going_on, 10).await, 1);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.jobs().request_cancel(job.id, at(9)).await.unwrap(), Cancelled::Requested);
    transaction.commit().await.unwrap();
    assert_eq!(count(&going_on, 10).await, 0);
}

async fn what_one_has_sent_to_be_packed_at_once_is_counted_by_state(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let mut ids = Vec::new();
    for (second, kind, user, request) in [
        (1, JobKind::Pack, ada, "one"),
        (2, JobKind::Pack, ada, "one"),
        (3, JobKind::Inspect, ada, "one"),
        (4, JobKind::Pack, bob, "one"),
        (5, JobKind::Pack, ada, "one"),
        (6, JobKind::Pack, ada, "later"),
    ] {
        let id = JobId::new(at(second), world.random());
        let request_id = Some(request.to_owned());
        let job = NewJob { id, kind, created_by: Some(user), request_id, ..world.new_job(at(0)) };
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.jobs().enqueue(&job, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        ids.push(id);
    }
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().request_cancel(ids[4], at(9)).await.unwrap();
    transaction.commit().await.unwrap();
    let count = async |user, first| {
        let mut counts = world.store.jobs().count_packing(user, first, "one").await.unwrap();
        counts.sort_by_key(|(state, _)| state.word());
        counts
    };
    assert_eq!(count(ada, ids[0]).await, [(JobState::Cancelled, 1), (JobState::Queued, 2)]);
    assert_eq!(count(ada, ids[1]).await, [(JobState::Cancelled, 1), (JobState::Queued, 1)]);
    assert_eq!(count(bob, ids[0]).await, [(JobState::Queued, 1)]);
    assert_eq!(count(bob, ids[4]).await, []);
    assert_eq!(world.store.jobs().count_packing(ada, ids[0], "later").await.unwrap(), [(JobState::Queued, 1)]);
    assert_eq!(world.store.jobs().count_packing(ada, ids[0], "").await.unwrap(), []);
}

async fn waiting_jobs_know_their_place(world: World) {
    let first = world.job(at(1)).await;
    let second = world.job(at(1)).await;
    let later = world.job(at(50)).await;
    let ids = [later, first, second, JobId::new(at(9), 9)];
    let places = world.store.jobs().queue_positions(&ids).await.unwrap();
    assert_eq!(places, [(first, 1), (second, 2), (later, 3)].into());
    let (claimed, _) = world.store.jobs().claim(at(1), "w", at(31)).await.unwrap().unwrap();
    assert_eq!(claimed.id, first);
    let places = world.store.jobs().queue_positions(&ids).await.unwrap();
    assert_eq!(places, [(second, 1), (later, 2)].into());
    let counts = world.store.jobs().counts().await.unwrap();
    assert_eq!((counts.queued, counts.running, counts.oldest_queued_at), (2, 1, Some(at(1))));
}

async fn a_waiting_job_is_cancelled_at_once_and_can_be_tried_again(world: World) {
    let id = world.job(at(0)).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.jobs().request_cancel(id, at(1)).await.unwrap(), Cancelled::AtOnce);
    assert_eq!(transaction.jobs().request_cancel(id, at(2)).await.unwrap(), Cancelled::AlreadyEnded);
    assert_eq!(transaction.jobs().request_cancel(JobId::new(at(9), 9), at(2)).await.unwrap(), Cancelled::Gone);
    transaction.commit().await.unwrap();
    let job = world.store.jobs().lookup(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.finished_at, job.cancel_requested), (JobState::Cancelled, Some(at(1)), true));
    assert!(world.store.jobs().claim(at(9), "w", at(39)).await.unwrap().is_none());
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry(id, at(10)).await.unwrap());
    assert!(!transaction.jobs().retry(id, at(10)).await.unwrap());
    transaction.commit().await.unwrap();
    let (job, _) = world.store.jobs().claim(at(10), "w", at(40)).await.unwrap().unwrap();
    assert_eq!((job.id, job.cancel_requested, job.finished_at), (id, false, None));
}

async fn a_failed_job_says_why_and_can_be_tried_again(world: World) {
    let id = world.job(at(0)).await;
    let failure = JobFailure {
        code: "disk-full".to_owned(),
        data: BTreeMap::from([("path".to_owned(), "l'été \"1\" 📚".to_owned())]),
        incident: Some("01ARZ3".to_owned()),
    };
    let (_, lease) = world.store.jobs().claim(at(1), "w", at(31)).await.unwrap().unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().finish(&lease, &Outcome::Failed(failure.clone()), at(2)).await.unwrap());
    transaction.commit().await.unwrap();
    let job = world.store.jobs().lookup(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.failure, job.finished_at), (JobState::Failed, Some(failure), Some(at(2))));
    assert_eq!((job.lease_owner, job.lease_until), (None, None));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry(id, at(3)).await.unwrap());
    transaction.commit().await.unwrap();
    let job = world.store.jobs().lookup(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.failure, job.attempts, job.lease_number), (JobState::Queued, None, 0, 1));
}

async fn say(store: &Store, id: JobId, at: Timestamp, data: &BTreeMap<String, String>) -> Option<u64> {
    let mut transaction = store.begin_write().await.unwrap();
    let sequence = transaction.jobs().append_log(id, at, LogLevel::Info, "step", data).await.unwrap();
    transaction.commit().await.unwrap();
    sequence
}

async fn log_lines_are_numbered_without_a_gap_whoever_writes_them(world: World) {
    let id = world.job(at(0)).await;
    let mut tasks = Vec::new();
    for number in 0..12 {
        let store = world.store.clone();
        tasks.push(tokio::spawn(async move {
            let data = BTreeMap::from([("number".to_owned(), number.to_string())]);
            say(&store, id, at(number), &data).await.unwrap()
        }));
    }
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<u64>>());
    let lines = world.store.jobs().log(id, 9, 100).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.sequence).collect::<Vec<_>>(), [10, 11, 12]);
    assert_eq!(world.store.jobs().log(id, 0, 5).await.unwrap().len(), 5);
    let unknown = JobId::new(at(9), 9);
    assert_eq!(say(&world.store, unknown, at(1), &BTreeMap::new()).await, None);
}

async fn old_jobs_are_removed_with_their_logs(world: World) {
    let (ended, waiting) = (world.job(at(0)).await, world.job(at(0)).await);
    say(&world.store, ended, at(1), &BTreeMap::new()).await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().request_cancel(ended, at(5)).await.unwrap();
    assert_eq!(transaction.jobs().count_ended(at(5)).await.unwrap(), 0);
    assert_eq!(transaction.jobs().count_ended(at(6)).await.unwrap(), 1);
    assert_eq!(transaction.jobs().delete_ended(at(5)).await.unwrap(), 0);
    assert_eq!(transaction.jobs().delete_ended(at(6)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(world.store.jobs().lookup(ended).await.unwrap(), None);
    assert!(world.store.jobs().log(ended, 0, 10).await.unwrap().is_empty());
    assert!(world.store.jobs().lookup(waiting).await.unwrap().is_some());
}
