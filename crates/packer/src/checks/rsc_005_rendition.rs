//! Properties of layout have values they cannot have, stand twice, or refine something.
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
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for (property, values) in PROPERTIES {
        let mut count = 0;
        for meta in package.metadata.iter().filter(|meta| meta.property.as_deref() == Some(property)) {
            let mut add = |problem: &str| {
                let data = [("problem", problem), ("property", property), ("value", &meta.text)];
                report.add(publication.in_package(meta.at), &data);
            };
            if meta.refines.is_some() {
                add("refines-forbidden");
                continue;
            }
            count += 1;
            if count == 2 {
                add("property-repeats");
            }
            if !values.contains(&meta.text.as_str()) {
                add("property-value");
            }
        }
    }
    for reference in &package.spine {
        for group in ["rendition:layout-", "rendition:orientation-", "rendition:spread-", "rendition:flow-"] {
            let of_group: Vec<&str> = reference
                .properties
                .iter()
                .map(String::as_str)
                .filter(|property| property.starts_with(group))
                .collect();
            if of_group.len() > 1 {
                let value = of_group.join(", ");
                report.add(
                    publication.in_package(reference.at),
                    &[("problem", "properties-conflict"), ("value", &value)],
                );
            }
        }
    }
}

/// The values of each property (EPUB 3.3, section 8.2).
const PROPERTIES: [(&str, &[&str]); 4] = [
    ("rendition:layout", &["reflowable", "pre-paginated"]),
    ("rendition:orientation", &["landscape", "portrait", "auto"]),
    ("rendition:spread", &["none", "landscape", "portrait", "both", "auto"]),
    ("rendition:flow", &["paginated", "scrolled-continuous", "scrolled-doc", "auto"]),
];

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_layout_that_nobody_knows_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<meta property=\"rendition:layout\">fixed</meta>"), &[(PACKAGE, 8)]);
    }

    #[test]
    fn a_fixed_layout_passes() {
        let size = "<meta name=\"viewport\" content=\"width=600, height=800\"/></head>";
        let book = Book::epub3().metadata("<meta property=\"rendition:layout\">pre-paginated</meta>");
        passes(RULE.code, &book.edit(CHAPTER, "</head>", size));
    }
}
