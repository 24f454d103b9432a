//! The row of an upload: where it is, and what the packer in the browser found in it.

use leptos::prelude::document;
use web_sys::Element;

use crate::{
    islands::{packer::Refusal, words},
    model::{
        first_look::FirstLook,
        paths,
        upload::{Phase, Upload},
    },
};

/// Findings that a row shows: the review has them all.
const MOST_FINDINGS: usize = 12;

/// Files that are named in one sentence.
const MOST_NAMES: usize = 5;

/// The template of a row; its attributes are the words for what happens.
const TEMPLATE: &str = "upload-row";

/// A new row for a file, at the end of the list.
pub(super) fn show(key: usize, name: &str) -> Option<Element> {
    let row = words::copy_of(TEMPLATE, None)?;
    row.set_attribute("data-upload", &key.to_string()).ok()?;
    words::write(&row, "[data-name]", name);
    document().get_element_by_id("uploads")?.append_child(&row).ok()?;
    Some(row)
}

/// The key of the row that an element stands in.
pub(super) fn key_of(element: &Element) -> Option<usize> {
    element.closest("[data-upload]").ok()??.get_attribute("data-upload")?.parse().ok()
}

/// Writes where an upload is into its row.
pub(super) fn draw(row: &Element, upload: &Upload) {
    let word = upload.phase.word();
    let said = |word: &str| row.get_attribute(&format!("data-{word}"));
    let sentence = match &upload.phase {
        Phase::Refused { code } => said(&format!("refused-{code}")).or_else(|| said("refused-other")),
        _ => said(word),
    };
    let percent = upload.percent().to_string();
    let sentence = sentence.unwrap_or_default().replace("{percent}", &percent);
    words::write(row, "[data-state]", &sentence);
    if let Some(progress) = row.query_selector("progress").ok().flatten() {
        // A bar that cannot be moved leaves the words, which say the same.
        let _ = progress.set_attribute("value", &percent);
    }
    // Per cents are for the eye; a voice says what ended and what waits for somebody.
    let changed = row.get_attribute("data-phase").as_deref() != Some(word);
    if changed
        && !matches!(upload.phase, Phase::Waiting | Phase::Sending { .. } | Phase::Arrived { .. })
        && let Some(announcer) = document().get_element_by_id("announcer")
    {
        announcer.set_text_content(Some(&format!("{} — {sentence}", upload.name)));
    }
    let _ = row.set_attribute("data-phase", word);
}

/// Writes what the packer in the browser found. The server looks again, and what it says holds.
pub(super) fn draw_look(row: &Element, look: &Result<FirstLook, Refusal>) {
    let said = |word: &str| row.get_attribute(&format!("data-found-{word}")).unwrap_or_default();
    let (title, found, weight) = match look {
        Ok(look) => {
            let count = look.heavy().count();
            draw_findings(row, look);
            let found = match count {
                0 => said("none"),
                1 => said("one"),
                _ => said("many").replace("{count}", &count.to_string()),
            };
            (
                look.title(),
                found,
                if look.is_wrong() {
                    "wrong"
                } else if count > 0 {
                    "notice"
                } else {
                    "good"
                },
            )
        }
        // A file that could not be looked at here is looked at by the server.
        Err(refusal) if matches!(refusal.code.as_str(), "unknown-format" | "unsupported-format" | "licence-ticket") => {
            (String::new(), said("no-book"), "wrong")
        }
        Err(_) => return,
    };
    words::write(row, "[data-title]", &title);
    words::write(row, "[data-found]", &found);
    // Only the look depends on it.
    let _ = row.set_attribute("data-look", weight);
}

/// Folds what was found under the row, each with the way to its page.
fn draw_findings(row: &Element, look: &FirstLook) {
    let Some(list) = row.query_selector("[data-findings]").ok().flatten() else { return };
    for finding in look.heavy().take(MOST_FINDINGS) {
        let Some(line) = words::copy_of("upload-finding", None) else { return };
        words::write(&line, "a", &finding.code);
        words::write(&line, "span", &finding.message);
        // A line that cannot be put in place is missed: its number is said above.
        let link = line.query_selector("a").ok().flatten();
        drop(link.map(|link| link.set_attribute("href", &paths::finding(&finding.code))));
        drop(list.append_child(&line));
    }
}

/// Writes the name that the release will have as long as nobody chooses otherwise.
pub(super) fn draw_name(row: &Element, name: &str) {
    words::write(row, "[data-release]", name);
}

/// Names the files that are in the list already: the first few of them, and how many there are besides.
pub(super) fn draw_known(names: &[String]) {
    let Some(notice) = document().get_element_by_id("uploads-known") else { return };
    let named = &names[..names.len().min(MOST_NAMES)];
    let mut text = named.join(", ");
    if named.len() < names.len() {
        text = format!("{text} +{}", names.len() - named.len());
    }
    let text = notice.get_attribute("data-text").unwrap_or_default().replace("{names}", &text);
    notice.set_text_content((!names.is_empty()).then_some(text.as_str()));
}

/// Says how many files of a folder are not taken, and why.
pub(super) fn draw_left_out(count: usize) {
    let Some(notice) = document().get_element_by_id("uploads-left-out") else { return };
    let text = notice.get_attribute(if count == 1 { "data-one" } else { "data-many" }).unwrap_or_default();
    let text = text.replace("{count}", &count.to_string());
    notice.set_text_content((count > 0).then_some(text.as_str()));
}

/// Says that another tab is sending, or no longer.
pub(super) fn draw_elsewhere(is_elsewhere: bool) {
    if let Some(notice) = document().get_element_by_id("uploads-elsewhere") {
        let text = notice.get_attribute("data-text").filter(|_| is_elsewhere);
        notice.set_text_content(text.as_deref());
    }
}

/// Says how many of the files are there, once there is more than one.
pub(super) fn draw_sum((arrived, all): (usize, usize)) {
    let Some(sum) = document().get_element_by_id("uploads-sum") else { return };
    let text = sum.get_attribute("data-text").unwrap_or_default();
    let text = text.replace("{arrived}", &arrived.to_string()).replace("{count}", &all.to_string());
    sum.set_text_content((all > 1).then_some(text.as_str()));
}
