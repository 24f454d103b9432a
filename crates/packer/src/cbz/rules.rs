//! What is checked of a comic.

use super::{Comic, pages};
use crate::{
    checks::{Report, Run},
    finding::{Place, Severity},
};

/// What a reader cannot show is no page; what a person did not mean to publish is junk.
const JUNK: [&str; 3] = [".ds_store", "thumbs.db", "desktop.ini"];
/// Files that run.
const PROGRAMS: [&str; 12] =
    [".exe", ".dll", ".scr", ".com", ".bat", ".cmd", ".msi", ".vbs", ".ps1", ".lnk", ".jar", ".sh"];

/// The rules, with their codes and severities.
type Rule = (&'static str, Severity, fn(&Comic<'_>, &mut Report));

const RULES: [Rule; 8] = [
    ("ESP-801", Severity::Fatal, no_pages),
    ("ESP-802", Severity::Error, unreadable_page),
    ("ESP-803", Severity::Warning, page_of_another_type),
    ("ESP-804", Severity::Warning, page_too_large),
    ("ESP-805", Severity::Warning, junk),
    ("ESP-806", Severity::Error, program),
    ("ESP-807", Severity::Warning, comic_info_unreadable),
    ("ESP-808", Severity::Warning, pages_miscounted),
];

/// The codes of the rules.
pub const CODES: [&str; 8] = {
    let mut codes = [""; 8];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = RULES[index].0;
        index += 1;
    }
    codes
};

pub(super) fn run(comic: &Comic<'_>, run: &mut Run<'_>) {
    for (code, severity, check) in RULES {
        run.rule(code, severity, |report| check(comic, report));
    }
}

fn no_pages(comic: &Comic<'_>, report: &mut Report) {
    if comic.pages.is_empty() {
        report.add(Place::default(), &[]);
    }
}

fn unreadable_page(comic: &Comic<'_>, report: &mut Report) {
    for page in comic.pages.iter().filter(|page| page.is_read && page.found.is_none()) {
        report.add(Place::file(&page.path), &[("name", &page.path)]);
    }
}

fn page_of_another_type(comic: &Comic<'_>, report: &mut Report) {
    for page in &comic.pages {
        if let Some(found) = page.found.filter(|found| *found != page.promised) {
            report.add(Place::file(&page.path), &[("name", &page.path), ("type", found)]);
        }
    }
}

fn page_too_large(comic: &Comic<'_>, report: &mut Report) {
    let limit = comic.limits.image_pixels;
    for page in &comic.pages {
        let Some((width, height)) = page.pixels else { continue };
        if u64::from(width) * u64::from(height) > limit {
            let size = format!("{width} × {height}");
            report
                .add(Place::file(&page.path), &[("name", &page.path), ("size", &size), ("limit", &limit.to_string())]);
        }
    }
}

fn junk(comic: &Comic<'_>, report: &mut Report) {
    for entry in comic.container.entries().iter().filter(|entry| !entry.is_directory) {
        let name = entry.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        if pages::is_hidden(&entry.path) || JUNK.contains(&name.as_str()) {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
        }
    }
}

fn program(comic: &Comic<'_>, report: &mut Report) {
    for entry in comic.container.entries().iter().filter(|entry| !entry.is_directory) {
        let lower = entry.path.to_ascii_lowercase();
        if PROGRAMS.iter().any(|end| lower.ends_with(end)) {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
        }
    }
}

fn comic_info_unreadable(comic: &Comic<'_>, report: &mut Report) {
    let has_wrong_root = comic.info.as_ref().is_some_and(|info| !info.has_right_root);
    if let Some(fault) = &comic.info_fault {
        report.add(Place::file(super::COMIC_INFO), &[("problem", "unreadable"), ("fault", fault)]);
    } else if has_wrong_root {
        report.add(Place::file(super::COMIC_INFO), &[("problem", "root")]);
    }
}

fn pages_miscounted(comic: &Comic<'_>, report: &mut Report) {
    let counted = comic.info.as_ref().and_then(|info| info.page_count);
    if let Some(counted) = counted.filter(|count| *count != comic.pages.len()) {
        let data = [("counted", counted.to_string()), ("found", comic.pages.len().to_string())];
        let data: Vec<_> = data.iter().map(|(name, value)| (*name, value.as_str())).collect();
        report.add(Place::file(super::COMIC_INFO), &data);
    }
}
