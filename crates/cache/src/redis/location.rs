//! Where Redis is.

use std::{fmt, str::FromStr};

use fred::types::config::Config;

/// Where Redis is: one server, a group of Sentinels, or a cluster; with or without TLS.
///
/// `redis://`, `rediss://`, `redis-sentinel://HOST:PORT?sentinelServiceName=NAME&node=HOST:PORT…`,
/// `redis-cluster://HOST:PORT?node=HOST:PORT…`, and both with `rediss-` for TLS. `USER:PASSWORD@` before the host is the
/// account of the access list.
#[derive(Clone)]
pub struct RedisLocation(pub(super) Config);

/// A text that says no place of Redis. It does not repeat the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("takes redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss://, redis-sentinel://, redis-cluster://")]
pub struct LocationError;

impl RedisLocation {
    /// The same place with a password, in place of one that stands in the URL.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.0.password = Some(password.to_owned());
        self
    }

    /// Whether it has a password.
    pub fn has_password(&self) -> bool {
        self.0.password.is_some()
    }
}

impl FromStr for RedisLocation {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        if !url.starts_with("redis") {
            return Err(LocationError);
        }
        Config::from_url(url).map(Self).map_err(|_| LocationError)
    }
}

impl fmt::Debug for RedisLocation {
    /// Without user and password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RedisLocation").field("server", &self.0.server).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_a_group_of_sentinels_and_a_cluster_are_places() {
        for url in [
            "redis://localhost",
            "redis://app:p%40ss@cache:6380/2",
            "redis-sentinel://one:26379?sentinelServiceName=main&node=two:26379",
            "redis-cluster://one:7000?node=two:7001",
        ] {
            assert!(url.parse::<RedisLocation>().is_ok(), "{url}");
        }
        for text in ["", "http://localhost", "redis//", "redis-sentinel://one:26379"] {
            assert_eq!(text.parse::<RedisLocation>().unwrap_err(), LocationError, "{text}");
        }
    }

    #[test]
    fn a_place_is_shown_without_its_password() {
        let location: RedisLocation = "redis://someone:hidden@cache:6380".parse().unwrap();
        let location = location.with_password("concealed");
        let shown = format!("{location:?}");
        assert!(shown.contains("6380"), "{shown}");
        assert!(!["hidden", "concealed", "someone"].iter().any(|secret| shown.contains(secret)), "{shown}");
        assert!(location.has_password());
    }
}
