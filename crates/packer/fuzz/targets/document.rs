//! One document checked alone; the first byte says which kind, by which version and by which profile of EPUB.

#![no_main]

use std::io::Cursor;

use packer::{
    epub::{Demands, DocumentKind, EpubProfile, Version},
    inspect::inspect_document,
    limits::Limits,
    watch::Unwatched,
};

const KINDS: [DocumentKind; 5] =
    [DocumentKind::Package, DocumentKind::Xhtml, DocumentKind::Navigation, DocumentKind::Svg, DocumentKind::Overlay];

const PROFILES: [EpubProfile; 4] =
    [EpubProfile::Default, EpubProfile::Edupub, EpubProfile::Index, EpubProfile::Dictionary];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, document)) = bytes.split_first() else { return };
    let kind = KINDS[usize::from(*first >> 1) % KINDS.len()];
    let version = if first & 1 == 0 { Version::Three } else { Version::Two };
    let demands = Demands { version, profile: PROFILES[usize::from(*first >> 4) % PROFILES.len()] };
    let read = inspect_document(&mut Cursor::new(document), "document", kind, demands, &Limits::default(), &Unwatched);
    read.expect("memory does not fail and nobody cancels");
});
