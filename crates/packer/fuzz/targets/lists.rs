//! Lists of checksums, our manifest, and what makes a bag.

#![no_main]

use packer::{
    verify::{VerifyLimits, verify_files},
    watch::Unwatched,
};
use packer_fuzz::InMemory;

/// The files, in the order of the parts.
const FILES: [&str; 9] = [
    "manifest.json",
    "SHA256SUMS",
    "files.sfv",
    "bagit.txt",
    "manifest-sha256.txt",
    "tagmanifest-md5.txt",
    "bag-info.txt",
    "fetch.txt",
    "data/a",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let named = FILES.into_iter().zip(packer_fuzz::parts(bytes));
    let files = InMemory(
        named.filter(|(_, part)| !part.is_empty()).map(|(name, part)| (name.to_owned(), part.to_vec())).collect(),
    );
    let limits = VerifyLimits::default();
    let _ = verify_files(&files, None, &limits, &Unwatched);
    for list in FILES {
        let _ = verify_files(&files, Some(list), &limits, &Unwatched);
    }
});
