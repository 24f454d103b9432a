//! Any bytes, as somebody would drop them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    packer_fuzz::read(bytes, "book.epub");
});
