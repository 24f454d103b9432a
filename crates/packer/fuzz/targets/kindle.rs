//! A Kindle book. Whatever stands in it, its Palm database says that it is one.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut book = bytes.to_vec();
    if let Some(kind) = book.get_mut(60..68) {
        kind.copy_from_slice(b"BOOKMOBI");
    }
    packer_fuzz::read(&book, "book.mobi");
});
