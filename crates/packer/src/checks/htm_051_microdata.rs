//! A publication for education describes its content by microdata alone.
//!
//! Why: The profile of EPUB for education asks for RDFa, and its readers read nothing else.
//!
//! Fix: Write it as RDFa Lite.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-051", severity: Severity::Warning, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn microdata_alone_is_told() {
        let book = Book::edupub().body("<p itemscope=\"\" itemtype=\"http://schema.org/Person\">a</p>");
        fires_as(EpubProfile::Edupub, RULE.code, &book, &[(CHAPTER, 8)]);
    }
}
