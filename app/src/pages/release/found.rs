//! What the page of a release shows, gathered.

use packer::{finding::Finding, name::Tag, profile::Profile};
use service::{
    Action, Actor, Duplicate, LogLine, Package, Preview, Release, ReleaseId, Resource, Revision, Services, Status,
    VerifyLink,
};

use super::{compare::Side, info_files};
use crate::{
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard},
};

/// Everything on the page.
pub(super) struct Found {
    pub(super) actor: Actor,
    pub(super) release: Release,
    pub(super) findings: Vec<Finding>,
    /// Which of the findings keep it from being packed, by index.
    pub(super) blocking: Vec<usize>,
    pub(super) package: Option<Package>,
    pub(super) info_files: info_files::Shown,
    /// What a correction of it may be.
    pub(super) corrections: Vec<Tag>,
    pub(super) revisions: Vec<Revision>,
    pub(super) duplicates: Vec<Duplicate>,
    /// What its last job says.
    pub(super) log: Vec<LogLine>,
    pub(super) link: Option<VerifyLink>,
    /// Two releases to compare, the older one first.
    pub(super) sides: Option<(Side, Side)>,
}

/// Gathers it. `compare` is the id of another release.
pub(super) async fn found(id: ReleaseId, compare: Option<String>) -> Result<Found, AppError> {
    let (actor, services) = guard::signed_in()?;
    let Side { release, package } = side(&services, &actor, id).await?;
    let preview = match release.book.inspected_at {
        Some(_) => Some(services.releases().preview(&actor, id).await.map_err(convert)?),
        None => None,
    };
    let log = match release.jobs.first().filter(|_| actor.may(Resource::Jobs, Action::Read)) {
        Some(job) => services.jobs().log(&actor, job.id, 0).await.map_err(convert)?,
        None => Vec::new(),
    };
    let sides = match compare {
        Some(other) => {
            let other = side(&services, &actor, guard::id(&other, "release")?).await?;
            let this = Side { release: release.clone(), package: package.clone() };
            let is_older = this.release.summary.created_at <= other.release.summary.created_at;
            Some(if is_older { (this, other) } else { (other, this) })
        }
        None => None,
    };
    let findings = preview.as_ref().map_or_else(|| release.book.findings.clone(), |preview| preview.findings.clone());
    Ok(Found {
        info_files: info_files(&services, &actor, &release, package.as_ref(), preview.as_ref()).await?,
        corrections: corrections(&services, &actor, &release).await?,
        revisions: services.releases().revisions(&actor, id).await.map_err(convert)?,
        duplicates: services.releases().duplicates(&actor, id).await.map_err(convert)?,
        link: services.verify_links().of_release(&actor, id).await.map_err(convert)?,
        blocking: preview.map(|preview| preview.blocking).unwrap_or_default(),
        actor,
        release,
        findings,
        package,
        log,
        sides,
    })
}

async fn side(services: &Services, actor: &Actor, id: ReleaseId) -> Result<Side, AppError> {
    let release = services.releases().lookup(actor, id).await.map_err(convert)?;
    let package = match release.packages.first() {
        Some(package) => Some(services.packages().lookup(actor, package.id).await.map_err(convert)?),
        None => None,
    };
    Ok(Side { release, package })
}

/// The NFO that was packed; while there is none, the one to come.
async fn info_files(
    services: &Services,
    actor: &Actor,
    release: &Release,
    package: Option<&Package>,
    preview: Option<&Preview>,
) -> Result<info_files::Shown, AppError> {
    let mut shown = info_files::Shown {
        nfo: preview.map(|preview| preview.nfo_text.clone()).unwrap_or_default(),
        diz: preview.map(|preview| preview.diz_text.clone()).unwrap_or_default(),
        file: None,
        name: release.summary.name.clone().unwrap_or_else(|| "nfo".to_owned()),
    };
    if let Some(package) = package {
        shown.name.clone_from(&package.name);
        if let Some((position, text)) = services.packages().nfo(actor, package.id).await.map_err(convert)? {
            shown.nfo = text;
            shown.file = release.withdrawal.is_none().then(|| paths::package_file(&package.id.to_string(), position));
        }
    }
    Ok(shown)
}

/// The tags that the profile knows for a release that corrects this one; none where the book is no longer kept.
async fn corrections(services: &Services, actor: &Actor, release: &Release) -> Result<Vec<Tag>, AppError> {
    let may = actor.may(Resource::Releases, Action::Write) && actor.may(Resource::Profiles, Action::Read);
    if release.summary.status != Status::Packed || !may || release.book.source_removed_at.is_some() {
        return Ok(Vec::new());
    }
    // A profile that is gone, or that this version cannot read, has none.
    let Ok(profile) = services.profiles().lookup(actor, &release.summary.profile).await else { return Ok(Vec::new()) };
    let tags = Profile::parse(&profile.text, "").map(|profile| profile.naming.tags).unwrap_or_default();
    Ok(tags.into_iter().filter(|tag| tag.is_correction()).collect())
}
