//! The lines of manifests and of `fetch.txt`.

use super::algorithm::Algorithm;

/// One line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Counted from 1.
    pub(super) line: usize,
    /// In lower case.
    pub(super) checksum: String,
    /// As it is written, but for escapes.
    pub(super) path: String,
    /// True when a star stands before the path, as `md5sum` writes it for binary files.
    pub(super) has_star: bool,
    /// True when the path begins with `./`.
    pub(super) has_dot: bool,
}

/// The lines of a manifest; those that are none are given by their numbers.
pub(super) fn manifest(text: &str, algorithm: Algorithm, escapes_percent: bool) -> (Vec<Listed>, Vec<usize>) {
    let (mut listed, mut wrong) = (Vec::new(), Vec::new());
    for (line, content) in numbered(text) {
        let parts = content.split_once([' ', '\t']).filter(|(checksum, _)| {
            checksum.len() == algorithm.digits() && checksum.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let Some((checksum, path)) = parts else {
            wrong.push(line);
            continue;
        };
        let path = path.trim_start_matches([' ', '\t']);
        let (path, has_star) = path.strip_prefix('*').map_or((path, false), |path| (path, true));
        let (path, has_dot) = path.strip_prefix("./").map_or((path, false), |path| (path, true));
        if path.is_empty() {
            wrong.push(line);
            continue;
        }
        let path = unescaped(path, escapes_percent);
        listed.push(Listed { line, checksum: checksum.to_ascii_lowercase(), path, has_star, has_dot });
    }
    (listed, wrong)
}

/// One line of `fetch.txt`; where it would be fetched from is of no use here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fetched {
    /// Counted from 1.
    pub(super) line: usize,
    /// Bytes, where the line says them.
    pub(super) length: Option<u64>,
    pub(super) path: String,
}

/// The lines of `fetch.txt`; those that are none are given by their numbers.
pub(super) fn fetch(text: &str, escapes_percent: bool) -> (Vec<Fetched>, Vec<usize>) {
    let (mut fetched, mut wrong) = (Vec::new(), Vec::new());
    for (line, content) in numbered(text) {
        let read = || {
            let (_, rest) = content.split_once([' ', '\t'])?;
            let (length, path) = rest.trim_start().split_once([' ', '\t'])?;
            let length = if length == "-" { None } else { Some(length.parse().ok()?) };
            let path = path.trim_start();
            (!path.is_empty()).then(|| Fetched { line, length, path: unescaped(path, escapes_percent) })
        };
        match read() {
            Some(found) => fetched.push(found),
            None => wrong.push(line),
        }
    }
    (fetched, wrong)
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty())
}

/// Ends of lines in a path are escaped; from the RFC on the percent sign too, and nothing else (2.1.3).
fn unescaped(path: &str, escapes_percent: bool) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let escape = rest.get(at..at + 3).map(str::to_ascii_uppercase);
        let sign = match escape.as_deref() {
            Some("%0A") => Some('\n'),
            Some("%0D") => Some('\r'),
            Some("%25") if escapes_percent => Some('%'),
            _ => None,
        };
        out.push(sign.unwrap_or('%'));
        rest = &rest[at + if sign.is_some() { 3 } else { 1 }..];
    }
    out + rest
}
