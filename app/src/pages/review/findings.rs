//! What the checks found, the heaviest first, and the accessibility summary.

use std::collections::BTreeMap;

use leptos::prelude::*;
use packer::{
    finding::{Finding, Severity},
    fix::{self, Fix},
    metadata::Accessibility,
};
use service::{Action, Preview, Release, Resource};

use crate::{
    components::{finding::Why, mark::SeverityMark, prose::Prose},
    ssr::guard,
    texts::texts,
};

/// Findings of one code that are shown before the rest is folded.
const SHOWN: usize = 3;

#[component]
pub fn Findings(release: Release, preview: Preview) -> impl IntoView {
    let say = texts();
    // Where nothing can be changed a button could only be refused.
    let is_mendable =
        release.editable && guard::signed_in().is_ok_and(|(actor, _)| actor.may(Resource::Releases, Action::Modify));
    let found = preview.findings.len();
    let mut groups: BTreeMap<(Severity, String), Vec<Finding>> = BTreeMap::new();
    for finding in preview.findings {
        groups.entry((finding.severity, finding.code.to_string())).or_default().push(finding);
    }
    // What was not read yet has no findings and no accessibility metadata, and that is no praise.
    let none = match (&release.book.metadata, groups.is_empty()) {
        (None, true) => Some(say.say("review.findings-later")),
        (Some(_), true) => Some(say.say("review.no-findings")),
        (_, false) => None,
    };
    view! {
        <section id="review-findings" class="panel findings" data-live aria-labelledby="findings-title">
            <h2 id="findings-title">
                {say.say("review.findings")}
                {none.is_none().then(|| view! { <span class="panel__count">{say.number(found as u64)}</span> })}
            </h2>
            {none.map(|none| view! { <p class="quiet">{none}</p> })}
            <ul class="finding-groups">
                {groups
                    .into_iter()
                    .map(|((severity, code), findings)| view! { <FindingGroup severity code findings is_mendable /> })
                    .collect_view()}
            </ul>
            {release.book.metadata.map(|metadata| view! { <Stated accessibility=metadata.accessibility /> })}
        </section>
    }
}

/// How much of its accessibility the book states.
#[component]
fn Stated(accessibility: Accessibility) -> impl IntoView {
    let say = texts();
    let stated = [
        !accessibility.access_modes.is_empty(),
        !accessibility.features.is_empty(),
        !accessibility.hazards.is_empty(),
        !accessibility.access_modes_sufficient.is_empty(),
        accessibility.summary.is_some(),
    ];
    let count = stated.iter().filter(|one| **one).count();
    view! {
        <p class="accessibility">
            <span>{say.say("review.accessibility")}</span>
            <span class="meter">
                {say.say_with("review.accessibility-count", &[("count", &count), ("total", &stated.len())])}
            </span>
        </p>
    }
}

/// Takes what was probably meant into the release, at once: the book stays as it is, and the field can be set back.
#[component]
fn FixButton(fix: Fix) -> impl IntoView {
    let say = texts();
    let Fix { field, values } = fix;
    let (word, value) = (say.word("field", field.word()), values.join(", "));
    view! {
        " "
        <button type="submit" class="button button--quiet button--small" form="review-form" data-save name="form[mend]"
            value=format!("{}={}", field.word(), values.join("\n"))>
            {say.say_with("review.fix", &[("field", &word), ("value", &value)])}
        </button>
    }
}

#[component]
fn FindingGroup(severity: Severity, code: String, findings: Vec<Finding>, is_mendable: bool) -> impl IntoView {
    let say = texts();
    let total = findings.len();
    let line = move |finding: Finding| {
        let place = match (finding.place.file.clone(), finding.place.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (Some(file), None) => file,
            (None, _) => String::new(),
        };
        view! {
            <li>
                <Prose text=say.finding(&finding) />
                {(!place.is_empty()).then(|| view! { " "<code class="place">{place}</code> })}
                {fix::of_finding(&finding).filter(|_| is_mendable).map(|fix| view! { <FixButton fix /> })}
            </li>
        }
    };
    let mut findings = findings.into_iter();
    let first: Vec<_> = findings.by_ref().take(SHOWN).map(line).collect();
    let rest: Vec<_> = findings.map(line).collect();
    view! {
        <li class="finding-group" data-severity=severity.word()>
            <p class="finding-group__head">
                <SeverityMark severity />
                <code>{code.clone()}</code>
            </p>
            <ul>{first}</ul>
            <Why severity code />
            {(!rest.is_empty()).then(|| {
                view! {
                    <details>
                        <summary>{say.count("review.more-findings", (total - SHOWN) as u64)}</summary>
                        <ul>{rest}</ul>
                    </details>
                }
            })}
        </li>
    }
}
