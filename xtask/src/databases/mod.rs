//! A private database, a primary with a replica: own data directories, free ports of the loopback, TLS by an authority of
//! their own, stopped by their process ids.

mod authority;
mod mariadb;
pub(crate) mod mysql;
mod server;

use std::fs;
use std::path::{Path, PathBuf};

use self::authority::Authority;
use self::server::{Prepared, Role, Server};
pub(crate) use self::server::{random_word, spare_port};
use crate::failure::Outcome;
use crate::place::Place;
use crate::process::lives;
use crate::terminal::say;

/// Databases whose names begin so reach the replica; the others cost it nothing.
const REPLICATED: &str = "replicated";

/// Which product.
#[derive(Debug, Clone)]
pub(crate) enum Engine {
    /// Debian's own.
    MariaDb,
    /// Oracle's, from Debian's next release.
    MySql(mysql::Programs),
}

/// A primary and a replica that follows it; gone, with their data, when dropped.
#[derive(Debug)]
pub(crate) struct Databases {
    primary: Server,
    replica: Server,
    authority: Authority,
    folder: Folder,
}

impl Databases {
    pub(crate) fn start(place: &Place, engine: &Engine) -> Outcome<Self> {
        let services = place.target.join("services");
        remove_leftovers(&services);
        let folder = Folder(services.join(format!("databases-{}", std::process::id())));
        let authority = Authority::make(place, &folder.0.join("authority"))?;
        let start =
            |role: Role| Prepared::make(place, engine, role, &folder.0.join(role.name()), &authority)?.start(place);
        let (primary, replica) = (start(Role::Primary)?, start(Role::Replica)?);
        let databases = Self { primary, replica, authority, folder };
        databases.follow(place, engine)?;
        Ok(databases)
    }

    /// The account of the primary that may make databases: one for each test. Those named `replicated…` reach the
    /// replica.
    pub(crate) fn primary_url(&self) -> String {
        self.primary.url()
    }

    /// The same account of the replica, which it may stop and start following.
    pub(crate) fn replica_url(&self) -> String {
        self.replica.url()
    }

    /// Where everything of them is: it goes with them, and so does what else is put there.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// The file with the certificate that vouches for both, for the address 127.0.0.1.
    pub(crate) fn authority(&self) -> PathBuf {
        self.authority.certificate()
    }

    /// What the primary says it is.
    pub(crate) fn version(&self, place: &Place) -> Outcome<String> {
        Ok(self.primary.ask(place, "SELECT VERSION()")?.trim().to_owned())
    }

    /// Says something to the primary as root.
    pub(crate) fn tell(&self, place: &Place, statements: &str) -> Outcome {
        self.primary.ask(place, statements).map(drop)
    }

    /// Says something to the replica as root.
    pub(crate) fn tell_replica(&self, place: &Place, statements: &str) -> Outcome {
        self.replica.ask(place, statements).map(drop)
    }

    /// Where an account of one's own finds the primary and the replica.
    pub(crate) fn ports(&self) -> (u16, u16) {
        (self.primary.port, self.replica.port)
    }

    /// As a power cut would.
    pub(crate) fn kill_replica(&mut self) -> Outcome {
        self.replica.kill()
    }

    /// At the same port, with the data that it had; it goes on following by itself.
    pub(crate) fn restart_replica(&mut self, place: &Place) -> Outcome {
        self.replica.restart(place)
    }

    fn follow(&self, place: &Place, engine: &Engine) -> Outcome {
        let (port, password) = (self.primary.port, &self.primary.password);
        self.primary.ask(
            place,
            &format!(
                "CREATE USER replica@'127.0.0.1' IDENTIFIED BY '{password}'; \
                 GRANT REPLICATION SLAVE ON *.* TO replica@'127.0.0.1'"
            ),
        )?;
        let follow = match engine {
            Engine::MariaDb => mariadb::follow(port, password),
            Engine::MySql(_) => mysql::follow(port, password),
        };
        self.replica.ask(place, &follow).map(drop)
    }
}

/// A folder that goes when it is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            say(format_args!("{} could not be removed: {error}", self.0.display()));
        }
    }
}

/// The data of runs that were killed: their folder's name says by which process they were made. A server that has not
/// ended with it yet keeps them: without its folder it would write what it lacks into its log, for ever.
fn remove_leftovers(services: &Path) {
    let Ok(entries) = fs::read_dir(services) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let maker = name.strip_prefix("databases-").and_then(|id| id.parse::<u32>().ok());
        if maker.is_some_and(|id| !lives(id)) && !is_served(&entry.path()) {
            drop(Folder(entry.path()));
        }
    }
}

/// Whether a server of this folder still runs, by the file that it removes when it ends.
fn is_served(folder: &Path) -> bool {
    [Role::Primary, Role::Replica].iter().any(|role| {
        let id = fs::read_to_string(folder.join(role.name()).join("data/server.pid"));
        id.is_ok_and(|id| id.trim().parse::<u32>().is_ok_and(lives))
    })
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_database_answers_is_followed_and_leaves_nothing_behind() {
        let place = Place::find().unwrap();
        let databases = Databases::start(&place, &Engine::MariaDb).unwrap();
        let folder = databases.folder.0.clone();
        let (port, password) = (databases.primary.port, databases.primary.password.clone());
        assert!(server::ask(&place, port, "", "SELECT 1").is_err(), "nobody comes in without the password");
        let data = databases.primary.ask(&place, "CREATE DATABASE replicated_one; SELECT @@datadir").unwrap();
        assert_eq!(data.trim().trim_end_matches('/'), folder.join("primary/data").display().to_string());
        let start = Instant::now();
        while !databases.replica.ask(&place, "SHOW DATABASES").unwrap().contains("replicated_one") {
            assert!(start.elapsed() < Duration::from_secs(90), "the replica does not follow");
            sleep(Duration::from_millis(50));
        }
        drop(databases);
        assert!(!folder.exists());
        assert!(server::ask(&place, port, &password, "SELECT 1").is_err());
    }
}
