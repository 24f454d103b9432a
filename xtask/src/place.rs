//! Where things are: the clone, the tools, what is compiled.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};

/// The folders every command works in.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The clone.
    pub(crate) root: PathBuf,
    /// What is shared by all clones of one person: tools, and in CI the target folder.
    pub(crate) cache: PathBuf,
    /// Programs built or fetched once; outside the clone, so that a fresh clone finds them.
    pub(crate) tools: PathBuf,
    /// What cargo compiles.
    pub(crate) target: PathBuf,
    /// Whether `target` was chosen here and is therefore ours to empty.
    pub(crate) target_is_ours: bool,
}

impl Place {
    /// Reads `ESP_TOOLS_DIR`, `XDG_CACHE_HOME`, `HOME`, `CARGO_TARGET_DIR` and `CI`.
    pub(crate) fn find() -> Outcome<Self> {
        // Where this was compiled is where it is used: `cargo xtask` compiles it in the clone.
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .map(Path::to_path_buf)
            .ok_or_else(|| Failure::new("xtask does not stand inside a workspace"))?;
        let cache = match folder("XDG_CACHE_HOME") {
            Some(folder) => folder,
            None => {
                folder("HOME").ok_or_else(|| Failure::new("HOME is not set: set ESP_TOOLS_DIR or HOME"))?.join(".cache")
            }
        }
        .join("ebook-scene-packer");
        let tools = folder("ESP_TOOLS_DIR").unwrap_or_else(|| cache.join("tools"));
        let (target, target_is_ours) = match folder("CARGO_TARGET_DIR") {
            Some(target) => (root.join(target), false),
            None if in_ci() => (cache.join("target"), true),
            None => (root.join("target"), false),
        };
        Ok(Self { root, cache, tools, target, target_is_ours })
    }

    /// A program, started in the clone, with the project's tools before the machine's.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.root).env("PATH", self.search_path()).env("CARGO_TARGET_DIR", &self.target);
        for variable in env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_of_xtask(name))
        {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn cargo(&self) -> Command {
        self.program("cargo")
    }

    /// The built site of cargo-leptos, the same folder its configuration names.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// The server as `cargo leptos build` leaves it.
    pub(crate) fn server(&self, release: bool) -> PathBuf {
        self.target.join(if release { "server-release" } else { "debug" }).join("ebook-scene-packer")
    }

    /// Books to try things on, when they lie beside the clone. They are not ours to pass on.
    pub(crate) fn corpus(&self) -> Option<PathBuf> {
        folder("CORPUS_DIR")
            .or_else(|| self.root.parent().map(|parent| parent.join("shared/corpus")))
            .filter(|path| path.is_dir())
    }

    /// Every book of the corpus, sorted by format and name.
    pub(crate) fn corpus_books(&self) -> Outcome<Vec<PathBuf>> {
        let mut books = Vec::new();
        let Some(corpus) = self.corpus() else { return Ok(books) };
        for format in ["epub", "cbz", "kindle", "pdf"] {
            books.extend(files_of(&corpus.join(format))?);
        }
        Ok(books)
    }

    fn search_path(&self) -> std::ffi::OsString {
        // npm's wasm-opt must win over Debian's: that one (version 108) breaks the application without saying so.
        let first = [self.root.join("node_modules/.bin"), self.tools.join("bin")];
        let machine = env::var_os("PATH").unwrap_or_default();
        let all = first.into_iter().chain(env::split_paths(&machine));
        // Joining fails only when a folder's name holds a colon; then the machine's own path is all there is.
        env::join_paths(all).unwrap_or(machine)
    }
}

/// What `cargo run` tells xtask about itself. Some build scripts watch these variables: handed on, they would have cargo
/// compile half of the crates anew at each change between plain cargo and xtask.
fn is_of_xtask(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| variable.starts_with(prefix))
}

/// What a folder holds, sorted.
pub(crate) fn files_of(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Failure::while_doing(folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    Ok(files)
}

/// CI sets `CI`, to any word.
pub(crate) fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
