//! All jobs of a list at once.

use std::time::Duration;

use service::{Actor, JobId, JobKind, JobQuery, JobState, ManyJobs, ReleaseId, Role};

use crate::house::{House, book, large_book};

/// A release whose packing failed, and its job: its bytes are away for a while.
async fn failed(house: &House, admin: &Actor, bytes: &[u8]) -> (ReleaseId, JobId) {
    let draft = house.draft(admin, bytes).await;
    let (blob, aside) = (house.blob(&draft.book.sha256), house.folder.path().join("aside"));
    std::fs::rename(&blob, &aside).unwrap();
    house.clock.pass(Duration::from_millis(1));
    let job = house.services.releases().pack(admin, draft.summary.id).await.unwrap();
    house.work_off().await;
    assert_eq!(house.job_state(admin, job).await, JobState::Failed);
    std::fs::rename(&aside, &blob).unwrap();
    (draft.summary.id, job)
}

fn state(state: JobState) -> JobQuery {
    JobQuery { state: Some(state), ..JobQuery::default() }
}

#[tokio::test]
async fn every_failed_job_of_a_list_is_begun_anew_and_each_that_cannot_says_why() {
    let (house, admin) = House::new().await;
    let jobs = house.services.jobs();
    let mut begun = Vec::new();
    for title in ["One", "Two"] {
        begun.push(failed(&house, &admin, &book(title)).await);
    }
    let (blocked, blocked_job) = failed(&house, &admin, &book("Same")).await;
    // Meanwhile another release has its name.
    house.packed(&admin, &large_book("Same", 10_000)).await;
    // A book that is refused is mended by no other try.
    house.upload(&admin, "notes.txt", b"Only notes.").await;
    house.work_off().await;
    let all = ManyJobs { failed: 3, under_way: 0 };
    for query in [JobQuery::default(), state(JobState::Failed)] {
        assert_eq!(jobs.many(&admin, &query).await.unwrap(), all, "{query:?}");
    }
    for query in [state(JobState::Done), JobQuery { kind: Some(JobKind::Verify), ..JobQuery::default() }] {
        assert_eq!(jobs.many(&admin, &query).await.unwrap(), ManyJobs::default(), "{query:?}");
        assert!(jobs.retry_all(&admin, &query).await.unwrap().is_empty());
    }
    // Somebody of no group sees none of them.
    let stranger = house.person(&admin, "Zoe", Role::EDITOR).await;
    assert_eq!(jobs.many(&stranger, &JobQuery::default()).await.unwrap(), ManyJobs::default());
    assert!(jobs.retry_all(&stranger, &JobQuery::default()).await.unwrap().is_empty());

    let outcomes = jobs.retry_all(&admin, &state(JobState::Failed)).await.unwrap();
    let mut expected: Vec<_> = begun.iter().map(|(release, job)| (*job, Some(*release), None)).collect();
    expected.push((blocked_job, Some(blocked), Some("name-taken")));
    let told: Vec<_> = outcomes
        .iter()
        .map(|(job, release, outcome)| (*job, *release, outcome.as_ref().err().map(service::Failure::code)))
        .collect();
    assert_eq!(told, expected, "those that waited longest come first");
    house.work_off().await;
    for (_, job) in begun {
        assert_eq!(house.job_state(&admin, job).await, JobState::Done);
    }
    assert_eq!(jobs.many(&admin, &JobQuery::default()).await.unwrap(), ManyJobs { failed: 1, under_way: 0 });
}

#[tokio::test]
async fn every_job_of_a_list_that_waits_is_stopped() {
    let (house, admin) = House::new().await;
    let jobs = house.services.jobs();
    let (one, two) = (house.draft(&admin, &book("One")).await, house.draft(&admin, &book("Two")).await);
    let mut waiting = Vec::new();
    for draft in [one, two] {
        waiting.push(house.services.releases().pack(&admin, draft.summary.id).await.unwrap());
    }
    house.upload(&admin, "book.epub", &book("Three")).await;
    let packs = JobQuery { kind: Some(JobKind::Pack), ..state(JobState::Queued) };
    assert_eq!(jobs.many(&admin, &JobQuery::default()).await.unwrap(), ManyJobs { failed: 0, under_way: 3 });
    let stranger = house.person(&admin, "Zoe", Role::EDITOR).await;
    assert!(jobs.cancel_all(&stranger, &packs).await.unwrap().is_empty());
    let outcomes = jobs.cancel_all(&admin, &packs).await.unwrap();
    assert!(outcomes.iter().all(|(_, _, outcome)| outcome.is_ok()), "{outcomes:?}");
    assert_eq!(outcomes.len(), 2);
    for job in waiting {
        assert_eq!(house.job_state(&admin, job).await, JobState::Cancelled);
    }
    assert_eq!(jobs.many(&admin, &JobQuery::default()).await.unwrap(), ManyJobs { failed: 0, under_way: 1 });
    assert_eq!(house.work_off().await, 1, "the book is read all the same");
}
