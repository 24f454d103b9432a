//! A clip of a media overlay ends where it begins.
//!
//! Why: Nothing is played.
//!
//! Fix: Correct `clipBegin` or `clipEnd`.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-009", severity: Severity::Error, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, OVERLAY},
        checks::proof::fires,
    };

    #[test]
    fn a_clip_of_no_length_is_told() {
        fires(
            RULE.code,
            &Book::epub3().read_aloud().edit(OVERLAY, "a.mp3\"", "a.mp3\" clipBegin=\"5s\" clipEnd=\"0:00:05\""),
            &[(OVERLAY, 1)],
        );
    }
}
