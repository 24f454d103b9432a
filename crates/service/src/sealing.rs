//! Secrets at rest: what has to be stored and read again is encrypted, with XChaCha20-Poly1305.
//!
//! A sealed text is `v1.KEY.BYTES`: which form, which key, and nonce and ciphertext in base64. What it belongs to is
//! authenticated with it, so that a text that is copied into another row does not open there.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};

use crate::{failure::Failure, settings::Settings};

/// The first part of a sealed text.
const FORM: &str = "v1";
/// Bytes of a nonce. So many may be chosen at random without ever meeting.
const NONCE_BYTES: usize = 24;

/// A text that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    /// Its key is neither the present one nor the one before.
    #[error("a stored secret was encrypted with a key that is neither SECRETS_KEY nor SECRETS_KEY_PREVIOUS")]
    UnknownKey,
    /// It was changed, or belongs to something else.
    #[error("a stored secret is damaged")]
    Damaged,
}

/// The keys that secrets are sealed and opened with.
pub(crate) struct Seals<'a> {
    present: &'a SecretString,
    previous: Option<&'a SecretString>,
}

impl<'a> Seals<'a> {
    /// From the settings.
    ///
    /// # Errors
    /// `Conflict` `secrets-key-missing`.
    pub(crate) fn of(settings: &'a Settings) -> Result<Self, Failure> {
        let present = settings.secrets_key.as_ref();
        let present = present.ok_or_else(|| Failure::conflict("secrets-key-missing", []))?;
        Ok(Self { present, previous: settings.secrets_key_previous.as_ref() })
    }

    /// Encrypts what belongs to `owner` under the present key.
    pub(crate) fn seal(&self, owner: &str, secret: &[u8]) -> Result<String, Failure> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: secret, aad: owner.as_bytes() };
        let sealed = cipher(self.present)?.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Failure::internal(SealError::Damaged))?;
        let bytes = BASE64.encode([&nonce[..], &sealed].concat());
        Ok(format!("{FORM}.{}.{bytes}", key_id(self.present)?))
    }

    /// Decrypts what belongs to `owner`.
    pub(crate) fn open(&self, owner: &str, sealed: &str) -> Result<Vec<u8>, Failure> {
        let damaged = || Failure::internal(SealError::Damaged);
        let rest = sealed.strip_prefix(FORM).and_then(|rest| rest.strip_prefix('.')).ok_or_else(damaged)?;
        let (id, text) = rest.split_once('.').ok_or_else(damaged)?;
        let mut keys = [Some(self.present), self.previous].into_iter().flatten();
        let key = loop {
            let key = keys.next().ok_or_else(|| Failure::internal(SealError::UnknownKey))?;
            if key_id(key)? == id {
                break key;
            }
        };
        let bytes = BASE64.decode(text).map_err(|_| damaged())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        cipher(key)?.decrypt(&nonce, Payload { msg: sealed, aad: owner.as_bytes() }).map_err(|_| damaged())
    }

    /// True for what names a key that is set, whether or not it opens.
    pub(crate) fn know_key_of(&self, sealed: &str) -> Result<bool, Failure> {
        let named = sealed.split('.').nth(1);
        for key in [Some(self.present), self.previous].into_iter().flatten() {
            if named == Some(key_id(key)?.as_str()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// True for what is sealed with the present key.
    pub(crate) fn is_present(&self, sealed: &str) -> Result<bool, Failure> {
        Ok(sealed.split('.').nth(1) == Some(key_id(self.present)?.as_str()))
    }
}

fn cipher(secret: &SecretString) -> Result<XChaCha20Poly1305, Failure> {
    Ok(XChaCha20Poly1305::new(&Key::from(derived(secret, "stored secrets")?)))
}

/// Names a key without telling it.
fn key_id(secret: &SecretString) -> Result<String, Failure> {
    Ok(BASE64.encode(&derived(secret, "key id")?[..6]))
}

/// 256 bits for one purpose, from a text of whatever length.
fn derived(secret: &SecretString, purpose: &str) -> Result<[u8; 32], Failure> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_err(Failure::internal)?;
    mac.update(b"ebook-scene-packer\0");
    mac.update(purpose.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn settings(key: &str, previous: Option<&str>) -> Settings {
        let settings = Settings::new("unused".into(), PathBuf::new(), "0");
        Settings { secrets_key: Some(key.into()), secrets_key_previous: previous.map(Into::into), ..settings }
    }

    #[test]
    fn a_secret_opens_for_its_owner_alone_and_never_looks_the_same_twice() {
        let settings = settings("one key", None);
        let seals = Seals::of(&settings).unwrap();
        let sealed = seals.seal("seed of ada", b"secret").unwrap();
        assert_eq!(seals.open("seed of ada", &sealed).unwrap(), b"secret");
        assert!(seals.open("seed of bob", &sealed).is_err());
        assert_ne!(sealed, seals.seal("seed of ada", b"secret").unwrap());
        let mut damaged = sealed.clone().into_bytes();
        let last = damaged.len() - 2;
        damaged[last] ^= 1;
        for wrong in [String::from_utf8(damaged).unwrap(), "v1.x".to_owned(), "v2.a.b".to_owned(), String::new()] {
            assert!(seals.open("seed of ada", &wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn after_a_change_of_keys_the_key_before_still_opens_and_a_third_does_not() {
        let (before, after, later) =
            (settings("one key", None), settings("another", Some("one key")), settings("a third", Some("another")));
        let sealed = Seals::of(&before).unwrap().seal("owner", b"secret").unwrap();
        let seals = Seals::of(&after).unwrap();
        assert_eq!(seals.open("owner", &sealed).unwrap(), b"secret");
        assert!(!seals.is_present(&sealed).unwrap());
        assert!(Seals::of(&later).unwrap().open("owner", &sealed).is_err());
    }

    #[test]
    fn without_a_key_nothing_is_sealed() {
        let settings = Settings::new("unused".into(), PathBuf::new(), "0");
        assert_eq!(Seals::of(&settings).err().map(|failure| failure.code()), Some("secrets-key-missing"));
    }
}
