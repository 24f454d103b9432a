//! Links with which anybody compares a package with what was released.

use service::{AuditAction, ExposeSecret, Resource, Role};

use crate::house::{House, book};

#[tokio::test]
async fn a_link_shows_the_files_until_it_is_withdrawn_or_replaced() {
    let (house, admin) = House::new().await;
    let links = house.services.verify_links();
    let draft = house.upload(&admin, "a.epub", &book("A Draft")).await;
    house.work_off().await;
    assert_eq!(links.make(&admin, draft).await.unwrap_err().code(), "not-packed");
    let (release, package) = house.packed(&admin, &book("A Book")).await;
    let release = release.summary.id;
    assert_eq!(links.of_release(&admin, release).await.unwrap(), None);

    let token = links.make(&admin, release).await.unwrap();
    let shown = links.published(token.expose_secret()).await.unwrap();
    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    assert_eq!((&shown.name, &shown.files, shown.is_signed), (&package.name, &package.files, false));
    let manifest = package.files.iter().find(|file| file.path == "manifest.json").unwrap();
    assert_eq!(shown.manifest_sha256, manifest.sha256);
    let link = links.of_release(&admin, release).await.unwrap().unwrap();
    assert_eq!(link.created_by, admin.user_id);

    let newer = links.make(&admin, release).await.unwrap();
    assert_eq!(links.published(token.expose_secret()).await.unwrap_err().code(), "not-found");
    assert!(links.published(newer.expose_secret()).await.is_ok());
    links.withdraw(&admin, release).await.unwrap();
    for token in [newer.expose_secret(), "", "0", &"a".repeat(64), &"a".repeat(1 << 20)] {
        assert_eq!(links.published(token).await.unwrap_err().code(), "not-found");
    }
    links.withdraw(&admin, release).await.unwrap();
    let written = house.audited(&admin).await;
    for action in [AuditAction::Created, AuditAction::Deleted] {
        assert!(written.contains(&(action, Resource::Releases)), "{written:?}");
    }
}

#[tokio::test]
async fn only_who_made_a_release_and_an_administrator_give_it_a_link() {
    let (house, admin) = House::new().await;
    let links = house.services.verify_links();
    let release = house.packed(&admin, &book("A Book")).await.0.summary.id;
    let stranger = house.person(&admin, "stranger", Role::EDITOR).await;
    assert_eq!(links.make(&stranger, release).await.unwrap_err().code(), "not-found");
    assert_eq!(links.withdraw(&stranger, release).await.unwrap_err().code(), "not-found");
    assert_eq!(links.of_release(&stranger, release).await.unwrap_err().code(), "not-found");

    let group = house.lookup(&admin, release).await.summary.group.unwrap().id;
    let mut colleague = house.person(&admin, "colleague", Role::EDITOR).await;
    colleague.groups.push(group);
    assert_eq!(links.make(&colleague, release).await.unwrap_err().code(), "forbidden");
    let token = links.make(&admin, release).await.unwrap();
    assert_eq!(links.withdraw(&colleague, release).await.unwrap_err().code(), "forbidden");
    assert!(links.of_release(&colleague, release).await.unwrap().is_some());
    assert!(links.published(token.expose_secret()).await.is_ok());
    house.services.releases().delete(&admin, release).await.unwrap();
    assert_eq!(links.published(token.expose_secret()).await.unwrap_err().code(), "not-found");
}
