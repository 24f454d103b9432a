//! Thumbnails of covers: a list of fifty books would otherwise send fifty whole covers.
//!
//! A cover is anybody's bytes, so decoding it is bounded, and whatever goes wrong there costs the thumbnail alone.

use std::io::Cursor;

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageReader, ImageResult, Rgb, RgbImage, RgbaImage,
    codecs::jpeg::JpegEncoder,
    error::{LimitError, LimitErrorKind, ParameterError, ParameterErrorKind},
    imageops,
    metadata::Orientation,
};

/// Pixels across: a list shows it 36 wide. Telephones have two to three for each of those, and of three nobody sees the
/// third at this size, while it doubles the bytes.
pub const WIDTH: u32 = 72;
/// Pixels down: lists show covers two to three.
pub const HEIGHT: u32 = 108;
/// What it is, whatever the cover was.
pub(crate) const MEDIA_TYPE: &str = "image/jpeg";

/// Of a hundred. Above it the bytes grow faster than what is seen at this size.
const QUALITY: u8 = 75;

/// What making a thumbnail may ask of the machine.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Bytes of the cover: the decoder of JPEG holds them twice.
    bytes: usize,
    /// Pixels of the cover: a progressive JPEG takes nine bytes of memory for each, or eleven with four colours. Shops ask
    /// for four million; this is three times that.
    pixels: u64,
    /// Bytes of the decoded picture, and of what its decoder says that it needs beside it: all pixels with four bytes each
    /// fit in, all with eight do not.
    memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, pixels: 12_000_000, memory: 64 << 20 }
    }
}

impl Limits {
    fn of_decoder(self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(self.memory);
        limits
    }
}

/// A thumbnail of a cover, made on a blocking thread: a JPEG, [`WIDTH`] by [`HEIGHT`]. Nothing where the cover is too large
/// or no picture that can be read: then the whole cover is shown in its place.
pub(crate) async fn of(cover: Bytes) -> Option<Bytes> {
    or_nothing(move || make(&cover, Limits::default())).await
}

async fn or_nothing(make: impl FnOnce() -> ImageResult<Vec<u8>> + Send + 'static) -> Option<Bytes> {
    match tokio::task::spawn_blocking(make).await {
        Ok(Ok(thumbnail)) => Some(thumbnail.into()),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a cover gives no thumbnail");
            None
        }
        // A fault of the decoder; the book has none.
        Err(error) => {
            tracing::warn!(%error, "a cover broke what makes thumbnails");
            None
        }
    }
}

fn make(cover: &[u8], limits: Limits) -> ImageResult<Vec<u8>> {
    if cover.len() > limits.bytes {
        return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::InsufficientMemory)));
    }
    // In this form the frame inside may be larger than the canvas that is asked below, and its decoder makes room for it,
    // and for what its metadata claim to be, before it compares.
    if cover.get(8..16) == Some(b"WEBPVP8X".as_slice()) {
        return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::DimensionError)));
    }
    // The bytes say what they are; what the book says of them is not asked.
    let mut reader = ImageReader::new(Cursor::new(cover)).with_guessed_format()?;
    reader.limits(limits.of_decoder());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    match u64::from(width) * u64::from(height) {
        0 => return Err(ImageError::Parameter(ParameterError::from_kind(ParameterErrorKind::DimensionMismatch))),
        pixels if pixels > limits.pixels => {
            return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::DimensionError)));
        }
        _ => {}
    }
    let mut left = limits.of_decoder();
    left.reserve(decoder.total_bytes())?;
    decoder.set_limits(left)?;
    let orientation = decoder.orientation()?;
    let mut small = small(&DynamicImage::from_decoder(decoder)?, orientation);
    small.apply_orientation(orientation);
    let mut thumbnail = Vec::new();
    small.write_with_encoder(JpegEncoder::new_with_quality(&mut thumbnail, QUALITY))?;
    Ok(thumbnail)
}

/// The middle of a picture in the size of a thumbnail, before it is turned as it is to be seen.
fn small(picture: &DynamicImage, orientation: Orientation) -> DynamicImage {
    let (wide, high) = match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            (HEIGHT, WIDTH)
        }
        _ => (WIDTH, HEIGHT),
    };
    // What is not shown goes first: of a line that is a pixel high and millions wide nothing large is made.
    let (width, height) = middle((picture.width(), picture.height()), (wide, high));
    let (x, y) = ((picture.width() - width) / 2, (picture.height() - height) / 2);
    on_white(&imageops::thumbnail(&*imageops::crop_imm(picture, x, y, width, height), wide, high)).into()
}

/// The largest size within a picture that has the shape of another; at least one pixel each way.
fn middle((width, height): (u32, u32), (wide, high): (u32, u32)) -> (u32, u32) {
    let part = |side: u32, of: u32, to: u32| u64::from(side) * u64::from(of) / u64::from(to);
    let (across, down) = (part(height, wide, high), part(width, high, wide));
    let at_most = |part: u64, side: u32| u32::try_from(part).unwrap_or(side).clamp(1, side);
    (at_most(across, width), at_most(down, height))
}

/// A JPEG has nothing to see through: what a picture leaves open is paper.
fn on_white(picture: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, cover] = picture.get_pixel(x, y).0.map(u16::from);
        let over = |colour: u16| (colour * cover + 255 * (255 - cover)) / 255;
        Rgb([red, green, blue].map(|colour| u8::try_from(over(colour)).unwrap_or(u8::MAX)))
    })
}

#[cfg(test)]
mod tests {
    use image::{
        Delay, Frame, ImageFormat, Luma, Rgba,
        codecs::gif::{GifEncoder, Repeat},
    };

    use super::*;

    const RED: [u8; 3] = [255, 0, 0];
    const GREEN: [u8; 3] = [0, 255, 0];
    const BLUE: [u8; 3] = [0, 0, 255];

    /// A JPEG of twelve by eighteen pixels, all of them red, in the four colours of printers.
    const OF_A_PRINTER: &str = "ffd8ffee000e41646f626500640000000000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912\
        130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc00014080012000c044311004d\
        11005911004b1100ffc400160001010100000000000000000000000000000708ffc40014100100000000000000000000000000000000ff\
        da000e0443004d0059004b00003f00bfb3fb3fafe0000000000fffd9";

    fn made(cover: &[u8]) -> ImageResult<Vec<u8>> {
        make(cover, Limits::default())
    }

    /// A picture in three equal stripes, side by side, or one above the other.
    fn stripes(width: u32, height: u32) -> DynamicImage {
        let (length, along) = (width.max(height), width > height);
        let colour = |place: u32| match place * 3 / length {
            0 => RED,
            1 => GREEN,
            _ => BLUE,
        };
        RgbImage::from_fn(width, height, |x, y| Rgb(colour(if along { x } else { y }))).into()
    }

    /// A PNG with another size in its head.
    fn claiming(mut png: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = crc32fast::hash(&png[12..29]);
        png[29..33].copy_from_slice(&checksum.to_be_bytes());
        png
    }

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn seen(thumbnail: &[u8]) -> RgbImage {
        let picture = image::load_from_memory_with_format(thumbnail, ImageFormat::Jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
        picture.into_rgb8()
    }

    fn assert_is(thumbnail: &[u8], (x, y): (u32, u32), colour: [u8; 3]) {
        let found = seen(thumbnail).get_pixel(x, y).0;
        let is_near = found.iter().zip(colour).all(|(found, colour)| found.abs_diff(colour) < 12);
        assert!(is_near, "{found:?} at {x}, {y} instead of {colour:?}");
    }

    #[test]
    fn of_what_is_wide_or_tall_the_middle_is_seen() {
        for (width, height) in [(900, 200), (200, 900), (5_000, 3), (3, 5_000), (120_000, 1), (1, 120_000)] {
            let thumbnail = made(&encoded(&stripes(width, height), ImageFormat::Png)).unwrap();
            for place in [(2, 2), (WIDTH / 2, HEIGHT / 2), (WIDTH - 3, HEIGHT - 3)] {
                assert_is(&thumbnail, place, GREEN);
            }
        }
        // Two to three as it is: all of it.
        let thumbnail = made(&encoded(&stripes(600, 900), ImageFormat::Jpeg)).unwrap();
        for (y, colour) in [(10, RED), (HEIGHT / 2, GREEN), (HEIGHT - 12, BLUE)] {
            assert_is(&thumbnail, (WIDTH / 2, y), colour);
        }
    }

    #[test]
    fn a_single_pixel_is_a_picture() {
        let thumbnail = made(&encoded(&RgbImage::from_pixel(1, 1, Rgb(BLUE)).into(), ImageFormat::Png)).unwrap();
        assert_is(&thumbnail, (0, 0), BLUE);
        assert_is(&thumbnail, (WIDTH - 1, HEIGHT - 1), BLUE);
    }

    #[test]
    fn a_thumbnail_has_a_few_kilobytes() {
        let mut state = 1_u32;
        let noise = RgbImage::from_fn(600, 900, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [_, red, green, blue] = state.to_be_bytes();
            Rgb([red, green, blue])
        });
        let cover = encoded(&noise.into(), ImageFormat::Jpeg);
        let thumbnail = made(&cover).unwrap();
        assert!(thumbnail.len() < 12 << 10, "{} bytes of {}", thumbnail.len(), cover.len());
    }

    #[test]
    fn every_format_that_covers_come_in_is_read() {
        let picture = RgbImage::from_pixel(40, 60, Rgb(RED));
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
            assert_is(&made(&encoded(&picture.clone().into(), format)).unwrap(), (WIDTH / 2, HEIGHT / 2), RED);
        }
        let deep = DynamicImage::ImageRgb8(picture).into_rgb16();
        assert_is(&made(&encoded(&deep.into(), ImageFormat::Png)).unwrap(), (WIDTH / 2, HEIGHT / 2), RED);
        let grey = image::GrayImage::from_pixel(40, 60, Luma([128]));
        assert_is(&made(&encoded(&grey.into(), ImageFormat::Png)).unwrap(), (WIDTH / 2, HEIGHT / 2), [128; 3]);
        let of_a_printer: Vec<u8> = (0..OF_A_PRINTER.len())
            .step_by(2)
            .map(|place| u8::from_str_radix(&OF_A_PRINTER[place..place + 2], 16).unwrap())
            .collect();
        assert_is(&made(&of_a_printer).unwrap(), (WIDTH / 2, HEIGHT / 2), RED);
    }

    #[test]
    fn what_is_left_open_is_white() {
        let open = RgbaImage::from_fn(40, 60, |_, y| if y < 30 { Rgba([0, 0, 0, 0]) } else { Rgba([0, 0, 255, 255]) });
        let thumbnail = made(&encoded(&open.into(), ImageFormat::Png)).unwrap();
        assert_is(&thumbnail, (WIDTH / 2, 10), [255; 3]);
        assert_is(&thumbnail, (WIDTH / 2, HEIGHT - 12), BLUE);
    }

    #[test]
    fn of_what_moves_the_first_picture_is_seen() {
        let mut moving = Vec::new();
        let mut encoder = GifEncoder::new(&mut moving);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for [red, green, blue] in [RED, BLUE, GREEN] {
            let picture = RgbaImage::from_pixel(40, 60, Rgba([red, green, blue, 255]));
            encoder.encode_frame(Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
        }
        drop(encoder);
        assert_is(&made(&moving).unwrap(), (WIDTH / 2, HEIGHT / 2), RED);
    }

    #[test]
    fn a_picture_is_turned_as_its_camera_was() {
        // Lying, red at the left; a quarter turn to the right brings red to the top.
        let lying = encoded(&stripes(900, 600), ImageFormat::Jpeg);
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let turned = [&lying[..2], &[0xff, 0xe1], &length, exif, &lying[2..]].concat();
        let thumbnail = made(&turned).unwrap();
        for (y, colour) in [(10, RED), (HEIGHT / 2, GREEN), (HEIGHT - 12, BLUE)] {
            assert_is(&thumbnail, (WIDTH / 2, y), colour);
        }
    }

    #[test]
    fn what_claims_to_be_huge_is_refused_before_it_is_decoded() {
        let png = encoded(&stripes(4, 6), ImageFormat::Png);
        let mut jpeg = encoded(&stripes(4, 6), ImageFormat::Jpeg);
        let head = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
        jpeg[head + 5..head + 9].fill(0xff);
        let mut gif = encoded(&stripes(4, 6), ImageFormat::Gif);
        gif[6..10].fill(0xff);
        let mut webp = encoded(&stripes(4, 6), ImageFormat::WebP);
        assert_eq!(webp[12..16], *b"VP8L");
        // Fourteen bits of each side; all of them are read as none at all.
        webp[21..24].copy_from_slice(&[0xfe, 0xbf, 0xff]);
        webp[24] |= 0x0f;
        // A small canvas, and a frame and metadata that may claim what they like.
        let extended = [b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\x09\0\0\x09\0\0".as_slice(), &webp[12..]].concat();
        for bomb in [claiming(png.clone(), 60_000, 60_000), claiming(png, 1 << 30, 1), jpeg, gif, webp, extended] {
            let refused = made(&bomb).unwrap_err();
            assert!(matches!(refused, ImageError::Limits(_)), "{refused}");
        }
        // Some kilobytes with more pixels than the limit, each of them there.
        let blank = encoded(&image::GrayImage::new(4_000, 3_001).into(), ImageFormat::Png);
        assert!(blank.len() < 128 << 10, "{}", blank.len());
        assert!(matches!(made(&blank), Err(ImageError::Limits(_))));
    }

    #[test]
    fn each_limit_refuses_by_itself() {
        let cover = encoded(&stripes(60, 90), ImageFormat::Png);
        let limits = Limits { bytes: cover.len(), pixels: 60 * 90, ..Limits::default() };
        make(&cover, limits).unwrap();
        let smaller = [
            Limits { bytes: limits.bytes - 1, ..limits },
            Limits { pixels: limits.pixels - 1, ..limits },
            Limits { memory: 60 * 90 * 3 - 1, ..limits },
        ];
        for limits in smaller {
            assert!(matches!(make(&cover, limits), Err(ImageError::Limits(_))), "{limits:?}");
        }
    }

    #[test]
    fn what_is_cut_off_gives_what_there_is_or_nothing() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
            let whole = encoded(&stripes(60, 90), format);
            for length in 0..whole.len() {
                if let Ok(thumbnail) = made(&whole[..length]) {
                    seen(&thumbnail);
                }
            }
            assert!(made(&whole[..whole.len() / 4]).is_err() || format == ImageFormat::Jpeg, "{format:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_told_from_one() {
        let drawing = br#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>"#;
        let empty_gif = b"GIF89a\0\0\0\0\0\0\0\x3b";
        for other in [&b""[..], b"\xff", b"\xff\xd8\xff\xe0\0\x10", b"%PDF-1.7", drawing, empty_gif] {
            assert!(made(other).is_err(), "{other:?}");
        }
    }

    #[tokio::test]
    async fn a_fault_of_the_decoder_costs_the_thumbnail_alone() {
        assert_eq!(or_nothing(|| panic!("a fault of the decoder")).await, None);
        assert_eq!(of(Bytes::from_static(b"no picture")).await, None);
        let cover = encoded(&stripes(60, 90), ImageFormat::Png);
        assert_is(&of(cover.into()).await.unwrap(), (WIDTH / 2, 10), RED);
    }
}
