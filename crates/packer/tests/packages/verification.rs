//! Verifying: what is as it should be passes, and every way to be otherwise is told.

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use packer::{
    verify::{Outcome, Verification, VerifyError, VerifyLimits, verify},
    watch::{Unwatched, Watch},
};

use crate::sample::{bytes, packed, plain, plan, small_volumes};

fn verified(path: &Path) -> Verification {
    verify(path, &VerifyLimits::default(), &Unwatched).unwrap()
}

fn outcome(verification: &Verification, path: &str) -> Outcome {
    let found = verification.files.iter().find(|file| file.path == path);
    found.unwrap_or_else(|| panic!("`{path}` is not among {:?}", verification.files)).outcome.clone()
}

/// A package of three volumes.
fn package(root: &Path) -> (PathBuf, String) {
    let plan = plan(50_000, &small_volumes(20_000), &[]);
    let package = packed(&plan, &bytes(50_000), root).unwrap();
    (package.path, plan.files[1].path.clone())
}

#[test]
fn a_package_is_good_as_a_directory_and_by_each_of_its_lists() {
    let root = tempfile::tempdir().unwrap();
    let (path, _) = package(root.path());
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let whole = verified(&path);
    assert!(whole.is_good(), "{whole:?}");
    assert_eq!((whole.lists.len(), whole.files.len()), (3, 6));
    assert_eq!(whole.release, Some(name.clone()));
    assert!(matches!(whole.book, Some(Ok(()))));
    for (list, files) in [("manifest.json".to_owned(), 5), ("SHA256SUMS".to_owned(), 6), (format!("{name}.sfv"), 4)] {
        let verification = verified(&path.join(&list));
        assert!(verification.is_good(), "{list}: {verification:?}");
        assert_eq!(verification.files.len(), files, "{list}");
    }
}

#[test]
fn a_plain_package_is_good() {
    let root = tempfile::tempdir().unwrap();
    let path = packed(&plan(50_000, &plain(), &[]), &bytes(50_000), root.path()).unwrap().path;
    let verification = verified(&path);
    assert!(verification.is_good(), "{verification:?}");
    assert!(verification.book.is_none(), "it is among the files");
}

#[test]
fn a_changed_byte_a_cut_file_a_missing_and_an_extra_file_are_told() {
    let root = tempfile::tempdir().unwrap();
    let (path, second) = package(root.path());
    let zip = path.join(&second);
    let whole = fs::read(&zip).unwrap();

    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    fs::write(&zip, changed).unwrap();
    let verification = verified(&path);
    assert!(!verification.is_good());
    assert!(matches!(outcome(&verification, &second), Outcome::Checksum { algorithm: "sha256", .. }));
    assert!(matches!(verification.book, Some(Err(_))), "the book is broken too");

    fs::write(&zip, &whole[1..]).unwrap();
    let size = whole.len() as u64;
    assert_eq!(outcome(&verified(&path), &second), Outcome::Size { expected: size, found: size - 1 });

    fs::remove_file(&zip).unwrap();
    let verification = verified(&path);
    assert_eq!(outcome(&verification, &second), Outcome::Missing);
    assert!(matches!(verification.book, Some(Err(_))));

    fs::write(&zip, &whole).unwrap();
    assert!(verified(&path).is_good());
    fs::create_dir(path.join("more")).unwrap();
    fs::write(path.join("more/file"), "of somebody").unwrap();
    let verification = verified(&path);
    assert_eq!(outcome(&verification, "more/file"), Outcome::Extra);
    assert!(!verification.is_good());
}

#[test]
fn a_changed_manifest_is_told_by_sha256sums_and_a_broken_one_stops_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (path, second) = package(root.path());
    let manifest = path.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"GRP\"", "\"GRQ\"")).unwrap();
    let verification = verified(&path);
    assert!(matches!(outcome(&verification, "manifest.json"), Outcome::Checksum { .. }));
    assert!(!verification.is_good());

    fs::write(&manifest, "{").unwrap();
    let verification = verified(&path);
    assert!(verification.files.iter().any(|file| matches!(file.outcome, Outcome::Unreadable { .. })));
    assert_eq!(outcome(&verification, &second), Outcome::Ok);
    assert!(!verification.is_good());

    fs::write(&manifest, text.replace("manifest:1", "manifest:2")).unwrap();
    assert!(!verified(&path).is_good());
}

#[test]
fn volumes_that_hold_another_book_are_told_when_all_lists_agree() {
    let root = tempfile::tempdir().unwrap();
    let (path, _) = package(root.path());
    let manifest = path.join("manifest.json");
    let mut value: serde_json::Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    value["book"]["sha256"] = serde_json::json!("0".repeat(64));
    fs::write(&manifest, value.to_string()).unwrap();
    fs::remove_file(path.join("SHA256SUMS")).unwrap();
    let verification = verified(&path);
    assert!(verification.files.iter().all(|file| file.outcome == Outcome::Ok), "{verification:?}");
    assert!(matches!(verification.book, Some(Err(_))));
    assert!(!verification.is_good());
}

#[test]
fn nothing_outside_the_directory_is_read_and_no_link_is_followed() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("inside");
    fs::create_dir(&path).unwrap();
    fs::write(root.path().join("secret"), "here").unwrap();
    symlink("../secret", path.join("link")).unwrap();
    symlink("..", path.join("up")).unwrap();
    let digits = packer::sums::Digest::of(b"here").sha256;
    let absolute = root.path().join("secret").display().to_string();
    let names = ["../secret", "link", "up/secret", &absolute, "a/../../secret"];
    let list: String = names.iter().map(|name| [&digits.to_string(), "  ", name, "\n"].concat()).collect();
    fs::write(path.join("SHA256SUMS"), list).unwrap();
    for verification in [verified(&path), verified(&path.join("SHA256SUMS"))] {
        for name in names {
            assert_eq!(outcome(&verification, name), Outcome::Refused, "{name}");
        }
        assert!(!verification.is_good());
    }
}

#[test]
fn a_pipe_in_the_list_is_refused_and_not_waited_for() {
    let root = tempfile::tempdir().unwrap();
    let status = Command::new("mkfifo").arg(root.path().join("pipe")).status().unwrap();
    assert!(status.success());
    fs::write(root.path().join("a.sfv"), "pipe 00000000\n").unwrap();
    assert_eq!(outcome(&verified(root.path()), "pipe"), Outcome::Refused);
}

#[test]
fn lists_of_other_programs_are_understood() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path();
    fs::create_dir(path.join("sub")).unwrap();
    fs::write(path.join("sub/one file"), bytes(5_000)).unwrap();
    fs::write(path.join("two"), b"").unwrap();
    let write = |list: &str, tool: &str, arguments: &[&str]| {
        let text = crate::foreign::content(path, tool, arguments);
        fs::write(path.join(list), text).unwrap();
    };
    write("gnu.sha256", "sha256sum", &["sub/one file", "./two"]);
    write("binary.sha256", "sha256sum", &["--binary", "sub/one file", "two"]);
    write("bsd.sha256", "sha256sum", &["--tag", "sub/one file", "two"]);
    write("cksfv.sfv", "cksfv", &["two"]);
    write("rhash.sfv", "rhash", &["--sfv", "sub/one file", "two"]);
    let verification = verified(path);
    assert_eq!(verification.lists.len(), 5);
    assert_eq!(outcome(&verification, "sub/one file"), Outcome::Ok);
    assert_eq!(outcome(&verification, "two"), Outcome::Ok);
    assert!(verification.is_good(), "{verification:?}");
    fs::write(path.join("new"), "in no list").unwrap();
    let verification = verified(path);
    assert_eq!(outcome(&verification, "new"), Outcome::Extra);
    assert!(verification.is_good(), "these lists do not claim to know every file");
    fs::write(path.join("two"), "x").unwrap();
    assert!(!verified(path).is_good());
}

#[test]
fn where_there_is_nothing_to_compare_with_it_says_so() {
    let root = tempfile::tempdir().unwrap();
    let error = |path: &Path| verify(path, &VerifyLimits::default(), &Unwatched).unwrap_err();
    assert!(matches!(error(root.path()), VerifyError::NoList));
    assert!(matches!(error(&root.path().join("none.sfv")), VerifyError::Io(_)));
    fs::write(root.path().join("book.epub"), "x").unwrap();
    assert!(matches!(error(&root.path().join("book.epub")), VerifyError::UnknownList));
}

#[test]
fn limits_hold_for_lists_and_directories() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.sfv"), "one 00000000\ntwo 00000000\n").unwrap();
    let limits = VerifyLimits { files: 1, ..VerifyLimits::default() };
    let error = verify(&root.path().join("a.sfv"), &limits, &Unwatched).unwrap_err();
    assert!(matches!(error, VerifyError::TooManyFiles(1)));
    let limits = VerifyLimits { list_bytes: 10, ..VerifyLimits::default() };
    let verification = verify(root.path(), &limits, &Unwatched).unwrap();
    assert!(matches!(outcome(&verification, "a.sfv"), Outcome::Unreadable { .. }));
}

#[test]
fn verifying_can_be_cancelled() {
    struct Stop;
    impl Watch for Stop {
        fn progress(&self, _: u64, _: u64) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let root = tempfile::tempdir().unwrap();
    let (path, _) = package(root.path());
    assert!(matches!(verify(&path, &VerifyLimits::default(), &Stop), Err(VerifyError::Cancelled)));
}

#[test]
fn a_list_that_was_emptied_proves_nothing_and_is_not_good() {
    let root = tempfile::tempdir().unwrap();
    for (list, text) in [("SHA256SUMS", ""), ("a.sfv", "; nothing\r\n")] {
        let directory = root.path().join(list.replace('.', "-"));
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join(list), text).unwrap();
        assert!(!verified(&directory).is_good(), "{list}");
        fs::write(directory.join("book.zip"), "bytes that no list names").unwrap();
        assert!(!verified(&directory).is_good(), "{list}");
        assert!(!verified(&directory.join(list)).names_a_file(), "{list}");
    }
}

#[test]
fn volumes_in_a_zip_that_somebody_packed_again_are_read() {
    let root = tempfile::tempdir().unwrap();
    let (path, _) = package(root.path());
    let zip = root.path().join("again.zip");
    let name = path.file_name().unwrap();
    let mut command = Command::new("zip");
    let status = command.args(["-q", "-r", "-9"]).arg(&zip).arg(name).current_dir(path.parent().unwrap()).status();
    assert!(status.unwrap().success());
    let verification = verified(&zip);
    assert!(verification.is_good(), "{verification:?}");
    assert!(matches!(verification.book, Some(Ok(()))));
}

#[test]
fn a_tar_whose_names_have_no_end_is_refused_and_not_read_into_memory() {
    let root = tempfile::tempdir().unwrap();
    let limits = VerifyLimits::default();
    for kind in [tar::EntryType::GNULongName, tar::EntryType::GNULongLink, tar::EntryType::XHeader] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(8 << 30);
        header.set_cksum();
        let path = root.path().join("long.tar");
        let file = fs::File::create(&path).unwrap();
        (&file).write_all(header.as_bytes()).unwrap();
        // The name is there: a gap in the file takes no room.
        file.set_len(9 << 30).unwrap();
        let error = verify(&path, &limits, &Unwatched).unwrap_err();
        assert!(matches!(error, VerifyError::Headers(limit) if limit == limits.header_bytes), "{kind:?}: {error}");
    }
}
