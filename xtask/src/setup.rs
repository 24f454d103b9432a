//! `setup`: brings what is missing, and only that.

use std::fs;

use crate::commands::flags;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::terminal::say;
use crate::{debian, deployment, tools};

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [tests] = flags(arguments, ["--tests"])?;
    if tests {
        for_tests(place)?;
    } else {
        for_building(place)?;
    }
    say(format_args!("Everything is here; tools are in {}.", place.tools.display()));
    Ok(())
}

/// What the product needs to be built and started.
pub(crate) fn for_building(place: &Place) -> Outcome {
    wasm_target(place)?;
    tools::builders(place)?;
    npm_tools(place)
}

/// That, and what the tests need.
pub(crate) fn for_tests(place: &Place) -> Outcome {
    debian::install(place, debian::FOR_TOOLS)?;
    debian::install(place, debian::FOR_TESTS)?;
    debian::install(place, deployment::PACKAGES)?;
    for_building(place)?;
    tools::testers(place)?;
    tools::deployers(place)
}

/// What the services of a cluster are made of.
pub(crate) fn for_services(place: &Place) -> Outcome {
    debian::install(place, &["mariadb-server", "mariadb-client", "redis-server"])?;
    tools::object_store(place)
}

fn wasm_target(place: &Place) -> Outcome {
    let target = "wasm32-unknown-unknown";
    let library = read(place.program("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if std::path::Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    run(place.program("rustup").args(["target", "add", target]))
}

fn npm_tools(place: &Place) -> Outcome {
    let wanted = fs::read(place.root.join("package-lock.json")).map_err(Failure::while_doing("package-lock.json"))?;
    // `npm ci` empties the folder first, so this copy stands only behind a complete installation.
    let installed = place.root.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    run(place.program("npm").args(["ci", "--no-progress"]))?;
    fs::write(&installed, wanted).map_err(Failure::while_doing(installed.display()))
}
