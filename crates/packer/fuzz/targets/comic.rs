//! A comic with its `ComicInfo.xml` and the first bytes of a page.

#![no_main]

use packer::builder::Book;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = packer_fuzz::parts(bytes);
    let (info, page) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let comic = Book::empty().file("ComicInfo.xml", info).file("1.png", page).file("2.jpg", page);
    packer_fuzz::read(&comic.build(), "comic.cbz");
});
