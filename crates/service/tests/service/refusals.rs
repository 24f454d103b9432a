//! What is refused leaves nothing behind but the reason.

use packer::builder::Book;
use service::{FailureKind, JobState, Status};

use crate::house::{House, book};

#[tokio::test]
async fn a_book_under_drm_is_refused_by_the_name_of_its_scheme_and_its_bytes_are_gone() {
    let (house, admin) = House::new().await;
    let id = house.upload(&admin, "locked.epub", &Book::epub3().title("Locked").adept().build()).await;
    house.work_off().await;
    let release = house.lookup(&admin, id).await;
    assert_eq!(release.summary.status, Status::Refused);
    let refusal = release.summary.refusal.clone().unwrap();
    assert_eq!((refusal.code.as_str(), refusal.data["scheme"].as_str()), ("protected", "Adobe ADEPT"));
    assert_eq!(release.jobs[0].state, JobState::Failed);
    assert_eq!(house.blobs(), [].into());
    assert!(!release.editable);
    let releases = house.services.releases();
    assert_eq!(releases.pack(&admin, id).await.unwrap_err().code(), "protected");
    assert_eq!(releases.edit(&admin, id, service::Edit::default()).await.unwrap_err().code(), "not-editable");

    releases.delete(&admin, id).await.unwrap();
    assert!(house.store.books().list_by_sha256(&release.book.sha256).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_book_keeps_nobody_elses_bytes_and_goes_with_the_last_one() {
    let (house, admin) = House::new().await;
    let bytes = Book::epub3().title("Locked").lcp().build();
    let one = house.upload(&admin, "one.epub", &bytes).await;
    let other = house.upload(&admin, "other.epub", &bytes).await;
    assert_eq!(house.blobs().len(), 1);
    house.work_off().await;
    for id in [one, other] {
        assert_eq!(house.lookup(&admin, id).await.summary.status, Status::Refused);
    }
    assert_eq!(house.blobs(), [].into());
}

#[tokio::test]
async fn a_file_that_is_no_book_is_refused_and_its_bytes_are_gone() {
    let (house, admin) = House::new().await;
    for (file_name, code) in [("a.txt", "unknown-format"), ("b.kfx", "unsupported-format")] {
        let bytes: &[u8] = if code == "unknown-format" { b"nothing that is known" } else { b"CONT\x02\0 and more" };
        let id = house.upload(&admin, file_name, bytes).await;
        house.work_off().await;
        let release = house.lookup(&admin, id).await;
        assert_eq!(release.summary.status, Status::Refused, "{file_name}");
        assert_eq!(release.summary.refusal.unwrap().code, code);
        assert_eq!(house.blobs(), [].into());
    }
}

#[tokio::test]
async fn a_refused_file_that_is_part_of_a_package_leaves_the_package_whole() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("Whole")).await;
    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    let is_nfo = |path: &str| path.rsplit_once('.').is_some_and(|(_, extension)| extension == "nfo");
    let nfo = package.files.iter().find(|file| is_nfo(&file.path)).unwrap();
    let bytes = std::fs::read(house.blob(&nfo.sha256)).unwrap();
    let refused = house.upload(&admin, "info.nfo", &bytes).await;
    house.work_off().await;
    assert_eq!(house.lookup(&admin, refused).await.summary.status, Status::Refused);
    let job = house.services.releases().verify(&admin, release.summary.id).await.unwrap();
    house.work_off().await;
    assert_eq!(house.job_state(&admin, job).await, JobState::Done);
    // With the package the bytes go that only the refused one still has.
    house.services.releases().delete(&admin, release.summary.id).await.unwrap();
    assert!(house.blobs().is_empty());
}

#[tokio::test]
async fn a_broken_book_is_not_refused_but_full_of_findings() {
    let (house, admin) = House::new().await;
    let id = house.upload(&admin, "empty.epub", b"").await;
    house.work_off().await;
    let release = house.lookup(&admin, id).await;
    assert_eq!((release.summary.status, release.jobs[0].state), (Status::Draft, JobState::DoneWithFindings));
    assert!(!release.book.findings.is_empty());
}

#[tokio::test]
async fn deleting_takes_only_what_no_other_release_has() {
    let (house, admin) = House::new().await;
    let bytes = book("Kept");
    let (packed, _) = house.packed(&admin, &bytes).await;
    let other = house.draft(&admin, &bytes).await;
    let releases = house.services.releases();
    let editor = house.editor(&admin).await;
    assert_eq!(releases.delete(&editor, packed.summary.id).await.unwrap_err().kind, FailureKind::Forbidden);
    releases.delete(&admin, packed.summary.id).await.unwrap();
    assert_eq!(house.blobs(), [service::Blobs::key(&other.book.sha256)].into());
    releases.delete(&editor, other.summary.id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
    assert_eq!(releases.lookup(&admin, other.summary.id).await.unwrap_err().code(), "not-found");
}
