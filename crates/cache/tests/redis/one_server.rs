//! One server, as it is mostly had.

use cache::{Rate, RedisLocation, Verdict};

use crate::{
    conformance::conforms,
    place::{MINUTE, Place, node_at},
    server::{PASSWORD, Server},
};

struct OneServer(Server);

impl OneServer {
    fn start() -> Self {
        Self(Server::data(&[]))
    }
}

impl Place for OneServer {
    fn location(&self) -> RedisLocation {
        let location: RedisLocation = format!("redis://app@127.0.0.1:{}", self.0.port).parse().unwrap();
        location.with_password(PASSWORD)
    }

    fn kill(&mut self) {
        self.0.kill();
    }

    fn restart(&mut self) {
        self.0.restart();
    }

    fn signal(&self, name: &str) {
        self.0.signal(name);
    }
}

conforms!(OneServer::start());

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_a_lost_redis_and_not_a_lost_node() {
    let redis = OneServer::start();
    let location = redis.location().with_password("wrong");
    let node = node_at(&location, 1).await;
    assert!(node.values.get("a").await.is_err());
    let rate = Rate { burst: 1, interval: MINUTE };
    assert_eq!(node.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
}
