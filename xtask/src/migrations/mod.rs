//! Two dialects, one history: every migration exists for both databases, and one that says that it only adds does.

mod expanding;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::place::Place;

pub(crate) fn check(place: &Place) -> Outcome {
    let folder = place.root.join("migrations");
    let sqlite = names(&folder.join("sqlite"))?;
    let mysql = names(&folder.join("mysql"))?;
    twins(&sqlite, &mysql)?;
    let mut faults = Vec::new();
    for dialect in ["sqlite", "mysql"] {
        for name in sqlite.iter().filter(|name| name.contains(expanding::MARK)) {
            let file = folder.join(dialect).join(name);
            let sql = fs::read_to_string(&file).map_err(Failure::while_doing(file.display()))?;
            let narrowing = expanding::narrowing(&sql);
            faults.extend(narrowing.into_iter().map(|statement| format!("migrations/{dialect}/{name}: {statement}")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(format!("{NOT_ADDING}\n{}", faults.join("\n")))) }
}

const NOT_ADDING: &str = "nodes of the version before may not work on beside these statements, and the names of their \
    files promise it: give them names without `expand_`, or let them wait for a version more (docs/OPERATIONS.md, *Migrations*)";

fn names(folder: &Path) -> Outcome<BTreeSet<String>> {
    let entries = fs::read_dir(folder).map_err(Failure::while_doing(folder.display()))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(Failure::while_doing(folder.display()))?;
        names.insert(entry.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn twins(sqlite: &BTreeSet<String>, mysql: &BTreeSet<String>) -> Outcome {
    if sqlite.is_empty() {
        return Err(Failure::new("there is no migration for SQLite"));
    }
    let alone: Vec<&str> = sqlite.symmetric_difference(mysql).map(String::as_str).collect();
    if alone.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("only one of the two databases has: {}", alone.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_migration_without_its_twin_is_named() {
        let failure = twins(&set(&["1.sql", "2.sql"]), &set(&["1.sql"])).unwrap_err().to_string();
        assert!(failure.contains("2.sql") && !failure.contains("1.sql"), "{failure}");
        assert!(twins(&set(&["1.sql"]), &set(&["1.sql", "2.sql"])).is_err());
        assert!(twins(&set(&["1.sql"]), &set(&["1.sql"])).is_ok());
    }

    #[test]
    fn no_migration_at_all_is_not_agreement() {
        assert!(twins(&set(&[]), &set(&[])).is_err());
    }
}
