//! The duration of the whole is not the sum of its parts.
//!
//! Why: Readers show the wrong time.
//!
//! Fix: Correct `media:duration`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::clock,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-016", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let durations = || package.metadata.iter().filter(|meta| meta.property.as_deref() == Some("media:duration"));
    let Some(whole) = durations().find(|meta| meta.refines.is_none()) else { return };
    let parts: Option<Vec<f64>> =
        durations().filter(|meta| meta.refines.is_some()).map(|meta| clock::seconds(&meta.text)).collect();
    let (Some(total), Some(parts)) = (clock::seconds(&whole.text), parts) else { return };
    let sum: f64 = parts.iter().sum();
    if !parts.is_empty() && (sum - total).abs() > ROUNDING {
        let data = [("sum", format!("{sum:.3}")), ("total", format!("{total:.3}"))];
        report.add(publication.in_package(whole.at), &[(data[0].0, &data[0].1), (data[1].0, &data[1].1)]);
    }
}

/// Seconds by which the sum may differ, because each duration may be rounded (EPUB 3.3, 9.3.5.1).
const ROUNDING: f64 = 1.0;

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_sum_that_is_not_the_whole_is_told() {
        fires(
            RULE.code,
            &Book::epub3().read_aloud().edit(PACKAGE, "\"media:duration\">5s", "\"media:duration\">50s"),
            &[(PACKAGE, 8)],
        );
    }
}
