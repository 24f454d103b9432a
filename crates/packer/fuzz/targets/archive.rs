//! A ZIP or tar that says it is a package or a bag.

#![no_main]

use packer::{
    verify::{ArchivedFiles, VerifyLimits, verify_files},
    watch::Unwatched,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = VerifyLimits::default();
    if let Ok(Some(files)) = ArchivedFiles::open(&bytes, &limits, &Unwatched) {
        let _ = verify_files(&files, None, &limits, &Unwatched);
    }
});
