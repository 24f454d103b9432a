//! Findings by their codes, each with its weight, its places, why it matters, and the way to its page.

use std::collections::BTreeMap;

use leptos::prelude::*;
use packer::finding::{Finding, Place, Severity};

use super::{mark::SeverityMark, prose::Prose};
use crate::{model::paths, ssr::explanation, texts::texts};

/// Findings of one code, with whether any of them blocks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Group {
    findings: Vec<Finding>,
    blocks: bool,
}

/// Findings, the heaviest first, those of one code together: of many only the first is shown, the others are folded.
/// `blocking` are the indexes of those that keep a release from being packed.
#[component]
pub fn Findings(
    /// The findings.
    findings: Vec<Finding>,
    /// Which of them block, by index.
    #[prop(optional)]
    blocking: Vec<usize>,
) -> impl IntoView {
    let rows = grouped(findings, &blocking)
        .into_iter()
        .map(|((severity, code), group)| view! { <FindingGroup severity code group /> })
        .collect_view();
    view! { <ul class="findings">{rows}</ul> }
}

fn grouped(findings: Vec<Finding>, blocking: &[usize]) -> BTreeMap<(Severity, String), Group> {
    let mut groups = BTreeMap::<(Severity, String), Group>::new();
    for (index, finding) in findings.into_iter().enumerate() {
        let group = groups.entry((finding.severity, finding.code.to_string())).or_default();
        group.blocks |= blocking.contains(&index);
        group.findings.push(finding);
    }
    groups
}

#[component]
fn FindingGroup(severity: Severity, code: String, group: Group) -> impl IntoView {
    let texts = texts();
    let Group { findings, blocks } = group;
    let total = findings.len() as u64;
    let mut findings = findings.into_iter();
    let first = findings.next().map(|finding| view! { <div><Line finding /></div> });
    let others = findings.map(|finding| view! { <li><Line finding /></li> }).collect_view();
    let id = format!("more-{}-{code}", severity.word());
    view! {
        <li class="finding">
            <SeverityMark severity />
            // As far from one another as a finger needs.
            <div class="stack stack--tight">
                {first}
                {blocks.then(|| view! { <p class="finding__blocks">{texts.say("findings.blocks")}</p> })}
                <p class="finding__place">
                    <code>{code.clone()}</code>
                    {(total > 1).then(|| view! { <span>{texts.count("findings.times", total)}</span> })}
                </p>
                {(total > 1).then(|| view! {
                    <details id=id>
                        <summary>{texts.count("review.more-findings", total - 1)}<span class="unseen">" "{code.clone()}</span></summary>
                        <ul>{others}</ul>
                    </details>
                })}
                <Why severity code />
            </div>
        </li>
    }
}

/// What one finding says, and where.
#[component]
fn Line(finding: Finding) -> impl IntoView {
    let place = place(&finding.place);
    view! {
        <p><Prose text=texts().finding(&finding) /></p>
        {place.map(|place| view! { <p class="finding__place"><code>{place}</code></p> })}
    }
}

/// Why a finding matters and how it is put right, folded, so that nobody leaves what they do to read it.
#[component]
pub fn Why(
    /// How heavy it is.
    severity: Severity,
    /// Its code.
    code: String,
) -> impl IntoView {
    let texts = texts();
    explanation::page(&code, texts).map(|page| {
        view! {
            <details class="why" id=format!("why-{}-{code}", severity.word())>
                <summary>{texts.say("review.why")}<span class="unseen">" "{code.clone()}</span></summary>
                <p><Prose text=page.why /></p>
                <p><Prose text=page.fix /></p>
                <p><a href=paths::finding(&code)>{texts.say_with("review.about-code", &[("code", &code)])}</a></p>
            </details>
        }
    })
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
    use packer::finding::FindingCode;

    use super::*;

    #[test]
    fn findings_of_one_code_stand_together_the_heaviest_first() {
        let finding =
            |code, severity, line| Finding::new(FindingCode::new(code), severity).at(Place::at("a.xhtml", line, 1));
        let all = vec![
            finding("OPF-014", Severity::Warning, 1),
            finding("RSC-005", Severity::Error, 2),
            finding("OPF-014", Severity::Warning, 3),
            finding("OPF-014", Severity::Error, 4),
        ];
        let groups = grouped(all.clone(), &[3]);
        let told: Vec<_> =
            groups.iter().map(|((severity, code), group)| (*severity, code.as_str(), group.blocks)).collect();
        let expected = [
            (Severity::Error, "OPF-014", true),
            (Severity::Error, "RSC-005", false),
            (Severity::Warning, "OPF-014", false),
        ];
        assert_eq!(told, expected);
        let warnings = &groups[&(Severity::Warning, "OPF-014".to_owned())];
        assert_eq!(warnings.findings, [all[0].clone(), all[2].clone()]);
    }

    #[test]
    fn a_place_is_as_exact_as_it_is_known() {
        assert_eq!(place(&Place::at("OPS/a.xhtml", 3, 14)).as_deref(), Some("OPS/a.xhtml:3:14"));
        assert_eq!(place(&Place::file("a.css")).as_deref(), Some("a.css"));
        assert_eq!(place(&Place::default()), None);
    }
}
