//! The island of the page for verifying: packages are read where they are, and nothing is sent.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Array;
use leptos::{ev, html::Span, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use super::{
    dropping::{self, Given},
    packer::{Packer, Refusal},
    words::{copy_of, say, write},
};
use crate::model::verification::{FileReport, Report, fill};

/// The template with the page's words.
const WORDS: &str = "verify-words";

/// Wakes the page by what the server wrote: `#verify-zone` with file inputs, `#verify-key`, `#verify-run`,
/// `#verify-result` and their templates.
#[island]
pub fn Verify() -> impl IntoView {
    let mark = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(element) = mark.get() else { return };
        let desk = Rc::new(Desk::default());
        let taken = Rc::clone(&desk);
        dropping::listen("#verify-zone", move |given| {
            if !given.is_empty() {
                *taken.given.borrow_mut() = given;
                taken.begin();
            }
        });
        let key = Rc::clone(&desk);
        let change = window_event_listener(ev::change, move |event| {
            let of_key = dropping::target(&event).is_some_and(|field| field.id() == "verify-key");
            if of_key && !key.given.borrow().is_empty() {
                key.begin();
            }
        });
        let click = window_event_listener(ev::click, move |event| {
            if dropping::target(&event).is_some_and(|place| place.closest("#verify-stop").ok().flatten().is_some()) {
                desk.packer.stop();
            }
        });
        on_cleanup(move || {
            change.remove();
            click.remove();
        });
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}

#[derive(Default)]
struct Desk {
    packer: Packer,
    given: RefCell<Vec<Given>>,
    /// Raised with every package: what comes of an older one is not shown any more.
    turn: Cell<u32>,
}

impl Desk {
    fn begin(self: &Rc<Self>) {
        // Of two packages only the later is of interest.
        self.packer.stop();
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        let this = Rc::clone(self);
        spawn_local(async move {
            let given = this.given.borrow().clone();
            show_running(&given);
            let answer = this.verify(&given).await;
            if this.turn.get() == turn {
                show_answer(answer);
            }
        });
    }

    /// One file is an archive, unless it came with a folder; several are a package that lies open.
    async fn verify(&self, given: &[Given]) -> Result<String, Refusal> {
        let key = key().map_or(JsValue::UNDEFINED, JsValue::from);
        match given {
            [one] if !one.in_folder => {
                self.packer.ask("verify-archive", &[("file", &one.file), ("key", &key)], show_progress).await
            }
            all => {
                let paths: Array = all.iter().map(|one| JsValue::from(&one.path)).collect();
                let files: Array = all.iter().map(|one| JsValue::from(&one.file)).collect();
                let needs: [(&str, &JsValue); 3] = [("paths", &paths), ("files", &files), ("key", &key)];
                self.packer.ask("verify-files", &needs, show_progress).await
            }
        }
    }
}

fn key() -> Option<String> {
    let field: HtmlTextAreaElement = element("verify-key")?.dyn_into().ok()?;
    Some(field.value().trim().to_owned()).filter(|key| !key.is_empty())
}

fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

fn set_hidden(id: &str, hidden: bool) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.set_hidden(hidden);
    }
}

fn show_running(given: &[Given]) {
    set_hidden("verify-run", false);
    set_hidden("verify-result", true);
    let what = match given {
        [one] => one.path.clone(),
        all => say(WORDS, "verdict", "many").replace("{count}", &all.len().to_string()),
    };
    if let Some(run) = element("verify-run") {
        write(&run, "[data-what]", &what);
    }
    show_progress(0, 0);
}

fn show_progress(done: u64, total: u64) {
    let Some(run) = element("verify-run") else { return };
    let percent = (done.min(total) * 100).checked_div(total).unwrap_or(0).to_string();
    write(&run, "[data-percent]", &format!("{percent} %"));
    if let Some(bar) = run.query_selector("progress").ok().flatten() {
        // A bar that cannot be moved leaves the words, which say the same.
        let _ = bar.set_attribute("value", &percent);
    }
}

fn show_answer(answer: Result<String, Refusal>) {
    set_hidden("verify-run", true);
    let report = answer.map(|json| serde_json::from_str::<Report>(&json));
    match report {
        Ok(Ok(report)) => show_report(&report),
        Ok(Err(_)) => show_refusal("internal"),
        Err(refusal) if refusal.code == "cancelled" => {}
        Err(refusal) => show_refusal(&refusal.code),
    }
}

/// Empties the place of the result and gives it, with its headline.
fn result(verdict: &str, title: &str, text: &str) -> Option<Element> {
    let place = element("verify-result")?;
    place.set_attribute("data-verdict", verdict).ok()?;
    place.set_inner_html("");
    place.append_child(&*copy_of("verify-headline", None)?).ok()?;
    write(&place, "[data-title]", title);
    write(&place, "[data-text]", text);
    set_hidden("verify-result", false);
    Some(place)
}

fn show_refusal(code: &str) {
    if result("refused", &say(WORDS, "verdict", "refused"), &say(WORDS, "verify-failure", code)).is_some() {
        focus_result();
    }
}

fn show_report(report: &Report) {
    let expected = element("verify-zone").and_then(|zone| zone.get_attribute("data-manifest"));
    let verdict = report.verdict(expected.as_deref()).word();
    let (good, all) = (report.good_files().to_string(), report.files.len().to_string());
    let text = say(WORDS, "verdict", &format!("{verdict}-text")).replace("{good}", &good).replace("{count}", &all);
    let Some(place) = result(verdict, &say(WORDS, "verdict", verdict), &text) else { return };
    let Some(facts) = copy_of("verify-facts", None) else { return };
    fact(&facts, "release", report.release.clone());
    fact(&facts, "lists", Some(report.lists.join(", ")));
    fact(&facts, "signature", signature(report));
    fact(&facts, "book", report.book.as_ref().map(|_| say(WORDS, "verdict", "book")));
    let problems = report.bag.iter().flat_map(|bag| &bag.problems);
    let problems: Vec<_> = problems.map(|one| fill(&say(WORDS, "bag-fault", &one.fault), &one.data)).collect();
    fact(&facts, "bag", (!problems.is_empty()).then(|| problems.join("\n")));
    let table = copy_of("verify-table", None);
    if let Some(body) = table.as_ref().and_then(|table| table.query_selector("tbody").ok().flatten()) {
        for row in report.shown().filter_map(row) {
            // A row that does not fit in is missed by nobody's reading of the headline.
            let _ = body.append_child(&row);
        }
    }
    let left_out = report.left_out();
    for part in [Some(facts), table].into_iter().flatten() {
        let _ = place.append_child(&part);
    }
    write(
        &place,
        "[data-left-out]",
        &if left_out == 0 {
            String::new()
        } else {
            say(WORDS, "verdict", "left-out").replace("{count}", &left_out.to_string())
        },
    );
    focus_result();
}

/// A fact that there is none of goes, with its name.
fn fact(facts: &Element, name: &str, text: Option<String>) {
    let Some(place) = facts.query_selector(&format!("[data-fact={name}]")).ok().flatten() else { return };
    match text.filter(|text| !text.is_empty()) {
        Some(text) => write(&place, "dd", &text),
        None => place.remove(),
    }
}

fn signature(report: &Report) -> Option<String> {
    match &report.signature {
        Some(signature) => {
            let word = signature.code.as_deref().unwrap_or("good");
            let comment = signature.comment.as_deref().unwrap_or_default();
            Some(say(WORDS, "signature", word).replace("{key}", &signature.key).replace("{comment}", comment))
        }
        None => report.release.as_ref().map(|_| say(WORDS, "signature", "not-asked")),
    }
}

fn row(file: &FileReport) -> Option<Element> {
    let row = copy_of("verify-row", None)?;
    let word = &file.outcome;
    row.set_attribute("data-outcome", word).ok()?;
    write(&row, "[data-path]", &file.path);
    let mark = copy_of("verify-marks", Some(&format!("[data-mark={word}]")))?;
    row.query_selector("[data-state]").ok()??.append_child(&mark).ok()?;
    if word != "ok" {
        write(&row, "[data-detail]", &fill(&say(WORDS, "file-outcome", &format!("{word}-detail")), &file.data));
    }
    Some(row)
}

/// What comes of it is read out, and the keyboard goes on from there.
fn focus_result() {
    if let Some(result) = element("verify-result").and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Without the focus it can be found by its heading.
        let _ = result.focus();
    }
}
