//! The small values that people and books write.

#![no_main]

use packer::{date::ReleaseDate, language, metadata::Overrides, overrides, rights};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(tag) = language::canonical(text) {
        assert_eq!(language::canonical(&tag).as_deref(), Ok(tag.as_str()));
        language::word(&tag);
    }
    if let Ok(date) = text.parse::<ReleaseDate>() {
        assert_eq!(date.to_string().parse(), Ok(date));
    }
    let (basis, note) = text.split_once('\n').unwrap_or((text, ""));
    let _ = rights::parse(basis, Some(note));
    let mut fields = Overrides::default();
    for line in text.lines() {
        let _ = overrides::set(&mut fields, line);
    }
    let _ = overrides::checked(&fields);
});
