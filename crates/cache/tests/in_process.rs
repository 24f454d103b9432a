//! The twin in memory keeps the promises of the traits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use cache::{Cache, Capacity, Clock, Rate, Ring, Verdict};
use futures::StreamExt;

#[derive(Debug, Default)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

fn cache(capacity: Capacity) -> (Cache, Arc<Hands>) {
    let clock = Arc::new(Hands::default());
    (Cache::in_process(capacity, Arc::<Hands>::clone(&clock)), clock)
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_value_is_there_until_its_lifetime_is_over() {
    let (cache, clock) = cache(Capacity::default());
    cache.values.put("a", Bytes::from_static(b"1"), SECOND).await.unwrap();
    assert_eq!(cache.values.get("a").await.unwrap(), Some(Bytes::from_static(b"1")));
    clock.0.store(1_000, Ordering::SeqCst);
    assert_eq!(cache.values.get("a").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_added_does_not_take_the_place_of_what_is_there() {
    let (cache, _) = cache(Capacity::default());
    cache.values.put("a", Bytes::from_static(b"ended"), SECOND).await.unwrap();
    cache.values.add("a", Bytes::from_static(b"alive"), SECOND).await.unwrap();
    assert_eq!(cache.values.get("a").await.unwrap(), Some(Bytes::from_static(b"ended")));
    cache.values.remove("a").await.unwrap();
    cache.values.add("a", Bytes::from_static(b"alive"), SECOND).await.unwrap();
    assert_eq!(cache.values.get("a").await.unwrap(), Some(Bytes::from_static(b"alive")));
}

#[tokio::test]
async fn a_burst_is_allowed_and_then_one_attempt_an_interval() {
    let (cache, clock) = cache(Capacity::default());
    let rate = Rate { burst: 3, interval: SECOND };
    for _ in 0..3 {
        assert_eq!(cache.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    }
    assert_eq!(cache.rates.attempt("key", rate).await.unwrap(), Verdict::Refused { retry_after: SECOND });
    assert_eq!(cache.rates.attempt("other", rate).await.unwrap(), Verdict::Allowed);
    clock.0.store(400, Ordering::SeqCst);
    let rest = Duration::from_millis(600);
    assert_eq!(cache.rates.attempt("key", rate).await.unwrap(), Verdict::Refused { retry_after: rest });
    clock.0.store(1_000, Ordering::SeqCst);
    assert_eq!(cache.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    assert!(matches!(cache.rates.attempt("key", rate).await.unwrap(), Verdict::Refused { .. }));
    cache.rates.forgive("key").await.unwrap();
    assert_eq!(cache.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
}

#[tokio::test]
async fn every_listener_hears_the_rings_of_its_channel_and_a_slow_one_hears_that_some_are_lost() {
    let (cache, _) = cache(Capacity { rings: 2, ..Capacity::default() });
    let (mut one, mut other) = (cache.bell.listen("a"), cache.bell.listen("b"));
    for message in ["1", "2", "3"] {
        cache.bell.ring("a", Bytes::from_static(message.as_bytes())).await.unwrap();
    }
    cache.bell.ring("b", Bytes::from_static(b"4")).await.unwrap();
    assert_eq!(one.next().await, Some(Ring::Lost));
    assert_eq!(one.next().await, Some(Ring::Message(Bytes::from_static(b"2"))));
    assert_eq!(other.next().await, Some(Ring::Message(Bytes::from_static(b"4"))));
}

#[tokio::test]
async fn ringing_where_nobody_listens_is_no_error() {
    let (cache, _) = cache(Capacity::default());
    cache.bell.ring("a", Bytes::new()).await.unwrap();
    drop(cache.bell.listen("a"));
    cache.bell.ring("a", Bytes::new()).await.unwrap();
}

#[tokio::test]
async fn a_mark_tells_whether_anything_was_heard() {
    let ((cache, _), (elsewhere, _)) = (self::cache(Capacity::default()), self::cache(Capacity::default()));
    let before = cache.bell.mark();
    assert_eq!(cache.bell.mark(), before, "nothing was heard");
    assert_ne!(elsewhere.bell.mark(), before, "another node cannot know");
    cache.bell.ring("a", Bytes::new()).await.unwrap();
    assert_ne!(cache.bell.mark(), before, "that nobody listens is no matter");
}
