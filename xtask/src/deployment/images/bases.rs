//! The images that the Dockerfile and `compose.yaml` begin with, made of Debian's packages and of this machine's
//! toolchain: so they can be had without a registry of images. `xtask/containers` says what is in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::engine::Engine;
use crate::deployment::programs::debian_mirror;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::setup;
use crate::terminal::say;

const DEBIAN: &str = "debian:bookworm-slim";
pub(super) const RUST: &str = "rust:machine";
pub(super) const NODE: &str = "node:machine";
pub(super) const DATABASE: &str = "database:machine";
pub(super) const REDIS: &str = "redis:machine";

/// What takes long to build, and is built here already.
const TOOLS: [&str; 2] = ["cargo-leptos", "wasm-bindgen"];

/// What the machine trusts, which may be more than Debian does.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What the official slim images leave out as well.
const LEFT_OUT: [&str; 6] = [
    "usr/share/doc/*",
    "usr/share/info/*",
    "usr/share/locale/*",
    "usr/share/man/*",
    "var/cache/apt/*",
    "var/lib/apt/lists/*",
];

/// Makes those that the engine does not have yet.
pub(super) fn make(place: &Place, engine: &Engine, folder: &Path) -> Outcome {
    if !engine.has(place, DEBIAN) {
        debian(place, engine, folder)?;
    }
    let context = Context { place, engine, folder };
    context.build("database", DATABASE, |into| copy(&place.root.join("xtask/containers/database.sh"), into))?;
    context.build("redis", REDIS, |_| Ok(()))?;
    context.build("node", NODE, |into| {
        let node = read(place.program("node").args(["--print", "process.execPath"]))?;
        let modules = read(place.program("npm").args(["root", "--global"]))?;
        copy(Path::new(node.trim()), into)?;
        copy(&Path::new(modules.trim()).join("npm"), into)
    })?;
    context.build("rust", RUST, |into| {
        setup::for_building(place)?;
        let toolchain = read(place.program("rustc").args(["--print", "sysroot"]))?;
        for part in ["bin", "lib", "libexec"] {
            let part = Path::new(toolchain.trim()).join(part);
            if part.exists() {
                copy(&part, &folder_in(into, "toolchain")?)?;
            }
        }
        TOOLS.iter().try_for_each(|tool| copy(&place.tools.join("bin").join(tool), &folder_in(into, "tools")?))
    })
}

struct Context<'run> {
    place: &'run Place,
    engine: &'run Engine,
    folder: &'run Path,
}

impl Context<'_> {
    /// Builds `NAME.Dockerfile` with what `fill` puts into its context.
    fn build(&self, name: &str, tag: &str, fill: impl FnOnce(&Path) -> Outcome) -> Outcome {
        if self.engine.has(self.place, tag) {
            return Ok(());
        }
        let context = folder_in(self.folder, name)?;
        fill(&context)?;
        let file = self.place.root.join("xtask/containers").join(format!("{name}.Dockerfile"));
        let mut build = self.engine.docker(self.place);
        build.args(["build", "--quiet", "--network=host", "--tag", tag, "--file"]).arg(file).arg(&context);
        run(&mut build)?;
        fs::remove_dir_all(&context).map_err(Failure::while_doing(context.display()))
    }
}

/// Debian's smallest system, from where this machine has its own.
fn debian(place: &Place, engine: &Engine, folder: &Path) -> Outcome {
    let root = folder.join("debian");
    if root.exists() {
        // Half of one, of a run that was ended.
        fs::remove_dir_all(&root).map_err(Failure::while_doing(root.display()))?;
    }
    say("Making the image of Debian, once.");
    let mirror = debian_mirror(place)?;
    let mut make = place.program("debootstrap");
    run(make.args(["--variant=minbase", "--include=ca-certificates", "bookworm"]).arg(&root).arg(mirror))?;
    fs::copy(AUTHORITIES, root.join(AUTHORITIES.trim_start_matches('/'))).map_err(Failure::while_doing(AUTHORITIES))?;
    let archive = folder.join("debian.tar");
    let mut pack = place.program("tar");
    pack.arg("-C").arg(&root).args(LEFT_OUT.map(|part| format!("--exclude=./{part}")));
    run(pack.arg("-cf").arg(&archive).arg("."))?;
    run(engine.docker(place).args(["import", "--change", "CMD [\"bash\"]"]).arg(&archive).arg(DEBIAN))?;
    fs::remove_file(&archive).map_err(Failure::while_doing(archive.display()))?;
    fs::remove_dir_all(&root).map_err(Failure::while_doing(root.display()))
}

fn folder_in(folder: &Path, name: &str) -> Outcome<PathBuf> {
    let path = folder.join(name);
    fs::create_dir_all(&path).map_err(Failure::while_doing(path.display()))?;
    Ok(path)
}

/// With links followed: what they point to stays behind.
fn copy(from: &Path, into: &Path) -> Outcome {
    run(Command::new("cp").arg("-RL").arg(from).arg(into))
}
