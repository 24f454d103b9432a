//! Keys and signatures of others.

#![no_main]

use packer::signing::{TrustedKey, signer};

/// A public key, so that signatures are compared and not only read.
const KEY: &str = "untrusted comment: key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n";

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = signer(text);
    if let Ok(key) = TrustedKey::read(text) {
        assert!(TrustedKey::read(&key.line()).is_ok_and(|again| again.id() == key.id()));
    }
    let key = TrustedKey::read(KEY).expect("it is a key");
    assert!(key.verify(b"nothing that was signed", text).is_err());
});
