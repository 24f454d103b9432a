//! Entries of a ZIP that may say anything of themselves, true or not.

use std::io::{self, Write};

use flate2::{Compression, write::DeflateEncoder};

/// What an entry holds.
#[derive(Debug, Clone)]
enum Content {
    Bytes(Vec<u8>),
    Random { length: u64, seed: u64 },
}

/// One entry, with what its headers say.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name in the central directory, any bytes.
    pub name: Vec<u8>,
    /// The name in the local header, when it is another.
    pub local_name: Option<Vec<u8>>,
    /// The compression method that the headers tell.
    pub method: u16,
    /// The general purpose bits.
    pub flags: u16,
    /// The extra fields of the local header, as they are.
    pub extra: Vec<u8>,
    /// The extra fields of the central directory, as they are.
    pub central_extra: Vec<u8>,
    /// The unpacked size that the headers tell, when it is another than the content's.
    pub declared_size: Option<u32>,
    /// The Unix mode, such as `0o120777` for a symbolic link.
    pub mode: u32,
    content: Content,
}

impl Entry {
    /// An entry that is not compressed.
    pub fn stored(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            method: 0,
            // Names are UTF-8 and say so.
            flags: 0x0800,
            extra: Vec::new(),
            central_extra: Vec::new(),
            declared_size: None,
            mode: 0o100_644,
            content: Content::Bytes(content.into()),
        }
    }

    /// An entry that is compressed.
    pub fn deflated(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self { method: 8, ..Self::stored(name, content) }
    }

    /// An entry of random bytes, stored; they are made while they are written.
    pub fn random(name: &str, length: u64, seed: u64) -> Self {
        Self { content: Content::Random { length, seed }, ..Self::stored(name, []) }
    }

    /// What it holds; nothing for random bytes, which are made while they are written.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Random { .. } => &[],
        }
    }

    /// Puts other content into it.
    pub fn set(&mut self, content: impl Into<Vec<u8>>) {
        self.content = Content::Bytes(content.into());
    }

    /// The packed bytes when they are held in memory, the packed and the unpacked size and the checksum.
    fn packed(&self) -> io::Result<(Vec<u8>, u64, u64, u32)> {
        match &self.content {
            Content::Bytes(bytes) => {
                let packed = if self.method == 8 {
                    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
                    encoder.write_all(bytes)?;
                    encoder.finish()?
                } else {
                    bytes.clone()
                };
                let length = packed.len() as u64;
                Ok((packed, length, bytes.len() as u64, crc32fast::hash(bytes)))
            }
            Content::Random { length, seed } => {
                let mut hasher = crc32fast::Hasher::new();
                Random::new(*seed).fill(*length, |chunk| {
                    hasher.update(chunk);
                    Ok(())
                })?;
                Ok((Vec::new(), *length, *length, hasher.finalize()))
            }
        }
    }
}

/// Bytes that look random and follow from their seed alone (xorshift64*).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// So many bytes in memory.
    pub fn bytes(seed: u64, length: usize) -> Vec<u8> {
        let mut random = Self::new(seed);
        let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(|_| random.number().to_le_bytes()).collect();
        bytes.truncate(length);
        bytes
    }

    fn fill(mut self, length: u64, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut left = length;
        let mut chunk = [0; 8192];
        while left > 0 {
            for place in chunk.chunks_exact_mut(8) {
                place.copy_from_slice(&self.number().to_le_bytes());
            }
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            take(&chunk[..count])?;
            left -= count as u64;
        }
        Ok(())
    }
}

/// Writes a ZIP of these entries. Sizes must fit 32 bits: no book for tests is larger.
pub(super) fn write(entries: &[Entry], out: &mut impl Write) -> io::Result<()> {
    let (mut directory, mut offset) = (Vec::new(), 0_u32);
    for entry in entries {
        let (packed, packed_size, size, crc) = entry.packed()?;
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        let size = entry.declared_size.map_or_else(|| number(size), Ok)?;
        let mut common = Vec::new();
        for field in [20, entry.flags, entry.method, 0, 0x5861] {
            common.extend(u16::to_le_bytes(field));
        }
        for field in [crc, number(packed_size)?, size] {
            common.extend(u32::to_le_bytes(field));
        }
        let mut local = b"PK\x03\x04".to_vec();
        local.extend(&common);
        local.extend(short(local_name.len())?.to_le_bytes());
        local.extend(short(entry.extra.len())?.to_le_bytes());
        local.extend(local_name);
        local.extend(&entry.extra);
        out.write_all(&local)?;
        match &entry.content {
            Content::Bytes(_) => out.write_all(&packed)?,
            Content::Random { length, seed } => Random::new(*seed).fill(*length, |chunk| out.write_all(chunk))?,
        }
        directory.extend(b"PK\x01\x02");
        // Made by Unix, so that the mode counts.
        directory.extend(u16::to_le_bytes(0x0314));
        directory.extend(&common);
        directory.extend(short(entry.name.len())?.to_le_bytes());
        directory.extend(short(entry.central_extra.len())?.to_le_bytes());
        // No comment, first disk, no internal attributes.
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&entry.central_extra);
        offset += number(local.len() as u64 + packed_size)?;
    }
    out.write_all(&directory)?;
    out.write_all(b"PK\x05\x06\0\0\0\0")?;
    let count = short(entries.len())?.to_le_bytes();
    out.write_all(&[count, count].concat())?;
    out.write_all(&number(directory.len() as u64)?.to_le_bytes())?;
    out.write_all(&offset.to_le_bytes())?;
    out.write_all(&[0, 0])
}

fn number(value: u64) -> io::Result<u32> {
    u32::try_from(value).map_err(io::Error::other)
}

fn short(value: usize) -> io::Result<u16> {
    u16::try_from(value).map_err(io::Error::other)
}
