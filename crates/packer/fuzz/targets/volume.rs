//! The headers of a RAR volume.

#![no_main]

use packer::archive::rar;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut volume = bytes;
    if rar::read_head(&mut volume).is_ok() {
        let _ = rar::read_end(&mut volume, 0);
    }
});
