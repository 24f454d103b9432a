//! Mobipocket and Kindle books for tests, good ones and others.

/// A book in a Palm database, built header by header.
#[derive(Debug, Clone)]
pub struct Kindle {
    version: u32,
    title: String,
    encryption: u16,
    records: Vec<(u32, Vec<u8>)>,
    cover: Option<Vec<u8>>,
    second: Option<Box<Kindle>>,
    boundary: bool,
}

impl Kindle {
    /// The smallest good book of a version: 6 for MOBI, 8 for KF8.
    pub fn new(version: u32, title: &str) -> Self {
        Self {
            version,
            title: title.to_owned(),
            encryption: 0,
            records: Vec::new(),
            cover: None,
            second: None,
            boundary: true,
        }
    }

    /// Adds an EXTH record.
    #[must_use]
    pub fn record(mut self, kind: u32, value: impl Into<Vec<u8>>) -> Self {
        self.records.push((kind, value.into()));
        self
    }

    /// Says in the PalmDOC header that the text is encrypted.
    #[must_use]
    pub fn encrypted(mut self, how: u16) -> Self {
        self.encryption = how;
        self
    }

    /// Gives it a cover.
    #[must_use]
    pub fn cover(mut self, image: impl Into<Vec<u8>>) -> Self {
        self.cover = Some(image.into());
        self.record(201, 0_u32.to_be_bytes())
    }

    /// Puts a KF8 half behind it.
    #[must_use]
    pub fn joint(mut self, second: Kindle) -> Self {
        self.second = Some(Box::new(second));
        self
    }

    /// Leaves out the record that parts the two halves.
    #[must_use]
    pub fn without_boundary(mut self) -> Self {
        self.boundary = false;
        self
    }

    /// The finished file.
    pub fn build(&self) -> Vec<u8> {
        let mut records: Vec<Vec<u8>> = vec![Vec::new(), b"a text".to_vec()];
        let first_image = u32::try_from(records.len()).unwrap_or(u32::MAX);
        records.extend(self.cover.clone());
        let mut book = self.clone();
        if let Some(second) = &self.second {
            if self.boundary {
                records.push(b"BOUNDARY".to_vec());
            }
            let boundary = u32::try_from(records.len()).unwrap_or(u32::MAX);
            book = book.record(121, boundary.to_be_bytes());
            records.push(second.header(first_image));
        }
        records[0] = book.header(first_image);
        database(&self.title, &records)
    }

    fn header(&self, first_image: u32) -> Vec<u8> {
        const LENGTH: u32 = 232;
        let mut bytes = vec![0; 16];
        bytes[12..14].copy_from_slice(&self.encryption.to_be_bytes());
        bytes.extend(b"MOBI");
        bytes.resize(16 + LENGTH as usize, 0);
        let exth = self.exth();
        let name_at = u32::try_from(bytes.len() + exth.len()).unwrap_or(u32::MAX);
        let name_length = u32::try_from(self.title.len()).unwrap_or(u32::MAX);
        let fields = [
            (20, LENGTH),
            (28, 65_001),
            (36, self.version),
            (84, name_at),
            (88, name_length),
            (92, 9),
            (108, first_image),
            (128, 0x40),
        ];
        for (offset, value) in fields {
            bytes[offset..offset + 4].copy_from_slice(&u32::to_be_bytes(value));
        }
        bytes.extend(exth);
        bytes.extend(self.title.as_bytes());
        bytes
    }

    fn exth(&self) -> Vec<u8> {
        let mut bytes = b"EXTH".to_vec();
        let mut body = Vec::new();
        for (kind, value) in &self.records {
            body.extend(kind.to_be_bytes());
            body.extend(u32::try_from(value.len() + 8).unwrap_or(u32::MAX).to_be_bytes());
            body.extend(value);
        }
        bytes.extend(u32::try_from(body.len() + 12).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(u32::try_from(self.records.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(body);
        bytes
    }
}

fn database(name: &str, records: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.bytes().map(|byte| if byte == b' ' { b'_' } else { byte }).take(31).collect();
    bytes.resize(60, 0);
    bytes.extend(b"BOOKMOBI");
    bytes.resize(76, 0);
    bytes.extend(u16::try_from(records.len()).unwrap_or(u16::MAX).to_be_bytes());
    let mut offset = bytes.len() + records.len() * 8 + 2;
    for record in records {
        bytes.extend(u32::try_from(offset).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend([0; 4]);
        offset += record.len();
    }
    bytes.extend([0; 2]);
    bytes.extend(records.iter().flatten());
    bytes
}
