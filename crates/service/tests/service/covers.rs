//! Covers and their thumbnails, from the book that brings one to its deletion.

use std::{io::Cursor, time::Duration};

use image::{ImageFormat, Rgb, RgbImage};
use packer::builder::Book;
use service::{Actor, Cover, CoverFound, CoverSize, Release, ReleaseId, thumbnail};
use store::books::BookCover;

use crate::house::{House, book, collect};

/// A PNG of six hundred by nine hundred pixels, no two lines of which are alike.
fn painted() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let colour = |x: u32, y: u32| Rgb([x * y % 251, x % 241, y % 239].map(|part| u8::try_from(part).unwrap()));
    RgbImage::from_fn(600, 900, colour).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn with_cover(house: &House, actor: &Actor, image: Vec<u8>) -> Release {
    let book =
        Book::epub3().title("Covered").item("cover", "cover.png", "image/png", "properties=\"cover-image\"", image);
    house.draft(actor, &book.build()).await
}

/// Where the cover of a release's book is, as stored.
async fn stored(house: &House, release: &Release) -> BookCover {
    house.store.books().lookup(release.book.id).await.unwrap().unwrap().inspection.unwrap().cover.unwrap()
}

async fn opened(house: &House, actor: &Actor, id: ReleaseId, size: CoverSize) -> Cover {
    match house.services.releases().cover(actor, id, size, |_| false).await.unwrap() {
        Some(CoverFound::Open(cover)) => cover,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_cover_gets_a_thumbnail_that_stays_as_long_as_its_book() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let image = painted();
    let release = with_cover(&house, &admin, image.clone()).await;
    let id = release.summary.id;
    let whole = opened(&house, &admin, id, CoverSize::Whole).await;
    assert_eq!((whole.sha256, whole.media_type.as_str()), (stored(&house, &release).await.sha256, "image/png"));
    assert_eq!(collect(whole.body).await, image);

    let small = opened(&house, &admin, id, CoverSize::Small).await;
    assert_eq!(small.media_type, "image/jpeg");
    assert_eq!(Some(small.sha256), stored(&house, &release).await.thumbnail);
    let bytes = collect(small.body).await;
    assert_eq!(bytes.len() as u64, small.size);
    assert!(bytes.len() < 16 << 10 && bytes.len() * 4 < image.len(), "{} of {}", bytes.len(), image.len());
    let picture = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (thumbnail::WIDTH, thumbnail::HEIGHT));

    // Another book with the same cover shares the bytes, which stay until both are gone.
    let other = with_cover(&house, &admin, image).await;
    assert_eq!(stored(&house, &other).await, stored(&house, &release).await);
    house.clock.pass(Duration::from_hours(25));
    let kept = house.blobs();
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().blobs, 0);
    assert_eq!(house.blobs(), kept);
    let mut snapshot = house.store.snapshot().await.unwrap();
    assert!(snapshot.blobs().await.unwrap().contains(&whole.sha256));
    assert_eq!(snapshot.thumbnails().await.unwrap(), [small.sha256]);
    drop(snapshot);
    releases.delete(&admin, id).await.unwrap();
    assert!(house.blob(&small.sha256).exists() && house.blob(&whole.sha256).exists());
    releases.delete(&admin, other.summary.id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
}

#[tokio::test]
async fn a_cover_that_is_no_picture_is_shown_as_it_is_and_its_book_is_taken() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let cut = painted()[..200].to_vec();
    let release = with_cover(&house, &admin, cut.clone()).await;
    assert!(release.summary.has_cover);
    assert_eq!(stored(&house, &release).await.thumbnail, None);
    let shown = opened(&house, &admin, release.summary.id, CoverSize::Small).await;
    assert_eq!((shown.sha256, shown.media_type.as_str()), (stored(&house, &release).await.sha256, "image/png"));
    assert_eq!(collect(shown.body).await, cut);
    let without = house.draft(&admin, &book("Bare")).await;
    assert!(releases.cover(&admin, without.summary.id, CoverSize::Small, |_| false).await.unwrap().is_none());
}

#[tokio::test]
async fn a_book_from_before_thumbnails_shows_its_whole_cover() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let release = with_cover(&house, &admin, painted()).await;
    let id = release.summary.id;
    let small = async || opened(&house, &admin, id, CoverSize::Small).await;
    let whole = stored(&house, &release).await.sha256;
    // The bytes may be gone, too: a process of an earlier version, which does not know what they are for, may have swept
    // them.
    let thumbnail = small().await.sha256;
    std::fs::remove_file(house.blob(&thumbnail)).unwrap();
    assert_eq!(small().await.sha256, whole);
    // Whoever has it needs none of its bytes.
    let known = releases.cover(&admin, id, CoverSize::Small, |sha256| *sha256 == thumbnail).await.unwrap();
    assert!(matches!(known, Some(CoverFound::Known { sha256, .. }) if sha256 == thumbnail), "{known:?}");

    let known = house.store.books().lookup(release.book.id).await.unwrap().unwrap();
    let mut inspection = known.inspection.unwrap();
    inspection.cover.as_mut().unwrap().thumbnail = None;
    let mut transaction = house.store.begin_write().await.unwrap();
    let at = known.inspected_at.unwrap();
    transaction.books().record_inspection(known.id, Some(&inspection), &[], at).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(small().await.sha256, whole);
    releases.delete(&admin, id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
}
