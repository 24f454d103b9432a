//! Three nodes of a cluster, each with a third of the keys and no replica.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use cache::{Rate, RedisLocation, Ring, Verdict};
use futures::StreamExt;
use spare_port::spare_port;

use crate::{
    conformance::conforms,
    place::{MINUTE, Place, node, text, until},
    server::{OWNER, PASSWORD, Server},
};

struct Cluster(Vec<Server>);

impl Cluster {
    fn start() -> Self {
        let nodes: Vec<Server> = (0..3)
            .map(|_| {
                Server::data(&[
                    "cluster-enabled yes",
                    &format!("cluster-port {}", spare_port().unwrap()),
                    "cluster-node-timeout 1000",
                ])
            })
            .collect();
        let mut create = Command::new("redis-cli");
        create.env("REDISCLI_AUTH", OWNER).args(["--cluster", "create"]);
        create.args(nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)));
        let created = create.args(["--cluster-replicas", "0", "--cluster-yes"]).output().unwrap();
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stdout));
        let cluster = Self(nodes);
        let start = Instant::now();
        while !cluster.0.iter().all(|node| node.ask(&["CLUSTER", "INFO"]).contains("cluster_state:ok")) {
            assert!(start.elapsed() < Duration::from_secs(20), "the cluster does not form");
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster
    }
}

impl Place for Cluster {
    fn location(&self) -> RedisLocation {
        let [one, two, three] = &self.0[..] else { panic!("there are three") };
        let url = format!(
            "redis-cluster://app@127.0.0.1:{}?node=127.0.0.1:{}&node=127.0.0.1:{}",
            one.port, two.port, three.port
        );
        url.parse::<RedisLocation>().unwrap().with_password(PASSWORD)
    }

    fn kill(&mut self) {
        self.0.iter_mut().for_each(Server::kill);
    }

    fn restart(&mut self) {
        self.0.iter_mut().for_each(Server::restart);
    }

    fn signal(&self, name: &str) {
        self.0.iter().for_each(|node| node.signal(name));
    }
}

conforms!(Cluster::start());

/// Enough that each third has some: the test looks.
const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[tokio::test(flavor = "multi_thread")]
async fn every_third_of_the_keys_works_and_one_lost_costs_speed_alone() {
    let mut redis = Cluster::start();
    let (one, other) = (node(&redis, 1).await, node(&redis, 2).await);
    let mut there = other.bell.listen("a");
    let rate = Rate { burst: 2, interval: MINUTE };
    for key in KEYS {
        one.values.put(key, text("before"), MINUTE).await.unwrap();
        assert_eq!(other.values.get(key).await.unwrap(), Some(text("before")), "{key}");
        assert_eq!(one.rates.attempt(key, rate).await.unwrap(), Verdict::Allowed, "{key}");
        assert_eq!(other.rates.attempt(key, rate).await.unwrap(), Verdict::Allowed, "{key}");
        let refused = one.rates.attempt(key, rate).await.unwrap();
        assert!(matches!(refused, Verdict::Refused { .. }), "{key}: nodes do not count the same attempts");
        one.rates.forgive(key).await.unwrap();
        assert_eq!(other.rates.attempt(key, rate).await.unwrap(), Verdict::Allowed, "{key}");
    }
    for server in &redis.0 {
        assert_ne!(server.ask(&["DBSIZE"]).trim(), "0", "the keys are not spread");
    }

    redis.0[1].kill();
    // With a third of the slots gone, a cluster answers nobody.
    until("the loss is not noticed", async || one.values.get("a").await.err()).await;
    let start = Instant::now();
    for key in KEYS.iter().cycle().take(60) {
        // What one third does not answer costs one wait and no more; what another answers is right.
        if let Ok(value) = one.values.get(key).await {
            assert_eq!(value, Some(text("before")), "{key}");
        }
    }
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}: each question waits", start.elapsed());
    for key in KEYS {
        let _ = one.values.put(key, text("meanwhile"), MINUTE).await;
        let attempt = async || one.rates.attempt(&format!("new-{key}"), rate).await.unwrap();
        assert_eq!([attempt().await, attempt().await], [Verdict::Allowed; 2], "{key}: a lost Redis refuses");
        assert!(matches!(attempt().await, Verdict::Refused { .. }), "{key}: no limit at all");
    }

    redis.0[1].restart();
    for key in KEYS {
        let told = async || other.values.get(key).await.ok().flatten().filter(|value| value == "meanwhile");
        until("what changed meanwhile is not told", told).await;
    }
    until("the bell does not come back", async || {
        one.bell.ring("a", text("again")).await.ok()?;
        let heard = tokio::time::timeout(Duration::from_millis(100), there.next()).await.ok()??;
        (heard == Ring::Message(text("again"))).then_some(())
    })
    .await;
    assert_eq!(redis.0[0].ask(&["ACL", "LOG"]).trim(), "", "the rights of the documentation are not enough");
}
