//! What changed between two texts, line by line.

use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

use crate::texts::texts;

/// Lines around a change that are shown with it.
const AROUND: usize = 3;

/// The lines that differ, each told by a sign, a word and a colour.
#[component]
pub fn Diff(
    /// What it was.
    before: String,
    /// What it is.
    after: String,
) -> impl IntoView {
    let texts = texts();
    let lines = lines(&before, &after);
    if lines.is_empty() {
        return view! { <p class="soft">{texts.say("diff.same")}</p> }.into_any();
    }
    let rows = lines
        .into_iter()
        .map(|(sign, line)| {
            let (class, word) = match sign {
                '+' => ("diff__line diff__line--new", Some(texts.say("diff.new"))),
                '-' => ("diff__line diff__line--old", Some(texts.say("diff.old"))),
                _ => ("diff__line", None),
            };
            view! {
                <li class=class>
                    <span aria-hidden="true">{sign.to_string()}</span>
                    {word.map(|word| view! { <span class="unseen">{word}" "</span> })}
                    <code>{line}</code>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="diff" tabindex="0" aria-label=texts.say("diff.title")>{rows}</ol> }.into_any()
}

/// The changed lines with some around them; a line of `…` stands where others are left out.
fn lines(before: &str, after: &str) -> Vec<(char, String)> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if index > 0 {
            lines.push((' ', "…".to_owned()));
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push((sign, change.value().trim_end_matches('\n').to_owned()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_and_what_stands_around_it_is_shown() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = before.replace("5\n", "five\n");
        let signs: String = lines(before, &after).into_iter().map(|(sign, _)| sign).collect();
        assert_eq!(signs, "   -+   ");
        assert!(lines(before, before).is_empty());
    }
}
