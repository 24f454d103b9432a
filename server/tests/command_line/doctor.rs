//! `doctor`: what it finds, and that looking changes nothing.

use crate::binary::{Place, Run};

fn doctor(place: &Place, variables: &[(&str, &str)]) -> Run {
    let mut command = place.command(&["doctor"]);
    command.envs(variables.iter().copied());
    Run::of(&command.output().unwrap())
}

#[test]
fn before_the_first_start_nothing_is_wrong_but_the_missing_interface_and_nothing_is_made() {
    let place = Place::new();
    let run = doctor(&place, &[]);
    let wrong: Vec<_> = run.results.lines().filter(|line| line.starts_with("wrong")).collect();
    assert!(wrong.iter().all(|line| line.contains("interface")), "{run:?}");
    for hop in ["PUBLIC_URL", "DATA_DIR", "signing key", "database", "books", "room", "proxy", "address"] {
        assert!(run.results.contains(&format!("good   {hop}:")), "{hop}: {run:?}");
    }
    assert!(place.names(".").is_empty(), "{:?}", place.names("."));
}

#[test]
fn what_is_wrong_comes_with_what_to_do() {
    let place = Place::new();
    let run = doctor(
        &place,
        &[
            ("APP_ENV", "production"),
            ("PUBLIC_URL", "https://books.invalid"),
            ("JWT_SECRET_KEY", "0123456789abcdef0123456789abcdef0123456789"),
        ],
    );
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.results.contains("wrong  proxy: set TRUSTED_PROXIES"), "{run:?}");
    assert!(run.results.contains("wrong  address: nobody knows books.invalid"), "{run:?}");
    assert!(!run.results.contains("0123456789abcdef"), "{run:?}");
}
