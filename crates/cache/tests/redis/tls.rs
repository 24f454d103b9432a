//! A server that speaks TLS alone, with a certificate of an authority that no system knows.

use cache::{Cache, RedisLocation};
use spare_port::spare_port;

use crate::{
    authority::Authority,
    conformance::conforms,
    place::{MINUTE, Place, node_at, text},
    server::{PASSWORD, Server, path},
};

struct Tls {
    server: Server,
    port: u16,
    authority: Authority,
}

impl Tls {
    fn start() -> Self {
        let authority = Authority::new();
        let file = |name| path(authority.folder(), name);
        let port = spare_port().unwrap();
        let server = Server::data(&[
            &format!("tls-port {port}"),
            &format!("tls-cert-file {}", file("server.pem")),
            &format!("tls-key-file {}", file("server.key")),
            &format!("tls-ca-cert-file {}", file("authority.pem")),
            "tls-auth-clients no",
        ]);
        Self { server, port, authority }
    }

    fn at(&self, host: &str) -> RedisLocation {
        let location: RedisLocation = format!("rediss://app@{host}:{}", self.port).parse().unwrap();
        location.with_password(PASSWORD)
    }
}

impl Place for Tls {
    fn location(&self) -> RedisLocation {
        self.at("127.0.0.1").with_authorities(&self.authority.pem()).unwrap()
    }

    fn kill(&mut self) {
        self.server.kill();
    }

    fn restart(&mut self) {
        self.server.restart();
    }

    fn signal(&self, name: &str) {
        self.server.signal(name);
    }
}

conforms!(Tls::start());

/// Whether the certificate is believed; whoever asks is told when it is not.
async fn is_refused(node: &Cache) -> bool {
    match node.values.put("a", text("1"), MINUTE).await {
        Ok(()) => false,
        Err(failure) => {
            assert!(failure.to_string().contains("Certificate"), "{failure}");
            true
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_authority_or_another_name_is_told_nothing() {
    let redis = Tls::start();
    assert!(!is_refused(&node_at(&redis.location(), 1).await).await);

    let of_the_system = redis.at("127.0.0.1");
    assert!(is_refused(&node_at(&of_the_system, 2).await).await, "nobody vouches for it");
    let other = redis.at("127.0.0.1").with_authorities(&Authority::new().pem()).unwrap();
    assert!(is_refused(&node_at(&other, 3).await).await, "another authority vouches for it");
    let named = redis.at("localhost").with_authorities(&redis.authority.pem()).unwrap();
    assert!(is_refused(&node_at(&named, 4).await).await, "its certificate is for another name");
    let both = redis.at("127.0.0.1").with_authorities(&(Authority::new().pem() + &redis.authority.pem())).unwrap();
    assert!(!is_refused(&node_at(&both, 5).await).await, "while an authority is replaced there are two");
    // Whoever was refused has not even said who it is: not one failed sign-in, not one stranger.
    assert_eq!(redis.server.ask(&["ACL", "LOG"]).trim(), "");
}
