//! What the rules about `picture` share.

use super::{CORE_IMAGES, Report, place};
use crate::epub::{Publication, content::PicturePart, url::Link};

/// Tells each image in such a part of a `picture` whose type readers need not know.
pub(super) fn tell_foreign(publication: &Publication<'_>, part: PicturePart, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    let items = publication.items_by_path();
    for content in &publication.contents {
        for reference in content.references.iter().filter(|reference| reference.picture == Some(part)) {
            let Link::Inside(inside) = content.resolve(&reference.href) else { continue };
            let Some(kind) = items.get(inside.path.as_str()).map(|item| item.kind()) else { continue };
            if !CORE_IMAGES.contains(&kind.as_str()) {
                report.add(place(&content.path, reference.at), &[("href", &reference.href), ("kind", &kind)]);
            }
        }
    }
}
