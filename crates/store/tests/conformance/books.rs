//! Books, their inspections and findings, and the blobs they need.

use packer::{
    finding::{Finding, FindingCode, Place, Severity},
    format::Format,
    hash::Sha256,
    metadata::{BookMetadata, Contributor, Text},
};
use serde_json::json;
use store::{
    BookId,
    books::{BookCover, BookInspection},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash},
};

on_both_engines! {
    an_inspection_is_found_as_it_was_recorded,
    a_later_inspection_takes_the_place_of_an_earlier_one,
    findings_are_counted_for_many_books_at_once,
    many_books_are_read_at_once_with_their_findings,
    books_with_the_same_bytes_are_found,
    a_cover_is_needed_until_the_last_book_with_it_is_gone,
    a_thumbnail_that_is_a_cover_elsewhere_is_told_once,
}

fn inspection() -> BookInspection {
    BookInspection {
        format: Format::Epub,
        metadata: BookMetadata {
            title: Some(Text {
                value: "Été 📚".into(), file_as: None, alternates: vec![("zh".into(), "夏".into())]
            }),
            creators: vec![Contributor {
                name: Text { value: "O'Neil \"X\"".into(), ..Text::default() },
                roles: vec![],
            }],
            words: Some(123_456_789_012),
            ..BookMetadata::default()
        },
        chapters: json!([{ "label": "第一章", "depth": 0 }]),
        protection: json!("none"),
        cover: Some(BookCover { sha256: hash(8), media_type: "image/png".to_owned(), thumbnail: Some(hash(9)) }),
        inspector_version: "0.1.0".to_owned(),
    }
}

fn findings(count: u32) -> Vec<Finding> {
    let finding = |number: u32| {
        let severity = if number.is_multiple_of(2) { Severity::Error } else { Severity::Usage };
        let place = Place::at(format!("OEBPS/été {number}.xhtml"), number + 1, 7);
        Finding::new(FindingCode::new("RSC-005"), severity).at(place).with("text", "it's \"bad\" ☠️")
    };
    let mut findings: Vec<Finding> = (0..count).map(finding).collect();
    findings.push(Finding::new(FindingCode::new("PKG-006"), Severity::Fatal));
    findings
}

async fn record(world: &World, id: BookId, inspection: Option<&BookInspection>, findings: &[Finding]) -> bool {
    let mut transaction = world.store.begin_write().await.unwrap();
    let recorded = transaction.books().record_inspection(id, inspection, findings, at(5)).await.unwrap();
    transaction.commit().await.unwrap();
    recorded
}

async fn an_inspection_is_found_as_it_was_recorded(world: World) {
    let user = world.user("ada").await;
    let id = world.book(user, hash(1)).await;
    let before = world.store.books().lookup(id).await.unwrap().unwrap();
    assert_eq!((before.inspection, before.inspected_at, before.size), (None, None, 1_234));
    let findings = findings(501);
    assert!(record(&world, id, Some(&inspection()), &findings).await);
    let after = world.store.books().lookup(id).await.unwrap().unwrap();
    assert_eq!(after.inspection, Some(inspection()));
    assert_eq!(after.inspected_at, Some(at(5)));
    assert_eq!(world.store.books().findings(id).await.unwrap(), findings);
    let mut plain = inspection();
    plain.cover.as_mut().unwrap().thumbnail = None;
    assert!(record(&world, id, Some(&plain), &findings).await);
    assert_eq!(world.store.books().lookup(id).await.unwrap().unwrap().inspection, Some(plain));
    assert!(!record(&world, BookId::new(at(9), 9), None, &findings).await);
}

async fn a_later_inspection_takes_the_place_of_an_earlier_one(world: World) {
    let user = world.user("ada").await;
    let id = world.book(user, hash(1)).await;
    record(&world, id, Some(&inspection()), &findings(3)).await;
    record(&world, id, None, &findings(0)).await;
    let book = world.store.books().lookup(id).await.unwrap().unwrap();
    assert_eq!((book.inspection, book.inspected_at), (None, Some(at(5))));
    assert_eq!(world.store.books().findings(id).await.unwrap(), findings(0));
}

async fn findings_are_counted_for_many_books_at_once(world: World) {
    let user = world.user("ada").await;
    let many = world.book(user, hash(1)).await;
    let none = world.book(user, hash(2)).await;
    record(&world, many, None, &findings(5)).await;
    let counts = world.store.books().count_findings(&[none, many]).await.unwrap();
    assert_eq!(counts.len(), 1);
    let expected = [(Severity::Fatal, 1), (Severity::Error, 3), (Severity::Usage, 2)];
    assert_eq!(counts[&many], expected.into_iter().collect());
    assert!(world.store.books().count_findings(&[]).await.unwrap().is_empty());
}

async fn many_books_are_read_at_once_with_their_findings(world: World) {
    let user = world.user("ada").await;
    let (first, second) = (world.book(user, hash(1)).await, world.book(user, hash(2)).await);
    let none = world.book(user, hash(3)).await;
    record(&world, first, Some(&inspection()), &findings(5)).await;
    record(&world, second, None, &findings(12)).await;
    let found = world.store.books().list_findings(&[none, second, first]).await.unwrap();
    assert_eq!(found, [(first, findings(5)), (second, findings(12))].into_iter().collect());
    let mut books = world.store.books().list_by_ids(&[none, first]).await.unwrap();
    books.sort_by_key(|book| book.id);
    assert_eq!(books.len(), 2);
    for (book, id) in books.into_iter().zip([first, none]) {
        assert_eq!(Some(book), world.store.books().lookup(id).await.unwrap());
    }
}

async fn books_with_the_same_bytes_are_found(world: World) {
    let user = world.user("ada").await;
    let (first, second) = (world.book(user, hash(1)).await, world.book(user, hash(1)).await);
    world.book(user, hash(2)).await;
    let same = world.store.books().list_by_sha256(&hash(1)).await.unwrap();
    assert_eq!(same.iter().map(|book| book.id).collect::<Vec<_>>(), [first, second]);
}

fn sorted(mut blobs: Vec<Sha256>) -> Vec<Sha256> {
    blobs.sort_unstable();
    blobs
}

async fn a_thumbnail_that_is_a_cover_elsewhere_is_told_once(world: World) {
    let user = world.user("ada").await;
    let (first, second) = (world.book(user, hash(1)).await, world.book(user, hash(2)).await);
    let mut read = inspection();
    record(&world, first, Some(&read), &[]).await;
    read.cover.as_mut().unwrap().sha256 = hash(9);
    record(&world, second, Some(&read), &[]).await;
    let mut snapshot = world.store.snapshot().await.unwrap();
    assert_eq!(sorted(snapshot.blobs().await.unwrap()), [hash(1), hash(2), hash(8), hash(9)]);
    assert_eq!(snapshot.thumbnails().await.unwrap(), []);
}

async fn a_cover_is_needed_until_the_last_book_with_it_is_gone(world: World) {
    let user = world.user("ada").await;
    let (first, second) = (world.book(user, hash(1)).await, world.book(user, hash(1)).await);
    for book in [first, second] {
        record(&world, book, Some(&inspection()), &[]).await;
    }
    let cover = [hash(8), hash(9)];
    for blob in &cover {
        assert!(world.store.blobs().is_needed(blob).await.unwrap());
    }
    let mut snapshot = world.store.snapshot().await.unwrap();
    assert_eq!(sorted(snapshot.blobs().await.unwrap()), [hash(1), hash(8)]);
    assert_eq!(snapshot.thumbnails().await.unwrap(), [hash(9)]);
    drop(snapshot);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.books().delete(first).await.unwrap());
    assert!(!transaction.books().delete(first).await.unwrap());
    for blob in &cover {
        assert!(transaction.blobs().is_needed(blob).await.unwrap());
    }
    transaction.books().delete(second).await.unwrap();
    for blob in &cover {
        assert!(!transaction.blobs().is_needed(blob).await.unwrap());
    }
    transaction.commit().await.unwrap();
    assert!(world.store.books().findings(first).await.unwrap().is_empty());
}
