//! A release name is read as it is written.

#![no_main]

use packer::{name::ReleaseName, volume_id};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(name) = text.parse::<ReleaseName>() else { return };
    assert!(name.to_string().parse::<ReleaseName>().is_ok_and(|again| again == name), "{name}");
    let id = volume_id::derive(&name, 0);
    assert!(id.as_str().len() <= 8 && id.as_str().is_ascii(), "{name}: {}", id.as_str());
});
