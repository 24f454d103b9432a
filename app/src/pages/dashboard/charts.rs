//! What it all comes to, in four pictures.

use leptos::prelude::*;
use service::Overview;

use crate::{
    components::chart::{Bars, Columns, Point},
    model::paths,
    texts::{Texts, texts},
};

#[component]
pub fn Charts(overview: Overview) -> impl IntoView {
    let texts = texts();
    let Overview { weeks, formats, findings, book_bytes, package_bytes, .. } = overview;
    let packed: u64 = weeks.iter().map(|(_, number)| number).sum();
    let weeks = weeks.into_iter().map(|(monday, number)| point(texts, texts.day(monday.0), None, number)).collect();
    let formats = formats.into_iter().map(|(format, number)| {
        let address = format!("{}?format={}", paths::RELEASES, format.word());
        point(texts, format.to_string(), Some(address), number)
    });
    let findings = findings.into_iter().map(|(code, number)| {
        let address = paths::finding(&code);
        point(texts, code, Some(address), number)
    });
    let storage = [(texts.say("dashboard.books"), book_bytes), (texts.say("dashboard.packages"), package_bytes)];
    let storage = storage
        .map(|(label, bytes)| Point { label: label.to_owned(), address: None, value: bytes, text: texts.size(bytes) })
        .to_vec();
    let (formats, findings): (Vec<_>, Vec<_>) = (formats.collect(), findings.collect());
    view! {
        <section class="panel dashboard__weeks">
            <div class="panel__head">
                <h2>{texts.say("dashboard.weeks")}</h2>
                <p class="panel__count">{texts.count("dashboard.packed", packed)}</p>
            </div>
            <Columns title=texts.say("dashboard.weeks") label=texts.say("dashboard.week") value=texts.say("dashboard.packages") points=weeks />
        </section>
        <Chart title=texts.say("dashboard.formats") label=texts.say("releases.format") value=texts.say("chrome.releases") points=formats />
        <Chart title=texts.say("dashboard.findings") label=texts.say("dashboard.code") value=texts.say("dashboard.books") points=findings />
        <Chart title=texts.say("dashboard.storage") label=texts.say("dashboard.what") value=texts.say("dashboard.bytes") points=storage />
    }
}

#[component]
fn Chart(title: &'static str, label: &'static str, value: &'static str, points: Vec<Point>) -> impl IntoView {
    let chart = if points.is_empty() {
        view! { <p class="soft">{texts().say("dashboard.none-yet")}</p> }.into_any()
    } else {
        view! { <Bars title label value points /> }.into_any()
    };
    view! { <section class="panel"><h2>{title}</h2>{chart}</section> }
}

fn point(texts: Texts, label: String, address: Option<String>, value: u64) -> Point {
    Point { label, address, value, text: texts.number(value) }
}
