//! `keys`, `pack --sign` and `verify --key`, with minisign itself on the other side.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    binary::{Place, Run},
    sample_book::epub,
};

const PASSWORD: &str = "a horse, a battery, a staple";

/// A place with a book and a password.
fn place() -> Place {
    let place = Place::new();
    place.write("password", format!("{PASSWORD}\nsecond line\n").as_bytes());
    place.write("book.epub", &epub("Été à Paris"));
    place
}

fn with_password(place: &Place, arguments: &[&str]) -> Run {
    Run::of(&place.command(arguments).env("SIGNING_PASSWORD_FILE", "password").output().unwrap())
}

fn pack_signed(place: &Place, key: &str, out: &str) -> String {
    let common = ["pack", "book.epub", "--group", "GRP", "--rights", "CC-BY-4.0", "--date", "2026-11-22"];
    let run = with_password(place, &[&common[..], &["--sign", key, "--out", out]].concat()).ends_with(0);
    run.results.trim().to_owned()
}

#[test]
fn a_signed_package_is_accepted_by_its_key_and_by_minisign_and_by_no_other() {
    let place = place();
    with_password(&place, &["keys", "new", "group.key"]).ends_with(0);
    let package = pack_signed(&place, "group.key", "out");
    let run = place.run(&["verify", &package, "--key", "group.key.pub"]).ends_with(0);
    assert!(run.results.contains("signed by the key") && run.results.contains("release:"), "{run:?}");
    place.foreign(".", "minisign", &["-V", "-p", "group.key.pub", "-m", &format!("{package}/manifest.json")]);

    // The key itself, as `keys show` prints it.
    let shown = place.run(&["keys", "show", "group.key"]).ends_with(0);
    let line = shown.results.lines().nth(1).unwrap().to_owned();
    place.run(&["verify", &package, "--key", &line]).ends_with(0);
    // Without a key the signature is no stranger in the package, and is not taken for checked.
    let id = shown.results.lines().next().unwrap().strip_prefix("key ").unwrap();
    let unchecked = format!("{package}: signed, and the signature was not checked: it names the key {id}\n");
    let run = place.run(&["verify", &package]).ends_with(0);
    assert!(run.results.contains(&unchecked) && run.messages.contains("--key PUB"), "{run:?}");
    place.foreign(&package, "bsdtar", &["-c", "-f", "../package.tar", "."]);
    let run = place.run(&["verify", "out/package.tar"]).ends_with(0);
    assert!(run.results.contains("out/package.tar: signed, and the signature was not checked"), "{run:?}");
    // Of the files that another list names nobody says anything.
    let run = place.run(&["verify", &format!("{package}/SHA256SUMS")]).ends_with(0);
    assert!(!run.results.contains("signed") && run.messages.is_empty(), "{run:?}");

    with_password(&place, &["keys", "new", "other.key"]).ends_with(0);
    let run = place.run(&["verify", &package, "--key", "other.key.pub"]).ends_with(1);
    assert!(run.messages.contains("signed by the key"), "{run:?}");

    // Only the signature differs from the package without one.
    let plain = place.pack(&["book.epub", "--out", "plain"]).ends_with(0).results.trim().to_owned();
    let mut names = place.names(&package);
    names.retain(|name| name != "manifest.json.minisig");
    assert_eq!(names, place.names(&plain));
    for name in names {
        let read = |package: &str| fs::read(place.path().join(package).join(&name)).unwrap();
        assert!(read(&package) == read(&plain), "{name}");
    }

    // A package without a signature: nothing is said of one, unless it is asked for.
    let run = place.run(&["verify", &plain]).ends_with(0);
    assert!(!run.results.contains("sign") && run.messages.is_empty(), "{run:?}");
    let run = place.run(&["verify", &plain, "--key", "group.key.pub"]).ends_with(1);
    assert!(run.messages.contains("it is not signed: there is no `manifest.json.minisig`"), "{run:?}");
    assert!(!run.results.contains("signed by") && run.messages.contains("--sign"), "{run:?}");
    place.write(&format!("{plain}/manifest.json.minisig"), b"no signature at all");
    let run = place.run(&["verify", &plain]).ends_with(0);
    assert!(run.results.contains("was not checked: it is no signature of minisign"), "{run:?}");
    let run = place.run(&["verify", &plain, "--key", "group.key.pub"]).ends_with(1);
    assert!(run.messages.contains("it is no signature of minisign"), "{run:?}");
    let manifest = place.path().join(&package).join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap().replace("Paris", "Pariz");
    fs::write(manifest, text).unwrap();
    let run = place.run(&["verify", &package, "--key", "group.key.pub"]).ends_with(1);
    assert!(run.messages.contains("changed after it was signed"), "{run:?}");
}

#[test]
fn a_signature_vouches_for_nothing_that_was_not_compared_with_the_manifest() {
    let place = place();
    with_password(&place, &["keys", "new", "group.key"]).ends_with(0);
    let package = pack_signed(&place, "group.key", "out");
    let key = ["--key", "group.key.pub"];
    let manifest = format!("{package}/manifest.json");
    place.run(&[&["verify", &manifest], &key[..]].concat()).ends_with(0);

    // Another file in the place of one, with a list to fit: good by that list, and not signed.
    let is_nfo = |name: &String| Path::new(name).extension().is_some_and(|end| end == "nfo");
    let nfo = place.names(&package).into_iter().find(is_nfo).unwrap();
    place.write(&format!("{package}/{nfo}"), b"forged");
    let sum = place.foreign(&package, "sha256sum", &[&nfo]);
    place.write(&format!("{package}/SHA256SUMS"), sum.as_bytes());
    let list = format!("{package}/SHA256SUMS");
    place.run(&["verify", &list]).ends_with(0);
    let run = place.run(&[&["verify", &list], &key[..]].concat()).ends_with(1);
    assert!(run.messages.contains("only that is signed"), "{run:?}");
    place.run(&[&["verify", &package], &key[..]].concat()).ends_with(1);

    // A file that was added, with its line in a list that nobody signs, or with a list of its own.
    for list in ["SHA256SUMS", "added.sfv"] {
        let package = pack_signed(&place, "group.key", list.trim_end_matches(".sfv"));
        place.run(&[&["verify", &package], &key[..]].concat()).ends_with(0);
        place.write(&format!("{package}/added.exe"), b"123456789");
        let line = match list {
            "SHA256SUMS" => place.foreign(&package, "sha256sum", &["added.exe"]),
            _ => "added.exe CBF43926\n".to_owned(),
        };
        let known = fs::read_to_string(place.path().join(&package).join(list)).unwrap_or_default();
        place.write(&format!("{package}/{list}"), (known + &line).as_bytes());
        let run = place.run(&[&["verify", &package], &key[..]].concat()).ends_with(1);
        assert!(format!("{run:?}").contains("added.exe"), "{run:?}");
    }

    // A bag knows its own manifests, and never ours.
    let sum = |name: &str| place.foreign("bag", "sha256sum", &[name]);
    place.write("bag/data/forged", b"forged");
    place.write("bag/bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    let payload = sum("data/forged");
    place.write("bag/manifest-sha256.txt", payload.as_bytes());
    for name in ["manifest.json", "manifest.json.minisig"] {
        let bytes = fs::read(place.path().join(&package).join(name)).unwrap();
        place.write(&format!("bag/{name}"), &bytes);
    }
    place.run(&["verify", "bag"]).ends_with(0);
    let run = place.run(&[&["verify", "bag"], &key[..]].concat()).ends_with(1);
    assert!(run.messages.contains("only that is signed"), "{run:?}");
}

#[test]
fn keys_and_signatures_of_minisign_are_accepted() {
    let place = place();
    minisign(&place, &["-G", "-p", "their.pub", "-s", "their.key"], &format!("{PASSWORD}\n{PASSWORD}\n"));
    let package = pack_signed(&place, "their.key", "ours");
    place.foreign(".", "minisign", &["-V", "-p", "their.pub", "-m", &format!("{package}/manifest.json")]);
    place.run(&["verify", &package, "--key", "their.pub"]).ends_with(0);

    let plain = place.pack(&["book.epub", "--out", "theirs"]).ends_with(0).results.trim().to_owned();
    let manifest = format!("{plain}/manifest.json");
    minisign(&place, &["-S", "-s", "their.key", "-m", &manifest], &format!("{PASSWORD}\n"));
    place.run(&["verify", &plain, "--key", "their.pub"]).ends_with(0);
}

#[test]
fn a_key_that_anybody_could_use_is_refused() {
    let place = place();
    minisign(&place, &["-G", "-W", "-p", "open.pub", "-s", "open.key"], "");
    let pack = ["pack", "book.epub", "--group", "GRP", "--rights", "CC-BY-4.0", "--out", "out", "--sign", "open.key"];
    let run = with_password(&place, &pack).ends_with(4);
    assert!(run.messages.contains("no password"), "{run:?}");
    assert_eq!(place.names("out"), [""; 0]);
}

/// Runs minisign with what it would read from a terminal.
fn minisign(place: &Place, arguments: &[&str], typed: &str) {
    let mut command = Command::new("minisign");
    command.args(arguments).current_dir(place.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success(), "{arguments:?}");
}

#[test]
fn a_new_key_is_vouched_for_by_the_old_one_and_nothing_is_replaced() {
    let place = place();
    with_password(&place, &["keys", "new", "old.key"]).ends_with(0);
    with_password(&place, &["keys", "rotate", "old.key", "new.key"]).ends_with(0);
    place.foreign(".", "minisign", &["-V", "-p", "old.key.pub", "-m", "new.key.pub"]);
    let before = fs::read(place.path().join("old.key")).unwrap();
    for arguments in [&["keys", "new", "old.key"][..], &["keys", "rotate", "old.key", "new.key"]] {
        let run = with_password(&place, arguments).ends_with(4);
        assert!(run.messages.contains("exists already"), "{run:?}");
    }
    assert_eq!(fs::read(place.path().join("old.key")).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(place.path().join("new.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_is_no_key_or_no_password_is_said_and_nothing_is_written() {
    let place = place();
    place.write("short", b"short\n");
    let run =
        Run::of(&place.command(&["keys", "new", "a.key"]).env("SIGNING_PASSWORD_FILE", "short").output().unwrap());
    assert!(run.ends_with(2).messages.contains("at least 12"));
    assert!(place.run(&["keys", "new", "a.key"]).ends_with(2).messages.contains("SIGNING_PASSWORD_FILE"));
    place.write("no.key", b"no key\n");
    let pack = ["pack", "book.epub", "--group", "GRP", "--rights", "CC-BY-4.0", "--out", "out"];
    with_password(&place, &[&pack[..], &["--sign", "no.key"]].concat()).ends_with(3);
    with_password(&place, &[&pack[..], &["--sign", "none.key"]].concat()).ends_with(3);
    place.run(&["verify", "out", "--key", "no.key"]).ends_with(3);
    assert_eq!(place.names("out"), [""; 0]);
    assert_eq!(place.names("."), ["book.epub", "no.key", "password", "short"]);
    place.run(&["keys"]).ends_with(2);
}
