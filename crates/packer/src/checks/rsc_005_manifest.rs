//! The manifest is missing, or an item lacks what it must have.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let Some(tree) = publication.package_tree else { return };
    let has = |name: &str| tree.root().children().any(|node| node.tag_name().name() == name);
    if !has("manifest") {
        report.add(publication.in_package(package.at), &[("problem", "manifest-missing")]);
    }
    for item in &package.items {
        let parts = [("id", &item.id), ("href", &item.href), ("media-type", &item.media_type)];
        for (attribute, _) in parts.into_iter().filter(|(_, value)| value.is_none()) {
            let data = [("problem", "attribute-missing"), ("element", "item"), ("attribute", attribute)];
            report.add(publication.in_package(item.at), &data);
        }
    }
    if package.is_epub2() {
        return;
    }
    let navigation: Vec<_> = package.items.iter().filter(|item| item.has_property("nav")).collect();
    match navigation[..] {
        [] if has("manifest") => report.add(publication.in_package(package.at), &[("problem", "navigation-missing")]),
        [item] if item.kind() != "application/xhtml+xml" => {
            report.add(publication.in_package(item.at), &[("problem", "navigation-type")]);
        }
        [_, other, ..] => report.add(publication.in_package(other.at), &[("problem", "navigation-multiple")]),
        _ => {}
    }
    for (property, problem) in [("cover-image", "cover-multiple"), ("data-nav", "data-navigation-multiple")] {
        if let Some(item) = package.items.iter().filter(|item| item.has_property(property)).nth(1) {
            report.add(publication.in_package(item.at), &[("problem", problem)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_book_without_navigation_is_told() {
        fires(RULE.code, &Book::epub3().edit(PACKAGE, "properties=\"nav\"", ""), &[(PACKAGE, 2)]);
    }

    #[test]
    fn a_second_data_navigation_is_told() {
        let data = |book: Book, name: &str| {
            book.item(name, &format!("{name}.xhtml"), "application/xhtml+xml", "properties=\"data-nav\"", DATA)
        };
        fires(RULE.code, &data(data(Book::epub3(), "one"), "other"), &[(PACKAGE, 13)]);
    }

    const DATA: &str =
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>a</title></head><body><p>a</p></body></html>";

    #[test]
    fn an_item_without_a_media_type_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .edit(PACKAGE, "</manifest>", "<item id=\"a\" href=\"a.css\"/></manifest>")
                .file("EPUB/a.css", ""),
            &[(PACKAGE, 12)],
        );
    }
}
