//! Files: chosen or dropped, shown, sent, and turned into rows.

use std::{cell::RefCell, rc::Rc};

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Element, File, FileList, HtmlElement, HtmlInputElement, HtmlTemplateElement};

use super::rows;
use crate::{
    islands::upload::transfer::{self, Step},
    model::{
        paths,
        upload::{Phase, Uploads, fingerprint},
    },
};

/// Every file that was dropped on this page.
#[derive(Debug, Default)]
pub(super) struct Dropped {
    uploads: RefCell<Uploads>,
    files: RefCell<Vec<(File, Option<Element>)>>,
}

pub(super) fn listen(dropped: &Rc<Dropped>) {
    if let Some(input) = document().query_selector("form[data-drop] input[type=file]").ok().flatten() {
        // One request of a plain form carries one file; only from here on may it be many.
        let _ = input.set_attribute("multiple", "");
    }
    let over = window_event_listener(ev::dragover, |event: DragEvent| {
        if carries_files(&event) {
            // Without this the browser opens the file in place of the page.
            event.prevent_default();
            mark_zone(true);
        }
    });
    let leave = window_event_listener(ev::dragleave, |event: DragEvent| {
        if event.related_target().is_none() {
            mark_zone(false);
        }
    });
    let taken = Rc::clone(dropped);
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        if !carries_files(&event) {
            return;
        }
        event.prevent_default();
        mark_zone(false);
        if let Some(files) = event.data_transfer().and_then(|transfer| transfer.files()) {
            taken.take(&files);
        }
    });
    let taken = Rc::clone(dropped);
    let change = window_event_listener(ev::change, move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input.filter(|input| input.closest("form[data-drop]").ok().flatten().is_some()) else {
            return;
        };
        if let Some(files) = input.files() {
            taken.take(&files);
            // The same file may be chosen again.
            input.set_value("");
        }
    });
    let busy = Rc::clone(dropped);
    let unload = window_event_listener(ev::beforeunload, move |event| {
        let unsaved = document().query_selector("[data-typed], [data-sent]").ok().flatten().is_some();
        if unsaved || busy.uploads.borrow().is_busy() {
            // The browser asks in its own words whether to leave.
            event.prevent_default();
        }
    });
    let stopped = Rc::clone(dropped);
    let click = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(row) = target
            .filter(|element| element.closest("[data-stop]").ok().flatten().is_some())
            .and_then(|element| element.closest("[data-upload]").ok().flatten())
        else {
            return;
        };
        if let Some(key) = row.get_attribute("data-upload").and_then(|key| key.parse().ok()) {
            stopped.change(key, Phase::Cancelled);
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop.remove();
        change.remove();
        unload.remove();
        click.remove();
    });
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
}

fn mark_zone(over: bool) {
    if let Some(zone) = document().query_selector("form[data-drop]").ok().flatten() {
        // Only the look depends on it.
        let _ = zone.toggle_attribute_with_force("data-over", over);
    }
}

impl Dropped {
    fn take(self: &Rc<Self>, files: &FileList) {
        for index in 0..files.length() {
            let Some(file) = files.item(index) else { continue };
            let key = self.uploads.borrow_mut().add(file.name(), transfer::whole(file.size()));
            let row = show_row(key, &file.name());
            self.files.borrow_mut().push((file, row));
            self.draw(key);
        }
        self.start();
    }

    fn start(self: &Rc<Self>) {
        loop {
            let next = self.uploads.borrow_mut().start_next();
            let Some(key) = next else { return };
            self.draw(key);
            let this = Rc::clone(self);
            spawn_local(async move { this.send(key).await });
        }
    }

    async fn send(self: Rc<Self>, key: usize) {
        let Some(file) = self.files.borrow().get(key).map(|(file, _)| file.clone()) else { return };
        let known = begun_earlier(&file);
        let told = |step: Step| {
            let phase = match step {
                Step::Sent { sent, acknowledged } => Phase::Sending { sent, acknowledged },
                Step::Interrupted { acknowledged } => Phase::Interrupted { acknowledged },
            };
            self.change(key, phase);
            !self.has_ended(key)
        };
        match transfer::send(&file, known, &told).await {
            Ok(Some(release)) => {
                self.change(key, Phase::Arrived { release: release.clone() });
                self.remove_row(key);
                let first = rows::none_is_open();
                let shown =
                    if first { rows::open(&paths::review(&release), true).await } else { rows::refresh().await };
                if shown.is_err() {
                    // The next bell brings it.
                    mark_zone(false);
                }
            }
            Ok(None) => self.remove_row(key),
            Err(code) => self.change(key, Phase::Refused { code }),
        }
        self.start();
    }

    fn change(&self, key: usize, phase: Phase) {
        self.uploads.borrow_mut().change(key, phase);
        self.draw(key);
    }

    fn has_ended(&self, key: usize) -> bool {
        self.uploads.borrow().get(key).is_none_or(|upload| upload.phase.has_ended())
    }

    fn remove_row(&self, key: usize) {
        if let Some((_, Some(row))) = self.files.borrow().get(key) {
            row.remove();
        }
    }

    /// Writes where an upload is into its row; the words for it stand in the row's template.
    fn draw(&self, key: usize) {
        let uploads = self.uploads.borrow();
        let files = self.files.borrow();
        let (Some(upload), Some((_, Some(row)))) = (uploads.get(key), files.get(key)) else { return };
        let word = upload.phase.word();
        let said = |word: &str| row.get_attribute(&format!("data-{word}"));
        let sentence = match &upload.phase {
            Phase::Refused { code } => said(&format!("refused-{code}")).or_else(|| said("refused-other")),
            _ => said(word),
        };
        let sentence = sentence.unwrap_or_default();
        let percent = upload.percent().to_string();
        write(row, "[data-state]", &sentence.replace("{percent}", &percent));
        if let Some(progress) = row.query_selector("progress").ok().flatten() {
            // A bar that cannot be moved leaves the words, which say the same.
            let _ = progress.set_attribute("value", &percent);
        }
        // Per cents are for the eye; a voice says what ended and what waits for somebody.
        let changed = row.get_attribute("data-phase").as_deref() != Some(word);
        if changed
            && !matches!(word, "waiting" | "sending")
            && let Some(announcer) = document().get_element_by_id("announcer")
        {
            announcer.set_text_content(Some(&format!("{}: {}", upload.name, sentence.replace("{percent}", &percent))));
        }
        let _ = row.set_attribute("data-phase", word);
    }
}

/// A new row for a file, from the page's template.
fn show_row(key: usize, name: &str) -> Option<Element> {
    let template: HtmlTemplateElement = document().get_element_by_id("upload-row")?.dyn_into().ok()?;
    let row: HtmlElement =
        template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    row.set_attribute("data-upload", &key.to_string()).ok()?;
    write(&row, "[data-name]", name);
    document().get_element_by_id("uploads")?.append_child(&row).ok()?;
    Some(row.into())
}

fn write(row: &Element, selector: &str, text: &str) {
    if let Some(place) = row.query_selector(selector).ok().flatten() {
        place.set_text_content(Some(text));
    }
}

/// The address of an upload of this very file that was begun earlier: the page lists those that are open.
fn begun_earlier(file: &File) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a date")]
    let known_by = fingerprint(&file.name(), transfer::whole(file.size()), file.last_modified() as i64);
    let open = document().query_selector_all("[data-open-upload]").ok()?;
    for index in 0..open.length() {
        let Some(row) = open.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if row.get_attribute("data-fingerprint").as_deref() == Some(&known_by) {
            let address = row.get_attribute("data-open-upload");
            row.remove();
            return address;
        }
    }
    None
}
