//! The words of findings, in the reader's language. The one place that asks for them.

use packer::finding::Finding;

use crate::model::locale::Locale;

/// One sentence: what was found.
pub fn message(finding: &Finding, _locale: Locale) -> String {
    finding.data.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(" · ")
}
