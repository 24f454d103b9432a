//! Links with which anybody compares a package with what was released: made and withdrawn by whoever made the release.

use packer::{hash::Sha256, manifest};
use secrecy::SecretString;
use serde::Serialize;
pub use store::verify_links::VerifyLink;
use store::{ReleaseId, Timestamp, audit::AuditAction, releases::Release};

use crate::{
    accounts::token_hash,
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind},
    inbox,
    packages::PackageFile,
    permissions::{Action, Resource},
    services::Services,
};

/// The most characters of a token; a longer text is none and is not looked for.
const LONGEST_TOKEN: usize = 100;

/// What a link shows of a release to whoever has it, and nothing else of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// The name of the package.
    pub name: String,
    /// The book's title.
    pub title: String,
    /// Its authors in one text.
    pub authors: String,
    /// When it was packed.
    pub packed_at: Timestamp,
    /// The files with their checksums, in order.
    pub files: Vec<PackageFile>,
    /// Bytes of all files.
    pub size: u64,
    /// The SHA-256 of the manifest, which has the checksum of every other file.
    pub manifest_sha256: Sha256,
    /// True when the package has a signature over its manifest.
    pub is_signed: bool,
    /// When and why it was withdrawn, where it is.
    pub withdrawn: Option<(Timestamp, String)>,
}

/// The use cases of verify links.
#[derive(Debug, Clone, Copy)]
pub struct VerifyLinks<'a> {
    pub(crate) services: &'a Services,
}

impl VerifyLinks<'_> {
    /// The link of a release, where it has one. Its token is not in it: nobody can read that again.
    pub async fn of_release(&self, actor: &Actor, id: ReleaseId) -> Result<Option<VerifyLink>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        inbox::readable(self.services, actor, id).await?;
        Ok(self.services.store().verify_links().of_release(id).await?)
    }

    /// Makes a link and gives its token, once. The link before it no longer leads anywhere.
    ///
    /// # Errors
    /// `Forbidden` for somebody else than who made the release, and no administrator, and with a personal token;
    /// `Conflict` `not-packed`.
    pub async fn make(&self, actor: &Actor, id: ReleaseId) -> Result<SecretString, Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        // What a link shows is open to everybody: whoever finds a token publishes nothing with it.
        actor.session()?;
        let token = format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
        let mut transaction = self.services.store().begin_write().await?;
        let release = owned(actor, transaction.releases().hold(id).await?)?;
        let packages = transaction.packages().list_of(id).await?;
        let Some(package) = packages.first() else {
            return Err(Failure::conflict("not-packed", [("status", release.status.word().to_owned())]));
        };
        let link = VerifyLink { release_id: id, created_by: actor.user_id, created_at: self.services.now() };
        transaction.verify_links().put(&link, &token_hash(&token)).await?;
        let change = Change::new(AuditAction::Created, Resource::Releases, id, &package.name)
            .after(serde_json::json!({ "verify_link": true }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(token.into())
    }

    /// Takes the link away: from now on it leads nowhere. A release without one is left as it is.
    ///
    /// # Errors
    /// `Forbidden` for somebody else than who made the release, and no administrator, and with a personal token.
    pub async fn withdraw(&self, actor: &Actor, id: ReleaseId) -> Result<(), Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        let release = owned(actor, transaction.releases().hold(id).await?)?;
        if transaction.verify_links().remove(id).await? {
            let name = release.name.as_ref().unwrap_or(&release.listing.title);
            let change = Change::new(AuditAction::Deleted, Resource::Releases, id, name)
                .after(serde_json::json!({ "verify_link": false }));
            self.services.record(&mut transaction, actor, change).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// What a link shows, to whoever has it.
    ///
    /// # Errors
    /// `NotFound` `verify-link` for one that was withdrawn or never was.
    pub async fn published(&self, token: &str) -> Result<Published, Failure> {
        let none = || Failure::not_found("verify-link");
        if token.len() > LONGEST_TOKEN {
            return Err(none());
        }
        let store = self.services.store();
        let link = store.verify_links().find(&token_hash(token)).await?.ok_or_else(none)?;
        let release = store.releases().lookup(link.release_id).await?.ok_or_else(none)?;
        let package = store.packages().list_of(link.release_id).await?.into_iter().next().ok_or_else(none)?;
        let files = store.packages().files(package.id).await?;
        let withdrawal = store.withdrawals().of_release(link.release_id).await?;
        Ok(Published {
            withdrawn: withdrawal.map(|withdrawal| (withdrawal.withdrawn_at, withdrawal.reason)),
            name: package.name,
            title: release.listing.title,
            authors: release.listing.authors,
            packed_at: package.created_at,
            is_signed: files.iter().any(|file| file.path == manifest::SIGNATURE),
            files: files.into_iter().map(PackageFile::from).collect(),
            size: package.size,
            manifest_sha256: package.manifest_sha256,
        })
    }
}

/// The release, for who made it and for an administrator. One that the person does not see is none.
fn owned(actor: &Actor, release: Option<Release>) -> Result<Release, Failure> {
    let release = actor.seen(release)?;
    if release.created_by == actor.user_id || actor.is_administrator() {
        Ok(release)
    } else {
        Err(Failure::new(FailureKind::Forbidden))
    }
}
