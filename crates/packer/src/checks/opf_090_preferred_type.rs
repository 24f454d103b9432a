//! A media type is allowed and another is preferred.
//!
//! Why: Both are allowed; the preferred one is the registered one.
//!
//! Fix: Use {preferred}.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-090", severity: Severity::Usage, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for item in &package.items {
        let kind = item.kind();
        let lower = item.href.as_deref().unwrap_or_default().to_ascii_lowercase();
        let preferred = match kind.as_str() {
            "application/font-sfnt" | "application/x-font-ttf" if lower.ends_with("ttf") => "font/ttf",
            "application/font-sfnt" | "application/vnd.ms-opentype" => "font/otf",
            "application/x-font-ttf" => "font/ttf",
            "application/font-woff" => "font/woff",
            "application/ecmascript" | "application/javascript" => "text/javascript",
            _ => continue,
        };
        report.add(publication.in_package(item.at), &[("preferred", preferred), ("kind", &kind)]);
    }
}
