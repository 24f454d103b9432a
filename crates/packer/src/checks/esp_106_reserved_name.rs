//! A file name is reserved by Windows.
//!
//! Why: The book cannot be unzipped there.
//!
//! Fix: Rename the file.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-106", severity: Severity::Warning, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    for entry in opened.files() {
        let is_reserved = entry.path.split('/').any(|segment| {
            let stem = segment.split('.').next().unwrap_or_default().to_ascii_uppercase();
            let is_port = |port: &str| {
                stem.strip_prefix(port).is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
            };
            matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || is_port("COM") || is_port("LPT")
        });
        if is_reserved {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_device_name_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "aux.css", "text/css", "", ""), &[("EPUB/aux.css", 0)]);
    }
}
