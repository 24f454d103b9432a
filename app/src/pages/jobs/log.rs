//! What a job says as it goes, line by line.

use std::collections::BTreeMap;

use leptos::prelude::*;
use service::{LogLevel, LogLine};

use crate::texts::{Texts, texts, time::machine_time};

/// Facts that are bytes, and facts that are numbers: both are written as the language writes them.
const SIZES: [&str; 1] = ["size"];
const NUMBERS: [&str; 5] = ["files", "good", "findings", "warnings", "attempt"];

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
            view! {
                <li class=format!("log__line log__line--{tone}")>
                    <time datetime=machine_time(line.at.0)>{texts.second(line.at.0)}</time>
                    <span>{texts.word_with("log", &line.code, &facts(texts, line.data))}</span>
                </li>
            }
        })
        .collect_view();
    view! { <div class="log" tabindex="0" role="log" aria-label=texts.say("jobs.log")><ol>{lines}</ol></div> }
}

/// What a line names, in the language of the page.
fn facts(texts: Texts, data: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let said = |(name, value): (String, String)| {
        let number = value.parse().ok();
        let said = match number {
            Some(bytes) if SIZES.contains(&name.as_str()) => texts.size(bytes),
            Some(number) if NUMBERS.contains(&name.as_str()) => texts.number(number),
            _ => value,
        };
        (name, said)
    };
    data.into_iter().map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn a_fact_is_written_as_the_language_writes_it_and_a_name_as_it_is() {
        let data = [("size", "1500000"), ("files", "12000"), ("path", "2000000.nfo"), ("file", "1984")];
        let data = data.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let said = facts(Texts::of(Locale::french()), data);
        assert_eq!(said["size"], "1,5\u{a0}Mo");
        assert_eq!(said["files"], "12\u{202f}000");
        assert_eq!((said["path"].as_str(), said["file"].as_str()), ("2000000.nfo", "1984"));
    }
}
