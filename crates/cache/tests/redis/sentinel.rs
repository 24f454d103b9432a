//! A primary with a replica, watched by three Sentinels.

use std::time::Duration;

use cache::{Rate, RedisLocation, Ring, Verdict};
use futures::StreamExt;

use crate::{
    conformance::conforms,
    place::{MINUTE, Place, node, text, until},
    server::{Kind, OWNER, PASSWORD, Server},
};

/// What an account of the Sentinels needs, as `docs/DEPLOYMENT.md` says it.
const RIGHTS: &str = "+sentinel|get-master-addr-by-name +sentinel|sentinels";

/// How long a primary is silent before the Sentinels choose another.
const QUICKLY: Duration = Duration::from_secs(1);
/// Longer than any test that loses everything at once and gets it back.
const NEVER: Duration = Duration::from_mins(10);

struct Watched {
    primary: Server,
    replica: Server,
    sentinels: Vec<Server>,
}

impl Watched {
    fn start(silence: Duration) -> Self {
        let account = format!("masterauth {OWNER}");
        let primary = Server::data(&[&account]);
        let replica = Server::data(&[&account, &format!("replicaof 127.0.0.1 {}", primary.port)]);
        let sentinel = |port: u16, watched: u16| {
            format!(
                "port {port}\nbind 127.0.0.1\nsentinel monitor books 127.0.0.1 {watched} 2\n\
                 sentinel auth-pass books {OWNER}\nsentinel down-after-milliseconds books {}\n\
                 sentinel failover-timeout books 3000\nuser asks on >whom-to-ask resetchannels -@all {RIGHTS}\n",
                silence.as_millis()
            )
        };
        let start = |_| Server::start(Kind::Sentinel, |port, _| sentinel(port, primary.port));
        let sentinels = (0..3).map(start).collect();
        Self { primary, replica, sentinels }
    }

    /// Waits until the Sentinels know each other and the replica: before that they choose nobody.
    async fn is_ready(&self) {
        until("the replica does not follow", async || {
            self.replica.ask(&["INFO", "replication"]).contains("master_link_status:up").then_some(())
        })
        .await;
        for sentinel in &self.sentinels {
            until("the Sentinels do not find each other", async || {
                let known = sentinel.ask(&["INFO", "sentinel"]);
                known.contains("status=ok").then_some(())?;
                known.contains("slaves=1,sentinels=3").then_some(())
            })
            .await;
        }
    }
}

impl Place for Watched {
    fn location(&self) -> RedisLocation {
        let [one, two, three] = &self.sentinels[..] else { panic!("there are three") };
        let url = format!(
            "redis-sentinel://app@127.0.0.1:{}?sentinelServiceName=books&\
             sentinelUsername=asks&sentinelPassword=whom-to-ask&node=127.0.0.1:{}&node=127.0.0.1:{}",
            one.port, two.port, three.port
        );
        url.parse::<RedisLocation>().unwrap().with_password(PASSWORD)
    }

    fn kill(&mut self) {
        self.sentinels.iter_mut().chain([&mut self.replica, &mut self.primary]).for_each(Server::kill);
    }

    fn restart(&mut self) {
        [&mut self.primary, &mut self.replica].into_iter().chain(&mut self.sentinels).for_each(Server::restart);
    }

    fn signal(&self, name: &str) {
        self.primary.signal(name);
        self.replica.signal(name);
    }
}

conforms!(Watched::start(NEVER));

#[tokio::test(flavor = "multi_thread")]
async fn the_cache_goes_on_with_the_primary_that_the_sentinels_choose() {
    let mut redis = Watched::start(QUICKLY);
    redis.is_ready().await;
    let (one, other) = (node(&redis, 1).await, node(&redis, 2).await);
    let mut there = other.bell.listen("a");
    let rate = Rate { burst: 2, interval: MINUTE };
    one.values.put("before", text("1"), MINUTE).await.unwrap();
    assert_eq!(one.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    assert_eq!(other.rates.attempt("key", rate).await.unwrap(), Verdict::Allowed);
    until("the replica lags", async || (redis.replica.ask(&["DBSIZE"]).trim() == "2").then_some(())).await;

    redis.primary.kill();
    until("the loss is not noticed", async || one.values.get("before").await.err()).await;
    assert!(one.values.put("meanwhile", text("2"), MINUTE).await.is_err());
    // Nobody does anything: the Sentinels choose, and the nodes find whom.
    let value = until("no node comes back", async || one.values.get("before").await.ok()).await;
    assert_eq!(value, Some(text("1")));
    let owed = async || other.values.get("meanwhile").await.ok().flatten();
    assert_eq!(until("what changed meanwhile is not told", owed).await, text("2"));
    let refused = one.rates.attempt("key", rate).await.unwrap();
    assert!(matches!(refused, Verdict::Refused { .. }), "what was counted before is forgotten");
    assert!(redis.replica.ask(&["INFO", "replication"]).contains("role:master"));
    until("the bell does not come back", async || {
        one.bell.ring("a", text("again")).await.ok()?;
        let heard = tokio::time::timeout(Duration::from_millis(100), there.next()).await.ok()??;
        (heard == Ring::Message(text("again"))).then_some(())
    })
    .await;

    // The old primary comes back as a replica, and nobody takes it for the primary.
    redis.primary.restart();
    until("it does not follow the new one", async || {
        redis.primary.ask(&["INFO", "replication"]).contains("role:slave").then_some(())
    })
    .await;
    one.values.put("after", text("3"), MINUTE).await.unwrap();
    assert_eq!(other.values.get("after").await.unwrap(), Some(text("3")));
    assert_eq!(redis.replica.ask(&["ACL", "LOG"]).trim(), "", "the rights of the documentation are not enough");
    for sentinel in &redis.sentinels {
        assert_eq!(sentinel.ask(&["ACL", "LOG"]).trim(), "", "the rights at the Sentinels are not enough");
    }
    assert!(include_str!("../../../../docs/DEPLOYMENT.md").contains(RIGHTS), "the documentation says others");
}
