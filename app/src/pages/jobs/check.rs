//! What a check of a package found, file by file.

use leptos::prelude::*;
use service::{PackageCheck, VolumesCheck, WrongFile};

use crate::{
    components::mark::Mark,
    pages::verify::look,
    texts::{Texts, texts},
};

/// The files that are not as they were made, each with what it was and what it is, and the book in its volumes. Nothing
/// where all is as it was made.
#[component]
pub fn Damage(check: PackageCheck) -> impl IntoView {
    let texts = texts();
    let volumes = check.volumes.clone().filter(|volumes| !volumes.is_good());
    let rows = check.wrong.iter().cloned().map(|file| view! { <DamagedFile texts file /> }).collect_view();
    let table = (!check.wrong.is_empty()).then(|| {
        view! {
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="damage-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{texts.say("check.file")}</th>
                            <th scope="col">{texts.say("check.outcome")}</th>
                            <th scope="col">{texts.say("check.made")}</th>
                            <th scope="col">{texts.say("check.found")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(check.more > 0).then(|| view! { <p class="soft">{texts.count("check.more", check.more)}</p> })}
        }
    });
    (table.is_some() || volumes.is_some()).then(|| {
        view! {
            <section class="stack stack--tight" aria-labelledby="damage-title">
                <h2 id="damage-title">{texts.say("check.title")}</h2>
                {table}
                {volumes.map(|volumes| view! { <p>{texts.say("check.volumes")}" "{said(texts, &volumes)}</p> })}
            </section>
        }
    })
}

#[component]
fn DamagedFile(texts: Texts, file: WrongFile) -> impl IntoView {
    let (tone, glyph) = look(&file.outcome);
    let word = texts.word("file-outcome", &file.outcome);
    let (made, found) = sides(texts, &file);
    let value = |value: String| view! { <p class="release-name">{value}</p> };
    view! {
        <tr>
            <th scope="row"><code>{file.path}</code></th>
            <td><Mark tone glyph word /></td>
            <td>{made.into_iter().map(value).collect_view()}</td>
            <td>{found.into_iter().map(value).collect_view()}</td>
        </tr>
    }
}

/// What a file was when it was made, and what it is, as far as either is known.
fn sides(texts: Texts, file: &WrongFile) -> (Vec<String>, Vec<String>) {
    let text = |name: &str| file.data.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let bytes = |name: &str| Some(texts.count("check.bytes", file.data.get(name)?.as_u64()?));
    match file.outcome.as_str() {
        "size" => (bytes("expected").into_iter().collect(), bytes("found").into_iter().collect()),
        "checksum" => {
            let sum = |value: Option<String>| {
                let (algorithm, value) = (text("algorithm")?.to_uppercase(), value?);
                Some(texts.labelled(&algorithm, &value))
            };
            (sum(text("expected")).into_iter().collect(), sum(text("found")).into_iter().collect())
        }
        outcome => {
            let made = file
                .made
                .map(|made| vec![texts.count("check.bytes", made.size), texts.labelled(&"SHA256", &made.sha256)]);
            let detail = match outcome {
                "unreadable" => text("reason"),
                _ => None,
            };
            let detail = detail.unwrap_or_else(|| texts.word("file-found", outcome).to_owned());
            (made.unwrap_or_default(), vec![detail])
        }
    }
}

/// What became of the book in its volumes.
pub(super) fn said(texts: Texts, volumes: &VolumesCheck) -> String {
    texts.word_with("volumes-outcome", &volumes.outcome, &volumes.data)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use packer::verify::Outcome;
    use serde_json::json;

    use super::*;
    use crate::model::locale::Locale;

    fn file(outcome: &str, data: serde_json::Value) -> WrongFile {
        let data: BTreeMap<_, _> = serde_json::from_value(data).unwrap();
        let made = Some(service::jobs::Made { size: 12_345, sha256: packer::hash::Sha256([0; 32]) });
        WrongFile { path: "a.nfo".to_owned(), outcome: outcome.to_owned(), made, data }
    }

    #[test]
    fn both_sides_say_what_is_known_of_them() {
        let texts = Texts::of(Locale::ENGLISH);
        let (made, found) = sides(texts, &file("size", json!({ "expected": 10, "found": 6 })));
        assert_eq!((made, found), (vec!["10 bytes".to_owned()], vec!["6 bytes".to_owned()]));
        let (made, found) =
            sides(texts, &file("checksum", json!({ "algorithm": "sha256", "expected": "aa", "found": "bb" })));
        assert_eq!((made, found), (vec!["SHA256: aa".to_owned()], vec!["SHA256: bb".to_owned()]));
        let (made, found) = sides(texts, &file("missing", json!({})));
        assert_eq!((made.len(), found), (2, vec!["It is not there.".to_owned()]));
        let (_, found) = sides(texts, &file("unreadable", json!({ "reason": "the disk" })));
        assert_eq!(found, ["the disk"]);
    }

    #[test]
    fn every_outcome_of_a_file_has_its_words_in_both_languages() {
        let outcomes = [
            Outcome::Missing,
            Outcome::Extra,
            Outcome::Size { expected: 1, found: 2 },
            Outcome::Checksum { algorithm: "sha256", expected: String::new(), found: String::new() },
            Outcome::Refused,
            Outcome::Unreadable { reason: String::new() },
        ];
        for locale in Locale::all() {
            let texts = Texts::of(locale);
            for outcome in &outcomes {
                let word = outcome.word();
                assert_ne!(texts.word("file-outcome", word), texts.word("file-outcome", "other"), "{word}");
                let line = format!("file-{word}");
                assert_ne!(texts.word("log", &line), texts.word("log", "other"), "{line}");
            }
            for word in ["ok", "count", "open", "zip", "volume", "part", "book"] {
                assert_ne!(texts.word("volumes-outcome", word), texts.word("volumes-outcome", "other"), "{word}");
            }
        }
    }
}
