//! Secrets: which are too weak, and those the product makes for itself.

use std::{
    fmt::Write as _,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};

use super::problem::Problem;

/// Fewest characters of a signing key: 256 bits in hexadecimal are 64, in base64 43; 32 is the least the
/// documentation has ever asked for.
pub const SHORTEST_KEY: usize = 32;

/// Fewest characters of a password that a machine uses.
pub(super) const SHORTEST_PASSWORD: usize = 12;

/// Beginnings of values that stand in documents and are copied from them.
const EXAMPLES: [&str; 8] =
    ["changeme", "change-me", "change_me", "change_this", "example", "your-", "your_", "replace"];

/// What is wrong with a secret, if anything.
pub(super) fn weakness(name: &'static str, value: &SecretString, shortest: usize) -> Option<Problem> {
    let text = value.expose_secret();
    let lower = text.to_ascii_lowercase();
    if EXAMPLES.iter().any(|example| lower.starts_with(example)) {
        return Some(Problem::ExampleSecret { name });
    }
    let length = text.chars().count();
    if length < shortest {
        return Some(Problem::ShortSecret { name, length, minimum: shortest });
    }
    let first = text.chars().next();
    text.chars().all(|character| Some(character) == first).then_some(Problem::ExampleSecret { name })
}

/// Why a generated secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum GeneratedSecretError {
    /// The file or its folder cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} is too short to be a key; restore it from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

/// A key of the embedded default: kept in `DATA_DIR/secrets` under its name, made on first use.
///
/// The file is readable by its owner only (mode 0600). Two processes that start at once agree: the file appears
/// whole under its name or not at all, and the first one wins.
pub fn generated_key(
    data_dir: &Path,
    name: &str,
    random: impl FnOnce(&mut [u8; 32]),
) -> Result<SecretString, GeneratedSecretError> {
    let folder = data_dir.join("secrets");
    let path = folder.join(name);
    let unusable = |source| GeneratedSecretError::Unusable { path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) => return accept(&text, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(error)),
    }
    std::fs::create_dir_all(&folder).map_err(unusable)?;
    let mut bytes = [0u8; 32];
    random(&mut bytes);
    let text = bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let written = write_private(&draft, &text).and_then(|()| match std::fs::hard_link(&draft, &path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let removed = std::fs::remove_file(&draft);
    written.and(removed).map_err(unusable)?;
    let text = std::fs::read_to_string(&path).map_err(unusable)?;
    accept(&text, path)
}

fn accept(text: &str, path: PathBuf) -> Result<SecretString, GeneratedSecretError> {
    let key = text.trim();
    if key.chars().count() < SHORTEST_KEY {
        Err(GeneratedSecretError::Damaged { path })
    } else {
        Ok(key.to_owned().into())
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
