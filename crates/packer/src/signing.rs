//! Signatures over manifests: Ed25519 in the format of minisign, so that `minisign -V` and this library accept each
//! other's.
//!
//! A secret key is kept encrypted: minisign derives the key from the password with scrypt, which takes a gigabyte of
//! memory and seconds, on purpose.

use std::{fmt, io::Cursor};

use minisign::{ErrorKind, KeyPair, PError, PublicKeyBox, SecretKeyBox, SignatureBox};

/// What the name of a signature ends with.
pub const EXTENSION: &str = "minisig";
/// Bytes of a key or a signature: the longest that minisign writes is far shorter.
pub const MOST_BYTES: usize = 8192;

/// Why something was not signed, or a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The text is no key.
    #[error("it is no key of minisign")]
    NoKey,
    /// The text is no signature.
    #[error("it is no signature of minisign")]
    NoSignature,
    /// The key has no password: whoever finds it could sign.
    #[error("the key has no password")]
    Unprotected,
    /// The password is not the one that the key was encrypted with.
    #[error("the password is wrong")]
    Password,
    /// Another key has signed.
    #[error("it was signed by the key {found}, and the key that is trusted is {expected}")]
    OtherKey {
        /// The key that is trusted.
        expected: KeyId,
        /// The key that signed.
        found: KeyId,
    },
    /// The key has signed something else.
    #[error("the signature is of other content: it was changed after it was signed")]
    Changed,
    /// The machine did not give random numbers, or not the memory that a password needs.
    #[error("the machine could not do it: {0}")]
    Machine(String),
}

impl SigningError {
    /// The stable code of the fact.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKey => "key-unreadable",
            Self::NoSignature => "signature-unreadable",
            Self::Unprotected => "key-without-password",
            Self::Password => "key-password-wrong",
            Self::OtherKey { .. } => "signature-of-other-key",
            Self::Changed => "signature-of-other-content",
            Self::Machine(_) => "signing-failed",
        }
    }
}

/// What a key is called: sixteen hexadecimal digits, as minisign prints them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(u64);

impl KeyId {
    fn of(bytes: &[u8]) -> Self {
        let mut number = [0; 8];
        for (to, from) in number.iter_mut().zip(bytes) {
            *to = *from;
        }
        Self(u64::from_le_bytes(number))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016X}", self.0)
    }
}

/// A new pair of keys, as texts to be stored.
#[derive(Clone)]
pub struct NewKey {
    /// What it is called.
    pub id: KeyId,
    /// The secret half, encrypted with the password.
    pub secret: String,
    /// The public half.
    pub public: String,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("NewKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl NewKey {
    /// Makes one.
    pub fn generate(password: &str) -> Result<Self, SigningError> {
        let pair = KeyPair::generate_encrypted_keypair(Some(password.to_owned())).map_err(machine)?;
        let id = KeyId::of(pair.pk.keynum());
        let comment = format!("minisign encrypted secret key {id}");
        let secret = pair.sk.to_box(Some(&comment)).map_err(machine)?.into_string();
        Ok(Self { id, secret, public: pair.pk.to_box().map_err(machine)?.into_string() })
    }
}

/// A secret key that was opened with its password.
pub struct SigningKey(minisign::SecretKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("SigningKey").field(&self.id()).finish()
    }
}

impl SigningKey {
    /// Opens the text of a secret key.
    pub fn open(text: &str, password: &str) -> Result<Self, SigningError> {
        let parse = || SecretKeyBox::from_string(text).map_err(|_| SigningError::NoKey);
        parse()?.into_secret_key(Some(password.to_owned())).map(Self).map_err(|error| match error.kind() {
            ErrorKind::Verify => SigningError::Password,
            ErrorKind::KDF => machine(error),
            _ => match parse().and_then(|text| {
                text.into_unencrypted_secret_key().map_err(|error| match error.kind() {
                    // Some versions of minisign leave the checksum of such a key empty.
                    ErrorKind::Verify => SigningError::Unprotected,
                    _ => SigningError::NoKey,
                })
            }) {
                Ok(_) => SigningError::Unprotected,
                Err(error) => error,
            },
        })
    }

    /// What it is called.
    pub fn id(&self) -> KeyId {
        KeyId::of(self.0.keynum())
    }

    /// Signs bytes. The comment is signed with them: `minisign -V` shows it as trusted. Two signatures of the same
    /// bytes differ.
    pub fn sign(&self, bytes: &[u8], trusted_comment: &str) -> Result<String, SigningError> {
        // A comment is one line.
        let comment: String = trusted_comment.chars().filter(|character| !character.is_control()).collect();
        let untrusted = format!("signature from the key {}", self.id());
        let signature = minisign::sign(None, &self.0, Cursor::new(bytes), Some(&comment), Some(&untrusted));
        signature.map(SignatureBox::into_string).map_err(machine)
    }
}

/// A public key whose signatures are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey(minisign::PublicKey);

impl TrustedKey {
    /// Reads a public key: the text of its file, or its second line alone, as `minisign -P` takes it.
    pub fn read(text: &str) -> Result<Self, SigningError> {
        let text = text.trim();
        let key = if text.contains('\n') {
            PublicKeyBox::from_string(text).and_then(PublicKeyBox::into_public_key)
        } else {
            minisign::PublicKey::from_base64(text)
        };
        key.map(Self).map_err(|_| SigningError::NoKey)
    }

    /// What it is called.
    pub fn id(&self) -> KeyId {
        KeyId::of(self.0.keynum())
    }

    /// The key in one line, as `minisign -P` takes it.
    pub fn line(&self) -> String {
        self.0.to_base64()
    }

    /// Accepts a signature of these bytes and gives its trusted comment, or says why not.
    pub fn verify(&self, bytes: &[u8], signature: &str) -> Result<String, SigningError> {
        let signature = SignatureBox::from_string(signature).map_err(|_| SigningError::NoSignature)?;
        let found = KeyId::of(signature.keynum());
        if found != self.id() {
            return Err(SigningError::OtherKey { expected: self.id(), found });
        }
        // Older versions of minisign sign the bytes themselves, not their hash; both are Ed25519.
        minisign::verify(&self.0, &signature, Cursor::new(bytes), true, false, true)
            .map_err(|_| SigningError::Changed)?;
        signature.trusted_comment().map_err(|_| SigningError::NoSignature)
    }
}

/// The key that a signature names as its own; nothing is proved by it.
pub fn signer(signature: &str) -> Result<KeyId, SigningError> {
    let signature = SignatureBox::from_string(signature).map_err(|_| SigningError::NoSignature)?;
    Ok(KeyId::of(signature.keynum()))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn machine(error: PError) -> SigningError {
    SigningError::Machine(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse";

    #[test]
    fn what_was_signed_is_accepted_and_nothing_else() {
        let new = NewKey::generate(PASSWORD).unwrap();
        let key = SigningKey::open(&new.secret, PASSWORD).unwrap();
        let trusted = TrustedKey::read(&new.public).unwrap();
        assert_eq!((key.id(), trusted.id()), (new.id, new.id));
        assert_eq!(TrustedKey::read(&trusted.line()).unwrap(), trusted);

        let signature = key.sign(b"manifest", "release:A.B-GRP\nline").unwrap();
        assert_eq!(trusted.verify(b"manifest", &signature).unwrap(), "release:A.B-GRPline");
        assert_eq!(signer(&signature).unwrap(), new.id);
        assert_eq!(trusted.verify(b"manifest.", &signature), Err(SigningError::Changed));
        let comment = signature.replace("release:", "Release:");
        assert_eq!(trusted.verify(b"manifest", &comment), Err(SigningError::Changed));
        assert_eq!(trusted.verify(b"manifest", "untrusted comment: x\n"), Err(SigningError::NoSignature));

        assert_eq!(SigningKey::open(&new.secret, "wrong").err(), Some(SigningError::Password));
        let other = TrustedKey::read("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3").unwrap();
        let expected = SigningError::OtherKey { expected: other.id(), found: new.id };
        assert_eq!(other.verify(b"manifest", &signature), Err(expected));
    }

    #[test]
    fn what_is_no_key_is_said_to_be_none() {
        for text in
            ["", "x", "untrusted comment: x\nRWQ", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO", "\n\n"]
        {
            assert_eq!(TrustedKey::read(text).err(), Some(SigningError::NoKey), "{text:?}");
            assert_eq!(SigningKey::open(text, PASSWORD).err(), Some(SigningError::NoKey), "{text:?}");
        }
    }
}
