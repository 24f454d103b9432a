//! Every environment variable the product reads, as data.
//!
//! One table serves the reader, `doctor` and the generated page `docs/reference/configuration.md`, so that no variable
//! can exist without being documented.

/// One environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name. `NAME_FILE`, a path to a file that holds the value, exists for each.
    pub name: &'static str,
    /// What holds when it is not set, in words for the reader of the table.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// What it does, in Markdown, one line.
    pub meaning: &'static str,
}

const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, secret: false, meaning }
}

const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, secret: true, meaning }
}

/// The variables of this version, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    plain(
        "APP_ENV",
        "`development`",
        "`development` or `production`. Production asks for real secrets and a public address, and logs JSON.",
    ),
    plain(
        "FLASK_ENV",
        "none",
        "Older name of `APP_ENV`, read as an alias with a notice. Both set to different values: refused.",
    ),
    secret(
        "DATABASE_URL",
        "see `DB_NAME`",
        "`sqlite://PATH` or `mysql://USER:PASSWORD@HOST:PORT/NAME`. Wins over the `DB_…` variables. With `?ssl-ca=PATH` the certificate of the server must be of that authority, or of a public one, and name the host; `&ssl-mode=VERIFY_CA` lets the name be another, `ssl-mode=REQUIRED` encrypts without looking at the certificate.",
    ),
    plain(
        "DB_NAME",
        "none",
        "When set and `DATABASE_URL` is not: a MySQL or MariaDB database of this name. Neither set: SQLite in `DATA_DIR`.",
    ),
    plain("DB_HOST", "`mysql`", "Host of the database that `DB_NAME` names."),
    plain("DB_PORT", "`3306`", "Port of the database that `DB_NAME` names."),
    plain("DB_USER", "required with `DB_NAME`", "User of the database that `DB_NAME` names."),
    secret("DB_PASSWORD", "required with `DB_NAME`", "Password of that user; any character is allowed, it is escaped."),
    secret(
        "DATABASE_REPLICA_URL",
        "none",
        "A replica of the MySQL database, with the same parameters. Pages are read from it while it is at most 5 seconds behind; who has just changed something reads from the primary.",
    ),
    secret(
        "REDIS_URL",
        "none",
        "`redis://USER:PASSWORD@HOST:PORT/NUMBER`, `redis-sentinel://…?sentinelServiceName=NAME&node=HOST:PORT`, `redis-cluster://…?node=HOST:PORT`; each with TLS as `rediss://`, `rediss-sentinel://`, `rediss-cluster://`. Shares cache, limits and news between nodes; without it they are in the process.",
    ),
    secret("REDIS_PASSWORD", "none", "Password of Redis, when it does not stand in `REDIS_URL`."),
    plain(
        "REDIS_CA",
        "the system's",
        "Certificates in PEM, mostly given as `REDIS_CA_FILE`: with `rediss://` the certificate of Redis must be of one of these authorities, and no other is trusted.",
    ),
    plain(
        "BLOB_URL",
        "folder `blobs` in `DATA_DIR`",
        "Where books and packages are: `s3://BUCKET/PREFIX`, or `file:///FOLDER`, one that all nodes have mounted.",
    ),
    plain("BLOB_ENDPOINT", "Amazon's", "Address of the object store, such as `https://objects.example.org`."),
    plain("BLOB_REGION", "`us-east-1`", "Region of the bucket."),
    secret("BLOB_ACCESS_KEY", "required with `s3://`", "Account at the object store."),
    secret("BLOB_SECRET_KEY", "required with `s3://`", "Key of that account."),
    plain("BACKUP_ENDPOINT", "`BLOB_ENDPOINT`", "Address of the object store that `backup s3://…` writes to."),
    plain("BACKUP_REGION", "`BLOB_REGION`", "Region of its bucket."),
    secret("BACKUP_ACCESS_KEY", "`BLOB_ACCESS_KEY`", "Account there; better another one than that of the books."),
    secret("BACKUP_SECRET_KEY", "`BLOB_SECRET_KEY`", "Key of that account."),
    plain(
        "DATA_DIR",
        "`./data`",
        "Folder of the embedded database, the books, the packages and the generated secrets.",
    ),
    plain("BIND_ADDR", "`127.0.0.1:BACKEND_PORT`", "Address and port to listen on."),
    plain("BACKEND_PORT", "`5000`", "Port to listen on when `BIND_ADDR` is not set."),
    plain(
        "PUBLIC_URL",
        "`http://BIND_ADDR`",
        "Address people use, without a path. Required in production. With `https` cookies are `Secure` and HSTS is sent.",
    ),
    plain(
        "TRUSTED_PROXIES",
        "none",
        "Addresses or networks (`10.0.0.0/8`), separated by commas, whose `X-Forwarded-For` is believed.",
    ),
    plain(
        "CORS_ORIGINS",
        "none",
        "Origins, separated by commas, whose scripts may call `/api/v1` with a bearer token. Never with cookies.",
    ),
    secret(
        "JWT_SECRET_KEY",
        "generated in `DATA_DIR`",
        "Signs access tokens; at least 32 characters. Required in production and with MySQL.",
    ),
    secret(
        "JWT_SECRET_KEY_PREVIOUS",
        "none",
        "The key before the last change: its tokens stay valid until they expire.",
    ),
    secret(
        "SECRETS_KEY",
        "generated in `DATA_DIR`",
        "Encrypts what is stored and read again, such as the seeds of one-time codes; at least 32 characters. With MySQL it is not generated: set it before one-time codes are used.",
    ),
    secret(
        "SECRETS_KEY_PREVIOUS",
        "none",
        "The key before the last change, until `ebook-scene-packer rotate-secrets` has run.",
    ),
    plain("JWT_ACCESS_TOKEN_EXPIRES", "`3600`", "Lifetime of an access token in seconds, 60 to 86400."),
    plain(
        "UPLOAD_MAX_BYTES",
        "`500000000`",
        "Largest book in bytes, 1 to 24 750 000 000. The limit of the proxy is this plus 1 MiB.",
    ),
    plain(
        "WORKERS",
        "number of cores",
        "Jobs a node works on at a time, 0 to 256. With 0 `serve` leaves all jobs to `worker` processes.",
    ),
    plain("LOG_LEVEL", "`INFO`", "`ERROR`, `WARNING`, `INFO`, `DEBUG` or `TRACE`."),
    plain(
        "ADMIN_USERNAME",
        "none",
        "With `ADMIN_PASSWORD`: the first administrator, made at start when no such user exists.",
    ),
    secret(
        "ADMIN_PASSWORD",
        "none",
        "See `ADMIN_USERNAME`. Without both, the server prints a set-up link at its first start. `create-admin` takes either alone, and its own options first.",
    ),
    secret(
        "SMTP_URL",
        "none",
        "Mail server for letters with a link for a new password: `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST?tls=required` (STARTTLS), or `smtp://HOST` without encryption. Without it no mail is sent, and administrators hand links over.",
    ),
    plain(
        "SMTP_FROM",
        "required with `SMTP_URL`",
        "Whom letters are from: `books@example.org`, or `Our Press <books@example.org>`.",
    ),
    plain(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "none",
        "Address of an OpenTelemetry collector, such as `http://collector:4318`: requests and the jobs that they cause are sent there as traces (OTLP over HTTP, protobuf).",
    ),
];

/// The entry of the table for `name`.
pub(super) fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}
