//! What every shape of Redis must keep: said about each.

use std::time::{Duration, Instant};

use cache::{Rate, Ring, Verdict};
use futures::StreamExt;

use crate::place::{MINUTE, Place, node, text, until};

/// Makes a test of each sentence about a place.
macro_rules! conforms {
    ($start:expr) => {
        crate::conformance::conforms! {
            $start,
            values_are_shared_by_nodes_and_expire,
            nodes_count_the_same_attempts,
            a_ring_is_heard_once_on_every_node,
            without_redis_the_node_goes_on_and_with_it_it_comes_back,
            a_frozen_redis_makes_one_question_wait_and_not_each,
            what_ended_without_redis_does_not_live_again_while_it_is_told,
            a_node_starts_without_redis_and_finds_it_later,
        }
    };
    ($start:expr, $($name:ident,)+) => {
        mod conformance {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                crate::conformance::$name($start).await;
            })+
        }
    };
}
pub(crate) use conforms;

pub(crate) async fn values_are_shared_by_nodes_and_expire(redis: impl Place) {
    let (one, other) = (node(&redis, 1).await, node(&redis, 2).await);
    one.values.put("a", text("1"), MINUTE).await.unwrap();
    assert_eq!(other.values.get("a").await.unwrap(), Some(text("1")));
    other.values.add("a", text("2"), MINUTE).await.unwrap();
    assert_eq!(one.values.get("a").await.unwrap(), Some(text("1")));
    other.values.remove("a").await.unwrap();
    assert_eq!(one.values.get("a").await.unwrap(), None);
    one.values.add("a", text("2"), Duration::from_secs(3)).await.unwrap();
    assert_eq!(one.values.get("a").await.unwrap(), Some(text("2")));
    until("it does not expire", async || one.values.get("a").await.unwrap().is_none().then_some(())).await;
}

pub(crate) async fn nodes_count_the_same_attempts(redis: impl Place) {
    let (one, other) = (node(&redis, 1).await, node(&redis, 2).await);
    let rate = Rate { burst: 3, interval: MINUTE };
    for node in [&one, &other, &one] {
        assert_eq!(node.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    }
    let Verdict::Refused { retry_after } = other.rates.attempt("key", rate).await.unwrap() else { panic!("allowed") };
    assert!(retry_after > Duration::from_secs(50) && retry_after <= MINUTE, "{retry_after:?}");
    one.rates.forgive("key").await.unwrap();
    assert_eq!(other.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    // What a refused attempt cost was nothing: after its interval one more is allowed.
    let quick = Rate { burst: 1, interval: Duration::from_secs(3) };
    assert_eq!(one.rates.attempt("quick", quick).await.unwrap(), Verdict::Allowed);
    let refused = other.rates.attempt("quick", quick).await.unwrap();
    let Verdict::Refused { retry_after } = refused else { panic!("allowed") };
    tokio::time::sleep(retry_after).await;
    assert_eq!(other.rates.attempt("quick", quick).await.unwrap(), Verdict::Allowed);
}

pub(crate) async fn a_ring_is_heard_once_on_every_node(redis: impl Place) {
    let (one, other) = (node(&redis, 1).await, node(&redis, 2).await);
    let (mut here, mut there) = (one.bell.listen("a"), other.bell.listen("a"));
    // The first subscription may still be on its way: ring until it is heard there.
    until("nothing is heard on the other node", async || {
        one.bell.ring("a", text("hello")).await.unwrap();
        tokio::time::timeout(Duration::from_millis(100), there.next()).await.ok()
    })
    .await;
    while tokio::time::timeout(Duration::from_millis(200), there.next()).await.is_ok() {}
    while tokio::time::timeout(Duration::from_millis(50), here.next()).await.is_ok() {}
    one.bell.ring("a", text("once")).await.unwrap();
    one.bell.ring("b", text("elsewhere")).await.unwrap();
    assert_eq!(there.next().await, Some(Ring::Message(text("once"))));
    assert_eq!(here.next().await, Some(Ring::Message(text("once"))));
    let quiet = Duration::from_millis(300);
    assert!(tokio::time::timeout(quiet, here.next()).await.is_err(), "its own ring came back");
    assert!(tokio::time::timeout(quiet, there.next()).await.is_err());
}

pub(crate) async fn without_redis_the_node_goes_on_and_with_it_it_comes_back(mut redis: impl Place) {
    let (one, other) = (node(&redis, 1).await, node(&redis, 2).await);
    one.values.put("session", text("alive"), MINUTE).await.unwrap();
    one.values.put("kept", text("alive"), MINUTE).await.unwrap();
    let (mut here, mut there) = (one.bell.listen("a"), other.bell.listen("a"));
    let whole_since = other.values.whole_since();
    redis.kill();
    until("the loss is not noticed", async || one.values.get("session").await.err()).await;

    let start = Instant::now();
    for _ in 0..100 {
        assert!(one.values.get("session").await.is_err());
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}: asking a lost Redis is slow", start.elapsed());
    let rate = Rate { burst: 2, interval: MINUTE };
    assert_eq!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    assert_eq!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    assert!(matches!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Refused { .. }), "no limit at all");
    assert!(one.bell.ring("a", text("alone")).await.is_err());
    assert_eq!(here.next().await, Some(Ring::Message(text("alone"))));
    // A session ends while nobody can be told.
    assert!(one.values.put("session", text("ended"), MINUTE).await.is_err());
    assert!(one.values.remove("kept").await.is_err());

    redis.restart();
    let ended = async || other.values.get("session").await.ok().flatten().filter(|value| value == "ended");
    until("what changed meanwhile is not told", ended).await;
    let removed = async || other.values.get("kept").await.ok().filter(Option::is_none);
    until("what was removed meanwhile is still there", removed).await;
    // A node that asked nothing meanwhile knows too that what it asks now may have been forgotten.
    assert!(other.values.whole_since() > whole_since);
    assert_eq!(there.next().await, Some(Ring::Lost), "who listened is not told that rings were lost");
    until("the bell does not come back", async || {
        one.bell.ring("a", text("again")).await.ok()?;
        let heard = tokio::time::timeout(Duration::from_millis(100), there.next()).await.ok()??;
        (heard == Ring::Message(text("again"))).then_some(())
    })
    .await;
}

/// So many that telling them takes longer than asking for one.
const MANY: u32 = 3_000;
/// Longer than all of it takes.
const LONG: Duration = Duration::from_mins(10);

pub(crate) async fn what_ended_without_redis_does_not_live_again_while_it_is_told(mut redis: impl Place) {
    let node = node(&redis, 1).await;
    let session = |number: u32| format!("session:{number}");
    for number in 0..MANY {
        node.values.put(&session(number), text("alive"), LONG).await.unwrap();
    }
    redis.kill();
    until("the loss is not noticed", async || node.values.get("another").await.err()).await;
    for number in 0..MANY {
        assert!(node.values.put(&session(number), text("ended"), LONG).await.is_err());
    }
    redis.restart();
    // Several ask at once: while one of them tells what is owed, the others are answered.
    let is_told = || async {
        let start = Instant::now();
        loop {
            for number in [0, MANY / 2, MANY - 1] {
                let found = node.values.get(&session(number)).await.ok().flatten();
                assert!(found.is_none_or(|value| value == "ended"), "an ended session lives again");
            }
            if node.values.get("another").await.is_ok() {
                return;
            }
            assert!(start.elapsed() < MINUTE, "it does not come back");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    futures::join!(is_told(), is_told(), is_told());
    for number in 0..MANY {
        let found = until("it does not come back", async || node.values.get(&session(number)).await.ok()).await;
        assert_eq!(found, Some(text("ended")));
    }
}

pub(crate) async fn a_frozen_redis_makes_one_question_wait_and_not_each(redis: impl Place) {
    let node = node(&redis, 1).await;
    node.values.put("a", text("1"), MINUTE).await.unwrap();
    redis.signal("-STOP");
    let start = Instant::now();
    for _ in 0..50 {
        assert!(node.values.get("a").await.is_err());
    }
    let waited = start.elapsed();
    assert!(node.values.put("a", text("2"), MINUTE).await.is_err());
    redis.signal("-CONT");
    assert!(waited < Duration::from_secs(2), "{waited:?}");
    // What changed meanwhile is told before anything is answered, without a new connection.
    let first = until("it does not come back", async || node.values.get("a").await.ok().flatten()).await;
    assert_eq!(first, text("2"));
}

pub(crate) async fn a_node_starts_without_redis_and_finds_it_later(mut redis: impl Place) {
    redis.kill();
    let node = node(&redis, 1).await;
    assert!(node.values.get("a").await.is_err());
    redis.restart();
    until("it is not found", async || node.values.put("a", text("1"), MINUTE).await.ok()).await;
    assert_eq!(node.values.get("a").await.unwrap(), Some(text("1")));
}
