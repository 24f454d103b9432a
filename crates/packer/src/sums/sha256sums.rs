//! SHA256SUMS, as `sha256sum` of coreutils writes and reads it.

use crate::{
    hash::Sha256,
    sums::{Digest, ListError, ListedFile, lines},
};

/// What a line of the list should be.
const LINE: &str = "64 hexadecimal digits, two spaces and a name";

/// Writes the list of these files, in the given order.
pub fn write(files: &[(&str, Digest)]) -> String {
    let mut text = String::new();
    for (name, digest) in files {
        if name.contains(['\\', '\n', '\r']) {
            let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
            text.extend(["\\", &digest.sha256.to_string(), "  ", &escaped, "\n"]);
        } else {
            text.extend([&digest.sha256.to_string(), "  ", name, "\n"]);
        }
    }
    text
}

/// Reads a list, our own or foreign: text and binary mode, escaped names, and the BSD form
/// `SHA256 (name) = digits`.
pub fn parse(bytes: &[u8]) -> Result<Vec<ListedFile>, ListError> {
    let mut files = Vec::new();
    for (line, content) in lines(bytes) {
        if content.is_empty() {
            continue;
        }
        let wrong = ListError { line, expected: LINE };
        let content = std::str::from_utf8(content).map_err(|_| wrong.clone())?;
        let (path, sha256) = entry(content).ok_or(wrong)?;
        files.push(ListedFile { path, size: None, crc32: None, sha256: Some(sha256) });
    }
    Ok(files)
}

fn entry(line: &str) -> Option<(String, Sha256)> {
    let (is_escaped, line) = line.strip_prefix('\\').map_or((false, line), |rest| (true, rest));
    let (name, digits) = if let Some(rest) = line.strip_prefix("SHA256 (") {
        rest.rsplit_once(") = ")?
    } else {
        let (digits, rest) = line.split_at_checked(64)?;
        let name = rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *"))?;
        (name, digits)
    };
    let name = if is_escaped { unescaped(name)? } else { name.to_owned() };
    (!name.is_empty()).then_some(())?;
    Some((name, digits.parse().ok()?))
}

fn unescaped(name: &str) -> Option<String> {
    let mut characters = name.chars();
    let mut text = String::new();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_whatever_the_name() {
        let digest = Digest::of(b"here");
        let names = ["a.nfo", " leading", "back\\slash", "two\nlines", "été"];
        let files: Vec<_> = names.iter().map(|name| (*name, digest)).collect();
        let read = parse(write(&files).as_bytes()).unwrap();
        let paths: Vec<_> = read.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, names);
        assert!(read.iter().all(|file| file.sha256 == Some(digest.sha256)));
    }

    #[test]
    fn binary_mode_and_the_bsd_form_are_read_and_a_broken_line_is_named() {
        let digits = "0".repeat(64);
        let read = parse(format!("{digits} *a b\r\nSHA256 (c (d)) = {digits}\n").as_bytes()).unwrap();
        assert_eq!((read[0].path.as_str(), read[1].path.as_str()), ("a b", "c (d)"));
        for broken in ["x", &format!("{digits} name"), &format!("{digits}  "), &format!("\\{digits}  a\\b")] {
            let list = format!("{digits}  a\n{broken}\n");
            assert_eq!(parse(list.as_bytes()), Err(ListError { line: 2, expected: LINE }), "{broken}");
        }
    }
}
