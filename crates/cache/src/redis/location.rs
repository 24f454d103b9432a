//! Where Redis is.

use std::{fmt, str::FromStr, sync::Arc};

use fred::types::config::{Config, TlsConnector};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::error::CacheError;

/// Where Redis is: one server, a group of Sentinels, or a cluster; with or without TLS.
///
/// `redis://`, `rediss://`, `redis-sentinel://HOST:PORT?sentinelServiceName=NAME&node=HOST:PORT…`,
/// `redis-cluster://HOST:PORT?node=HOST:PORT…`, and both with `rediss-` for TLS. `USER:PASSWORD@` before the host is the
/// account of the access list.
///
/// With TLS the certificate of each server must name what it is connected by: the host of the URL, and what Sentinels or
/// the cluster announce.
#[derive(Clone)]
pub struct RedisLocation {
    config: Config,
    security: Security,
}

/// What is asked of a server before anything is said to it.
#[derive(Clone)]
enum Security {
    /// Nothing: whoever listens on the way hears it.
    Plain,
    /// A certificate that an authority of the system vouches for.
    System,
    /// A certificate that one of these vouches for, and nobody else.
    Authorities(Arc<RootCertStore>),
}

/// A text that says no place of Redis. It does not repeat the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("takes redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss://, redis-sentinel://, redis-cluster://")]
pub struct LocationError;

/// Certificates that cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// Not a word of it is a certificate, or one of them is broken.
    #[error("takes certificates of authorities in PEM, `-----BEGIN CERTIFICATE-----` and so on")]
    NoCertificate,
    /// There is nothing to check them against.
    #[error("is for a Redis with TLS: rediss://, rediss-sentinel:// or rediss-cluster://")]
    WithoutTls,
}

impl RedisLocation {
    /// The same place with a password, in place of one that stands in the URL.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.config.password = Some(password.to_owned());
        self
    }

    /// Whether it has a password.
    pub fn has_password(&self) -> bool {
        self.config.password.is_some()
    }

    /// The same place, whose certificate must be of one of these authorities: certificates in PEM, one after another.
    /// Those of the system are then not trusted.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn with_authorities(mut self, pem: &str) -> Result<Self, AuthorityError> {
        if matches!(self.security, Security::Plain) {
            return Err(AuthorityError::WithoutTls);
        }
        let mut authorities = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|_| AuthorityError::NoCertificate)?;
            authorities.add(certificate).map_err(|_| AuthorityError::NoCertificate)?;
        }
        if authorities.is_empty() {
            return Err(AuthorityError::NoCertificate);
        }
        self.security = Security::Authorities(Arc::new(authorities));
        Ok(self)
    }

    /// As the client takes it.
    pub(super) fn config(&self) -> Result<Config, CacheError> {
        let connector = match &self.security {
            Security::Plain => return Ok(self.config.clone()),
            Security::System => TlsConnector::default_rustls()
                .map_err(|error| CacheError(format!("the certificates of the system cannot be read: {error}")))?,
            Security::Authorities(authorities) => {
                ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                    .with_safe_default_protocol_versions()
                    .map_err(|error| CacheError(error.to_string()))?
                    .with_root_certificates(Arc::clone(authorities))
                    .with_no_client_auth()
                    .into()
            }
        };
        Ok(Config { tls: Some(connector.into()), ..self.config.clone() })
    }
}

impl FromStr for RedisLocation {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        let (scheme, rest) = url.split_once("://").ok_or(LocationError)?;
        // The client takes a scheme that it does not know for one server.
        let (scheme, security) = match scheme {
            "redis" | "redis-sentinel" | "redis-cluster" => (scheme, Security::Plain),
            "rediss" => ("redis", Security::System),
            "rediss-sentinel" => ("redis-sentinel", Security::System),
            "rediss-cluster" => ("redis-cluster", Security::System),
            _ => return Err(LocationError),
        };
        // Without the mark of TLS: with it the client would read the certificates of the system here, needed or not.
        let url = format!("{scheme}://{rest}");
        let config = Config::from_url(&url).map_err(|_| LocationError)?;
        Ok(Self { config, security })
    }
}

impl fmt::Debug for RedisLocation {
    /// Without user and password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RedisLocation").field("server", &self.config.server).finish_non_exhaustive()
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
            "rediss://cache",
            "rediss-cluster://one:7000?node=two:7001",
        ] {
            assert!(url.parse::<RedisLocation>().is_ok(), "{url}");
        }
        for text in ["", "http://localhost", "redis//", "redis-sentinal://one:26379", "redis-sentinel://one:26379"] {
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

    #[test]
    fn authorities_are_certificates_and_belong_to_tls() {
        let with = |url: &str, pem: &str| url.parse::<RedisLocation>().unwrap().with_authorities(pem).unwrap_err();
        assert_eq!(with("redis://cache", ""), AuthorityError::WithoutTls);
        for pem in ["", "a path, perhaps", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert_eq!(with("rediss://cache", pem), AuthorityError::NoCertificate, "{pem}");
        }
    }
}
