//! The configuration: read from the environment once at start, checked as a whole, then handed down.
//!
//! [`Configuration::from_variables`] is a function of a map, so every rule here is tested without touching the
//! process's own environment.

mod address;
mod backups;
mod blobs;
mod database;
mod mail;
mod problem;
mod reading;
mod redis;
pub mod reference;
mod secrets;
#[cfg(test)]
mod tests;
mod variables;

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use ipnet::IpNet;
use secrecy::SecretString;
use service::{BlobLocation, RedisLocation, Told, ToldFrom};
use store::DatabaseLocation;
use url::Url;

pub use self::{
    address::PublicUrl,
    backups::BackupAccount,
    database::EMBEDDED_FILE,
    mail::MailServer,
    problem::{Notice, Problem, Problems},
    reading::{ReadFile, Source, environment, source},
    secrets::{GeneratedSecretError, SHORTEST_KEY, generated_key},
    variables::{VARIABLES, Variable},
};
use self::{reading::Reader, secrets::SHORTEST_PASSWORD};

/// Largest value of `UPLOAD_MAX_BYTES`: 99 volumes of 250 million bytes, beyond which no layout can carry a book.
pub const LARGEST_UPLOAD: u64 = 99 * 250_000_000;

/// Who is at the other end: the developer, or the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Weak secrets are noticed, logs are text.
    Development,
    /// Weak secrets are refused, logs are JSON.
    Production,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Only what needs somebody.
    Error,
    /// And what may soon.
    Warning,
    /// And what happened.
    Info,
    /// And how.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_uppercase().as_str() {
            "CRITICAL" | "ERROR" => Some(Self::Error),
            "WARN" | "WARNING" => Some(Self::Warning),
            "INFO" => Some(Self::Info),
            "DEBUG" => Some(Self::Debug),
            "TRACE" => Some(Self::Trace),
            _ => None,
        }
    }

    /// As the log's filter writes it.
    pub fn directive(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// The administrator to make: at start when both are there, else what the command line leaves open.
#[derive(Debug, Clone, Default)]
pub struct NamedAdministrator {
    /// `ADMIN_USERNAME`.
    pub username: Option<String>,
    /// `ADMIN_PASSWORD`.
    pub password: Option<SecretString>,
}

/// Everything the process is told from outside. Secrets show as redacted in `Debug`.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// `APP_ENV`.
    pub environment: Environment,
    /// `DATABASE_URL`, `DB_…` or the embedded default.
    pub database: DatabaseLocation,
    /// `REDIS_URL`, `REDIS_PASSWORD`; `None` means this process's memory.
    pub redis: Option<RedisLocation>,
    /// `BLOB_…`, or a folder in `DATA_DIR`.
    pub blobs: BlobLocation,
    /// `BACKUP_…`: who comes to an object store with backups.
    pub backups: BackupAccount,
    /// `DATA_DIR`.
    pub data_dir: PathBuf,
    /// `BIND_ADDR`, `BACKEND_PORT`.
    pub bind_addr: SocketAddr,
    /// `PUBLIC_URL`, or the listener's own address.
    pub public_url: PublicUrl,
    /// Whether `PUBLIC_URL` was given: only then can another `Host` be told to be wrong.
    pub public_url_given: bool,
    /// `TRUSTED_PROXIES`.
    pub trusted_proxies: Vec<IpNet>,
    /// `CORS_ORIGINS`.
    pub cors_origins: Vec<String>,
    /// `JWT_SECRET_KEY`; `None` means that it is generated into `DATA_DIR`.
    pub jwt_secret: Option<SecretString>,
    /// `JWT_SECRET_KEY_PREVIOUS`.
    pub jwt_secret_previous: Option<SecretString>,
    /// `SECRETS_KEY`; `None` means that it is generated into `DATA_DIR` on the embedded default, else nothing is stored.
    pub secrets_key: Option<SecretString>,
    /// `SECRETS_KEY_PREVIOUS`.
    pub secrets_key_previous: Option<SecretString>,
    /// `JWT_ACCESS_TOKEN_EXPIRES`.
    pub access_token_lifetime: Duration,
    /// `UPLOAD_MAX_BYTES`.
    pub upload_max_bytes: u64,
    /// `WORKERS`.
    pub workers: usize,
    /// `LOG_LEVEL`.
    pub log_level: LogLevel,
    /// `ADMIN_USERNAME`, `ADMIN_PASSWORD`.
    pub administrator: NamedAdministrator,
    /// `SMTP_URL`, `SMTP_FROM`; `None` means that no mail is sent.
    pub mail: Option<MailServer>,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`; `None` means that no traces are sent.
    pub traces_endpoint: Option<Url>,
    /// What the operator should know.
    pub notices: Vec<Notice>,
    /// Every variable with where its value came from, for whoever may see the settings.
    pub told: Vec<Told>,
}

impl Configuration {
    /// Reads and checks everything; says all that is wrong at once.
    ///
    /// `cores` is what the machine offers, the default of `WORKERS`.
    pub fn from_variables(
        variables: &BTreeMap<String, String>,
        read_file: ReadFile<'_>,
        cores: usize,
    ) -> Result<Self, Problems> {
        Self::checked(variables, read_file, cores, read_administrator)
    }

    /// The same for a command that takes name and password of the administrator itself: either may stand here alone.
    pub fn beside_options(
        variables: &BTreeMap<String, String>,
        read_file: ReadFile<'_>,
        cores: usize,
    ) -> Result<Self, Problems> {
        Self::checked(variables, read_file, cores, read_half_an_administrator)
    }

    fn checked(
        variables: &BTreeMap<String, String>,
        read_file: ReadFile<'_>,
        cores: usize,
        administrator: fn(&Reader<'_>) -> NamedAdministrator,
    ) -> Result<Self, Problems> {
        let reader = Reader::new(variables, read_file);
        let configuration = Self::read(&reader, cores, administrator(&reader));
        let (problems, notices) = reader.finish();
        match configuration {
            Some(configuration) if problems.is_empty() => {
                Ok(Self { notices, told: told(variables, read_file), ..configuration })
            }
            _ => Err(Problems(problems)),
        }
    }

    fn read(reader: &Reader<'_>, cores: usize, administrator: NamedAdministrator) -> Option<Self> {
        let environment = read_environment(reader);
        let production = environment == Environment::Production;
        let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or_else(|| "./data".to_owned()));
        let database = database::read(reader, &data_dir);
        let redis = redis::read(reader);
        let blobs = blobs::read(reader, &data_dir);
        let backups = backups::read(reader);
        let port = reader.parsed("BACKEND_PORT", "takes a port, 0 to 65535", |_: &u16| true).unwrap_or(5000);
        let bind_addr = reader
            .parsed("BIND_ADDR", "takes ADDRESS:PORT, such as 0.0.0.0:5000", |_: &SocketAddr| true)
            .unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
        let (public_url, public_url_given) = read_public_url(reader, bind_addr, production);
        let embedded = !matches!(database, Some(DatabaseLocation::MySql { .. }));
        let (jwt_secret, jwt_secret_previous) = read_keys(reader, production, embedded);
        let (secrets_key, secrets_key_previous) = read_secrets_keys(reader, production);
        check_passwords(reader, production);
        let trusted_proxies = reader.list(
            "TRUSTED_PROXIES",
            "takes addresses or networks separated by commas, such as 10.0.0.0/8",
            |part| part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from)),
        );
        let cors_origins = reader.list(
            "CORS_ORIGINS",
            "takes origins separated by commas, such as https://tools.example.org; `*` is not one",
            |part| PublicUrl::parse(part).map(|url| url.origin().to_owned()),
        );
        let lifetime = reader
            .parsed("JWT_ACCESS_TOKEN_EXPIRES", "takes seconds, 60 to 86400", |seconds| (60..=86_400).contains(seconds))
            .unwrap_or(3600);
        let upload_max_bytes = reader
            .parsed("UPLOAD_MAX_BYTES", "takes bytes, 1 to 24750000000", |bytes| (1..=LARGEST_UPLOAD).contains(bytes))
            .unwrap_or(500_000_000);
        let workers = reader
            .parsed("WORKERS", "takes a number, 0 to 256", |workers| *workers <= 256)
            .unwrap_or(cores.clamp(1, 256));
        let log_level = read_log_level(reader);
        let mail = mail::read(reader, production);
        let traces_endpoint = reader.parsed(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "takes http:// or https:// and a host, such as http://collector:4318",
            |url: &Url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some(),
        );
        Some(Self {
            environment,
            database: database?,
            redis,
            blobs: blobs?,
            backups,
            data_dir,
            bind_addr,
            public_url,
            public_url_given,
            trusted_proxies,
            cors_origins,
            jwt_secret,
            jwt_secret_previous,
            secrets_key,
            secrets_key_previous,
            access_token_lifetime: Duration::from_secs(lifetime),
            upload_max_bytes,
            workers,
            log_level,
            administrator,
            mail,
            traces_endpoint,
            notices: Vec::new(),
            told: Vec::new(),
        })
    }

    /// Whether this is production.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }
}

/// What each variable was set to. A secret is told of in no way but that it is set.
fn told(variables: &BTreeMap<String, String>, read_file: ReadFile<'_>) -> Vec<Told> {
    let told = |variable: &Variable| {
        let (from, value) = match source(variables, read_file, variable.name) {
            Source::Environment => (ToldFrom::Environment, variables.get(variable.name)),
            Source::File => (ToldFrom::File, None),
            Source::Default => (ToldFrom::Default, None),
        };
        Told {
            name: variable.name,
            value: value.filter(|_| !variable.secret).cloned(),
            from,
            default: variable.default,
            secret: variable.secret,
        }
    };
    VARIABLES.iter().map(told).collect()
}

fn read_environment(reader: &Reader<'_>) -> Environment {
    let parse = |name: &'static str| {
        let text = reader.text(name)?;
        match text.trim().to_ascii_lowercase().as_str() {
            "development" => Some(Environment::Development),
            "production" => Some(Environment::Production),
            _ => {
                reader.problem(Problem::Invalid { name, expected: "takes `development` or `production`" });
                None
            }
        }
    };
    let (own, old) = (parse("APP_ENV"), parse("FLASK_ENV"));
    if old.is_some() {
        reader.notice(Notice::OldName { old: "FLASK_ENV", new: "APP_ENV" });
    }
    if let (Some(own), Some(old)) = (own, old)
        && own != old
    {
        reader.problem(Problem::Contradiction { first: "APP_ENV", second: "FLASK_ENV" });
    }
    own.or(old).unwrap_or(Environment::Development)
}

fn read_public_url(reader: &Reader<'_>, bind_addr: SocketAddr, production: bool) -> (PublicUrl, bool) {
    const NAME: &str = "PUBLIC_URL";
    let of_listener = PublicUrl::of_listener(bind_addr);
    let Some(text) = reader.text(NAME) else {
        if production {
            reader.problem(Problem::Missing { name: NAME, because: "in production" });
        }
        return (of_listener, false);
    };
    let Some(url) = PublicUrl::parse(&text) else {
        let expected = "takes http:// or https://, a host, perhaps a port, and no path";
        reader.problem(Problem::Invalid { name: NAME, expected });
        return (of_listener, false);
    };
    if production && !url.is_https() {
        reader.notice(Notice::NotEncrypted);
    }
    (url, true)
}

fn read_keys(reader: &Reader<'_>, production: bool, embedded: bool) -> (Option<SecretString>, Option<SecretString>) {
    const NAME: &str = "JWT_SECRET_KEY";
    const PREVIOUS: &str = "JWT_SECRET_KEY_PREVIOUS";
    let current = reader.secret(NAME);
    if current.is_none() && production {
        reader.problem(Problem::Missing { name: NAME, because: "in production" });
    } else if current.is_none() && !embedded {
        reader.problem(Problem::Missing { name: NAME, because: "with MySQL: all nodes must share it" });
    }
    let previous = reader.secret(PREVIOUS);
    for (name, value) in [(NAME, &current), (PREVIOUS, &previous)] {
        judge(reader, name, value.as_ref(), SHORTEST_KEY, production);
    }
    (current, previous)
}

/// The keys of stored secrets. Without one nothing of that kind can be stored, and nothing else is missing.
fn read_secrets_keys(reader: &Reader<'_>, production: bool) -> (Option<SecretString>, Option<SecretString>) {
    let keys = ["SECRETS_KEY", "SECRETS_KEY_PREVIOUS"].map(|name| {
        let key = reader.secret(name);
        judge(reader, name, key.as_ref(), SHORTEST_KEY, production);
        key
    });
    keys.into()
}

/// Passwords that stand in the configuration; the one of the first administrator opens everything.
fn check_passwords(reader: &Reader<'_>, production: bool) {
    let url_of = |name| url::Url::parse(&reader.text(name)?).ok();
    let password_in = |name| Some(SecretString::from(url_of(name)?.password()?.to_owned()));
    if reader.is_set("DATABASE_URL") {
        judge(reader, "DATABASE_URL", password_in("DATABASE_URL").as_ref(), 1, production);
    } else if reader.is_set("DB_NAME") {
        judge(reader, "DB_PASSWORD", reader.secret("DB_PASSWORD").as_ref(), 1, production);
    }
    judge(reader, "DATABASE_REPLICA_URL", password_in("DATABASE_REPLICA_URL").as_ref(), 1, production);
    judge(reader, "REDIS_URL", password_in("REDIS_URL").as_ref(), 1, production);
    // Sentinels have a password of their own, which stands behind the address.
    let of_sentinels = url_of("REDIS_URL").and_then(|url| {
        let found = url.query_pairs().find(|(name, _)| name == "sentinelPassword");
        found.map(|(_, password)| SecretString::from(password.into_owned()))
    });
    judge(reader, "REDIS_URL", of_sentinels.as_ref(), 1, production);
    judge(reader, "REDIS_PASSWORD", reader.secret("REDIS_PASSWORD").as_ref(), 1, production);
    judge(reader, "BLOB_SECRET_KEY", reader.secret("BLOB_SECRET_KEY").as_ref(), 1, production);
    judge(reader, "BACKUP_SECRET_KEY", reader.secret("BACKUP_SECRET_KEY").as_ref(), 1, production);
    judge(reader, "SMTP_URL", password_in("SMTP_URL").as_ref(), 1, production);
    judge(reader, "ADMIN_PASSWORD", reader.secret("ADMIN_PASSWORD").as_ref(), SHORTEST_PASSWORD, production);
}

fn judge(reader: &Reader<'_>, name: &'static str, value: Option<&SecretString>, shortest: usize, production: bool) {
    let Some(problem) = value.and_then(|value| secrets::weakness(name, value, shortest)) else { return };
    if production {
        reader.problem(problem);
    } else {
        reader.notice(Notice::WeakSecret { name, problem: problem.to_string() });
    }
}

fn read_log_level(reader: &Reader<'_>) -> LogLevel {
    let Some(text) = reader.text("LOG_LEVEL") else { return LogLevel::Info };
    LogLevel::parse(&text).unwrap_or_else(|| {
        reader.problem(Problem::Invalid { name: "LOG_LEVEL", expected: "takes ERROR, WARNING, INFO, DEBUG or TRACE" });
        LogLevel::Info
    })
}

/// Whom nobody completes: a name without a password, or the other way round, makes nobody.
fn read_administrator(reader: &Reader<'_>) -> NamedAdministrator {
    let administrator = read_half_an_administrator(reader);
    match (&administrator.username, &administrator.password) {
        (Some(_), None) => {
            reader.problem(Problem::Missing { name: "ADMIN_PASSWORD", because: "when ADMIN_USERNAME is set" });
        }
        (None, Some(_)) => {
            reader.problem(Problem::Missing { name: "ADMIN_USERNAME", because: "when ADMIN_PASSWORD is set" });
        }
        _ => {}
    }
    administrator
}

fn read_half_an_administrator(reader: &Reader<'_>) -> NamedAdministrator {
    NamedAdministrator { username: reader.text("ADMIN_USERNAME"), password: reader.secret("ADMIN_PASSWORD") }
}
