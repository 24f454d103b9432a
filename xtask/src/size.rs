//! What a browser must fetch before the first page lives, against its budget.

use std::fs;
use std::path::{Path, PathBuf};

use crate::brotli::{length, weigh};
use crate::commands::flags;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::terminal::answer;
use crate::{debian, setup, site, worker};

/// Scripts, WASM and styles of the first page, compressed: a second on a slow phone line.
const BUDGET_BYTES: u64 = 180_000;
/// Every file of the first page begins with this; what is loaded later has another name.
const OUTPUT_NAME: &str = "ebook-scene-packer";

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    setup::for_building(place)?;
    debian::install(place, &["brotli"])?;
    worker::check_size(place)?;
    check(place)
}

/// Builds the browser's half as it is delivered, and weighs it.
pub(crate) fn check(place: &Place) -> Outcome {
    // Beside the development site: the end-to-end tests may still need that one.
    let folder = "target/site-budget";
    let path = place.root.join(folder);
    if path.exists() {
        fs::remove_dir_all(&path).map_err(Failure::while_doing(path.display()))?;
    }
    run(site::leptos(place).args(["build", "--release", "--frontend-only"]).env("LEPTOS_SITE_ROOT", folder))?;
    let files = first_page(&path.join("pkg"))?;
    for ending in ["js", "wasm", "css"] {
        if !files.iter().any(|file| has_ending(file, ending)) {
            return Err(Failure::new(format!("the build left no .{ending} file in {}", path.display())));
        }
    }
    let mut total = 0;
    answer(format_args!("{:>9} {:>9}  first page", "raw", "brotli"));
    for file in &files {
        let raw = length(file)?;
        let packed = file.with_added_extension("budget-br");
        let small = weigh(place, file, &packed)?;
        total += small;
        answer(format_args!("{raw:>9} {small:>9}  {}", file.file_name().unwrap_or_default().to_string_lossy()));
    }
    answer(format_args!("{:>9} {total:>9}  of {BUDGET_BYTES} bytes", ""));
    if total <= BUDGET_BYTES {
        Ok(())
    } else {
        Err(Failure::new(format!("the first page is {} bytes over its budget", total - BUDGET_BYTES)))
    }
}

fn first_page(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::while_doing(folder.display()))? {
        let path = entry.map_err(Failure::while_doing(folder.display()))?.path();
        let ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(OUTPUT_NAME));
        if ours && ["js", "wasm", "css"].iter().any(|ending| has_ending(&path, ending)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension == ending)
}
