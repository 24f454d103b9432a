//! The first start: how somebody comes in, said once.

use crate::{binary::Place, served::Served};

const NOBODY: &str = "Nobody can sign in yet";

fn settings() -> Vec<(&'static str, String)> {
    vec![("BIND_ADDR", "127.0.0.1:0".to_owned())]
}

/// All that is said of a start. Whoever is answered comes after it.
fn start_of(served: &Served<'_>) -> String {
    let answer = served.get("/sign-in");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    served.said()
}

#[test]
fn without_anybody_it_names_the_two_ways_in_and_with_somebody_it_is_quiet() {
    let place = Place::new();
    let served = Served::start(&place, &settings());
    let said = start_of(&served);
    assert_eq!((said.matches(NOBODY).count(), said.matches("create-admin").count()), (1, 1), "{said}");
    // The address works as soon as it is read: it stands behind the one that says that somebody listens.
    let (before, rest) = said.split_once("/setup?token=").unwrap();
    assert!(before.contains("listens on "), "{said}");
    let page = served.get(&format!("/setup?token={}", rest.lines().next().unwrap()));
    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("name=\"group_tag\""), "{page}");

    // The other way, while it runs.
    place.run(&["create-admin", "--username", "ada"]).ends_with(0);
    drop(served);
    let log = std::fs::read_to_string(place.path().join("messages")).unwrap();
    assert!(log.contains(" INFO ") && !log.contains('\u{1b}'), "a file has no colours: {log}");
    let said = start_of(&Served::start(&place, &settings()));
    assert!(!said.contains(NOBODY) && !said.contains("create-admin"), "{said}");
}

#[test]
fn an_administrator_whom_the_settings_name_needs_no_link() {
    let place = Place::new();
    let named =
        [("ADMIN_USERNAME", "ada".to_owned()), ("ADMIN_PASSWORD", "quires and signatures, folded twice".to_owned())];
    let said = start_of(&Served::start(&place, &[settings(), named.to_vec()].concat()));
    assert!(said.contains("administrator ada made") && !said.contains(NOBODY), "{said}");
}
