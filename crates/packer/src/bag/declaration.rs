//! `bagit.txt`: two lines, and nothing else (RFC 8493, 2.1.1).

use super::encoding::Encoding;

/// Major and minor number.
pub(super) type Version = (u32, u32);

/// The first version that is an RFC; it is stricter than the drafts.
pub(super) const RFC: Version = (1, 0);
/// The oldest draft that is read.
const OLDEST: Version = (0, 93);

/// What a bag says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) version: Version,
    /// How its other tag files are written.
    pub(super) encoding: Encoding,
}

/// Reads the file, or says what is wrong with it.
pub(super) fn parse(bytes: &[u8]) -> Result<Declaration, String> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err("it begins with a byte order mark".to_owned());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let lines: Vec<&str> = text.lines().collect();
    let [version, encoding] = lines[..] else { return Err(format!("it has {} lines instead of 2", lines.len())) };
    let version = version.strip_prefix("BagIt-Version: ").ok_or("line 1 is not `BagIt-Version: M.N`")?;
    let version = number(version).ok_or_else(|| format!("`{version}` is no version"))?;
    if !(OLDEST..=RFC).contains(&version) {
        return Err(format!("version {}.{} is none that is known", version.0, version.1));
    }
    let name = encoding
        .strip_prefix("Tag-File-Character-Encoding: ")
        .ok_or("line 2 is not `Tag-File-Character-Encoding: NAME`")?;
    let encoding = Encoding::of_name(name).ok_or_else(|| format!("the encoding `{name}` is none that is read"))?;
    Ok(Declaration { version, encoding })
}

fn number(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.')?;
    let whole = |digits: &str| {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten()
    };
    Some((whole(major)?, whole(minor)?))
}
