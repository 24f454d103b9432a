//! Which database: a URL, the `DB_…` variables, or the embedded one.

use std::path::Path;

use secrecy::ExposeSecret;
use store::{DatabaseLocation, LocationError};

use super::{problem::Problem, reading::Reader};

/// The file of the embedded database, in `DATA_DIR`.
pub const EMBEDDED_FILE: &str = "ebook-scene-packer.db";

/// The database, with the replica that `DATABASE_REPLICA_URL` names.
pub(super) fn read(reader: &Reader<'_>, data_dir: &Path) -> Option<DatabaseLocation> {
    let location = primary(reader, data_dir);
    let Some(replica) = reader.secret("DATABASE_REPLICA_URL") else { return location };
    let otherwise = "takes mysql://USER:PASSWORD@HOST:PORT/NAME, beside a database that is MySQL or MariaDB";
    accepted(reader, "DATABASE_REPLICA_URL", location?.with_replica(replica.expose_secret()), otherwise)
}

/// The place, or the problem with what stands in `name`.
fn accepted(
    reader: &Reader<'_>,
    name: &'static str,
    location: Result<DatabaseLocation, LocationError>,
    otherwise: &'static str,
) -> Option<DatabaseLocation> {
    let expected = match location {
        Ok(location) => return Some(location),
        Err(LocationError::Parameter) => {
            "takes no other parameters than ssl-mode, ssl-ca, ssl-cert, ssl-key, socket, statement-cache-capacity"
        }
        Err(LocationError::Unverified) => {
            "has an ssl-ca that nobody checks: ssl-mode must be VERIFY_IDENTITY (which holds when it is left out) or VERIFY_CA"
        }
        Err(_) => otherwise,
    };
    reader.problem(Problem::Invalid { name, expected });
    None
}

/// `DATABASE_URL`, else `DB_NAME` and its companions, else a file in `data_dir`.
fn primary(reader: &Reader<'_>, data_dir: &Path) -> Option<DatabaseLocation> {
    if let Some(url) = reader.secret("DATABASE_URL") {
        let otherwise = "takes sqlite://PATH or mysql://USER:PASSWORD@HOST:PORT/NAME, special characters escaped";
        return accepted(reader, "DATABASE_URL", url.expose_secret().parse(), otherwise);
    }
    match reader.text("DB_NAME") {
        Some(name) => of_parts(reader, &name),
        None => Some(DatabaseLocation::Sqlite { file: data_dir.join(EMBEDDED_FILE) }),
    }
}

fn of_parts(reader: &Reader<'_>, name: &str) -> Option<DatabaseLocation> {
    const BECAUSE: &str = "when DB_NAME is set";
    let host = reader.text("DB_HOST").unwrap_or_else(|| "mysql".to_owned());
    let port = reader.parsed("DB_PORT", "takes a port, 1 to 65535", |port: &u16| *port > 0).unwrap_or(3306);
    let user = reader.text("DB_USER");
    let password = reader.secret("DB_PASSWORD");
    if user.is_none() {
        reader.problem(Problem::Missing { name: "DB_USER", because: BECAUSE });
    }
    if password.is_none() {
        reader.problem(Problem::Missing { name: "DB_PASSWORD", because: BECAUSE });
    }
    Some(DatabaseLocation::server(&host, port, name, &user?, password?.expose_secret()))
}
