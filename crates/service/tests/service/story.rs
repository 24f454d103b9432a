//! The main job from end to end.

use packer::{
    inspect::inspect,
    limits::Limits,
    metadata::Field,
    pack::{PackTarget, pack},
    plan::Request,
    prepare::prepare,
    profile::Profile,
    rights,
    watch::Unwatched,
};
use service::{CoverFound, CoverSize, Draft, Edit, FailureKind, JobState, Status, Total};

use crate::house::{House, book, change, collect, large_book};

#[tokio::test]
async fn a_book_is_uploaded_read_edited_packed_downloaded_and_verified() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let id = house.upload(&admin, "Some Book.epub", &book("A Book")).await;
    let fresh = house.lookup(&admin, id).await;
    assert_eq!((fresh.summary.status, fresh.summary.title.as_str()), (Status::Inspecting, "Some Book"));
    assert!(releases.preview(&admin, id).await.unwrap().problems.iter().any(|one| one.code == "not-inspected"));

    house.work_off().await;
    let draft = house.lookup(&admin, id).await;
    assert_eq!(draft.summary.status, Status::Draft, "{:?}", draft.jobs);
    assert_eq!((draft.summary.title.as_str(), draft.summary.authors.as_str()), ("A Book", "Ada Lovelace"));
    assert!(draft.book.metadata.is_some() && draft.editable);

    let edit = Edit {
        expected_version: Some(draft.summary.version),
        changes: vec![change(Field::Title, "Another Title"), change(Field::Year, "2021")],
        ..Edit::default()
    };
    let edited = releases.edit(&admin, id, edit).await.unwrap();
    assert_eq!(edited.summary.title, "Another Title");
    assert_eq!(edited.summary.year, Some(2021));
    house.give_rights(&admin, id).await;
    let preview = releases.preview(&admin, id).await.unwrap();
    assert!(preview.ready, "{:?} {:?}", preview.problems, preview.findings);
    let name = preview.name.unwrap();
    assert_eq!(name, "Ada.Lovelace.Another.Title.2021.RETAiL.ePUB.eBOOK-GRP");

    let job = releases.pack(&admin, id).await.unwrap();
    assert_eq!(house.lookup(&admin, id).await.summary.status, Status::Packing);
    house.work_off().await;
    assert_eq!(house.job_state(&admin, job).await, JobState::Done);
    let packed = house.lookup(&admin, id).await;
    assert_eq!((packed.summary.status, packed.summary.name.as_ref()), (Status::Packed, Some(&name)));
    assert_eq!(house.staged(), [].into());

    let package = house.services.packages().lookup(&admin, packed.packages[0].id).await.unwrap();
    let mut planned: Vec<&str> = preview.files.iter().map(|file| file.path.as_str()).collect();
    planned.sort_unstable();
    assert_eq!(package.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), planned);
    for file in &package.files {
        let (_, body) = house.services.packages().open_file(&admin, package.id, file.position, None).await.unwrap();
        let bytes = collect(body).await;
        assert_eq!((bytes.len() as u64, crc32fast::hash(&bytes)), (file.size, file.crc32.0), "{}", file.path);
    }

    let job = releases.verify(&admin, id).await.unwrap();
    house.work_off().await;
    let verified = house.services.jobs().lookup(&admin, job).await.unwrap();
    assert_eq!((verified.state, &verified.result.unwrap()["good"]), (JobState::Done, &true.into()));
    let found = releases.list(&admin, &serde_json::from_str(r#"{"search":"lovelace anoth"}"#).unwrap()).await.unwrap();
    assert_eq!((found.items.len(), found.total), (1, Some(Total::Exactly(1))));
}

#[tokio::test]
async fn a_package_has_the_bytes_that_the_packer_gives_for_the_same_inputs() {
    let (house, admin) = House::new().await;
    let bytes = large_book("A Large Book", 11_000_000);
    let (release, package) = house.packed(&admin, &bytes).await;

    let mut source = std::io::Cursor::new(&bytes);
    let inspection = inspect(&mut source, "book.epub", &Limits::default(), &Unwatched).unwrap();
    let group = "GRP".parse().unwrap();
    let rights = rights::parse("CC-BY-4.0", None).unwrap();
    let plan = prepare(&Request {
        book: &inspection,
        file_name: "book.epub",
        book_size: bytes.len() as u64,
        overrides: &packer::metadata::Overrides::default(),
        group: &group,
        rights: Some(&rights),
        profile: Profile::built_in("scene-ebook").unwrap(),
        nfo_template: None,
        diz_template: None,
        date: release.release_date,
        volume_id: None,
    })
    .unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let packed = pack(&plan, &mut &bytes[..], PackTarget::Directory(folder.path()), &Unwatched).unwrap();
    assert!(packed.files.iter().filter(|file| file.path.to_lowercase().ends_with(".zip")).count() > 1);

    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    assert_eq!(package.files.len(), packed.files.len());
    for (file, expected) in package.files.iter().zip(&packed.files) {
        assert_eq!(file.path, expected.path);
        let (_, body) = house.services.packages().open_file(&admin, package.id, file.position, None).await.unwrap();
        assert_eq!(collect(body).await, std::fs::read(packed.path.join(&file.path)).unwrap(), "{}", file.path);
    }
}

#[tokio::test]
async fn the_plain_profile_packs_the_book_as_it_is() {
    let (house, admin) = House::new().await;
    let bytes = book("Plain");
    let draft = house.draft(&admin, &bytes).await;
    let id = draft.summary.id;
    let edit = Edit { profile: Some("plain".to_owned()), ..Edit::default() };
    house.services.releases().edit(&admin, id, edit).await.unwrap();
    house.services.releases().pack(&admin, id).await.unwrap();
    house.work_off().await;
    let release = house.lookup(&admin, id).await;
    let package = house.services.packages().lookup(&admin, release.packages[0].id).await.unwrap();
    let file = package
        .files
        .iter()
        .find(|file| file.path.rsplit_once('.').is_some_and(|(_, extension)| extension == "epub"))
        .unwrap();
    assert_eq!(file.sha256, release.book.sha256);
    // The package refers to the book's own bytes: deleting the release takes both away, once.
    house.services.releases().delete(&admin, id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
}

#[tokio::test]
async fn a_preview_shows_values_that_are_not_saved_and_says_what_cannot_be_used() {
    let (house, admin) = House::new().await;
    let id = house.upload(&admin, "book.epub", &book("Typed")).await;
    house.work_off().await;
    let draft = Draft {
        changes: vec![change(Field::Title, "Ty"), change(Field::Year, "never")],
        group: Some(None),
        ..Draft::default()
    };
    let preview = house.services.releases().preview_with(&admin, id, &draft).await.unwrap();
    let name = preview.name.unwrap();
    assert!(name.starts_with("Ada.Lovelace.Ty.") && name.ends_with("-GROUP"), "{name}");
    let problems: Vec<_> = preview.problems.iter().map(|one| (one.part.as_str(), one.code.as_str())).collect();
    assert_eq!(problems, [("year", "no-year"), ("group", "required"), ("rights", "required")]);
    assert!(!preview.ready && preview.nfo_text.contains("Ty"));
    let stored = house.lookup(&admin, id).await;
    assert_eq!((stored.summary.title.as_str(), stored.summary.version), ("Typed", preview.version));
}

#[tokio::test]
async fn a_change_is_refused_field_by_field_and_whole() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Untouched")).await;
    let edit = Edit {
        changes: vec![change(Field::Title, "Touched"), change(Field::Isbn, "123")],
        rights: Some(service::RightsInput { basis: "own-work".to_owned(), note: None }),
        profile: Some("nobody's".to_owned()),
        ..Edit::default()
    };
    let failure = house.services.releases().edit(&admin, draft.summary.id, edit).await.unwrap_err();
    let FailureKind::Invalid(problems) = failure.kind else { panic!("{failure:?}") };
    let fields: Vec<_> = problems.iter().map(|problem| (problem.field, problem.code)).collect();
    assert_eq!(fields, [("profile", "unknown"), ("rights_note", "required"), ("isbn", "isbn-length")]);
    assert_eq!(house.lookup(&admin, draft.summary.id).await.summary.version, draft.summary.version);
}

#[tokio::test]
async fn the_later_of_two_edits_of_one_version_is_told_so() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Twice")).await;
    let edit = |title: &str| Edit {
        expected_version: Some(draft.summary.version),
        changes: vec![change(Field::Title, title)],
        ..Edit::default()
    };
    let releases = house.services.releases();
    let first = releases.edit(&admin, draft.summary.id, edit("First")).await.unwrap();
    let failure = releases.edit(&admin, draft.summary.id, edit("Second")).await.unwrap_err();
    let version = first.summary.version.to_string();
    assert_eq!(failure.kind, FailureKind::Conflict("changed-meanwhile", [("version", version)].into()));
    assert_eq!(house.lookup(&admin, draft.summary.id).await.summary.title, "First");
}

#[tokio::test]
async fn a_cover_is_shown_packed_by_the_plain_profile_and_deleted_with_its_release() {
    let (house, admin) = House::new().await;
    let image = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x58\0\0\x03\x20\x08\x02\0\0\0\xf6\xe2\x87\x25".to_vec();
    let with_cover = packer::builder::Book::epub3().title("Covered").item(
        "cover",
        "cover.png",
        "image/png",
        "properties=\"cover-image\"",
        image.clone(),
    );
    let id = house.draft(&admin, &with_cover.build()).await.summary.id;
    let releases = house.services.releases();
    let cover = releases.cover(&admin, id, CoverSize::Whole, |_| false).await.unwrap();
    let Some(CoverFound::Open(cover)) = cover else { panic!("{cover:?}") };
    assert_eq!((cover.media_type.as_str(), cover.size), ("image/png", image.len() as u64));
    assert_eq!(collect(cover.body).await, image);
    assert!(house.lookup(&admin, id).await.summary.has_cover);
    // What was read once is kept: the preview no longer needs the cover's blob.
    let plain = Draft { profile: Some("plain".to_owned()), ..Draft::default() };
    releases.preview_with(&admin, id, &plain).await.unwrap();
    let blob = house.blob(&cover.sha256);
    std::fs::rename(&blob, blob.with_extension("aside")).unwrap();
    let preview = releases.preview_with(&admin, id, &plain).await.unwrap();
    std::fs::rename(blob.with_extension("aside"), &blob).unwrap();
    let planned = preview.files.iter().find(|file| file.path == "cover.png").unwrap();
    assert_eq!(planned.size, Some(image.len() as u64));

    releases.edit(&admin, id, Edit { profile: plain.profile, ..Edit::default() }).await.unwrap();
    releases.pack(&admin, id).await.unwrap();
    house.work_off().await;
    let package = house.lookup(&admin, id).await.packages[0].id;
    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    assert!(package.files.iter().any(|file| file.path == "cover.png" && file.sha256 == cover.sha256));
    releases.delete(&admin, id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
}
