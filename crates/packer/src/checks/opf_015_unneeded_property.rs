//! An item declares a feature that its document does not have.
//!
//! Why: Readers may warn of it or show the document in a slower way.
//!
//! Fix: Take it out of `properties` of the item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{
        Publication,
        content::{Content, Use},
        url::Link,
    },
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-015", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (item, path) in publication.items() {
        let Some(content) = publication.content(path) else { continue };
        for (property, is_there) in content.features().into_iter().chain([("index", content.has_index)]) {
            if !is_there && item.has_property(property) && !(property == "svg" && shows_svg(publication, content)) {
                report.add(publication.in_package(item.at), &[("property", property), ("name", path)]);
            }
        }
    }
}

/// Documents that show an SVG file by reference may declare it too (EPUB 3.3, appendix D.5).
fn shows_svg(publication: &Publication<'_>, content: &Content) -> bool {
    let loaded = content.references.iter().filter(|reference| reference.kind != Use::Hyperlink);
    loaded.into_iter().any(|reference| match content.resolve(&reference.href) {
        Link::Inside(inside) => {
            publication.declared_types.get(&inside.path).is_some_and(|kind| kind == "image/svg+xml")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_script_that_is_declared_and_absent_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(PACKAGE, "id=\"chapter\" ", "id=\"chapter\" properties=\"scripted\" "),
            &[(PACKAGE, 11)],
        );
    }

    #[test]
    fn svg_that_is_shown_by_reference_may_be_declared() {
        passes(
            RULE.code,
            &Book::epub3()
                .item("i", "i.svg", "image/svg+xml", "", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
                .body("<img src=\"i.svg\" alt=\"\"/>")
                .edit(PACKAGE, "id=\"chapter\" ", "id=\"chapter\" properties=\"svg\" "),
        );
    }
}
