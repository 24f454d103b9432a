//! What the process is told at its start.

use std::{path::PathBuf, time::Duration};

use packer::limits::Limits;
use secrecy::SecretString;

/// Settings of the use cases. Read and checked by the process; nothing here is read from the environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Signs access tokens and derives refresh tokens.
    pub jwt_secret: SecretString,
    /// The secret before it, still accepted for access tokens.
    pub jwt_secret_previous: Option<SecretString>,
    /// Encrypts what is stored and read again; without it nothing of that kind can be stored.
    pub secrets_key: Option<SecretString>,
    /// The key before it, with which things may still be encrypted.
    pub secrets_key_previous: Option<SecretString>,
    /// How long an access token is good for.
    pub access_token_lifetime: Duration,
    /// How long a session lives after its last refresh.
    pub session_lifetime: Duration,
    /// Bytes of one book. Larger ones are refused before a byte is taken.
    pub upload_max_bytes: u64,
    /// Where packages are staged: a folder of this process alone. See [`Staging`](crate::Staging).
    pub staging_dir: PathBuf,
    /// How long a job belongs to a worker that gives no sign of life.
    pub lease: Duration,
    /// Jobs at once on this node.
    pub workers: usize,
    /// Whether letters are sent, by whoever takes them from [`Letters`](crate::Letters).
    pub sends_mail: bool,
    /// The product's version, for the manifest and the stored inspection.
    pub product_version: &'static str,
    /// What a book may ask of the machine.
    pub limits: Limits,
    /// Every variable of the environment, for whoever may see the settings. No secret is among it.
    pub told: Vec<Told>,
}

/// From where the process has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldFrom {
    /// The variable itself.
    Environment,
    /// The file that `NAME_FILE` names.
    File,
    /// Nobody set it.
    Default,
}

/// One variable of the environment, as the process was told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its name.
    pub name: &'static str,
    /// What it was set to; nothing for a secret, for the content of a file, and where nobody set it.
    pub value: Option<String>,
    /// From where.
    pub from: ToldFrom,
    /// What holds when nobody sets it, in words of the reference.
    pub default: &'static str,
    /// True when its value is never shown.
    pub secret: bool,
}

impl Settings {
    /// The product's defaults.
    pub fn new(jwt_secret: SecretString, staging_dir: PathBuf, product_version: &'static str) -> Self {
        Self {
            jwt_secret,
            jwt_secret_previous: None,
            secrets_key: None,
            secrets_key_previous: None,
            access_token_lifetime: Duration::from_hours(1),
            session_lifetime: Duration::from_hours(30 * 24),
            upload_max_bytes: 500_000_000,
            staging_dir,
            lease: Duration::from_secs(30),
            workers: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            sends_mail: false,
            product_version,
            limits: Limits::default(),
            told: Vec::new(),
        }
    }
}
