//! Where the database is.

use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

/// Where the database is, and so which engine it has.
#[derive(Clone)]
pub enum DatabaseLocation {
    /// A file, made when it is missing. Its folder must exist and be on a local disk: write-ahead logging needs shared
    /// memory, which network file systems do not have.
    Sqlite {
        /// The file. Two more stand beside it, with `-wal` and `-shm` behind its name.
        file: PathBuf,
    },
    /// A server of MySQL 8 or 9, or of MariaDB 10.11 or later.
    MySql {
        /// Where everything is written, and read.
        primary: Box<MySqlConnectOptions>,
        /// Where reads may go that need not see the last change.
        replica: Option<Box<MySqlConnectOptions>>,
    },
}

/// A text that says no place of a database. It does not repeat the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Neither `sqlite:` nor `mysql:` nor `mariadb:`.
    #[error("a database URL begins with sqlite:, mysql:// or mariadb://")]
    Scheme,
    /// `sqlite:` and no path, or the in-memory database, which would not survive.
    #[error("sqlite: is followed by the path of a file")]
    File,
    /// The URL of the server cannot be read.
    #[error("a MySQL URL is written mysql://USER:PASSWORD@HOST:PORT/DATABASE, with special characters escaped")]
    Server,
    /// A parameter behind `?` that nobody reads: the driver would pass over a misspelt `ssl-ca` and trust everybody.
    #[error(
        "the parameters of a MySQL URL are ssl-mode, ssl-ca, ssl-cert, ssl-key, socket and statement-cache-capacity"
    )]
    Parameter,
    /// An authority is named, and a mode that does not ask for it.
    #[error("ssl-ca is checked with ssl-mode=VERIFY_IDENTITY, which holds when it is left out, or VERIFY_CA")]
    Unverified,
    /// Only servers have replicas.
    #[error("a replica belongs to a MySQL primary")]
    Replica,
}

impl DatabaseLocation {
    /// The same server with a replica, given by its URL.
    pub fn with_replica(self, url: &str) -> Result<Self, LocationError> {
        match (self, url.parse()?) {
            (Self::MySql { primary, .. }, Self::MySql { primary: replica, .. }) => {
                Ok(Self::MySql { primary, replica: Some(replica) })
            }
            _ => Err(LocationError::Replica),
        }
    }

    /// A server by its parts, which need no escaping.
    pub fn server(host: &str, port: u16, database: &str, user: &str, password: &str) -> Self {
        let primary =
            MySqlConnectOptions::new().host(host).port(port).database(database).username(user).password(password);
        Self::MySql { primary: Box::new(primary), replica: None }
    }
}

impl FromStr for DatabaseLocation {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err(LocationError::File);
            }
            return Ok(Self::Sqlite { file: PathBuf::from(path) });
        }
        if !url.starts_with("mysql://") && !url.starts_with("mariadb://") {
            return Err(LocationError::Scheme);
        }
        let primary = secured(url, url.parse().map_err(|_| LocationError::Server)?)?;
        if primary.get_database().is_none_or(str::is_empty) {
            return Err(LocationError::Server);
        }
        Ok(Self::MySql { primary: Box::new(primary), replica: None })
    }
}

/// What may stand behind `?`: the rest is the store's own to say.
const PARAMETERS: [&str; 6] = ["ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "statement-cache-capacity"];

/// The same server, whose certificate is checked when the URL names who vouches for it.
fn secured(url: &str, options: MySqlConnectOptions) -> Result<MySqlConnectOptions, LocationError> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let names: Vec<&str> = parameters
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| parameter.split_once('=').map_or(parameter, |(name, _)| name))
        .collect();
    if names.iter().any(|name| !PARAMETERS.contains(name)) {
        return Err(LocationError::Parameter);
    }
    if !names.contains(&"ssl-ca") {
        return Ok(options);
    }
    match options.get_ssl_mode() {
        MySqlSslMode::VerifyCa | MySqlSslMode::VerifyIdentity => Ok(options),
        _ if names.contains(&"ssl-mode") => Err(LocationError::Unverified),
        // The driver's default would encrypt where it can, for whoever answers.
        _ => Ok(options.ssl_mode(MySqlSslMode::VerifyIdentity)),
    }
}

impl fmt::Debug for DatabaseLocation {
    /// Without user and password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { file } => formatter.debug_struct("Sqlite").field("file", file).finish(),
            Self::MySql { primary, replica } => formatter
                .debug_struct("MySql")
                .field("host", &primary.get_host())
                .field("port", &primary.get_port())
                .field("database", &primary.get_database())
                .field("replica", &replica.is_some())
                .finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_told_by_the_beginning_of_the_url() {
        let file = |url: &str| match url.parse() {
            Ok(DatabaseLocation::Sqlite { file }) => file,
            other => panic!("{other:?}"),
        };
        assert_eq!(file("sqlite:data/esp.db"), PathBuf::from("data/esp.db"));
        assert_eq!(file("sqlite:///var/lib/esp é.db"), PathBuf::from("/var/lib/esp é.db"));
        for url in ["mysql://u:p@h:1/d", "mariadb://u:p%40@h/d"] {
            assert!(matches!(url.parse(), Ok(DatabaseLocation::MySql { replica: None, .. })), "{url}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        let error = |url: &str| url.parse::<DatabaseLocation>().unwrap_err();
        assert_eq!(error("postgres://u@h/d"), LocationError::Scheme);
        assert_eq!(error(""), LocationError::Scheme);
        assert_eq!(error("sqlite:"), LocationError::File);
        assert_eq!(error("sqlite::memory:"), LocationError::File);
        assert_eq!(error("mysql://u:p@h:1"), LocationError::Server);
        assert_eq!(error("mysql://u:p@h:port/d"), LocationError::Server);
        let file: DatabaseLocation = "sqlite:a.db".parse().unwrap();
        assert_eq!(file.with_replica("mysql://u@h/d").unwrap_err(), LocationError::Replica);
    }

    #[test]
    fn who_names_an_authority_has_it_checked() {
        let mode = |parameters: &str| -> Result<String, LocationError> {
            match format!("mysql://u:p@h/d?{parameters}").parse()? {
                DatabaseLocation::MySql { primary, .. } => Ok(format!("{:?}", primary.get_ssl_mode())),
                DatabaseLocation::Sqlite { .. } => panic!("it is a server"),
            }
        };
        assert_eq!(mode("").unwrap(), "Preferred");
        assert_eq!(mode("ssl-mode=REQUIRED").unwrap(), "Required");
        assert_eq!(mode("ssl-ca=/ca.pem").unwrap(), "VerifyIdentity");
        assert_eq!(mode("ssl-mode=verify_ca&ssl-ca=/ca.pem").unwrap(), "VerifyCa");
        for weaker in ["DISABLED", "PREFERRED", "REQUIRED"] {
            assert_eq!(mode(&format!("ssl-ca=/ca.pem&ssl-mode={weaker}")).unwrap_err(), LocationError::Unverified);
        }
        for unknown in ["sslCA=/ca.pem", "ssl_ca=/ca.pem", "ssl-mode=REQUIRED&charset=latin1", "ssl"] {
            assert_eq!(mode(unknown).unwrap_err(), LocationError::Parameter, "{unknown}");
        }
        assert_eq!(mode("ssl-mode=SOMEHOW").unwrap_err(), LocationError::Server);
        let replica =
            "mysql://u:p@h/d".parse::<DatabaseLocation>().unwrap().with_replica("mysql://u:p@r/d?sslCA=/ca.pem");
        assert_eq!(replica.unwrap_err(), LocationError::Parameter);
    }

    #[test]
    fn a_place_is_shown_without_its_password() {
        let location: DatabaseLocation = "mysql://someone:hidden@db:3307/esp".parse().unwrap();
        let shown = format!("{location:?}");
        assert!(shown.contains("3307") && !shown.contains("hidden") && !shown.contains("someone"), "{shown}");
    }
}
