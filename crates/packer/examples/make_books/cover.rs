//! A cover: a lighthouse at night, painted point by point.

use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};

const WIDTH: u32 = 600;
const HEIGHT: u32 = 900;

type Colour = [u8; 3];

const TOWER: Colour = [0xf2, 0xed, 0xe0];
const STRIPE: Colour = [0xa4, 0x3c, 0x2e];
const LAMP: Colour = [0xff, 0xe2, 0x8a];
const SEA: Colour = [0x0d, 0x3b, 0x45];

/// The cover as a PNG.
pub(crate) fn png() -> io::Result<Vec<u8>> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for y in 0..HEIGHT {
        // Each row begins with the filter it was written with: none.
        rows.write_all(&[0])?;
        for x in 0..WIDTH {
            rows.write_all(&colour(x, y))?;
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    // Eight bits a channel, three channels, the only compression and filter there are, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &header)?;
    chunk(&mut png, *b"IDAT", &rows.finish()?)?;
    chunk(&mut png, *b"IEND", &[])?;
    Ok(png)
}

fn colour(x: u32, y: u32) -> Colour {
    let from_middle = x.abs_diff(WIDTH / 2);
    let tower_half = 34 + y.saturating_sub(300) / 14;
    match y {
        250..300 if from_middle < 26 => LAMP,
        300..720 if from_middle < tower_half && (y / 70).is_multiple_of(2) => TOWER,
        300..720 if from_middle < tower_half => STRIPE,
        // The beam opens to both sides.
        _ if y.abs_diff(275) * 5 < from_middle => blend(sky(y), LAMP, 90u32.saturating_sub(from_middle / 4)),
        720.. => SEA,
        _ => sky(y),
    }
}

/// Dark above, a little green above the sea.
fn sky(y: u32) -> Colour {
    blend([0x0a, 0x12, 0x24], [0x1d, 0x5b, 0x66], y * 100 / HEIGHT)
}

/// So many hundredths of `over` on `under`.
fn blend(under: Colour, over: Colour, hundredths: u32) -> Colour {
    std::array::from_fn(|channel| {
        let mixed = u32::from(under[channel]) * (100 - hundredths) + u32::from(over[channel]) * hundredths;
        u8::try_from(mixed / 100).unwrap_or(u8::MAX)
    })
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> io::Result<()> {
    let length = u32::try_from(data.len()).map_err(io::Error::other)?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&kind);
    checksum.update(data);
    png.extend(length.to_be_bytes());
    png.extend(kind);
    png.extend(data);
    png.extend(checksum.finalize().to_be_bytes());
    Ok(())
}
