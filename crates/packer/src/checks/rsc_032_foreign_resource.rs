//! A document shows a resource of another kind without a fallback.
//!
//! Why: Readers need not be able to show it.
//!
//! Fix: Use a core media type, or give it a fallback.

use crate::{
    checks::{Alone, CORE_IMAGES, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::fallback,
    epub::package::Item,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-032", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let items = publication.items_by_path();
    for (content, reference, link) in publication.links() {
        let inside = match link {
            Link::Inside(inside) => inside,
            Link::Data(kind)
                if reference.kind == Use::Image && !kind.is_empty() && !CORE_IMAGES.contains(&kind.as_str()) =>
            {
                if !reference.has_fallback {
                    report.add(place(&content.path, reference.at), &[("href", "data:"), ("kind", &kind)]);
                }
                continue;
            }
            _ => continue,
        };
        let Some(item) = items.get(inside.path.as_str()) else { continue };
        let kinds: Vec<String> = fallback::chain(package, item, publication.limits).map(Item::kind).collect();
        let is_core = |core: &[&str]| kinds.iter().any(|kind| core.contains(&kind.as_str()));
        let own = item.kind();
        let is_shown = match reference.kind {
            Use::Image => is_core(&CORE_IMAGES) || own.starts_with("video/"),
            Use::Audio => is_core(&AUDIO) || own.starts_with("video/"),
            Use::Object => {
                is_core(&CORE_IMAGES)
                    || is_core(&AUDIO)
                    || own.starts_with("video/")
                    || fallback::leads_to_content(package, item, publication.limits)
                    || own.ends_with("javascript")
                    || own == "text/css"
            }
            _ => true,
        };
        if !is_shown && !reference.has_fallback && !own.is_empty() {
            report.add(place(&content.path, reference.at), &[("href", &reference.href), ("kind", &own)]);
        }
    }
}

/// Core media types of sound.
const AUDIO: [&str; 4] = ["audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"];

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::{fires, passes},
    };

    #[test]
    fn an_image_that_readers_need_not_know_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("i", "i.psd", "image/vnd.adobe.photoshop", "", "x")
                .body("<img src=\"i.psd\" alt=\"\"/>"),
            &[(CHAPTER, 8)],
        );
    }

    #[test]
    fn a_core_image_passes() {
        passes(
            RULE.code,
            &Book::epub3()
                .item("i", "i.png", "image/png", "", *b"\x89PNG\r\n\x1a\n")
                .body("<img src=\"i.png\" alt=\"\"/>"),
        );
    }
}
