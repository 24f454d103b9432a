//! Building the product with cargo-leptos, and starting it.

use std::process::Command;

use crate::commands::flags;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run as run_program;
use crate::terminal::say;
use crate::{setup, worker};

/// `run`: from nothing to a running product.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Outcome {
    let [release] = flags(arguments, ["--release"])?;
    setup::for_building(place)?;
    build(place, release)?;
    say("Starting; Ctrl-C stops it.");
    let mut server = server(place, release);
    // Ctrl-C reaches both of us; the server drains and we wait for it.
    let status = server.arg("serve").status().map_err(Failure::while_doing("starting the server"))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("the server ended with {status}"))) }
}

/// `watch`: builds and reloads at each change.
pub(crate) fn watch(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    setup::for_building(place)?;
    worker::build(place, false)?;
    run_program(leptos(place).args(["watch", "--", "serve"]))
}

/// `build`: what `run` starts, without starting it; images are made with it.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [release] = flags(arguments, ["--release"])?;
    setup::for_building(place)?;
    build(place, release)
}

/// Server and site. A release build compresses the site, too.
pub(crate) fn build(place: &Place, release: bool) -> Outcome {
    worker::build(place, release)?;
    let mut build = leptos(place);
    build.arg("build");
    if release {
        build.args(["--release", "--precompress"]);
    }
    run_program(&mut build)
}

/// cargo-leptos, which finds wasm-bindgen and wasm-opt first on the path.
pub(crate) fn leptos(place: &Place) -> Command {
    let mut command = place.cargo();
    command.arg("leptos");
    command
}

/// The built server, told where the built site is.
pub(crate) fn server(place: &Place, release: bool) -> Command {
    let mut command = place.program(&place.server(release).to_string_lossy());
    command.env("LEPTOS_SITE_ROOT", place.site());
    command
}
