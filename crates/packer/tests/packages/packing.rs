//! Whole packages: what is in them, that others can open them, that they come out the same.

use std::{fs, path::Path};

use packer::{
    pack::{PackTarget, pack},
    plan::Plan,
    profile::Profile,
    sums::Digest,
    watch::Unwatched,
};

use crate::{
    foreign::content,
    sample::{bytes, packed, plain, plan, small_volumes, tree},
};

/// Packs, and proves the package with every foreign tool that knows a part of it.
fn opens_everywhere(book_size: usize, profile: &Profile) -> Plan {
    let root = tempfile::tempdir().unwrap();
    let book = bytes(book_size);
    let plan = plan(book.len() as u64, profile, &[]);
    let package = packed(&plan, &book, root.path()).unwrap();
    assert_eq!(package.path, root.path().join(plan.name.to_string()));
    assert_eq!(package.book, Digest::of(&book));
    let path = package.path.as_path();

    content(path, "sha256sum", &["--check", "--strict", "SHA256SUMS"]);
    content(path, "rhash", &["--check", "SHA256SUMS"]);
    for file in &package.files {
        let bytes = fs::read(path.join(&file.path)).unwrap();
        assert_eq!(file.digest, Digest::of(&bytes), "{}", file.path);
    }
    for planned in &plan.files {
        let size = fs::metadata(path.join(&planned.path)).unwrap().len();
        assert!(planned.size.is_none_or(|expected| expected == size), "{}: {size} bytes", planned.path);
    }
    let found: Vec<_> = tree(path).into_iter().map(|(path, _)| path.to_str().unwrap().to_owned()).collect();
    let given: Vec<_> = package.files.iter().map(|file| file.path.clone()).collect();
    assert_eq!(found, given);
    if plan.volumes.is_some() {
        proves_volumes(path, &plan, &book);
    } else {
        assert!(fs::read(path.join(&plan.book_file_name)).unwrap() == book);
    }
    plan
}

fn proves_volumes(path: &Path, plan: &Plan, book: &[u8]) {
    let sfv = format!("{}.sfv", plan.name);
    content(path, "cksfv", &["-q", "-f", &sfv]);
    content(path, "rhash", &["--check", &sfv]);
    let out = tempfile::tempdir().unwrap();
    let out = out.path();
    for zip in plan.files.iter().filter(|file| !file.contains.is_empty()) {
        content(path, "unzip", &["-tqq", &zip.path]);
        content(path, "unzip", &["-qq", "-o", "-d", out.to_str().unwrap(), &zip.path]);
        let listed = content(path, "bsdtar", &["-tf", &zip.path]);
        let inside: Vec<_> = zip.contains.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(listed.lines().collect::<Vec<_>>(), inside);
        for file in &zip.contains {
            assert_eq!(fs::metadata(out.join(&file.path)).unwrap().len(), file.size.unwrap(), "{}", file.path);
        }
    }
    let first = format!("{}.rar", plan.volume_id.as_ref().unwrap());
    content(out, "lsar", &["-t", &first]);
    content(out, "unar", &["-quiet", "-no-directory", "-output-directory", "book", &first]);
    assert!(fs::read(out.join("book").join(&plan.book_file_name)).unwrap() == book, "the book has other bytes");
}

#[test]
fn a_package_of_one_volume_opens_everywhere() {
    let plan = opens_everywhere(50_000, Profile::built_in("scene-ebook").unwrap());
    assert_eq!((plan.volumes, plan.files.len()), (Some(1), 5));
}

#[test]
fn a_package_of_twelve_volumes_opens_everywhere() {
    let plan = opens_everywhere(1_150_000, &small_volumes(100_000));
    assert_eq!(plan.volumes, Some(12));
}

#[test]
fn a_plain_package_has_the_book_as_it_is_and_its_cover() {
    let plan = opens_everywhere(50_000, &plain());
    assert!(plan.files.iter().any(|file| file.path == "cover.png"), "{:?}", plan.files);
}

#[test]
fn an_empty_book_is_one_volume_of_no_bytes() {
    let root = tempfile::tempdir().unwrap();
    let plan = plan(0, &small_volumes(100_000), &[]);
    let package = packed(&plan, b"", root.path()).unwrap();
    content(&package.path, "unzip", &["-tqq", &plan.files[0].path]);
    assert_eq!(package.book, Digest::of(b""));
}

#[test]
fn a_corrected_nfo_is_a_package_without_the_book() {
    let root = tempfile::tempdir().unwrap();
    let book = bytes(10_000);
    let corrects = ["tags=NFOFiX", "corrects=Anonymous.Ete.a.Paris.2024.FRENCH.RETAiL.ePUB.eBOOK-GRP"];
    let plan = plan(10_000, &small_volumes(100_000), &corrects);
    let package = packed(&plan, &book, root.path()).unwrap();
    let name = plan.name.to_string();
    let paths: Vec<_> = package.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, [&format!("{name}.nfo"), &format!("{name}.sfv"), "SHA256SUMS", "manifest.json"]);
    assert_eq!(package.book, Digest::of(&book), "the book it belongs to is named");
    content(&package.path, "sha256sum", &["--check", "--strict", "SHA256SUMS"]);
}

#[test]
fn a_corrected_directory_name_is_an_nfo_and_a_manifest() {
    let root = tempfile::tempdir().unwrap();
    let corrects = ["tags=DiRFiX", "corrects=Anonymous.Ete.a.Paris.2024.FRENCH.RETAiL.ePUB.eBOOK-GRP"];
    let plan = plan(10_000, &small_volumes(100_000), &corrects);
    let package = packed(&plan, &bytes(10_000), root.path()).unwrap();
    let paths: Vec<_> = package.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, [&format!("{}.nfo", plan.name), "manifest.json"]);
    let verification = packer::verify::verify(&package.path, &packer::verify::VerifyLimits::default(), &Unwatched);
    assert!(verification.unwrap().is_good());
}

#[test]
fn the_same_release_is_the_same_bytes_in_another_directory() {
    for profile in [small_volumes(20_000), plain()] {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let book = bytes(70_000);
        packed(&plan(70_000, &profile, &[]), &book, one.path()).unwrap();
        packed(&plan(70_000, &profile, &[]), &book, &other.path().join("deep/er")).unwrap();
        let first = tree(one.path());
        assert!(first.len() > 4);
        assert!(first == tree(&other.path().join("deep/er")), "{}: other bytes", profile.name);
    }
}

#[test]
fn packed_into_a_given_directory_the_bytes_are_the_same() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let book = bytes(70_000);
    let plan = plan(70_000, &small_volumes(20_000), &[]);
    let named = packed(&plan, &book, one.path()).unwrap();
    let staged = pack(&plan, &mut book.as_slice(), PackTarget::Staging(other.path()), &Unwatched).unwrap();
    assert_eq!(named.files, staged.files);
    assert!(tree(&named.path) == tree(other.path()));
}
