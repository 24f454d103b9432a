//! The target folder that CI keeps between runs: warm, and not growing for ever.

use std::fs::{self, File};
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;
use crate::terminal::say;

/// Three times what a full build leaves.
const LIMIT_BYTES: u64 = 25_000_000_000;

/// Held while a run uses the folder.
#[derive(Debug)]
pub(crate) struct InUse(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File);

/// Prepares the folder: empties it when another Rust filled it or when it has grown too large.
///
/// A changed lock file is no reason: cargo compiles what changed, and the size is bounded all the same.
/// A folder that somebody else chose is left as it is.
pub(crate) fn prepare(place: &Place) -> Outcome<Option<InUse>> {
    if !place.target_is_ours {
        return Ok(None);
    }
    fs::create_dir_all(&place.cache).map_err(Failure::while_doing(place.cache.display()))?;
    let lock_path = place.cache.join("target.lock");
    let lock = File::create(&lock_path).map_err(Failure::while_doing(lock_path.display()))?;
    // Only alone may one empty it; whoever comes second uses it as it is.
    if lock.try_lock().is_ok() {
        empty_when_stale(place)?;
        lock.unlock().map_err(Failure::while_doing(lock_path.display()))?;
    }
    lock.lock_shared().map_err(Failure::while_doing(lock_path.display()))?;
    Ok(Some(InUse(lock)))
}

fn empty_when_stale(place: &Place) -> Outcome {
    let rust = read(place.program("rustc").arg("--version"))?;
    let stamp = place.target.join("made-by");
    let made_by = fs::read_to_string(&stamp).unwrap_or_default();
    let size = size_of(&place.target);
    let reason = if !made_by.is_empty() && made_by != rust {
        Some("another Rust filled it")
    } else if size > LIMIT_BYTES {
        Some("it has grown too large")
    } else {
        None
    };
    if let Some(reason) = reason {
        say(format_args!("Emptying {}: {reason}.", place.target.display()));
        fs::remove_dir_all(&place.target).map_err(Failure::while_doing(place.target.display()))?;
    }
    fs::create_dir_all(&place.target).map_err(Failure::while_doing(place.target.display()))?;
    fs::write(&stamp, rust).map_err(Failure::while_doing(stamp.display()))
}

/// Bytes in a folder; what cannot be read counts nothing. Links are not followed.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_another_rust_is_emptied_and_one_chosen_by_somebody_else_is_not() {
        let folder = std::env::temp_dir().join(format!("xtask-target-{}", std::process::id()));
        let mut place = Place::find().unwrap();
        place.cache = folder.clone();
        place.target = folder.join("target");
        place.target_is_ours = true;
        let old = place.target.join("debug/old");
        let fill = |made_by: &str| {
            fs::create_dir_all(old.parent().unwrap()).unwrap();
            fs::write(&old, "artifact").unwrap();
            fs::write(place.target.join("made-by"), made_by).unwrap();
        };

        fill("rustc 1.0.0\n");
        assert_eq!(size_of(&place.target), 8 + 12);
        drop(prepare(&place).unwrap());
        assert!(!old.exists());

        let rust = read(place.program("rustc").arg("--version")).unwrap();
        fill(&rust);
        drop(prepare(&place).unwrap());
        assert!(old.exists());

        let chosen = Place { target_is_ours: false, ..place.clone() };
        fill("rustc 1.0.0\n");
        assert!(prepare(&chosen).unwrap().is_none());
        assert!(old.exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
