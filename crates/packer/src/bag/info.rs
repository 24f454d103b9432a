//! `bag-info.txt` (RFC 8493, 2.2.2): of all that it may say, only `Payload-Oxum` is about the payload.

/// Bytes and files of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Oxum {
    pub(super) octets: u64,
    pub(super) streams: u64,
}

/// Each `Payload-Oxum` of the file; an error where one is not two numbers.
pub(super) fn oxums(text: &str) -> Result<Vec<Oxum>, String> {
    let mut found = Vec::new();
    for line in text.lines() {
        // A line that begins with space goes on with the one before it.
        let Some((label, value)) = line.split_once(':').filter(|_| !line.starts_with([' ', '\t'])) else { continue };
        if label.trim_end().eq_ignore_ascii_case("Payload-Oxum") {
            let value = value.trim();
            let numbers = value.split_once('.').and_then(|(octets, streams)| {
                Some(Oxum { octets: octets.parse().ok()?, streams: streams.parse().ok()? })
            });
            found.push(numbers.ok_or_else(|| value.to_owned())?);
        }
    }
    Ok(found)
}
