//! `doctor`: lists the configuration in force and looks for what will not work.

mod certificate;
mod databases;

use std::{collections::BTreeMap, io, os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::Duration};

use service::{Cache, CacheError, Capacity, SystemClock};
use store::DatabaseLocation;

use super::process;
use crate::{
    assets::Assets,
    configuration::{self, Configuration, Source, VARIABLES, reference},
    exit::Exit,
    mail::Postman,
    node, site_names,
    terminal::{Mark, Terminal},
};

/// A hop that takes longer is not there.
const PATIENCE: Duration = Duration::from_secs(3);

/// What `doctor` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print the documentation of all variables, in Markdown, and do nothing else
    #[arg(long)]
    pub reference: bool,
}

/// What one check found.
struct Outcome {
    what: &'static str,
    result: Result<String, String>,
}

/// Lists and checks.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    if arguments.reference {
        terminal.text(&reference::page());
        return Exit::Good;
    }
    let variables = match configuration::environment() {
        Ok(variables) => variables,
        Err(problems) => {
            terminal.marked(Mark::Error, &configuration::Problems(problems).to_string());
            return Exit::Usage;
        }
    };
    list(&variables, terminal);
    let mut has_failed = false;
    let exit = process::run(terminal, |configuration| {
        let has_failed = &mut has_failed;
        async move {
            for Outcome { what, result } in examine(&configuration).await {
                match result {
                    Ok(text) => terminal.line(&format!("good   {what}: {text}")),
                    Err(text) => {
                        *has_failed = true;
                        terminal.line(&format!("wrong  {what}: {text}"));
                    }
                }
            }
            Ok(())
        }
    });
    if has_failed { exit.max(Exit::Failed) } else { exit }
}

/// Every variable, where its value comes from, and the value where it is no secret.
fn list(variables: &BTreeMap<String, String>, terminal: &Terminal) {
    for variable in VARIABLES {
        let value = match configuration::source(variables, &|path| std::fs::read_to_string(path), variable.name) {
            Source::Default => format!("default: {}", variable.default.replace('`', "")),
            Source::File => format!("from the file {}", variables[&format!("{}_FILE", variable.name)]),
            Source::Environment if variable.secret => "set, not shown".to_owned(),
            Source::Environment => variables[variable.name].clone(),
        };
        terminal.line(&format!("{:<26} {value}", variable.name));
    }
    terminal.line("");
}

async fn examine(configuration: &Configuration) -> Vec<Outcome> {
    let public_url = if configuration.public_url.is_https() {
        Ok(configuration.public_url.to_string())
    } else if configuration.is_production() {
        Err(format!("{} is not https: passwords and sessions cross the network in the clear", configuration.public_url))
    } else {
        Ok(format!("{} (not https: fine for development)", configuration.public_url))
    };
    let assets = Assets::find(site_names::folder());
    vec![
        Outcome { what: "PUBLIC_URL", result: public_url },
        Outcome { what: "DATA_DIR", result: data_dir(&configuration.data_dir) },
        Outcome { what: "signing key", result: signing_key(configuration) },
        Outcome { what: "sealing key", result: sealing_key(configuration) },
        Outcome { what: "database", result: databases::database(configuration).await },
        Outcome { what: "replica", result: databases::replica(configuration).await },
        Outcome { what: "Redis", result: redis(configuration).await },
        Outcome { what: "books", result: blobs(configuration).await },
        Outcome { what: "room", result: room(configuration).await },
        Outcome { what: "backups", result: databases::backups(configuration).await },
        Outcome { what: "proxy", result: proxy(configuration) },
        Outcome { what: "mail", result: mail(configuration).await },
        Outcome { what: "traces", result: traces(configuration).await },
        Outcome { what: "address", result: address(configuration).await },
        Outcome { what: "certificate", result: certificate::certificate(configuration).await },
        Outcome {
            what: "interface",
            result: match assets {
                Assets::Embedded => Ok("inside this binary".to_owned()),
                Assets::Folder(folder) => Ok(format!("in {}", folder.display())),
                Assets::Missing => Err("not built; run `cargo xtask build`".to_owned()),
            },
        },
    ]
}

/// Whether a file can be written there. A folder that is not there yet is made by the first start.
fn data_dir(folder: &Path) -> Result<String, String> {
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(format!("{} can be written", folder.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(format!("{} will be made at the first start", folder.display()))
        }
        Err(error) => Err(format!("{}: {error}", folder.display())),
    }
}

fn signing_key(configuration: &Configuration) -> Result<String, String> {
    if configuration.jwt_secret.is_some() {
        return Ok("JWT_SECRET_KEY".to_owned());
    }
    generated(&configuration.data_dir, "jwt-secret-key")
}

/// The key of what is stored sealed: the seeds of one-time codes.
fn sealing_key(configuration: &Configuration) -> Result<String, String> {
    match (&configuration.secrets_key, &configuration.database) {
        (Some(_), _) => Ok("SECRETS_KEY".to_owned()),
        (None, DatabaseLocation::Sqlite { .. }) => generated(&configuration.data_dir, "secrets-key"),
        (None, DatabaseLocation::MySql { .. }) => {
            Err("none: nobody can set one-time codes up, and who has them is kept \
            out; set SECRETS_KEY, the same for every node"
                .to_owned())
        }
    }
}

/// A key that the product makes for itself.
fn generated(data_dir: &Path, name: &str) -> Result<String, String> {
    let file = data_dir.join("secrets").join(name);
    match std::fs::metadata(&file) {
        Ok(metadata) if metadata.permissions().mode().trailing_zeros() < 6 => {
            Err(format!("{} can be read by others; run `chmod 600` on it", file.display()))
        }
        Ok(_) => Ok(format!("generated, in {}", file.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok("will be generated at the first start".to_owned()),
        Err(error) => Err(format!("{}: {error}", file.display())),
    }
}

/// Lost, it costs speed alone; what is configured and does not work is a mistake all the same.
async fn redis(configuration: &Configuration) -> Result<String, String> {
    let Some(location) = &configuration.redis else {
        return Ok("none: cache and limits are in the process".to_owned());
    };
    let said = |error: CacheError| format!("{error}; look at REDIS_URL, REDIS_PASSWORD and REDIS_CA");
    let clock = Arc::new(SystemClock);
    let cache = Cache::redis(location, Capacity::default(), clock, rand::random()).await.map_err(said)?;
    cache.values.get("doctor").await.map(|_| "answers".to_owned()).map_err(said)
}

/// Whether the store of the bytes answers.
async fn blobs(configuration: &Configuration) -> Result<String, String> {
    let said = |error: &(dyn std::error::Error + 'static)| {
        format!("{}; look at DATA_DIR and BLOB_URL and at who may write there", crate::incident::causes(error))
    };
    if !configuration.data_dir.exists() {
        return Ok("can be stored from the first start on".to_owned());
    }
    let blobs = node::open_blobs(configuration).map_err(|error| said(&error))?;
    blobs.ping().await.map_err(|error| said(&error))?;
    Ok(match blobs.root() {
        Some(folder) => format!("can be stored in {}", folder.display()),
        // Nobody but the store itself sees them: they are no objects yet.
        None => {
            "the object store answers; uploads in parts that a lost process left are ended by a rule of the bucket \
            (docs/OPERATIONS.md, *The object store*)"
                .to_owned()
        }
    })
}

/// A book lies there twice for a moment: in its parts, and whole.
async fn room(configuration: &Configuration) -> Result<String, String> {
    if !configuration.data_dir.exists() {
        return Ok("is looked at from the first start on".to_owned());
    }
    let blobs = node::open_blobs(configuration).map_err(|error| crate::incident::causes(&error))?;
    let needed = configuration.upload_max_bytes.saturating_mul(2);
    match blobs.free_bytes().await {
        Some(free) if free < needed => Err(format!(
            "{free} bytes are free, and a book of UPLOAD_MAX_BYTES needs {needed} for a moment; make room or lower it"
        )),
        Some(free) => Ok(format!("{free} bytes are free")),
        None => Ok("the disk does not tell how much is free".to_owned()),
    }
}

/// With TLS somebody stands in front, and whom requests come from is what that one says.
fn proxy(configuration: &Configuration) -> Result<String, String> {
    if !configuration.trusted_proxies.is_empty() {
        let networks: Vec<_> = configuration.trusted_proxies.iter().map(ToString::to_string).collect();
        return Ok(format!("believed when it comes from {}", networks.join(", ")));
    }
    if configuration.is_production() && configuration.public_url.is_https() {
        let fix = "set TRUSTED_PROXIES to the address of the proxy: else everybody seems to come from there, and limits \
            for strangers hit all of them at once";
        return Err(fix.to_owned());
    }
    Ok("none is believed".to_owned())
}

/// Whether the mail server lets us in. Nothing is sent.
async fn mail(configuration: &Configuration) -> Result<String, String> {
    let Some(postman) = Postman::of(configuration) else {
        return Ok("none is sent; administrators hand links for new passwords over".to_owned());
    };
    let fix = "look at SMTP_URL: its host, its port, its password, and whether it asks for the encryption that the server has";
    match tokio::time::timeout(PATIENCE, postman.check()).await {
        Ok(Ok(())) => Ok("the mail server answers".to_owned()),
        Ok(Err(why)) => Err(format!("{why}; {fix}")),
        Err(_) => Err(format!("the mail server does not answer; {fix}")),
    }
}

/// Whether somebody answers where people go. Before the first start nobody does.
async fn address(configuration: &Configuration) -> Result<String, String> {
    let origin = configuration.public_url.origin();
    let url = url::Url::parse(origin).map_err(|error| format!("PUBLIC_URL {origin}: {error}"))?;
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    let names = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    if let Err(error) = names {
        return Err(format!("nobody knows {host} ({error}): make a DNS record for it, or correct PUBLIC_URL"));
    }
    Ok(if is_there(host, port).await {
        format!("somebody answers at {host}:{port}")
    } else {
        format!("nobody answers at {host}:{port} yet")
    })
}

/// Whether the collector of the traces is there. Nothing is sent.
async fn traces(configuration: &Configuration) -> Result<String, String> {
    let Some(endpoint) = &configuration.traces_endpoint else { return Ok("none are sent".to_owned()) };
    let (host, port) = (endpoint.host_str().unwrap_or_default(), endpoint.port_or_known_default().unwrap_or(4318));
    if is_there(host, port).await {
        Ok(format!("somebody answers at {host}:{port}"))
    } else {
        Err(format!(
            "nobody answers at {host}:{port}; look at OTEL_EXPORTER_OTLP_ENDPOINT and at the collector: until then traces \
            are lost, and nothing else"
        ))
    }
}

async fn is_there(host: &str, port: u16) -> bool {
    let connecting = tokio::net::TcpStream::connect((host.trim_matches(['[', ']']), port));
    matches!(tokio::time::timeout(PATIENCE, connecting).await, Ok(Ok(_)))
}
