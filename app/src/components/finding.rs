//! Findings, each with its weight, its place and the way to its page.

use leptos::prelude::*;
use packer::finding::{Finding, Place};

use super::{mark::SeverityMark, prose::Prose};
use crate::{model::paths, texts::texts};

/// A list of findings in the order they were given. `blocking` are the indexes of those that keep a release from being packed.
#[component]
pub fn Findings(
    /// The findings.
    findings: Vec<Finding>,
    /// Which of them block, by index.
    #[prop(optional)]
    blocking: Vec<usize>,
) -> impl IntoView {
    let rows = findings
        .into_iter()
        .enumerate()
        .map(|(index, finding)| view! { <FindingRow blocks=blocking.contains(&index) finding /> })
        .collect_view();
    view! { <ul class="findings">{rows}</ul> }
}

#[component]
fn FindingRow(finding: Finding, blocks: bool) -> impl IntoView {
    let texts = texts();
    let message = texts.finding(&finding);
    let place = place(&finding.place);
    view! {
        <li class="finding">
            <SeverityMark severity=finding.severity />
            <div>
                <p><Prose text=message /></p>
                {blocks.then(|| view! { <p class="finding__blocks">{texts.say("findings.blocks")}</p> })}
                <p class="finding__place">
                    <a href=paths::finding(finding.code.as_str())>{finding.code.to_string()}</a>
                    {place.map(|place| view! { <code>{place}</code> })}
                </p>
            </div>
        </li>
    }
}

/// `file:line:column`, as far as it is known.
fn place(place: &Place) -> Option<String> {
    let mut text = place.file.clone()?;
    for number in [place.line, place.column].into_iter().flatten() {
        text.push(':');
        text.push_str(&number.to_string());
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_as_exact_as_it_is_known() {
        assert_eq!(place(&Place::at("OPS/a.xhtml", 3, 14)).as_deref(), Some("OPS/a.xhtml:3:14"));
        assert_eq!(place(&Place::file("a.css")).as_deref(), Some("a.css"));
        assert_eq!(place(&Place::default()), None);
    }
}
