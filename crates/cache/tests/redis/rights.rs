//! The rights that `docs/DEPLOYMENT.md` names are enough, and each of them is needed.

use std::time::Duration;

use cache::{Rate, RedisLocation, Ring, Verdict};
use futures::StreamExt;

use crate::{
    place::{MINUTE, node_at, text, until},
    server::{PASSWORD, RIGHTS, Server},
};

/// What Sentinels and clusters need besides; their own tests would fail without.
const OF_OTHER_SHAPES: [&str; 3] = ["+role", "+cluster|info", "+cluster|slots"];

/// Everything that the cache does, on a new connection; true when all of it worked.
async fn works(redis: &Server) -> bool {
    let location: RedisLocation = format!("redis://app@127.0.0.1:{}/3", redis.port).parse().unwrap();
    let location = location.with_password(PASSWORD);
    let (one, other) = (node_at(&location, 1).await, node_at(&location, 2).await);
    let values = async || {
        one.values.put("a", text("1"), MINUTE).await.ok()?;
        one.values.add("b", text("1"), MINUTE).await.ok()?;
        one.values.get("a").await.ok()?;
        one.values.remove("a").await.ok()?;
        one.rates.forgive("key").await.ok()?;
        one.bell.ring("a", text("1")).await.ok()
    };
    let rate = Rate { burst: 2, interval: MINUTE };
    let counted = [one.rates.attempt("key", rate).await.unwrap(), other.rates.attempt("key", rate).await.unwrap()];
    counted == [Verdict::Allowed; 2] && values().await.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rights_of_the_documentation_are_enough_and_each_is_needed() {
    assert!(include_str!("../../../../docs/DEPLOYMENT.md").contains(RIGHTS), "the documentation says others");
    let redis = Server::data(&[]);
    let node = node_at(
        &format!("redis://app@127.0.0.1:{}", redis.port).parse::<RedisLocation>().unwrap().with_password(PASSWORD),
        3,
    )
    .await;
    let mut heard = node.bell.listen("a");
    assert!(works(&redis).await);
    until("the bell is not heard", async || {
        assert!(works(&redis).await);
        let ring = tokio::time::timeout(Duration::from_millis(100), heard.next()).await.ok()??;
        (ring == Ring::Message(text("1"))).then_some(())
    })
    .await;
    assert_eq!(redis.ask(&["ACL", "LOG"]).trim(), "", "something was refused");

    let mut needless = Vec::new();
    for right in RIGHTS.split_whitespace().filter(|right| right.starts_with('+') && !OF_OTHER_SHAPES.contains(right)) {
        let without = right.replacen('+', "-", 1);
        assert_eq!(redis.ask(&["ACL", "SETUSER", "app", &without]).trim(), "OK");
        works(&redis).await;
        let refused = redis.ask(&["ACL", "LOG"]);
        if refused.trim().is_empty() {
            needless.push(right);
        }
        redis.ask(&["ACL", "LOG", "RESET"]);
        redis.ask(&["ACL", "SETUSER", "app", right]);
    }
    assert_eq!(needless, [""; 0], "they are not needed");
    // What is not the product's own is out of reach.
    assert_eq!(redis.ask(&["ACL", "DRYRUN", "app", "GET", "esp:a"]).trim(), "OK");
    for other in [
        &["GET", "others:a"][..],
        &["PUBLISH", "others:a", "1"],
        &["KEYS", "*"],
        &["FLUSHALL"],
        &["CONFIG", "GET", "*"],
    ] {
        let answer = redis.ask(&[&["ACL", "DRYRUN", "app"], other].concat());
        assert!(answer.contains("no permission") || answer.contains("has no permissions"), "{other:?}: {answer}");
    }
}
