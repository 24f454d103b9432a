//! The commands, by name.

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::terminal::answer;
use crate::{
    bench, check, coverage, damage, deployment, end_to_end, fuzz, reference, rehearse, score, services, setup, site,
    size, speed, test, third_party, verdicts,
};

struct Entry {
    name: &'static str,
    arguments: &'static str,
    meaning: &'static str,
    run: fn(&Place, &[String]) -> Outcome,
}

const COMMANDS: &[Entry] = &[
    Entry {
        name: "setup",
        arguments: "[--tests]",
        meaning: "bring what is missing: wasm target, cargo-leptos, wasm-bindgen, npm tools; with --tests also what the tests need",
        run: setup::command,
    },
    Entry {
        name: "run",
        arguments: "[--release]",
        meaning: "set up, build and start on the embedded default; prints the address",
        run: site::run,
    },
    Entry {
        name: "build",
        arguments: "[--release]",
        meaning: "set up and build server and site; in a release the site is inside the server",
        run: site::command,
    },
    Entry {
        name: "watch",
        arguments: "",
        meaning: "the same for developers: builds and reloads at each change",
        run: site::watch,
    },
    Entry {
        name: "test",
        arguments: "[--all]",
        meaning: "everything that must pass: checks, tests on SQLite and MariaDB, end-to-end tests, budget; --all adds coverage and what else takes longer",
        run: test::command,
    },
    Entry {
        name: "check",
        arguments: "",
        meaning: "format, lints, documentation, licences, dependencies of the browser's half, house rules",
        run: check::command,
    },
    Entry {
        name: "deployment",
        arguments: "",
        meaning: "Dockerfile, Compose, nginx, Kubernetes, Prometheus, dashboards, scripts: each read by the program it is for",
        run: deployment::command,
    },
    Entry {
        name: "images",
        arguments: "",
        meaning: "build the images of the Dockerfile, bring compose.yaml up with them, pack a book through nginx, take it down; needs root and a kernel that lets containers run",
        run: deployment::images::command,
    },
    Entry {
        name: "coverage",
        arguments: "[--keep] [PACKAGE]…",
        meaning: "how many lines the tests run, as HTML; under 90 % fails. --keep leaves what was compiled for the next time",
        run: coverage::command,
    },
    Entry {
        name: "rehearse",
        arguments: "[--people N] [--seconds N] [--release] [--program PATH] [--before PATH]",
        meaning: "production on this machine: nginx, three nodes, a worker, databases, Redis, Prometheus; people work (200) while it is updated, rolled back, broken, backed up and restored; fails when a bar does not hold",
        run: rehearse::command,
    },
    Entry {
        name: "end-to-end",
        arguments: "[--release] [--cluster] [PLAYWRIGHT OPTION]…",
        meaning: "build, then the tests in a browser; with --cluster on MariaDB, its replica and Redis",
        run: end_to_end::command,
    },
    Entry {
        name: "size",
        arguments: "",
        meaning: "what the first page weighs, against its budget",
        run: size::command,
    },
    Entry {
        name: "speed",
        arguments: "[--built]",
        meaning: "what the browser measures of a release: first pages on a slow phone (Lighthouse), ten thousand rows, typing; --built takes the one that is there",
        run: speed::command,
    },
    Entry {
        name: "bench",
        arguments: "main-job|packer|catalogue|cluster",
        meaning: "main-job: a book of 500 MB through all stages, MB/s and memory; packer: beside zip, sha256sum, openssl, EPUBCheck and calibre, as ratios; catalogue: lists of a million releases on both engines; cluster: requests and jobs a second of one node and of several",
        run: bench::command,
    },
    Entry {
        name: "seed",
        arguments: "URL RELEASES",
        meaning: "fill an empty database with so many invented releases",
        run: bench::seed,
    },
    Entry {
        name: "score",
        arguments: "[--list]",
        meaning: "how far the checks agree with EPUBCheck, where files of its test suite lie beside the clone; --list shows where not",
        run: score::command,
    },
    Entry {
        name: "verdicts",
        arguments: "",
        meaning: "what is found in the books beside the clone, and what EPUBCheck finds in them",
        run: verdicts::command,
    },
    Entry {
        name: "damage",
        arguments: "",
        meaning: "books cut at 100 places and with 1000 wrong bits, each read to an answer within its time and memory",
        run: damage::command,
    },
    Entry {
        name: "fuzz",
        arguments: "[SECONDS]",
        meaning: "every reader and parser against inputs that a fuzzer invents, so many seconds for each",
        run: fuzz::command,
    },
    Entry {
        name: "reference",
        arguments: "",
        meaning: "write docs/reference/findings.md from the texts",
        run: reference::command,
    },
    Entry {
        name: "services",
        arguments: "[--mysql] [--proxy PORT,…]",
        meaning: "MariaDB, or with --mysql MySQL from Debian's next release, with a replica, Redis and an object store on free ports of the loopback, for tests started by hand, and nginx with TLS before the nodes at these ports; until Ctrl-C",
        run: services::command,
    },
    Entry {
        name: "third-party",
        arguments: "[--check]",
        meaning: "write docs/reference/third-party.md from the lock file",
        run: third_party::command,
    },
];

/// Runs the command that the first argument names; without one, lists all.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        list();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        list();
        return Ok(());
    }
    let entry = COMMANDS
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| Failure::new(format!("there is no command `{name}`; `cargo xtask` lists them")))?;
    (entry.run)(&Place::find()?, rest)
}

fn list() {
    answer("cargo xtask COMMAND\n");
    for entry in COMMANDS {
        answer(format_args!("  {:<11} {}", entry.name, entry.arguments));
        answer(format_args!("  {:<11} {}\n", "", entry.meaning));
    }
}

/// Reads the flags of a command that takes nothing else; one it does not know is a failure.
pub(crate) fn flags<const N: usize>(arguments: &[String], known: [&str; N]) -> Outcome<[bool; N]> {
    let mut set = [false; N];
    for argument in arguments {
        let position = known
            .iter()
            .position(|flag| flag == argument)
            .ok_or_else(|| Failure::new(format!("`{argument}` is not known here; `cargo xtask` lists what is")))?;
        set[position] = true;
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_and_an_unknown_flag_are_refused_by_name() {
        let failure = run(&["dance".to_owned()]).unwrap_err().to_string();
        assert!(failure.contains("dance"), "{failure}");
        let failure = flags(&["--sideways".to_owned()], ["--all"]).unwrap_err().to_string();
        assert!(failure.contains("--sideways"), "{failure}");
    }

    #[test]
    fn flags_are_told_apart() {
        assert_eq!(flags(&["--b".to_owned()], ["--a", "--b"]).unwrap(), [false, true]);
    }
}
