//! A book, its plan and its package, for tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use packer::{
    format::Format,
    inspect::{Cover, Inspection, Protection},
    metadata::{BookMetadata, Overrides, Text},
    pack::{PackError, PackTarget, Packed, pack},
    plan::{Plan, Request},
    prepare::prepare,
    profile::Profile,
    rights,
    watch::Unwatched,
};

/// Bytes that repeat only after a long time, so that a part in the wrong place is seen.
pub(crate) fn bytes(size: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut step = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..size).map(|_| step()).collect()
}

/// The built-in profile with volumes of this size only.
pub(crate) fn small_volumes(size: u64) -> Profile {
    let mut profile = Profile::built_in("scene-ebook").unwrap().clone();
    profile.volumes.as_mut().unwrap().sizes = vec![size];
    profile
}

pub(crate) fn plain() -> Profile {
    Profile::built_in("plain").unwrap().clone()
}

/// What reading the book gave.
pub(crate) fn inspection() -> Inspection {
    let title = Text { value: "Été à Paris".to_owned(), ..Text::default() };
    Inspection {
        format: Format::Epub,
        metadata: BookMetadata {
            title: Some(title),
            languages: vec!["fr".to_owned()],
            date: Some("2024-05-01".to_owned()),
            ..BookMetadata::default()
        },
        cover: Some(Cover {
            path: "cover.png".to_owned(),
            media_type: "image/png".to_owned(),
            bytes: b"not a picture, and nobody looks".to_vec(),
            pixels: None,
        }),
        chapters: Vec::new(),
        protection: Protection::None,
        findings: Vec::new(),
    }
}

/// The plan of a release of `book_size` bytes on one fixed day.
pub(crate) fn plan(book_size: u64, profile: &Profile, assignments: &[&str]) -> Plan {
    let mut overrides = Overrides::default();
    for assignment in assignments {
        packer::overrides::set(&mut overrides, assignment).unwrap();
    }
    let rights = rights::parse("own-work", Some("a test wrote it")).unwrap();
    prepare(&Request {
        book: &inspection(),
        file_name: "ete.epub",
        book_size,
        overrides: &overrides,
        group: &"GRP".parse().unwrap(),
        rights: Some(&rights),
        profile,
        nfo_template: None,
        diz_template: None,
        date: "2026-11-22".parse().unwrap(),
        volume_id: None,
    })
    .unwrap()
}

/// Packs the book into a directory below `parent`.
pub(crate) fn packed(plan: &Plan, mut book: &[u8], parent: &Path) -> Result<Packed, PackError> {
    pack(plan, &mut book, PackTarget::Directory(parent), &Unwatched)
}

/// Every file below a directory with its bytes, sorted, and every directory with none.
pub(crate) fn tree(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(directory).unwrap().to_owned();
        if path.is_dir() {
            found.push((name.clone(), Vec::new()));
            found.extend(tree(&path).into_iter().map(|(inner, bytes)| (name.join(inner), bytes)));
        } else {
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}
