//! The headers at the beginning of a book: PalmDOC, MOBI, and the EXTH records behind them.
//!
//! There is no standard; the fields are as the MobileRead wiki and many readers know them. Numbers are big-endian.

/// The most EXTH records that are read: books have some dozens.
const MOST_RECORDS: u32 = 1_000;
/// Where the MOBI header begins: behind that of PalmDOC.
const MOBI: usize = 16;
/// A number that says «nothing».
const NONE: u32 = 0xffff_ffff;

/// What record 0 of a book, or of the KF8 half of a joint one, says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// 0 is no encryption, 1 the old Mobipocket's, 2 Mobipocket's and Kindle's.
    pub(super) encryption: u16,
    /// True when a MOBI header follows that of PalmDOC.
    pub(super) has_mobi: bool,
    /// True when texts are UTF-8, else Windows 1252.
    pub(super) is_utf8: bool,
    /// The version of the file's format: 6 for MOBI, 8 for KF8.
    pub(super) version: u32,
    /// The whole title.
    pub(super) full_name: Option<Vec<u8>>,
    /// The language as Windows numbers it; 0 when none is told.
    pub(super) locale: u32,
    /// The record of the first image.
    pub(super) first_image: Option<u32>,
    /// How many keys of a protection it holds.
    pub(super) keys: u32,
    /// The EXTH records: a number that names the field, and its bytes.
    pub(super) records: Vec<(u32, Vec<u8>)>,
    /// True when the EXTH records end before they should.
    pub(super) has_damaged_records: bool,
}

impl Header {
    /// Reads record 0; nothing when it is too short to be one.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let encryption = half(bytes, 12)?;
        if bytes.get(MOBI..MOBI + 4) != Some(b"MOBI") {
            return Some(Self { encryption, ..Self::default() });
        }
        let length = word(bytes, 20).unwrap_or(0) as usize;
        // A field behind the end of a short header is another's.
        let field = |offset: usize| (offset + 4 <= MOBI + length).then(|| word(bytes, offset)).flatten();
        let name_at = field(84).unwrap_or(0) as usize;
        let name_end = name_at.saturating_add(field(88).unwrap_or(0) as usize);
        let mut header = Self {
            encryption,
            has_mobi: true,
            is_utf8: field(28) == Some(65_001),
            version: field(36).unwrap_or(0),
            full_name: bytes.get(name_at..name_end).filter(|name| !name.is_empty()).map(<[u8]>::to_vec),
            locale: field(92).unwrap_or(0),
            first_image: field(108).filter(|index| *index != NONE),
            keys: field(172).filter(|count| *count != NONE).unwrap_or(0),
            ..Self::default()
        };
        if field(128).is_some_and(|flags| flags & 0x40 != 0) {
            header.read_records(bytes.get(MOBI + length..).unwrap_or_default());
        }
        Some(header)
    }

    fn read_records(&mut self, bytes: &[u8]) {
        let Some(count) = word(bytes, 8).filter(|_| bytes.starts_with(b"EXTH")) else {
            self.has_damaged_records = true;
            return;
        };
        self.has_damaged_records = count > MOST_RECORDS;
        let mut at = 12;
        for _ in 0..count.min(MOST_RECORDS) {
            let Some((kind, length)) = word(bytes, at).zip(word(bytes, at + 4)) else {
                self.has_damaged_records = true;
                return;
            };
            let end = at.saturating_add(length as usize);
            let Some(value) = bytes.get(at + 8..end) else {
                self.has_damaged_records = true;
                return;
            };
            self.records.push((kind, value.to_vec()));
            at = end;
        }
    }

    /// The bytes of the first record of a kind.
    pub(super) fn record(&self, kind: u32) -> Option<&[u8]> {
        self.records.iter().find(|(known, _)| *known == kind).map(|(_, value)| value.as_slice())
    }

    /// The number of a record that holds one; nothing for the number that says «nothing».
    pub(super) fn number(&self, kind: u32) -> Option<u32> {
        word(self.record(kind)?, 0).filter(|number| *number != NONE)
    }

    /// Bytes as text, in the encoding of this header.
    pub(super) fn text(&self, bytes: &[u8]) -> String {
        let text = match (self.is_utf8, std::str::from_utf8(bytes)) {
            (_, Ok(text)) => text.to_owned(),
            (true, Err(_)) => String::from_utf8_lossy(bytes).into_owned(),
            (false, Err(_)) => windows_1252(bytes),
        };
        text.trim_matches(|character: char| character.is_whitespace() || character == '\0').to_owned()
    }

    /// The texts of every record of a kind, without empty ones.
    pub(super) fn texts(&self, kind: u32) -> impl Iterator<Item = String> {
        let records = self.records.iter().filter(move |(known, _)| *known == kind);
        records.map(|(_, value)| self.text(value)).filter(|text| !text.is_empty())
    }
}

fn half(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(offset..offset + 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(offset..offset.checked_add(4)?)?.try_into().ok()?))
}

/// The signs that Windows 1252 has where Latin 1 has controls, from 0x80 on (Unicode's `bestfit1252.txt`).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> String {
    let sign = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        byte => char::from(*byte),
    };
    bytes.iter().map(sign).collect()
}
