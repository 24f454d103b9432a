//! A PDF. Whatever stands in it, its first bytes are those of one.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    packer_fuzz::read(&[b"%PDF-1.7\n", bytes].concat(), "book.pdf");
});
