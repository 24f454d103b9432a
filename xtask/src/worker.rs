//! The packer for the browser: a module for each thing that a page asks of it, beside the files that are served as
//! they are, so that the site is built with them in it.

use std::fs::{self, File};
use std::path::PathBuf;

use crate::brotli::{length, weigh};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::terminal::answer;

/// Each module, by the feature of the crate that makes it.
const MODULES: [&str; 3] = ["check", "name", "verify"];
/// Script and WASM of one module, compressed: what a page may ask for that first needs it.
const BUDGET_BYTES: u64 = 400_000;

/// What the compiler uses of WASM, and what every browser of the last years reads. All that the optimiser knows would let
/// it write what browsers hide behind a switch.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Ends with an error when the engine of Chromium cannot read the module that is named.
const READ: &str = "new WebAssembly.Module(require('node:fs').readFileSync(process.argv[1]))";

/// Builds the modules into `public/worker`, small and fast in a release, else as fast as can be compiled.
pub(crate) fn build(place: &Place, release: bool) -> Outcome {
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let folder = folder(place);
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    // All modules are compiled to one name: whoever builds at the same time must wait until it was taken from there.
    let lock_path = place.target.join("packer-worker.lock");
    fs::create_dir_all(&place.target).map_err(Failure::while_doing(place.target.display()))?;
    let lock = File::create(&lock_path).map_err(Failure::while_doing(lock_path.display()))?;
    lock.lock().map_err(Failure::while_doing(lock_path.display()))?;
    for module in MODULES {
        // A folder of its own: other flags than those of the site would have cargo compile everything anew each time.
        let target = place.target.join("packer-worker");
        let mut cargo = place.cargo();
        cargo.args(["build", "--package", "packer-worker", "--target", "wasm32-unknown-unknown"]);
        cargo.args(["--profile", profile, "--features", module]);
        run(cargo.env("CARGO_TARGET_DIR", &target).env("CARGO_ENCODED_RUSTFLAGS", without_paths(place)))?;
        let compiled = target.join("wasm32-unknown-unknown").join(profile).join("packer_worker.wasm");
        let name = format!("packer-{module}");
        let mut bindgen = place.program("wasm-bindgen");
        bindgen.args(["--target", "web", "--no-typescript", "--out-name", &name, "--out-dir"]).arg(&folder);
        run(bindgen.arg(&compiled))?;
        if release {
            let wasm = folder.join(format!("{name}_bg.wasm"));
            run(place.program("wasm-opt").arg("-Oz").args(FEATURES).arg(&wasm).arg("-o").arg(&wasm))?;
            // What no engine of today reads would leave every page without its packer, and say so on none of them.
            run(place.program("node").args(["--eval", READ, "--"]).arg(&wasm))?;
        }
    }
    let script = folder.join("worker.js");
    fs::copy(place.root.join("crates/packer-worker/worker.js"), &script)
        .map_err(Failure::while_doing(script.display()))?;
    Ok(())
}

/// Builds the modules as they are delivered, and weighs them.
pub(crate) fn check_size(place: &Place) -> Outcome {
    build(place, true)?;
    answer(format_args!("{:>9} {:>9}  packer in the browser", "raw", "brotli"));
    for module in MODULES {
        let (mut raw, mut small) = (0, 0);
        for ending in [".js", "_bg.wasm"] {
            let file = folder(place).join(format!("packer-{module}{ending}"));
            raw += length(&file)?;
            small += weigh(place, &file, &place.target.join("packer-worker/weighed.br"))?;
        }
        answer(format_args!("{raw:>9} {small:>9}  packer-{module}, of {BUDGET_BYTES} bytes"));
        if small > BUDGET_BYTES {
            return Err(Failure::new(format!("packer-{module} is {} bytes over its budget", small - BUDGET_BYTES)));
        }
    }
    Ok(())
}

fn folder(place: &Place) -> PathBuf {
    place.root.join("public/worker")
}

/// Where things lie on the machine that builds is nobody's business, and as long as a sentence.
fn without_paths(place: &Place) -> String {
    let registry = std::env::var_os("CARGO_HOME")
        .map_or_else(|| std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default().join(".cargo"), PathBuf::from);
    let sources = fs::read_dir(registry.join("registry/src")).into_iter().flatten().flatten();
    let folders = sources.map(|index| index.path()).chain([place.root.clone()]);
    let flags: Vec<String> = folders.map(|folder| format!("--remap-path-prefix={}/=", folder.display())).collect();
    // A path may hold blanks: cargo parts encoded flags by this sign instead.
    flags.join("\u{1f}")
}
