//! An EPUB whose parts are anything: the files that have readers of their own, in a sound ZIP.

#![no_main]

use packer::builder::{Book, CHAPTER, CONTAINER, NAVIGATION, NCX, OVERLAY, PACKAGE};

/// The files, in the order of the parts.
const FILES: [&str; 10] = [
    PACKAGE,
    CHAPTER,
    NAVIGATION,
    NCX,
    OVERLAY,
    "EPUB/style.css",
    "EPUB/picture.png",
    "META-INF/encryption.xml",
    "META-INF/rights.xml",
    CONTAINER,
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let parts = packer_fuzz::parts(bytes);
    let book = parts.zip(FILES).filter(|(part, _)| !part.is_empty());
    packer_fuzz::read(&book.fold(Book::epub3(), |book, (part, file)| book.file(file, part)).build(), "book.epub");
});
