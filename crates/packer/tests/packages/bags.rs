//! Packages of the layout `bagit`: their bags are valid for us and for the reference validator.

use std::{
    fs,
    path::{Path, PathBuf},
};

use packer::{
    pack::PackError,
    profile::{Profile, Serialization},
    verify::{Verification, VerifyLimits, verify},
    watch::Unwatched,
};

use crate::{
    foreign::content,
    sample::{bytes, packed, plan, tree},
};

fn profile(serialization: Serialization) -> Profile {
    let mut profile = Profile::built_in("bagit").unwrap().clone();
    profile.bag.as_mut().unwrap().serialization = serialization;
    profile
}

/// The directory of a package, and its bag.
fn package(root: &Path, serialization: Serialization, size: usize) -> (PathBuf, PathBuf) {
    let plan = plan(size as u64, &profile(serialization), &["isbn=9783161484100"]);
    let package = packed(&plan, &bytes(size), root).unwrap();
    let bag = package.path.join(format!("{}.{}", plan.name, serialization.extension()));
    (package.path, bag)
}

fn verified(path: &Path) -> Verification {
    verify(path, &VerifyLimits::default(), &Unwatched).unwrap()
}

#[test]
fn a_bag_is_valid_for_the_reference_validator_and_for_us_packed_and_unpacked() {
    for serialization in [Serialization::Zip, Serialization::Tar] {
        let root = tempfile::tempdir().unwrap();
        let (directory, bag) = package(root.path(), serialization, 50_000);
        assert!(verified(&directory).is_good());
        let found = verified(&bag);
        assert!(found.is_good(), "{found:?}");
        assert_eq!(found.bag.unwrap().problems, []);
        assert_eq!(found.files.len(), 7, "three of the payload and four tag files");

        content(root.path(), "bsdtar", &["-xf", bag.to_str().unwrap()]);
        let name = directory.file_name().unwrap().to_str().unwrap();
        let unpacked = root.path().join(name);
        content(root.path(), "bagit.py", &["--validate", unpacked.to_str().unwrap()]);
        assert!(verified(&unpacked).is_good());
        assert!(fs::read(unpacked.join(format!("data/{name}.epub"))).unwrap() == bytes(50_000));
        let info = fs::read_to_string(unpacked.join("bag-info.txt")).unwrap();
        for line in
            ["Bagging-Date: 2026-11-22\n", "External-Identifier: urn:isbn:9783161484100\n", "Rights-Basis: own-work\n"]
        {
            assert!(info.contains(line), "{info}");
        }
    }
}

#[test]
fn a_zip_of_a_bag_passes_unzip_and_a_tar_has_neither_owner_nor_rights_of_its_own() {
    let root = tempfile::tempdir().unwrap();
    let (_, zip) = package(root.path(), Serialization::Zip, 50_000);
    content(root.path(), "unzip", &["-tqq", zip.to_str().unwrap()]);
    let root = tempfile::tempdir().unwrap();
    let (_, tar) = package(root.path(), Serialization::Tar, 50_000);
    let list = content(root.path(), "bsdtar", &["--numeric-owner", "-tvf", tar.to_str().unwrap()]);
    assert!(list.lines().all(|line| line.starts_with("-rw-r--r--  0 0      0 ")), "{list}");
}

#[test]
fn the_same_bag_has_the_same_bytes() {
    for serialization in [Serialization::Zip, Serialization::Tar] {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        package(one.path(), serialization, 50_000);
        package(other.path(), serialization, 50_000);
        assert!(tree(one.path()) == tree(other.path()));
    }
}

#[test]
fn a_changed_byte_of_the_book_and_a_cut_bag_are_told() {
    for serialization in [Serialization::Zip, Serialization::Tar] {
        let root = tempfile::tempdir().unwrap();
        let (directory, bag) = package(root.path(), serialization, 50_000);
        let name = directory.file_name().unwrap().to_str().unwrap();
        let whole = fs::read(&bag).unwrap();
        let at = whole.windows(100).position(|window| *window == bytes(100)).unwrap();
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&bag, changed).unwrap();
        let found = verified(&bag);
        assert!(!found.is_good());
        let wrong: Vec<_> = found.files.iter().filter(|file| file.outcome.word() != "ok").collect();
        assert!(wrong.len() == 1 && wrong[0].path == format!("data/{name}.epub"), "{wrong:?}");

        for part in 1..100 {
            fs::write(&bag, &whole[..whole.len() * part / 100]).unwrap();
            let found = verify(&bag, &VerifyLimits::default(), &Unwatched);
            assert!(!found.is_ok_and(|found| found.is_good()), "{part} hundredths");
        }
    }
}

#[test]
fn a_book_that_ended_early_or_goes_on_leaves_nothing() {
    for serialization in [Serialization::Zip, Serialization::Tar] {
        let root = tempfile::tempdir().unwrap();
        let plan = plan(50_000, &profile(serialization), &[]);
        for size in [0, 49_999, 50_001] {
            let failed = packed(&plan, &bytes(size), root.path());
            assert!(matches!(failed, Err(PackError::BookSize { .. })), "{failed:?}");
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        }
    }
}

#[test]
fn a_correction_has_no_bag() {
    let root = tempfile::tempdir().unwrap();
    let corrects = ["tags=NFOFiX", "corrects=Anonymous.Ete.a.Paris.2024.FRENCH.RETAiL.ePUB.eBOOK-GRP"];
    let plan = plan(50_000, &profile(Serialization::Zip), &corrects);
    let package = packed(&plan, &bytes(50_000), root.path()).unwrap();
    let names: Vec<_> = package.files.iter().map(|file| file.path.clone()).collect();
    assert_eq!(names, [format!("{}.nfo", plan.name), "SHA256SUMS".into(), "manifest.json".into()].map(|name| name));
    assert!(verified(&package.path).is_good());
}

#[test]
fn a_whole_package_in_a_zip_is_verified_without_unpacking_it() {
    let root = tempfile::tempdir().unwrap();
    let plan = plan(50_000, &crate::sample::small_volumes(20_000), &[]);
    packed(&plan, &bytes(50_000), root.path()).unwrap();
    let name = plan.name.to_string();
    let options = ["--format=zip", "--options", "zip:compression=store", "-cf", "stored.zip", &name];
    content(root.path(), "bsdtar", &options);
    let stored = verified(&root.path().join("stored.zip"));
    assert!(stored.is_good() && matches!(stored.book, Some(Ok(()))), "{stored:?}");
    content(root.path(), "bsdtar", &["-cf", "whole.tar", &name]);
    assert!(verified(&root.path().join("whole.tar")).is_good());
}
