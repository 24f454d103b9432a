//! What is checked of a PDF.

use super::{Document, encryption::Encryption};
use crate::{
    checks::{Report, Run},
    finding::{Place, Severity},
};

/// The rules, with their codes and severities.
type Rule = (&'static str, Severity, fn(&Document, &mut Report));

const RULES: [Rule; 10] = [
    ("ESP-901", Severity::Fatal, no_structure),
    ("ESP-902", Severity::Error, rebuilt),
    ("ESP-903", Severity::Warning, permissions),
    ("ESP-904", Severity::Error, pages_missing),
    ("ESP-905", Severity::Warning, font_not_embedded),
    ("ESP-906", Severity::Usage, not_tagged),
    ("ESP-907", Severity::Warning, metadata_unreadable),
    ("ESP-908", Severity::Info, junk_before),
    ("ESP-909", Severity::Info, not_all_read),
    ("ESP-910", Severity::Warning, runs_by_itself),
];

/// The codes of the rules.
pub const CODES: [&str; 10] = {
    let mut codes = [""; 10];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = RULES[index].0;
        index += 1;
    }
    codes
};

pub(super) fn run(document: &Document, run: &mut Run<'_>) {
    for (code, severity, check) in RULES {
        run.rule(code, severity, |report| check(document, report));
    }
}

fn no_structure(document: &Document, report: &mut Report) {
    if !document.has_root && !document.is_secret() {
        report.add(Place::default(), &[]);
    }
}

fn rebuilt(document: &Document, report: &mut Report) {
    if document.has_root && document.oddities.rebuilt {
        report.add(Place::default(), &[("problem", "list")]);
    } else if document.has_root && document.oddities.no_end {
        report.add(Place::default(), &[("problem", "end")]);
    }
}

fn permissions(document: &Document, report: &mut Report) {
    if document.encryption == Some(Encryption::Permissions) {
        report.add(Place::default(), &[]);
    }
}

fn pages_missing(document: &Document, report: &mut Report) {
    let pages = &document.pages;
    if !document.has_root || document.is_secret() || document.is_cut || pages.is_cut {
        return;
    }
    if pages.found == 0 {
        report.add(Place::default(), &[("problem", "none")]);
    } else if let Some(counted) = pages.counted.filter(|counted| *counted != pages.found) {
        let (counted, found) = (counted.to_string(), pages.found.to_string());
        report.add(Place::default(), &[("problem", "count"), ("counted", &counted), ("found", &found)]);
    }
}

fn font_not_embedded(document: &Document, report: &mut Report) {
    for (name, _) in document.pages.fonts.iter().filter(|(_, is_embedded)| !**is_embedded) {
        report.add(Place::default(), &[("name", name)]);
    }
}

fn not_tagged(document: &Document, report: &mut Report) {
    if document.has_root && !document.is_secret() && !document.is_tagged {
        report.add(Place::default(), &[]);
    }
}

fn metadata_unreadable(document: &Document, report: &mut Report) {
    if document.has_broken_metadata {
        report.add(Place::default(), &[]);
    }
}

fn junk_before(document: &Document, report: &mut Report) {
    if document.oddities.junk_before {
        report.add(Place::default(), &[]);
    }
}

fn not_all_read(document: &Document, report: &mut Report) {
    if document.is_cut || document.pages.is_cut {
        report.add(Place::default(), &[]);
    }
}

fn runs_by_itself(document: &Document, report: &mut Report) {
    if document.runs_by_itself {
        report.add(Place::default(), &[]);
    }
}
