//! What a job says as it goes, line by line.

use leptos::prelude::*;
use service::{LogLevel, LogLine};

use crate::texts::{texts, time::machine_time};

/// The lines, the oldest first. A screen reader hears those that come.
#[component]
pub fn Log(log: Vec<LogLine>) -> impl IntoView {
    let texts = texts();
    let lines = log
        .into_iter()
        .map(|line| {
            let tone = match line.level {
                LogLevel::Info => "info",
                LogLevel::Warning => "warning",
                LogLevel::Error => "error",
            };
            let time = machine_time(line.at.0);
            let clock = time.get(11..19).unwrap_or_default().to_owned();
            view! {
                <li class=format!("log__line log__line--{tone}")>
                    <time datetime=time>{clock}</time>
                    <span>{texts.word_with("log", &line.code, &line.data)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <div class="log" tabindex="0" role="log" aria-label=texts.say("jobs.log")><ol>{lines}</ol></div> }
}
