//! What may be the same release once more.

use packer::{builder::Book, metadata::Field};
use service::{Edit, ReleaseId, Role, releases::Likeness};

use crate::house::{House, book, change};

async fn told(house: &House, actor: &service::Actor, id: ReleaseId) -> Vec<(ReleaseId, Likeness)> {
    let duplicates = house.services.releases().duplicates(actor, id).await.unwrap();
    duplicates.into_iter().map(|one| (one.id, one.likeness)).collect()
}

async fn set(house: &House, actor: &service::Actor, id: ReleaseId, field: Field, value: &str) {
    let edit = Edit { changes: vec![change(field, value)], ..Edit::default() };
    house.services.releases().edit(actor, id, edit).await.unwrap();
}

#[tokio::test]
async fn the_same_file_isbn_or_work_is_told_the_likest_first() {
    let (house, admin) = House::new().await;
    let machine = Book::epub3().title("The Time Machine").creator("H. G. Wells").build();
    let first = house.draft(&admin, &machine).await.summary.id;
    assert_eq!(told(&house, &admin, first).await, []);
    let twin = house.draft(&admin, &machine).await.summary.id;
    let near = Book::epub3().title("Time-Machine: An Invention").creator("Herbert George Wells").build();
    let near = house.draft(&admin, &near).await.summary.id;
    let numbered = house.draft(&admin, &book("Another Title")).await.summary.id;
    for id in [first, numbered] {
        set(&house, &admin, id, Field::Isbn, "9780306406157").await;
    }
    house.draft(&admin, &book("Nothing Alike")).await;
    let found = told(&house, &admin, first).await;
    let expected = [(twin, Likeness::SameFile), (numbered, Likeness::SameIsbn), (near, Likeness::SameWork)];
    assert_eq!(found, expected);
    assert_eq!(told(&house, &admin, numbered).await, [(first, Likeness::SameIsbn)]);
    // Numbers of what appears again and again share a title.
    for id in [first, near] {
        set(&house, &admin, id, Field::Kind, "magazine").await;
    }
    assert_eq!(told(&house, &admin, first).await, expected[..2]);
    assert_eq!(told(&house, &admin, near).await, []);
}

#[tokio::test]
async fn a_work_is_told_from_either_side_however_author_and_title_are_written() {
    let (house, admin) = House::new().await;
    for (title, authors, other_title, other_authors) in [
        ("Emma", "Jane Austen", "Emma", "Austen, J."),
        ("The Time Machine", "H. G. Wells", "Time Machine", "Wells, Herbert George"),
        (
            "A Short History of Nearly Everything",
            "Bill Bryson",
            "A Short History of Nearly Everything Illustrated",
            "Bryson, William",
        ),
    ] {
        let one = Book::epub3().title(title).creator(authors).build();
        let one = house.draft(&admin, &one).await.summary.id;
        let other = Book::epub3().title(other_title).creator(other_authors).build();
        let other = house.draft(&admin, &other).await.summary.id;
        assert_eq!(told(&house, &admin, one).await, [(other, Likeness::SameWork)], "{title}");
        assert_eq!(told(&house, &admin, other).await, [(one, Likeness::SameWork)], "{title}");
    }
}

#[tokio::test]
async fn corrections_and_what_one_does_not_see_are_not_told() {
    let (house, admin) = House::new().await;
    let bytes = book("A Book");
    let release = house.packed(&admin, &bytes).await.0.summary.id;
    house.services.releases().correct(&admin, release, "REPACK").await.unwrap();
    assert_eq!(told(&house, &admin, release).await, []);
    let stranger = house.person(&admin, "stranger", Role::EDITOR).await;
    let new =
        service::NewUpload { file_name: "a.epub".into(), size: bytes.len() as u64, group: None, fingerprint: None };
    let upload = house.services.uploads().begin(&stranger, new).await.unwrap();
    house.services.uploads().append(&stranger, upload.id, 0, bytes.into()).await.unwrap();
    let own = house.services.uploads().complete(&stranger, upload.id).await.unwrap();
    house.work_off().await;
    assert_eq!(told(&house, &stranger, own).await, []);
    assert_eq!(house.services.releases().duplicates(&stranger, release).await.unwrap_err().code(), "not-found");
    assert!(told(&house, &admin, own).await.contains(&(release, Likeness::SameFile)));
}
