//! The queue as workers see it: one job, one worker, whatever happens to either.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use store::{
    GroupId, JobId, Timestamp, UserId,
    jobs::{Cancelled, Heartbeat, Job, JobFailure, JobState, Lease, NewJob, Outcome},
};

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    jobs_are_claimed_in_order_and_not_before_their_time,
    groups_take_turns,
    what_is_tried_again_takes_its_turn_behind_those_who_wait,
    a_job_that_waits_for_its_time_does_not_hold_the_turns_of_those_who_come,
    what_a_job_was_put_off_and_taken_over_is_counted_apart,
    workers_that_claim_at_once_never_get_the_same_job,
    of_two_workers_that_claim_one_job_one_gets_it,
    a_lease_that_ran_out_is_taken_over_and_the_old_worker_cannot_finish,
    a_renewed_lease_is_not_taken_over,
    a_lease_of_the_same_owner_is_another_lease,
    what_a_lost_lease_would_have_stored_is_not_stored,
    a_running_job_hears_that_it_is_to_stop,
    a_job_that_is_tried_later_waits_until_then,
    leases_of_an_owner_can_be_given_back,
    leases_of_the_dead_can_be_given_back,
    a_deleted_job_loses_its_lease,
    a_job_ends_once_and_keeps_its_result,
}

const DONE: fn() -> Outcome = || Outcome::Done { result: json!({ "files": 3 }) };

async fn claim(world: &World, now: Timestamp, owner: &str) -> Option<(Job, Lease)> {
    world.store.jobs().claim(now, owner, Timestamp(now.0 + 30_000)).await.unwrap()
}

async fn finish(world: &World, lease: &Lease, outcome: &Outcome) -> bool {
    let mut transaction = world.store.begin_write().await.unwrap();
    let finished = transaction.jobs().finish(lease, outcome, at(99)).await.unwrap();
    transaction.commit().await.unwrap();
    finished
}

async fn state(world: &World, id: JobId) -> JobState {
    world.store.jobs().lookup(id).await.unwrap().unwrap().state
}

async fn jobs_are_claimed_in_order_and_not_before_their_time(world: World) {
    let late = world.job(at(100)).await;
    let first = world.job(at(2)).await;
    let second = world.job(at(1)).await;
    assert!(claim(&world, at(0), "w").await.is_none());
    let (job, lease) = claim(&world, at(50), "w").await.unwrap();
    assert_eq!((job.id, job.state, job.attempts), (first, JobState::Running, 1));
    assert_eq!((job.lease_owner.as_deref(), job.lease_until), (Some("w"), Some(at(80))));
    assert_eq!((job.started_at, lease.job_id, lease.number), (Some(at(50)), first, 1));
    assert_eq!(claim(&world, at(50), "w").await.unwrap().0.id, second);
    assert!(claim(&world, at(50), "w").await.is_none());
    assert_eq!(state(&world, late).await, JobState::Queued);
}

async fn groups_take_turns(world: World) {
    let ada = world.user("ada").await;
    let (many, few) = (world.group("MANY", ada).await, world.group("FEW", ada).await);
    let add = async |group: Option<GroupId>| {
        let job = NewJob { group_id: group, created_by: Some(ada), ..world.new_job(at(0)) };
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.jobs().enqueue(&job, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        job.id
    };
    let mut of_many = Vec::new();
    for _ in 0..6 {
        of_many.push(add(Some(many)).await);
    }
    assert_eq!(claim(&world, at(1), "w").await.unwrap().0.id, of_many[0]);
    assert_eq!(claim(&world, at(1), "w").await.unwrap().0.id, of_many[1]);
    let of_few = [add(Some(few)).await, add(Some(few)).await];
    let of_a_person = add(None).await;
    let positions = world.store.jobs().queue_positions(&of_few).await.unwrap();
    assert_eq!((positions[&of_few[0]], positions[&of_few[1]]), (2, 5));
    let mut order = Vec::new();
    while let Some((job, _)) = claim(&world, at(1), "w").await {
        order.push(job.id);
    }
    let expected = [of_many[2], of_few[0], of_a_person, of_many[3], of_few[1], of_many[4], of_many[5]];
    assert_eq!(order, expected);
    // Who comes when nobody waits does not come before those who wait later.
    let first = add(Some(few)).await;
    let second = add(Some(many)).await;
    assert_eq!(claim(&world, at(1), "w").await.unwrap().0.id, first);
    assert_eq!(claim(&world, at(1), "w").await.unwrap().0.id, second);
}

/// A job of a group that is due at an instant.
async fn add(world: &World, user: UserId, group: GroupId, run_after: Timestamp) -> JobId {
    let job = NewJob { group_id: Some(group), created_by: Some(user), ..world.new_job(run_after) };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(1)).await.unwrap();
    transaction.commit().await.unwrap();
    job.id
}

async fn what_is_tried_again_takes_its_turn_behind_those_who_wait(world: World) {
    let ada = world.user("ada").await;
    let (many, few) = (world.group("MANY", ada).await, world.group("FEW", ada).await);
    let mut failed = Vec::new();
    for _ in 0..4 {
        failed.push(add(&world, ada, many, at(0)).await);
    }
    for _ in 0..4 {
        let (_, lease) = claim(&world, at(1), "w").await.unwrap();
        let failure = JobFailure { code: "x".into(), data: BTreeMap::new(), incident: None };
        assert!(finish(&world, &lease, &Outcome::Failed(failure)).await);
    }
    let mut of_few = Vec::new();
    for _ in 0..6 {
        of_few.push(add(&world, ada, few, at(0)).await);
    }
    // Those who wait now are further than those were.
    for id in &of_few[..3] {
        assert_eq!(claim(&world, at(1), "w").await.unwrap().0.id, *id);
    }
    for id in &failed {
        let mut transaction = world.store.begin_write().await.unwrap();
        assert!(transaction.jobs().retry(*id, at(1)).await.unwrap());
        transaction.commit().await.unwrap();
    }
    let mut order = Vec::new();
    while let Some((job, _)) = claim(&world, at(1), "w").await {
        order.push(job.id);
    }
    let expected = [failed[0], of_few[3], failed[1], of_few[4], failed[2], of_few[5], failed[3]];
    assert_eq!(order, expected);
}

async fn a_job_that_waits_for_its_time_does_not_hold_the_turns_of_those_who_come(world: World) {
    let ada = world.user("ada").await;
    let [many, few, late] = ["MANY", "FEW", "LATE"].map(|tag| world.group(tag, ada));
    let (many, few, late) = (many.await, few.await, late.await);
    add(&world, ada, late, at(100)).await;
    let mut of_many = Vec::new();
    for _ in 0..4 {
        of_many.push(add(&world, ada, many, at(0)).await);
    }
    for id in &of_many[..2] {
        assert_eq!(claim(&world, at(1), "w").await.unwrap().0.id, *id);
    }
    let of_few = [add(&world, ada, few, at(0)).await, add(&world, ada, few, at(0)).await];
    let mut order = Vec::new();
    while let Some((job, _)) = claim(&world, at(1), "w").await {
        order.push(job.id);
    }
    assert_eq!(order, [of_many[2], of_few[0], of_many[3], of_few[1]]);
}

async fn what_a_job_was_put_off_and_taken_over_is_counted_apart(world: World) {
    let id = world.job(at(0)).await;
    let counts = async || {
        let job = world.store.jobs().lookup(id).await.unwrap().unwrap();
        (job.attempts, job.put_offs, job.takeovers)
    };
    claim(&world, at(0), "stopping").await.unwrap();
    assert_eq!(world.store.jobs().release_leases_of("stopping").await.unwrap(), 1);
    claim(&world, at(0), "dying").await.unwrap();
    assert_eq!(counts().await, (2, 0, 0), "given back in good order");
    let (_, lease) = claim(&world, at(31), "w").await.unwrap();
    assert_eq!(counts().await, (3, 0, 1), "taken over");
    let failure = JobFailure { code: "x".into(), data: BTreeMap::new(), incident: None };
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry_later(&lease, at(31), &failure).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(counts().await, (3, 1, 1), "put off");
    let (_, _) = claim(&world, at(31), "dead").await.unwrap();
    assert_eq!(world.store.jobs().release_all_leases().await.unwrap(), 1);
    assert_eq!(counts().await, (4, 1, 2), "its process was dead");
    let (_, lease) = claim(&world, at(31), "w").await.unwrap();
    assert!(finish(&world, &lease, &Outcome::Failed(failure)).await);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry(id, at(40)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(counts().await, (0, 0, 0), "as good as new");
}

async fn workers_that_claim_at_once_never_get_the_same_job(world: World) {
    for _ in 0..20 {
        world.job(at(0)).await;
    }
    let workers = ["a", "b", "c", "d"].map(|owner| {
        let world = world.clone();
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            while let Some((job, _)) = claim(&world, at(1), owner).await {
                claimed.push(job.id);
            }
            claimed
        })
    });
    let mut claimed = Vec::new();
    for worker in workers {
        claimed.extend(worker.await.unwrap());
    }
    // A worker that found every row held by others stops early; what it left is still there for the next one.
    while let Some((job, _)) = claim(&world, at(1), "last").await {
        claimed.push(job.id);
    }
    assert_eq!(claimed.len(), 20);
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 20);
}

async fn of_two_workers_that_claim_one_job_one_gets_it(world: World) {
    world.job(at(0)).await;
    let workers = ["a", "b"].map(|owner| {
        let world = world.clone();
        tokio::spawn(async move { claim(&world, at(1), owner).await.is_some() })
    });
    let mut got = 0;
    for worker in workers {
        got += usize::from(worker.await.unwrap());
    }
    assert_eq!(got, 1);
}

async fn a_lease_that_ran_out_is_taken_over_and_the_old_worker_cannot_finish(world: World) {
    let id = world.job(at(0)).await;
    let (_, old) = claim(&world, at(0), "old").await.unwrap();
    assert!(claim(&world, at(30), "new").await.is_none());
    let (job, new) = claim(&world, at(31), "new").await.unwrap();
    assert_eq!((job.id, job.attempts, job.started_at), (id, 2, Some(at(0))));
    assert_eq!(world.store.jobs().heartbeat(&old, at(90)).await.unwrap(), Heartbeat::Lost);
    assert!(!world.store.jobs().progress(&old, "reading", 1, 2).await.unwrap());
    assert!(!finish(&world, &old, &DONE()).await);
    let mut transaction = world.store.begin_write().await.unwrap();
    let failure = JobFailure { code: "x".into(), data: BTreeMap::new(), incident: None };
    assert!(!transaction.jobs().retry_later(&old, at(1), &failure).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(state(&world, id).await, JobState::Running);
    assert!(finish(&world, &new, &DONE()).await);
    assert_eq!(state(&world, id).await, JobState::Done);
}

async fn a_renewed_lease_is_not_taken_over(world: World) {
    world.job(at(0)).await;
    let (_, lease) = claim(&world, at(0), "w").await.unwrap();
    let held = world.store.jobs().heartbeat(&lease, at(60)).await.unwrap();
    assert_eq!(held, Heartbeat::Held { cancel_requested: false });
    assert!(claim(&world, at(31), "other").await.is_none());
    assert!(world.store.jobs().progress(&lease, "reading", 3, 10).await.unwrap());
    let job = world.store.jobs().lookup(lease.job_id).await.unwrap().unwrap();
    assert_eq!((job.stage.as_str(), job.progress_done, job.progress_total), ("reading", 3, 10));
    assert!(claim(&world, at(61), "other").await.is_some());
}

async fn a_lease_of_the_same_owner_is_another_lease(world: World) {
    let id = world.job(at(0)).await;
    let (_, silent) = claim(&world, at(0), "w").await.unwrap();
    let (_, taken_over) = claim(&world, at(31), "w").await.unwrap();
    assert!(!finish(&world, &silent, &DONE()).await);
    let failure = Outcome::Failed(JobFailure { code: "x".into(), data: BTreeMap::new(), incident: None });
    assert!(finish(&world, &taken_over, &failure).await);
    // As good as new, it has a first attempt again, but never a first lease.
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry(id, at(40)).await.unwrap());
    transaction.commit().await.unwrap();
    let (job, lease) = claim(&world, at(40), "w").await.unwrap();
    assert_eq!((job.attempts, lease.number), (1, 3));
    assert!(!finish(&world, &silent, &DONE()).await);
    assert!(finish(&world, &lease, &DONE()).await);
}

async fn what_a_lost_lease_would_have_stored_is_not_stored(world: World) {
    let user = world.user("ada").await;
    world.job(at(0)).await;
    let (_, old) = claim(&world, at(0), "old").await.unwrap();
    claim(&world, at(31), "new").await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.users().set_display_name(user, "from the old worker", at(32)).await.unwrap();
    assert!(!transaction.jobs().finish(&old, &DONE(), at(32)).await.unwrap());
    transaction.roll_back().await.unwrap();
    assert_ne!(world.store.users().lookup(user).await.unwrap().unwrap().display_name, "from the old worker");
}

async fn a_running_job_hears_that_it_is_to_stop(world: World) {
    let id = world.job(at(0)).await;
    let (_, lease) = claim(&world, at(0), "w").await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.jobs().request_cancel(id, at(1)).await.unwrap(), Cancelled::Requested);
    transaction.commit().await.unwrap();
    let held = world.store.jobs().heartbeat(&lease, at(60)).await.unwrap();
    assert_eq!(held, Heartbeat::Held { cancel_requested: true });
    assert!(finish(&world, &lease, &Outcome::Cancelled).await);
    assert_eq!(state(&world, id).await, JobState::Cancelled);
    assert_eq!(world.store.jobs().heartbeat(&lease, at(90)).await.unwrap(), Heartbeat::Lost);
}

async fn a_job_that_is_tried_later_waits_until_then(world: World) {
    let id = world.job(at(0)).await;
    let (_, lease) = claim(&world, at(0), "w").await.unwrap();
    let failure = JobFailure { code: "blobs-away".into(), data: BTreeMap::new(), incident: None };
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.jobs().retry_later(&lease, at(20), &failure).await.unwrap());
    transaction.commit().await.unwrap();
    assert!(claim(&world, at(19), "w").await.is_none());
    let (job, _) = claim(&world, at(20), "w").await.unwrap();
    assert_eq!((job.id, job.attempts, job.failure), (id, 2, Some(failure)));
}

async fn leases_of_an_owner_can_be_given_back(world: World) {
    world.job(at(0)).await;
    world.job(at(0)).await;
    let (mine, lease) = claim(&world, at(0), "stopping").await.unwrap();
    let (theirs, _) = claim(&world, at(0), "going on").await.unwrap();
    assert_eq!(world.store.jobs().release_leases_of("stopping").await.unwrap(), 1);
    assert_eq!((state(&world, mine.id).await, state(&world, theirs.id).await), (JobState::Queued, JobState::Running));
    assert!(!finish(&world, &lease, &DONE()).await);
    assert_eq!(claim(&world, at(1), "other").await.unwrap().0.id, mine.id);
}

async fn leases_of_the_dead_can_be_given_back(world: World) {
    world.job(at(0)).await;
    world.job(at(0)).await;
    claim(&world, at(0), "dead").await.unwrap();
    claim(&world, at(0), "dead too").await.unwrap();
    assert_eq!(world.store.jobs().release_all_leases().await.unwrap(), 2);
    assert_eq!(world.store.jobs().counts().await.unwrap().queued, 2);
}

async fn a_deleted_job_loses_its_lease(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, crate::world::listing("Title"), at(0)).await;
    let mut job = world.new_job(at(0));
    job.release_id = Some(release);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(0)).await.unwrap();
    transaction.commit().await.unwrap();
    let (_, lease) = claim(&world, at(0), "w").await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.releases().delete(release).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.jobs().heartbeat(&lease, at(60)).await.unwrap(), Heartbeat::Lost);
    assert!(!finish(&world, &lease, &DONE()).await);
}

async fn a_job_ends_once_and_keeps_its_result(world: World) {
    let id = world.job(at(0)).await;
    let (_, lease) = claim(&world, at(0), "w").await.unwrap();
    let result = json!({ "l'été": ["📚", 1, null] });
    assert!(finish(&world, &lease, &Outcome::DoneWithFindings { result: result.clone() }).await);
    assert!(!finish(&world, &lease, &DONE()).await);
    let job = world.store.jobs().lookup(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.result), (JobState::DoneWithFindings, Some(result)));
    assert!(job.state.is_ended());
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(!transaction.jobs().retry(id, at(100)).await.unwrap());
    transaction.commit().await.unwrap();
}
