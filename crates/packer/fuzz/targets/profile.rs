//! A profile that is accepted says the same when it is written again.

#![no_main]

use packer::profile::Profile;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(profile) = Profile::parse(text, "mine.toml") else { return };
    let written = profile.to_toml().expect("a profile can be written");
    assert_eq!(Profile::parse(&written, "mine.toml").expect("what was written is read"), profile);
});
