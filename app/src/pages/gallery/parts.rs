//! What pages are put together from: charts, marks, findings, covers, info files, logs, comparisons.

use leptos::prelude::*;
use packer::finding::{Finding, FindingCode, Place, Severity};
use service::{
    Duplicate, Job, JobFailure, JobId, JobKind, JobState, LogLevel, LogLine, PackageCheck, Progress, ReleaseId, Status,
    Timestamp, VolumesCheck, WrongFile, jobs::Made, releases::Likeness,
};

use super::Part;
use crate::{
    components::{
        chart::{Bars, Columns, Point},
        cover::Cover,
        duplicates::Duplicates,
        error_view::error_message,
        finding::Findings,
        icon::{Glyph, Icon},
        kept::Kept,
        mark::{JobMark, ReleaseMark, SeverityMark},
        way_on::{BeginAnew, Cancel, WayOn, why},
    },
    error::AppError,
    pages::{
        dashboard::first_run::FirstRun,
        jobs::{check::Damage, log::Log},
        profiles::diff::Diff,
        release::info_files::{InfoFiles, Shown},
    },
    texts::texts,
};

/// The parts of this file.
pub(super) fn all() -> Vec<Part> {
    vec![
        ("marks", "Marks", marks()),
        ("charts", "Charts", charts()),
        ("findings", "Findings", findings()),
        ("alike", "Alike", duplicates()),
        ("covers", "Covers", covers()),
        ("info-files", "Info files", nfo()),
        ("log", "Log", log()),
        ("way-on", "The way on", ways_on()),
        ("damaged-package", "A damaged package", damage()),
        ("progress", "Progress", view! { <progress max="100" value="40" aria-label="Progress"></progress> }.into_any()),
        ("kept", "Kept", kept()),
        ("differences", "Differences", differences()),
        ("verdicts", "Verdicts", verdicts()),
        ("tour", "Tour", view! { <FirstRun texts=texts() /> }.into_any()),
        ("errors", "Errors", errors()),
    ]
}

fn marks() -> AnyView {
    view! {
        <div class="button-row">{Status::ALL.iter().map(|status| view! { <ReleaseMark status=*status /> }).collect_view()}<ReleaseMark status=Status::Packed withdrawn=true /></div>
        <div class="button-row">{JobState::ALL.iter().map(|state| view! { <JobMark state=*state /> }).collect_view()}<JobMark state=JobState::DoneWithFindings damage=true /></div>
        <div class="button-row">{Severity::ALL.into_iter().map(|severity| view! { <SeverityMark severity /> }).collect_view()}</div>
    }
    .into_any()
}

fn points(values: &[u64]) -> Vec<Point> {
    let point = |(index, value): (u64, &u64)| Point {
        label: format!("No. {index}"),
        address: None,
        value: *value,
        text: value.to_string(),
    };
    (1..).zip(values).map(point).collect()
}

fn charts() -> AnyView {
    view! {
        <Columns title="Columns" label="Week" value="Packages" points=points(&[3, 0, 7, 12, 5]) />
        <Bars title="Bars" label="Format" value="Packages" points=points(&[12, 5, 1]) />
    }
    .into_any()
}

fn findings() -> AnyView {
    // The last one twice: what is found more than once is folded.
    let findings = Severity::ALL
        .into_iter()
        .chain([Severity::Usage])
        .map(|severity| {
            Finding::new(FindingCode::new("OPF-014"), severity)
                .at(Place::at("OEBPS/chapter-1.xhtml", 12, 4))
                .with("property", "scripted")
        })
        .collect();
    view! { <Findings findings blocking=vec![0] /> }.into_any()
}

fn duplicates() -> AnyView {
    let one = |likeness, name: Option<&str>| Duplicate {
        id: ReleaseId::new(Timestamp(0), 0),
        title: "The Time Machine".to_owned(),
        authors: "H. G. Wells".to_owned(),
        name: name.map(str::to_owned),
        status: Status::Draft,
        likeness,
    };
    let name = "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP";
    let all = vec![one(Likeness::SameFile, Some(name)), one(Likeness::SameIsbn, None), one(Likeness::SameWork, None)];
    view! { <Duplicates duplicates=all /> }.into_any()
}

fn covers() -> AnyView {
    view! {
        <div class="button-row gallery__covers">
            <Cover release=String::new() has_cover=false />
            <Cover release=String::new() has_cover=false thumb=true />
        </div>
    }
    .into_any()
}

fn nfo() -> AnyView {
    let text = "┌──────────────────────────────────────────────────────────────────────────────┐\n\
                │                           ░▒▓█  e B O O K  █▓▒░                              │\n\
                │  Title            Été à Paris                                                │\n\
                └──────────────────────────────────────────────────────────────────────────────┘\n";
    let shown =
        Shown { nfo: text.to_owned(), diz: "DISK: [01/12]\n".to_owned(), file: None, name: "gallery".to_owned() };
    view! { <InfoFiles shown /> }.into_any()
}

fn log() -> AnyView {
    let levels = [LogLevel::Info, LogLevel::Warning, LogLevel::Error];
    let line = |(sequence, level): (u64, LogLevel)| LogLine {
        sequence,
        at: Timestamp(1_700_000_000_000),
        level,
        code: "job-done".to_owned(),
        data: std::collections::BTreeMap::new(),
    };
    view! { <Log log=(1..).zip(levels).map(line).collect() /> }.into_any()
}

/// A job that may be begun anew or reviewed, and one that no other try would mend.
fn ways_on() -> AnyView {
    let failed = |kind, code: &str| Job {
        id: JobId::new(Timestamp(0), 0),
        kind,
        state: JobState::Failed,
        release_id: Some(ReleaseId::new(Timestamp(0), 0)),
        release_title: None,
        package_id: None,
        group_id: None,
        stage: None,
        progress: Progress { done: 0, total: 0 },
        attempts: 1,
        queue_position: None,
        cancel_requested: false,
        failure: Some(JobFailure { code: code.to_owned(), data: std::collections::BTreeMap::new(), incident: None }),
        result: None,
        created_by: None,
        created_at: Timestamp(0),
        started_at: None,
        finished_at: None,
    };
    [(JobKind::Pack, "name-changed"), (JobKind::Inspect, "unknown-format")]
        .map(|(kind, code)| failed(kind, code))
        .map(|job| view! { <p>{why(texts(), &job)}</p><WayOn job /> })
        .collect_view()
        .into_any()
}

fn damage() -> AnyView {
    let made = Some(Made { size: 538_214, sha256: packer::hash::Sha256([0xab; 32]) });
    let file = |path: &str, outcome: &str, data: &[(&str, &str)]| WrongFile {
        path: path.to_owned(),
        outcome: outcome.to_owned(),
        made,
        data: data.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect(),
    };
    let sums = [("algorithm", "crc32"), ("expected", "89abcdef"), ("found", "01234567")];
    let check = PackageCheck {
        good: false,
        files: 9,
        bytes: 1_000_000,
        wrong: vec![file("k3v9qa.nfo", "checksum", &sums), file("k3v9qa01.zip", "missing", &[])],
        more: 0,
        volumes: Some(VolumesCheck { outcome: "book".to_owned(), data: std::collections::BTreeMap::new() }),
    };
    view! {
        <Damage check />
        <div class="button-row"><BeginAnew job="1".to_owned() of="Pack" /><Cancel job="2".to_owned() of="Verify" /></div>
    }
    .into_any()
}

fn kept() -> AnyView {
    let (tag, some) = (|| "GRP".to_owned(), 1_200_000_000);
    view! {
        <Kept tag=tag() kept=some quota=None />
        <Kept tag=tag() kept=some quota=Some(5_000_000_000) />
        <Kept tag=tag() kept=some quota=Some(1_000_000_000) />
    }
    .into_any()
}

fn differences() -> AnyView {
    view! {
        <Diff before="one\ntwo\nthree\n".to_owned() after="one\n2\nthree\n".to_owned() />
        <Diff before="one\n".to_owned() after="one\n".to_owned() />
    }
    .into_any()
}

fn verdicts() -> AnyView {
    let verdict = |verdict: &'static str, title: &'static str| {
        view! {
            <div class="panel verdict" data-verdict=verdict>
                <div class="verdict__head">
                    <span class="verdict__sign verdict__sign--good"><Icon glyph=Glyph::Good /></span>
                    <span class="verdict__sign verdict__sign--wrong"><Icon glyph=Glyph::Wrong /></span>
                    <div><h3>{title}</h3><p>"What that means."</p></div>
                </div>
            </div>
        }
    };
    view! { {verdict("good", "Good")} {verdict("files", "Wrong")} }.into_any()
}

fn errors() -> AnyView {
    let errors =
        [AppError::not_found("release"), AppError::Forbidden, AppError::Internal { incident: "01A".to_owned() }];
    errors.iter().map(error_message).collect_view().into_any()
}
