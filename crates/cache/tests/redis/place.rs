//! What the sentences of the conformance suite are said about.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use cache::{Cache, Capacity, RedisLocation, SystemClock};

pub(crate) const MINUTE: Duration = Duration::from_mins(1);

/// Longer than an election of Sentinels or a cluster takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Redis of whatever shape, which can be lost as a whole.
pub(crate) trait Place {
    fn location(&self) -> RedisLocation;
    fn kill(&mut self);
    fn restart(&mut self);
    /// To everything that holds data.
    fn signal(&self, name: &str);
}

/// A node of the product.
pub(crate) async fn node(place: &impl Place, mark: u8) -> Cache {
    node_at(&place.location(), mark).await
}

pub(crate) async fn node_at(location: &RedisLocation, mark: u8) -> Cache {
    Cache::redis(location, Capacity::default(), Arc::new(SystemClock), [mark; 16]).await.unwrap()
}

pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) fn text(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}
