//! The gallery of parts, in development only: every state of every part on one page.

use leptos::prelude::*;
use packer::finding::{Finding, FindingCode, Place, Severity};
use service::{JobState, Status};

use crate::{
    components::{
        chart::{Bars, Columns, Point},
        copy_button::CopyButton,
        cover::Cover,
        error_view::error_view,
        finding::Findings,
        form::{FormError, Input, TextField},
        frame::Frame,
        icon::{Glyph, Icon},
        mark::{JobMark, ReleaseMark, SeverityMark},
    },
    error::{AppError, FieldProblem},
    pages::profiles::diff::Diff,
    ssr::{context, convert::answer_with},
};

/// Parts and states side by side. Its texts are the names of the parts, for whoever builds them.
#[component]
pub fn GalleryPage() -> impl IntoView {
    if context::visitor().is_ok_and(|visitor| visitor.development) {
        gallery()
    } else {
        error_view(&answer_with(AppError::not_found("page")))
    }
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

fn gallery() -> AnyView {
    let wrong = AppError::Invalid {
        fields: vec![FieldProblem {
            field: "wrong".into(),
            code: "required".into(),
            data: std::collections::BTreeMap::new(),
        }],
    };
    let findings = Severity::ALL
        .into_iter()
        .map(|severity| {
            Finding::new(FindingCode::new("OPF-014"), severity)
                .at(Place::at("OEBPS/chapter-1.xhtml", 12, 4))
                .with("property", "scripted")
        })
        .collect();
    let tone = |tone: &'static str, glyph: Glyph| view! { <div class=format!("alert alert--{tone}")><Icon glyph /><p>{tone}</p></div> };
    view! {
        <Frame title="Gallery".to_owned()>
            <div class="stack gallery">
                <h1>"Gallery"</h1>
                <section class="panel"><h2>"Titles"</h2><h1>"Title, 31"</h1><h2>"Title, 20"</h2><h3>"Title, 14"</h3><p class="lead">"Lead, 16"</p><p>"Text, 14 " <em>"with italics"</em>" and 0123456789"</p><p class="soft">"Soft"</p></section>
                <section class="panel"><h2>"Buttons"</h2>
                    <div class="button-row">
                        <button class="button button--primary" type="button">"Primary"</button>
                        <button class="button" type="button">"Plain"</button>
                        <button class="button button--quiet" type="button">"Quiet"</button>
                        <button class="button button--danger" type="button">"Danger"</button>
                        <button class="button" type="button" disabled=true>"Disabled"</button>
                        <button class="button button--small" type="button">"Small"</button>
                        <CopyButton text="copied".to_owned() what="text".to_owned() />
                    </div>
                </section>
                <section class="panel"><h2>"Charts"</h2>
                    <Columns title="Columns" label="Week" value="Packages" points=points(&[3, 0, 7, 12, 5]) />
                    <Bars title="Bars" label="Format" value="Packages" points=points(&[12, 5, 1]) />
                </section>
                <section class="panel"><h2>"Differences"</h2>
                    <Diff before="one\ntwo\nthree\n".to_owned() after="one\n2\nthree\n".to_owned() />
                </section>
                <section class="panel"><h2>"Fields"</h2>
                    <FormError error=Some(wrong.clone()) />
                    <form class="form">
                        <TextField name="plain" label="Plain" hint="A hint" error=None value="Value".to_owned() />
                        <TextField name="wrong" label="Wrong" input=Input::Text error=Some(wrong) />
                    </form>
                </section>
                <section class="panel"><h2>"Marks"</h2>
                    <div class="button-row">{Status::ALL.iter().map(|status| view! { <ReleaseMark status=*status /> }).collect_view()}</div>
                    <div class="button-row">{JobState::ALL.iter().map(|state| view! { <JobMark state=*state /> }).collect_view()}</div>
                    <div class="button-row">{Severity::ALL.into_iter().map(|severity| view! { <SeverityMark severity /> }).collect_view()}</div>
                </section>
                <section class="panel"><h2>"Alerts"</h2>{tone("good", Glyph::Good)}{tone("notice", Glyph::Notice)}{tone("wrong", Glyph::Wrong)}{tone("refused", Glyph::Refused)}</section>
                <section class="panel"><h2>"Findings"</h2><Findings findings blocking=vec![0] /></section>
                <section class="panel"><h2>"Covers"</h2><div class="button-row"><Cover release=String::new() has_cover=false thumb=true /></div></section>
                <section class="panel"><h2>"Progress"</h2><progress max="100" value="40" aria-label="Progress"></progress></section>
                <section class="panel"><h2>"NFO"</h2><div class="nfo"><pre>"░▒▓█▀▄▌▐ ┌─┬─┐ ╔═╦═╗ ÄÖÜß éèà\n│ 80 columns │"</pre></div></section>
                <section class="panel"><h2>"Icons"</h2><div class="button-row">{Glyph::ALL.iter().map(|glyph| view! { <Icon glyph=*glyph /> }).collect_view()}</div></section>
            </div>
        </Frame>
    }
    .into_any()
}
