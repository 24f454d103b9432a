//! `create-admin`: what its options leave open comes from the environment, each for itself.

use std::{io::Write, process::Stdio};

use crate::binary::{Place, Run};

const PASSWORD: &str = "quires and signatures, folded twice";
const SHORT: &str = "short";

/// Runs it with variables and what somebody types.
fn create(place: &Place, arguments: &[&str], variables: &[(&str, &str)], typed: &str) -> Run {
    let mut command = place.command(&[&["create-admin"], arguments].concat());
    command.envs(variables.iter().copied()).env("LOG_LEVEL", "ERROR");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever does not read it has ended.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    Run::of(&child.wait_with_output().unwrap())
}

#[test]
fn options_and_variables_complete_each_other_and_the_option_wins() {
    let place = Place::new();
    let (name, password) = (("ADMIN_USERNAME", "of-the-variable"), ("ADMIN_PASSWORD", PASSWORD));
    let line = format!("{PASSWORD}\n");
    let made = |run: Run, username: &str| {
        let run = run.ends_with(0);
        assert_eq!(run.results, format!("administrator {username} made\n"), "{run:?}");
    };
    made(create(&place, &["--username", "ada"], &[password], ""), "ada");
    made(create(&place, &["--username", "bea"], &[name, password], ""), "bea");
    made(create(&place, &[], &[password], ""), "admin");
    made(create(&place, &["--password-stdin"], &[name], &line), "of-the-variable");
    made(create(&place, &["--username", "cleo", "--password-stdin"], &[], &line), "cleo");

    let run = create(&place, &["--username", "dora"], &[], "").ends_with(0);
    assert!(run.results.contains("administrator dora made\npassword, shown this once: "), "{run:?}");
    let run = create(&place, &[], &[("ADMIN_USERNAME", "edith")], "").ends_with(0);
    assert!(run.results.contains("administrator edith made\npassword, shown this once: "), "{run:?}");
}

#[test]
fn the_password_that_is_typed_is_the_one_and_else_that_of_the_variable() {
    let place = Place::new();
    let (good, short) = (("ADMIN_PASSWORD", PASSWORD), ("ADMIN_PASSWORD", SHORT));
    let stdin = ["--username", "ada", "--password-stdin"];
    create(&place, &stdin[..2], &[short], "").ends_with(2);
    create(&place, &stdin, &[good], &format!("{SHORT}\n")).ends_with(2);
    create(&place, &stdin, &[short], &format!("{PASSWORD}\n")).ends_with(0);
}

#[test]
fn half_an_administrator_is_refused_where_no_option_completes_it() {
    let place = Place::new();
    for (set, missing) in [("ADMIN_PASSWORD", "ADMIN_USERNAME"), ("ADMIN_USERNAME", "ADMIN_PASSWORD")] {
        let run = Run::of(&place.command(&["migrate"]).env(set, PASSWORD).output().unwrap()).ends_with(2);
        assert!(run.messages.contains(&format!("{missing} is required when {set} is set")), "{run:?}");
    }
}
