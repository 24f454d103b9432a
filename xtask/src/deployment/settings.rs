//! `.env.example` and the Compose files name exactly the variables that somebody reads.

use std::collections::BTreeSet;

use crate::deployment::text_of;
use crate::failure::{Failure, Outcome};
use crate::place::Place;

/// Said by the images or by the Compose files themselves: to set them in `.env` would only break something.
const NOT_IN_ENV: [&str; 4] = ["BIND_ADDR", "DATA_DIR", "DB_HOST", "TRUSTED_PROXIES"];

/// Read by Compose itself, and by the scripts beside it.
const OF_COMPOSE: [&str; 2] = ["COMPOSE_FILE", "COMPOSE_PROFILES"];

/// Not handed to the backend in Compose: it listens where the image says, finds the services where they are, and believes
/// the proxy alone.
const NOT_IN_COMPOSE: [&str; 6] = ["BACKEND_PORT", "BIND_ADDR", "DATA_DIR", "DB_HOST", "DB_PORT", "TRUSTED_PROXIES"];

/// The production file says `APP_ENV` itself.
const ONLY_IN_SIMPLE: [&str; 2] = ["APP_ENV", "FLASK_ENV"];

pub(super) fn check(place: &Place) -> Outcome {
    let known = constants(&text_of(&place.root.join("server/src/configuration/variables.rs"))?);
    let (simple, production) =
        (text_of(&place.root.join("compose.yaml"))?, text_of(&place.root.join("compose.prod.yaml"))?);
    let example = assigned(&text_of(&place.root.join(".env.example"))?);

    let mut wanted = substituted(&simple);
    wanted.extend(substituted(&production));
    // What only a file can hold well, such as certificates, is there by the name of its file.
    let by_file: BTreeSet<String> =
        wanted.iter().filter_map(|name| name.strip_suffix("_FILE")).map(str::to_owned).collect();
    wanted
        .extend(known.iter().filter(|name| !NOT_IN_ENV.contains(&name.as_str()) && !by_file.contains(*name)).cloned());
    wanted.extend(OF_COMPOSE.map(str::to_owned));
    let mut faults: Vec<String> = Vec::new();
    faults.extend(wanted.difference(&example).map(|name| format!(".env.example does not name {name}")));
    faults.extend(example.difference(&wanted).map(|name| format!(".env.example names {name}, which nobody reads")));

    for (file, text) in [("compose.yaml", &simple), ("compose.prod.yaml", &production)] {
        let handed = handed(text);
        let missing = known.iter().filter(|name| {
            let name = name.as_str();
            let is_simple_only = file != "compose.yaml" && ONLY_IN_SIMPLE.contains(&name);
            !NOT_IN_COMPOSE.contains(&name) && !is_simple_only && !handed.contains(name)
        });
        faults.extend(missing.map(|name| format!("{file} does not hand {name} to the backend")));
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n"))) }
}

/// Every string literal that is a name of a variable.
fn constants(source: &str) -> BTreeSet<String> {
    source.split('"').skip(1).step_by(2).filter(|literal| is_name(literal)).map(str::to_owned).collect()
}

/// The names before `=`.
fn assigned(text: &str) -> BTreeSet<String> {
    let names = text.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name);
    names.filter(|name| is_name(name)).map(str::to_owned).collect()
}

/// The names in `${NAME…}`; `$${NAME}` is the shell's of a container.
fn substituted(text: &str) -> BTreeSet<String> {
    let starts = text.match_indices("${").filter(|(position, _)| !text[..*position].ends_with('$'));
    starts.filter_map(|(position, _)| leading_name(&text[position + 2..])).map(str::to_owned).collect()
}

/// The keys of environments that hand something on: what `.env` says under the same name, or the file of a secret. A
/// value that is written into the Compose file itself would not reach the backend when it is set.
fn handed(text: &str) -> BTreeSet<&str> {
    let pairs = text.lines().filter_map(|line| line.trim().split_once(':'));
    let passed_on = pairs.filter(|(key, value)| {
        let value = value.trim_start();
        is_name(key)
            && (value.contains(&format!("${{{key}")) || key.ends_with("_FILE") && value.starts_with("/run/secrets/"))
    });
    passed_on.map(|(key, _)| key.strip_suffix("_FILE").unwrap_or(key)).collect()
}

fn leading_name(text: &str) -> Option<&str> {
    let end = text.find(|character: char| !is_of_name(character)).unwrap_or(text.len());
    Some(&text[..end]).filter(|name| is_name(name))
}

fn is_name(text: &str) -> bool {
    text.len() > 1 && text.starts_with(|first: char| first.is_ascii_uppercase()) && text.chars().all(is_of_name)
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_are_found_where_they_are_read_and_where_they_are_set() {
        assert_eq!(constants("plain(\"LOG_LEVEL\", \"`INFO`\", \"`ERROR` or so.\")"), set(&["LOG_LEVEL"]));
        assert_eq!(assigned("# SAID=no\nDB_NAME=x\nDB_PORT=\n"), set(&["DB_NAME", "DB_PORT"]));
        assert_eq!(substituted("a ${DB_NAME:-x} $${NOT_OURS} ${DB_USER:?says} $NEITHER"), set(&["DB_NAME", "DB_USER"]));
    }

    #[test]
    fn only_what_can_be_set_counts_as_handed_on() {
        let keys = handed("  DB_PASSWORD_FILE: /run/secrets/x\n  image: x\n  LOG_LEVEL: ${LOG_LEVEL:-INFO}\n");
        assert_eq!(keys, BTreeSet::from(["DB_PASSWORD", "LOG_LEVEL"]));
        assert_eq!(handed("  REDIS_URL: redis://redis\n  DB_PASSWORD_FILE: /x\n  A_B: ${OTHER}\n"), BTreeSet::new());
        assert_eq!(handed("  REDIS_CA_FILE: ${REDIS_CA_FILE:-}\n"), BTreeSet::from(["REDIS_CA"]));
    }
}
