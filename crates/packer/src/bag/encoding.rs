//! How tag files are written.

/// The encodings that bags are met in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// With a byte order mark, or big-endian.
    Utf16,
    /// ISO 8859-1, and ASCII as its part.
    Latin1,
}

impl Encoding {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" => Some(Self::Utf8),
            "UTF-16" => Some(Self::Utf16),
            "ISO-8859-1" | "LATIN1" | "US-ASCII" | "ASCII" => Some(Self::Latin1),
            _ => None,
        }
    }

    /// The text; nothing when the bytes are not in this encoding.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => {
                std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok().map(str::to_owned)
            }
            Self::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Self::Utf16 => {
                let (rest, unit): (_, fn([u8; 2]) -> u16) = match bytes {
                    [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
                    bytes => (bytes.strip_prefix(b"\xfe\xff").unwrap_or(bytes), u16::from_be_bytes),
                };
                let units = rest.chunks(2).map(|pair| Some(unit([*pair.first()?, *pair.get(1)?])));
                String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()
            }
        }
    }
}
