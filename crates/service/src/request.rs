//! The request that something is done for. Its id goes from the proxy's log through ours to the job that it causes.

use tokio::task::JoinHandle;
use tracing::Instrument;

tokio::task_local! {
    static ID: String;
}

/// Does something for the request with this id, at most 64 characters.
pub async fn within<T>(id: String, work: impl Future<Output = T>) -> T {
    ID.scope(id, work).await
}

/// The id of the request that this is done for; none in what the product does by itself.
pub fn id() -> Option<String> {
    ID.try_with(Clone::clone).ok()
}

/// A task of its own that is still done for the same request, whoever goes away meanwhile.
pub fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    let work = work.in_current_span();
    match id() {
        Some(id) => tokio::spawn(within(id, work)),
        None => tokio::spawn(work),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_of_its_own_is_still_done_for_the_request() {
        assert_eq!(id(), None);
        let found = within("abc".to_owned(), async { spawn(async { id() }).await.unwrap() }).await;
        assert_eq!(found.as_deref(), Some("abc"));
        assert_eq!(spawn(async { id() }).await.unwrap(), None);
    }
}
