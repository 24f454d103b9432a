//! What stands for `docker` while the real scripts change the version: it does with processes what they ask for.
//!
//! `deploy/rolling-update.sh` and `deploy/rollback.sh` run as they are, in a copy of `deploy/`, with a `docker` first on
//! their path that hands its words over through two pipes. What is not the same as with containers: one machine's
//! processes instead of images, so nothing is pulled or built, and the proxy's image never changes.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

use super::fleet::SERVICES;
use super::stage::Stage;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::terminal::say;

/// The tag of the version that runs first.
pub(crate) const OLD: &str = "before";
/// The tag of the version that comes.
pub(crate) const NEW: &str = "after";

const ASKED: &str = "docker.asked";
const ANSWERED: &str = "docker.answered";
/// Said through the same pipe by ourselves when the script has ended.
const OVER: &str = "the script has ended";

/// The program itself: the tag, then each word on a line of its own.
const DOCKER: &str = r#"#!/bin/sh
set -eu
{ printf '%s\n' "${IMAGE_TAG:-}" "$@"; } > "$REHEARSAL/docker.asked"
{ read -r code; cat; } < "$REHEARSAL/docker.answered"
exit "$code"
"#;

/// Makes the folder that the scripts run in.
pub(crate) fn prepare(place: &Place, folder: &Path, https: u16) -> Outcome {
    let room = folder.join("room");
    fs::create_dir_all(room.join("bin")).map_err(Failure::while_doing(room.display()))?;
    run(place.program("cp").arg("-R").arg(place.root.join("deploy")).arg(&room))?;
    let settings = format!("IMAGE_TAG={OLD}\nPUBLIC_URL=https://localhost:{https}\n");
    fs::write(room.join(".env"), settings).map_err(Failure::while_doing("writing .env"))?;
    let docker = room.join("bin/docker");
    fs::write(&docker, DOCKER).map_err(Failure::while_doing(docker.display()))?;
    fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).map_err(Failure::while_doing(docker.display()))?;
    run(place.program("mkfifo").arg(folder.join(ASKED)).arg(folder.join(ANSWERED)))
}

/// Runs one of the scripts to its end. Whatever it asks of `docker` is done by this thread: processes end with the
/// thread that started them.
pub(crate) fn run_script(place: &Place, stage: &mut Stage, script: &str, tag: &str) -> Outcome {
    let room = stage.folder().join("room");
    let mut command = place.program(&room.join("deploy").join(script).display().to_string());
    let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path.map(ToOwned::to_owned));
    let path = path.unwrap_or_default();
    command.arg(tag).current_dir(&room).env("INSECURE", "1").env("REHEARSAL", stage.folder());
    command.env("PATH", format!("{}:{}", room.join("bin").display(), path.display())).env("no_proxy", "localhost");
    let asked = stage.folder().join(ASKED);
    let script = thread::spawn(move || {
        let outcome = run(&mut command);
        // Whoever waits for the next question must learn that there is none.
        fs::write(asked, OVER).map_err(Failure::while_doing("the end of the script"))?;
        outcome
    });
    loop {
        let question = fs::read_to_string(stage.folder().join(ASKED)).map_err(Failure::while_doing("docker"))?;
        if question == OVER {
            return script.join().map_err(|_| Failure::new("the script was not watched to its end"))?;
        }
        let mut lines = question.lines();
        let (tag, words): (_, Vec<&str>) = (lines.next().unwrap_or_default().to_owned(), lines.collect());
        let (code, text) = match answer(place, stage, &tag, &words) {
            Ok(text) => (0, text),
            Err(failure) => (1, format!("{failure}\n")),
        };
        let mut pipe = File::options()
            .write(true)
            .open(stage.folder().join(ANSWERED))
            .map_err(Failure::while_doing("the answer of docker"))?;
        // A script that does not read to the end has what it wanted.
        let _ = write!(pipe, "{code}\n{text}");
    }
}

fn answer(place: &Place, stage: &mut Stage, tag: &str, words: &[&str]) -> Outcome<String> {
    match words {
        ["compose", "version"] => Ok("processes of a rehearsal\n".to_owned()),
        // The images of this version are here: it is a program.
        ["compose", "pull", ..] | ["image", "inspect", ..] => Ok(String::new()),
        ["compose", "config", "--services"] => Ok(format!("nginx\nfrontend\n{}\n", SERVICES.join("\n"))),
        ["compose", "run", "--rm", "--no-deps", "migrate", "migrate"] => stage.fleet.migrate(place, known(tag)?),
        ["compose", "up", "-d", "--no-deps", "--no-build", "frontend"] => {
            stage.proxy.renew_frontend(place)?;
            Ok(String::new())
        }
        ["compose", "up", "-d", "--no-deps", "--no-build", service] => {
            let service = *SERVICES
                .iter()
                .find(|known| *known == service)
                .ok_or_else(|| Failure::new(format!("{service} is not made anew in a rehearsal")))?;
            say(format_args!("  {service} leaves"));
            stage.fleet.stop(service);
            stage.fleet.tags.insert(service, known(tag)?);
            stage.fleet.begin(place, service)?;
            Ok(String::new())
        }
        ["compose", "ps", "--quiet", service] => Ok(format!("{service}\n")),
        // What the processes have written since then, each from where its own log stands.
        ["compose", "logs", "--no-color", "--since", since, services @ ..] => {
            let logs = services.iter().map(|service| stage.fleet.log_since(service, since));
            Ok(logs.collect())
        }
        ["compose", "logs", "--tail", "20", service] => Ok(stage.fleet.log(service)),
        ["inspect", "--format", format, container] if format.contains(".State.Health") => {
            let is_ready = *container == "frontend" || stage.fleet.is_healthy(place, container);
            Ok(if is_ready { "healthy\n" } else { "starting\n" }.to_owned())
        }
        // The image of a running container: the proxy's has the same layers in every version here, and none has a name.
        ["inspect", "--format", _, _container] => Ok(String::new()),
        _ => Err(Failure::new(format!("the rehearsal has no `docker {}`", words.join(" ")))),
    }
}

fn known(tag: &str) -> Outcome<&'static str> {
    [OLD, NEW].into_iter().find(|known| *known == tag).ok_or_else(|| Failure::new(format!("there is no version {tag}")))
}

/// What the rehearsal does otherwise than `docker` would.
pub(crate) fn differences() -> &'static str {
    "processes instead of containers: no image was pulled, built or limited in memory; nginx, whose image is the same in \
     both versions, was left alone as deploy/compose.sh does then"
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn only_the_versions_of_the_rehearsal_are_known() {
        assert_eq!(known("after").unwrap(), NEW);
        assert!(known("latest").is_err());
    }

    #[test]
    fn the_stand_in_is_a_shell_script_that_a_shell_reads() {
        let checked = Command::new("sh").args(["-n", "-c", DOCKER]).status().unwrap();
        assert!(checked.success());
    }
}
