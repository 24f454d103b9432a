//! `verify`.

use std::fs;

use crate::{binary::Place, sample_book::epub};

#[test]
fn a_good_package_is_good_a_changed_one_fails_and_of_several_the_worst_counts() {
    let place = Place::new();
    place.write("a.epub", &epub("Un"));
    place.write("b.epub", &epub("Deux"));
    place.pack(&["a.epub", "b.epub"]).ends_with(0);
    let packages: Vec<_> = place.names("out").iter().map(|name| format!("out/{name}")).collect();
    let both: Vec<_> = packages.iter().map(String::as_str).collect();
    place.run(&[&["verify"], &both[..]].concat()).ends_with(0);

    let zip = place.names(&packages[1]).into_iter().find(|name| name.contains("01.zip")).unwrap();
    let path = place.path().join(&packages[1]).join(&zip);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let run = place.run(&[&["verify"], &both[..]].concat()).ends_with(1);
    assert!(run.results.contains(&format!("{zip}: sha256 is ")), "{}", run.results);
    assert!(run.results.contains(&format!("{}: good", packages[0])), "{}", run.results);
    place.run(&["verify", both[0], "none"]).ends_with(3);
    place.run(&["verify"]).ends_with(2);
}

#[test]
fn a_foreign_list_is_verified_and_a_directory_without_one_is_told_so() {
    let place = Place::new();
    place.write("files/one", b"1");
    let run = place.run(&["verify", "files"]).ends_with(3);
    assert!(run.messages.contains("SHA256SUMS"), "{}", run.messages);
    let list = place.foreign("files", "sha256sum", &["one"]);
    place.write("files/SHA256SUMS", list.as_bytes());
    place.run(&["verify", "files"]).ends_with(0);
    place.run(&["verify", "files/SHA256SUMS"]).ends_with(0);
    place.write("files/one", b"2");
    place.run(&["verify", "files/SHA256SUMS"]).ends_with(1);
}
