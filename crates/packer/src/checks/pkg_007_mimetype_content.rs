//! `mimetype` has the media type and something besides.
//!
//! Why: A space, a line end or compression is enough for some readers to refuse the book.
//!
//! Fix: Write the file again with these 20 characters only, and store it without compression.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-007", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(content) = &publication.mimetype else { return };
    let is_longer = content.len() > TYPE.len() && content.starts_with(TYPE);
    let is_archive = publication.container.archive_bytes().is_some();
    // In an archive the first bytes of the file tell every other fault already.
    if is_longer || (!is_archive && content != TYPE) {
        report.add(Place::file("mimetype"), &[]);
    }
}

const TYPE: &[u8] = b"application/epub+zip";

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_line_end_behind_the_media_type_is_told() {
        fires(
            RULE.code,
            &Book::epub3().change("mimetype", |entry| entry.set("application/epub+zip\n")),
            &[("mimetype", 0)],
        );
    }
}
