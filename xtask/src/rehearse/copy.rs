//! The backup that is made while people work, and the second copy that it is restored into.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::fleet::Fleet;
use super::stage::{ADMIN, Stage};
use super::{engine, not_in_time};
use crate::api::Api;
use crate::databases::{random_word, spare_port};
use crate::failure::{Failure, Outcome};
use crate::place::{Place, files_of};
use crate::process::Background;
use crate::program::{read, succeeds};

/// The database of the second copy.
pub(crate) const DATABASE: &str = "restored_copy";

/// After the rollback the version before goes on with the newer schema, and only the newer version can make that schema.
const KNOWS_THE_SCHEMA: &str = engine::NEW;

/// What `restore` ends in the copy and writes down, after it has compared: sessions, tokens and links, and the entry.
const ENDED_BY_RESTORE: [&str; 6] =
    ["api_tokens", "audit_entries", "email_links", "reset_links", "sessions", "setup_links"];

/// For a node on the copy.
const START_LIMIT: Duration = Duration::from_mins(1);

/// What is said of the copy.
#[derive(Debug)]
pub(crate) struct Copied {
    /// What `backup` and `restore` said.
    pub(crate) lines: Vec<String>,
    /// Why the copy is not equal, when it is not.
    pub(crate) difference: Option<String>,
}

/// What every process of the product is told here, with keys that are made for this rehearsal alone.
pub(crate) fn common(place: &Place, folder: &Path) -> Outcome<Vec<(String, String)>> {
    let settings = [
        ("APP_ENV", "production".to_owned()),
        ("BLOB_URL", format!("file://{}", folder.join("blobs").display())),
        ("JWT_SECRET_KEY", random_word()? + &random_word()?),
        ("SECRETS_KEY", random_word()? + &random_word()?),
        ("ADMIN_USERNAME", ADMIN.0.to_owned()),
        ("ADMIN_PASSWORD", ADMIN.1.to_owned()),
        ("LEPTOS_SITE_ROOT", place.site().display().to_string()),
    ];
    Ok(settings.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// Makes a backup, restores it into another database and another folder, makes a backup of that, and compares the two:
/// every table by its checksum and every blob by its name and size. Then a node serves the copy.
pub(crate) fn back_up_and_restore(place: &Place, stage: &Stage) -> Outcome<Copied> {
    let folder = stage.folder();
    let mut lines = Vec::new();
    let backups = folder.join("backups");
    lines.push(read(stage.fleet.command(place, engine::OLD, "backup", "backup").arg(&backups))?);
    let backup = only_backup(&backups)?;

    let copy = |command: &str| {
        let mut program = stage.fleet.command(place, KNOWS_THE_SCHEMA, "copy", command);
        to_the_copy(&mut program, stage);
        program
    };
    lines.push(read(copy("restore").arg(&backup))?);
    let again = folder.join("backups-of-the-copy");
    lines.push(read(copy("backup").arg(&again))?);
    let mut difference = difference(&backup, &only_backup(&again)?)?;
    if let Err(failure) = serves(place, stage, &stage.fleet) {
        difference = Some(failure.to_string());
    }
    let lines = lines.iter().map(|line| line.trim().replace(&folder.display().to_string(), "")).collect();
    Ok(Copied { lines, difference })
}

fn to_the_copy(program: &mut Command, stage: &Stage) {
    for (name, value) in copy_settings(stage) {
        program.env(name, value);
    }
    program.env_remove("DATABASE_REPLICA_URL").env_remove("REDIS_URL").env_remove("REDIS_PASSWORD");
}

fn copy_settings(stage: &Stage) -> [(&'static str, String); 2] {
    [
        ("DATABASE_URL", format!("{}{DATABASE}", stage.databases.primary_url())),
        ("BLOB_URL", format!("file://{}", stage.folder().join("restored/blobs").display())),
    ]
}

/// A node on the copy becomes healthy and lets the administrator in, with the password that was backed up.
fn serves(place: &Place, stage: &Stage, fleet: &Fleet) -> Outcome {
    let port = spare_port()?;
    let mut command = fleet.command(place, KNOWS_THE_SCHEMA, "copy", "serve");
    to_the_copy(&mut command, stage);
    command.env("BIND_ADDR", format!("127.0.0.1:{port}")).env_remove("ADMIN_USERNAME").env_remove("ADMIN_PASSWORD");
    let environment = command.get_envs().filter_map(|(name, value)| {
        let (name, value) = (name.to_str()?, value?.to_str()?);
        Some(format!("{name}={value}"))
    });
    let mut arguments: Vec<String> = environment.collect();
    arguments.extend([command.get_program().to_string_lossy().into_owned(), "serve".to_owned()]);
    let _node = Background::start(place, "env", &arguments, &stage.folder().join("copy.log"))?;
    let address = format!("http://127.0.0.1:{port}");
    let health = format!("{address}/api/health");
    let begun = Instant::now();
    while !succeeds(place.program("curl").args(["--silent", "--fail", "--noproxy", "*", &health])) {
        if begun.elapsed() > START_LIMIT {
            return Err(not_in_time("that a node on the restored copy answered"));
        }
        sleep(Duration::from_millis(100));
    }
    Api::sign_in(place, &address, ADMIN.0, ADMIN.1).map(drop)
}

/// The one backup of a folder.
fn only_backup(folder: &Path) -> Outcome<PathBuf> {
    let made = files_of(folder)?.into_iter().find(|path| path.join("backup.json").is_file());
    made.ok_or_else(|| Failure::new(format!("there is no backup in {}", folder.display())))
}

/// What differs between two backups that should hold the same.
fn difference(one: &Path, other: &Path) -> Outcome<Option<String>> {
    let text = |backup: &Path, name: &str| {
        let path = backup.join(name);
        fs::read_to_string(&path).map_err(Failure::while_doing(path.display()))
    };
    if tables(&text(one, "backup.json")?) != tables(&text(other, "backup.json")?) {
        return Ok(Some("the checksums of the tables differ".to_owned()));
    }
    if text(one, "blobs.txt")? != text(other, "blobs.txt")? {
        return Ok(Some("the blobs differ".to_owned()));
    }
    Ok(None)
}

/// The lines about the tables: their rows and checksums, but for those that a restore changes.
fn tables(manifest: &str) -> Vec<&str> {
    let tables = manifest.lines().skip_while(|line| !line.contains("\"tables\""));
    let lines = tables.take_while(|line| !line.contains("\"blobs\"")).map(str::trim);
    let mut is_ended = false;
    lines
        .filter(|line| {
            if let Some(name) = line.strip_suffix(": {") {
                is_ended = ENDED_BY_RESTORE.contains(&name.trim_matches('"'));
            }
            !is_ended
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_manifests_are_compared_by_their_tables_alone() {
        let manifest = |created: &str, jobs: u32, sessions: u32| {
            format!(
                "{{\n  \"created_at\": \"{created}\",\n  \"tables\": {{\n    \"sessions\": {{\n      \"rows\": {sessions}\n    }},\n    \"jobs\": {{\n      \"rows\": {jobs}\n    }}\n  }},\n  \"blobs\": 3\n}}"
            )
        };
        assert_eq!(tables(&manifest("now", 1, 1)), tables(&manifest("then", 1, 1)));
        assert_eq!(tables(&manifest("now", 1, 1)), tables(&manifest("now", 1, 2)), "a restore ends them");
        assert_ne!(tables(&manifest("now", 1, 1)), tables(&manifest("now", 2, 1)));
        assert!(!tables(&manifest("now", 1, 1)).is_empty());
    }
}
