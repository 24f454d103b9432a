//! `.env`, as Compose reads it and as the scripts do: for the same file both must say the same.

use std::fs;
use std::path::Path;

use crate::deployment::{programs, refusal, workshop};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};

/// Files in which people write one value in all the ways that Compose takes.
const SAME: [&str; 21] = [
    "IMAGE_TAG=plain\n",
    "IMAGE_TAG=\"double\"\n",
    "IMAGE_TAG='single'\n",
    "IMAGE_TAG=a # comment\n",
    "IMAGE_TAG=a#b\n",
    "IMAGE_TAG=\"a b\" # comment\n",
    "IMAGE_TAG=\"say \\\"x\\\"\"\n",
    "IMAGE_TAG='it\\'s'\n",
    "IMAGE_TAG='$LITERAL'\n",
    "IMAGE_TAG='a\\nb'\n",
    "IMAGE_TAG = spaced \n",
    "  IMAGE_TAG=indented\n",
    "export IMAGE_TAG=exported\n",
    "IMAGE_TAG: colon\n",
    "IMAGE_TAG=\r\n",
    "IMAGE_TAG=other-system\r\n",
    "#IMAGE_TAG=no\n",
    "IMAGE_TAG=first\nIMAGE_TAG=last\n",
    "DB_PASSWORD=\"one\nIMAGE_TAG=inside\n\"\nIMAGE_TAG=real\n",
    "DB_PASSWORD=$(touch never)\nIMAGE_TAG=a\n",
    "IMAGE_TAG=no-line-feed",
];

/// What Compose would put together, and the scripts do not: they say so.
const REFUSED: [&str; 4] =
    ["IMAGE_TAG=$OTHER\n", "IMAGE_TAG=\"${OTHER}\"\n", "IMAGE_TAG=\"a\\nb\"\n", "IMAGE_TAG='a\nb'\n"];

pub(super) fn check(place: &Place) -> Outcome {
    let compose = programs::docker_compose(place)?;
    let folder = workshop(place, "environment")?;
    run(place.program("cp").args(["-R", "deploy"]).arg(&folder))?;
    write(&folder.join("compose.yaml"), "services: {one: {image: \"<${IMAGE_TAG-not set}>\"}}\n")?;
    let mut faults = Vec::new();
    for text in SAME {
        write(&folder.join(".env"), text)?;
        let mut config = place.program(&compose.to_string_lossy());
        config.current_dir(&folder).args(["--file", "compose.yaml", "config", "--images"]).env_remove("IMAGE_TAG");
        let (by_compose, by_scripts) = (read(&mut config)?, read(&mut script(place, &folder))?);
        if by_compose != by_scripts {
            faults.push(format!("{text:?}: Compose reads {by_compose}, deploy/read-env.sh {by_scripts}"));
        }
    }
    for text in REFUSED {
        write(&folder.join(".env"), text)?;
        let said = refusal(&mut script(place, &folder))?;
        if !said.contains("IMAGE_TAG") {
            faults.push(format!("{text:?} is refused without its name: {said}"));
        }
    }
    if folder.join("never").exists() {
        faults.push("deploy/read-env.sh runs what stands in .env".to_owned());
    }
    faults.extend(chosen_files(place)?);
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n"))) }
}

/// Both Compose files name the same project: without `-f` it is the one that was set up, for Compose and for the scripts,
/// and a file of one's own stays.
fn chosen_files(place: &Place) -> Outcome<Vec<String>> {
    let compose = programs::docker_compose(place)?;
    let folder = workshop(place, "chosen-file")?;
    run(place.program("cp").args(["-R", "deploy", ".env.example"]).arg(&folder))?;
    for file in ["compose.yaml", "compose.prod.yaml", "own.yaml"] {
        write(&folder.join(file), &format!("services: {{one: {{image: {file}}}}}\n"))?;
    }
    let chosen = || -> Outcome<[String; 2]> {
        let mut config = place.program(&compose.to_string_lossy());
        config.current_dir(&folder).args(["config", "--images"]).env_remove("COMPOSE_FILE");
        let mut shell = place.program("sh");
        shell.args(["-euc", ". deploy/read-env.sh; . deploy/compose.sh; printf '%s\\n' \"$COMPOSE_FILE\""]);
        shell.current_dir(&folder).env_remove("COMPOSE_FILE");
        Ok([read(&mut config)?.trim().to_owned(), read(&mut shell)?.trim().to_owned()])
    };
    let script = |name: &str| run(&mut place.program(&folder.join("deploy").join(name).to_string_lossy()));
    let mut faults = Vec::new();
    let mut expect = |file: &str, found: [String; 2]| {
        if found.iter().any(|found| found != file) {
            faults.push(format!("Compose and deploy/compose.sh take {found:?} in place of {file}"));
        }
    };
    script("new-env.sh")?;
    expect("compose.yaml", chosen()?);
    script("new-secrets.sh")?;
    expect("compose.prod.yaml", chosen()?);
    write(&folder.join(".env"), "COMPOSE_FILE=own.yaml\n")?;
    script("new-secrets.sh")?;
    expect("own.yaml", chosen()?);
    // One from before the line was there, whose last line has no end.
    write(&folder.join(".env"), "IMAGE_TAG=before")?;
    script("new-secrets.sh")?;
    expect("compose.prod.yaml", chosen()?);
    Ok(faults)
}

/// Reads `.env` as the scripts beside it do, and says what it found; a variable that reached the environment is a fault:
/// Compose would take it before its own reading.
fn script(place: &Place, folder: &Path) -> std::process::Command {
    const READ: &str = ". deploy/read-env.sh
        if printenv IMAGE_TAG; then echo exported; fi
        printf '<%s>\\n' \"${IMAGE_TAG-not set}\"";
    let mut shell = place.program("sh");
    shell.current_dir(folder).args(["-euc", READ]).env_remove("IMAGE_TAG");
    shell
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(Failure::while_doing(path.display()))
}
