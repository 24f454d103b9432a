//! Where the blobs are.

use std::{fmt, path::PathBuf, time::Duration};

use opendal::{
    HttpTransporter, Operator,
    layers::{RetryLayer, TimeoutLayer},
    services::{Fs, S3},
};
use opendal_http_transport_reqwest::ReqwestTransport;
use secrecy::{ExposeSecret, SecretString};

use super::BlobError;

/// How long the object store may take for one answer, and for the next bytes of one: what stalls is asked again.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a request that failed for a passing reason is made again.
const RETRIES: usize = 3;

/// Where the blobs are.
#[derive(Debug, Clone)]
pub enum BlobLocation {
    /// A folder, made when it is missing: of this machine, or one that all nodes have mounted.
    Folder(PathBuf),
    /// An object store that speaks S3.
    S3(Box<S3Location>),
}

/// A bucket, and who comes to it.
#[derive(Clone)]
pub struct S3Location {
    /// The bucket.
    pub bucket: String,
    /// What every key begins with, without slashes at its ends. May be empty.
    pub prefix: String,
    /// The address of the store; absent for Amazon's own.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// The account.
    pub access_key: String,
    /// Its key.
    pub secret_key: SecretString,
}

impl fmt::Debug for S3Location {
    /// Without the account and its key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("S3Location")
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl BlobLocation {
    /// An operator, and the folder it works in where there is one. `writing` is the folder in it where files are written
    /// before they get their names.
    pub fn open(&self, writing: &str) -> Result<(Operator, Option<PathBuf>), BlobError> {
        match self {
            Self::Folder(root) => {
                std::fs::create_dir_all(root.join(writing))?;
                let root = root.canonicalize()?;
                let text = root
                    .to_str()
                    .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path is no UTF-8"))?;
                let service = Fs::default().root(text).atomic_write_dir(&format!("{text}/{writing}"));
                Ok((Operator::new(service)?, Some(root)))
            }
            Self::S3(location) => Ok((object_store(location)?, None)),
        }
    }
}

fn object_store(location: &S3Location) -> Result<Operator, BlobError> {
    // The client of HTTP has no cryptography of its own; that it has one already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // What the operator named is asked, and nobody to whom an answer points: that could be any address of our network.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    HttpTransporter::install_default(ReqwestTransport::new(client.map_err(std::io::Error::other)?));
    let mut service = S3::default()
        .bucket(&location.bucket)
        .root(&location.prefix)
        .region(&location.region)
        .access_key_id(&location.access_key)
        .secret_access_key(location.secret_key.expose_secret())
        // Nothing is taken from files or from the machine that we run on: the configuration says who we are.
        .disable_config_load()
        .disable_ec2_metadata();
    if let Some(endpoint) = &location.endpoint {
        service = service.endpoint(endpoint);
    }
    let patience = TimeoutLayer::new().with_timeout(PATIENCE).with_io_timeout(PATIENCE);
    let retries = RetryLayer::new().with_max_times(RETRIES).with_jitter();
    Ok(Operator::new(service)?.layer(patience).layer(retries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_without_its_keys() {
        let location = S3Location {
            bucket: "books".to_owned(),
            prefix: String::new(),
            endpoint: None,
            region: "eu-west-3".to_owned(),
            access_key: "an-account".to_owned(),
            secret_key: "a-key".into(),
        };
        let shown = format!("{:?}", BlobLocation::S3(Box::new(location)));
        assert!(shown.contains("books") && !shown.contains("an-account") && !shown.contains("a-key"), "{shown}");
    }
}
