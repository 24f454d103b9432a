//! Whether a PDF opens without a password (ISO 32000-2, 7.6.4). Nothing is decrypted: it is only compared.

use aes::Aes128;
use cbc::cipher::{BlockModeEncrypt, KeyInit, KeyIvInit, StreamCipher, block_padding::NoPadding};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

use super::{
    file::{PdfFile, Stop},
    object::{Dictionary, Object},
};

/// What a shorter password is filled up with.
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];
/// The algorithm of revision 6 ends by itself after some 70 rounds; a hostile file shall not have more than this.
const MOST_ROUNDS: u32 = 1_024;

/// How a PDF is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Encryption {
    /// It opens for everybody; what they may do with it is restricted.
    Permissions,
    /// It opens with a password, or it cannot be told.
    Password,
    /// Another handler than the standard one, by its name.
    Handler(String),
}

/// Reads how the file is encrypted; nothing when it is not.
pub(super) fn read(file: &mut PdfFile<'_>) -> Result<Option<Encryption>, Stop> {
    let trailer = file.trailer.clone();
    let encrypt = match file.value(&trailer, "Encrypt")? {
        Object::Dictionary(encrypt) => encrypt,
        _ if trailer.get("Encrypt").is_some_and(|encrypt| *encrypt != Object::Null) => {
            return Ok(Some(Encryption::Password));
        }
        _ => return Ok(None),
    };
    let handler = file.value(&encrypt, "Filter")?;
    if handler.name() != Some(b"Standard") {
        let name = String::from_utf8_lossy(handler.name().unwrap_or_default()).into_owned();
        return Ok(Some(Encryption::Handler(name)));
    }
    let id = match file.value(&trailer, "ID")? {
        Object::Array(parts) => parts.first().and_then(Object::string).map(<[u8]>::to_vec).unwrap_or_default(),
        _ => Vec::new(),
    };
    let opens = opens_for_everybody(file, &encrypt, &id)?.unwrap_or(false);
    Ok(Some(if opens { Encryption::Permissions } else { Encryption::Password }))
}

/// True when the empty password is the user's; nothing when the dictionary lacks what is needed to tell.
fn opens_for_everybody(file: &mut PdfFile<'_>, encrypt: &Dictionary, id: &[u8]) -> Result<Option<bool>, Stop> {
    let revision = file.value(encrypt, "R")?.integer();
    let user = file.value(encrypt, "U")?;
    let owner = file.value(encrypt, "O")?;
    let (Some(user), Some(owner)) = (user.string(), owner.string()) else { return Ok(None) };
    match revision {
        Some(2..=4) => {}
        Some(5) => {
            let Some((hash, rest)) = user.split_at_checked(32) else { return Ok(None) };
            return Ok(rest.get(..8).map(|salt| Sha256::digest(salt).as_slice() == hash));
        }
        Some(6) => {
            let Some((hash, rest)) = user.split_at_checked(32) else { return Ok(None) };
            return Ok(rest.get(..8).and_then(hardened).map(|found| found == hash));
        }
        _ => return Ok(None),
    }
    let permissions = file.value(encrypt, "P")?.integer().unwrap_or(0);
    let bits = file.value(encrypt, "Length")?.integer().unwrap_or(40);
    let length = usize::try_from(bits / 8).ok().filter(|length| (5..=16).contains(length)).unwrap_or(5);
    let hides_metadata = file.value(encrypt, "EncryptMetadata")? != Object::Boolean(false);
    let is_old = revision == Some(2);
    let mut hash = Md5::new();
    hash.update(PADDING);
    hash.update(&owner[..owner.len().min(32)]);
    // The lower 32 bits, whichever sign they were written with.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a field of 32 bits")]
    hash.update((permissions as u32).to_le_bytes());
    hash.update(id);
    if revision == Some(4) && !hides_metadata {
        hash.update([0xff; 4]);
    }
    let mut key = hash.finalize();
    let length = if is_old { 5 } else { length };
    if !is_old {
        for _ in 0..50 {
            key = Md5::digest(&key[..length]);
        }
    }
    let key = &key[..length];
    if is_old {
        return Ok(Some(rc4(key, &PADDING).as_deref() == Some(user)));
    }
    let mut hash = Md5::new();
    hash.update(PADDING);
    hash.update(id);
    let mut found = hash.finalize().to_vec();
    for round in 0..20_u8 {
        let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
        let Some(next) = rc4(&key, &found) else { return Ok(None) };
        found = next;
    }
    // The rest of the 32 bytes is arbitrary.
    Ok(Some(user.get(..16) == Some(&found[..])))
}

fn rc4(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    rc4::Rc4::new_from_slice(key).ok()?.apply_keystream(&mut out);
    Some(out)
}

/// The hash of revision 6 (algorithm 2.B) of the empty password with a salt.
fn hardened(salt: &[u8]) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(salt).to_vec();
    for round in 0..MOST_ROUNDS {
        let mut bytes = key.repeat(64);
        let (cipher_key, vector) = (key.get(..16)?, key.get(16..32)?);
        let cipher = cbc::Encryptor::<Aes128>::new_from_slices(cipher_key, vector).ok()?;
        let length = bytes.len();
        cipher.encrypt_padded::<NoPadding>(&mut bytes, length).ok()?;
        // 256 is 1 modulo 3: the number's remainder is that of the sum of its bytes.
        let sum: u32 = bytes[..16].iter().map(|byte| u32::from(*byte)).sum();
        key = match sum % 3 {
            0 => Sha256::digest(&bytes).to_vec(),
            1 => Sha384::digest(&bytes).to_vec(),
            _ => Sha512::digest(&bytes).to_vec(),
        };
        if round >= 63 && u32::from(*bytes.last()?) <= round - 31 {
            key.truncate(32);
            return Some(key);
        }
    }
    None
}
