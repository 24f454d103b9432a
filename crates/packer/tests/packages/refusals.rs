//! Whatever ends packing before its end leaves nothing behind.

use std::{
    fs,
    io::{self, Read},
    sync::atomic::{AtomicU64, Ordering},
};

use packer::{
    hash::Sha256,
    pack::{PackError, PackTarget, pack},
    plan::Plan,
    watch::{Unwatched, Watch},
};

use crate::sample::{bytes, packed, plain, plan, small_volumes, tree};

const SIZE: u64 = 3_000_000;

fn sample() -> (Plan, Vec<u8>) {
    (plan(SIZE, &small_volumes(100_000), &[]), bytes(3_000_000))
}

#[test]
fn a_taken_name_is_refused_and_nothing_is_stored() {
    let root = tempfile::tempdir().unwrap();
    let (plan, book) = sample();
    fs::write(root.path().join(plan.name.to_string()), "somebody's file").unwrap();
    let before = tree(root.path());
    let error = packed(&plan, &book, root.path()).unwrap_err();
    assert_eq!(error.code(), "pack-target-exists");
    assert!(tree(root.path()) == before);
}

#[test]
fn a_dangling_link_is_a_taken_name_too() {
    let root = tempfile::tempdir().unwrap();
    let (plan, book) = sample();
    std::os::unix::fs::symlink("nowhere", root.path().join(plan.name.to_string())).unwrap();
    assert_eq!(packed(&plan, &book, root.path()).unwrap_err().code(), "pack-target-exists");
    assert!(!root.path().join("nowhere").exists());
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

#[test]
fn what_findings_block_is_refused_with_their_codes() {
    let root = tempfile::tempdir().unwrap();
    let (mut plan, book) = sample();
    let code = packer::finding::FindingCode::new("ESP-999");
    plan.findings.push(packer::finding::Finding::new(code.clone(), packer::finding::Severity::Error));
    plan.blocking = vec![plan.findings.len() - 1];
    let Err(PackError::Blocked(codes)) = packed(&plan, &book, root.path()) else { panic!("it is blocked") };
    assert_eq!(codes, [code]);
    assert!(tree(root.path()).is_empty());
}

#[test]
fn without_a_rights_basis_nothing_is_packed() {
    let root = tempfile::tempdir().unwrap();
    let (mut plan, book) = sample();
    plan.rights = None;
    assert_eq!(packed(&plan, &book, root.path()).unwrap_err().code(), "pack-no-rights");
    assert!(tree(root.path()).is_empty());
}

#[test]
fn a_book_that_shrank_or_grew_or_changed_is_refused_and_nothing_is_stored() {
    for profile in [small_volumes(100_000), plain()] {
        let root = tempfile::tempdir().unwrap();
        let book = bytes(3_000_000);
        let mut plan = plan(SIZE, &profile, &[]);
        for other in [&book[..2_999_999], &[&book[..], b"x"].concat(), b""] {
            assert_eq!(packed(&plan, other, root.path()).unwrap_err().code(), "pack-book-changed");
            assert!(tree(root.path()).is_empty());
        }
        plan.book_sha256 = Some(Sha256([7; 32]));
        assert!(matches!(packed(&plan, &book, root.path()), Err(PackError::BookChanged)));
        assert!(tree(root.path()).is_empty());
    }
}

#[test]
fn a_book_that_cannot_be_read_to_its_end_leaves_nothing() {
    struct Broken(u64);
    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("the disk is broken"));
            }
            let count = buffer.len().min(usize::try_from(self.0).unwrap());
            buffer[..count].fill(1);
            self.0 -= count as u64;
            Ok(count)
        }
    }
    let root = tempfile::tempdir().unwrap();
    let (plan, _) = sample();
    let target = PackTarget::Directory(&root.path().join("made/for/it"));
    let error = pack(&plan, &mut Broken(SIZE / 2), target, &Unwatched).unwrap_err();
    assert!(matches!(error, PackError::Read(_)), "{error}");
    assert!(tree(root.path()).is_empty(), "the directories made for it are gone too");
}

/// Stops after so many bytes.
struct Stopping {
    after: u64,
    done: AtomicU64,
}

impl Watch for Stopping {
    fn progress(&self, done: u64, _total: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.done.load(Ordering::Relaxed) >= self.after
    }
}

#[test]
fn cancelled_at_any_time_nothing_is_stored() {
    for after in [0, 1, 150_000, SIZE / 2, SIZE] {
        for profile in [small_volumes(100_000), plain()] {
            let root = tempfile::tempdir().unwrap();
            let watch = Stopping { after, done: AtomicU64::new(0) };
            let plan = plan(SIZE, &profile, &[]);
            let target = PackTarget::Directory(root.path());
            let result = pack(&plan, &mut bytes(3_000_000).as_slice(), target, &watch);
            assert!(matches!(result, Err(PackError::Cancelled)), "{after}");
            assert!(tree(root.path()).is_empty(), "{after}");
        }
    }
}

#[test]
fn a_given_directory_that_holds_something_is_refused_and_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let (plan, book) = sample();
    fs::write(root.path().join("file"), "somebody's").unwrap();
    let error = pack(&plan, &mut book.as_slice(), PackTarget::Staging(root.path()), &Unwatched).unwrap_err();
    assert!(matches!(error, PackError::StagingNotEmpty(_)));
    assert_eq!(tree(root.path()).len(), 1);
}

#[test]
fn a_given_directory_is_empty_again_after_a_failure() {
    let root = tempfile::tempdir().unwrap();
    let (plan, book) = sample();
    let target = PackTarget::Staging(root.path());
    pack(&plan, &mut &book[..1_000_000], target, &Unwatched).unwrap_err();
    assert!(tree(root.path()).is_empty());
    pack(&plan, &mut book.as_slice(), target, &Unwatched).unwrap();
}
