//! The fields: previewed while one types, saved when one leaves them.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Document, Element, Event, FormData, HtmlButtonElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, RequestInit, Response, SubmitEvent, UrlSearchParams,
};

use crate::islands::page::{self, Page};

/// How long the keys must rest before a preview is asked for: shorter than a pause between words, longer than between
/// letters.
const REST: Duration = Duration::from_millis(120);

thread_local! {
    /// Raised with every change: an answer to an older one is not shown any more.
    static CHANGE: Cell<u32> = const { Cell::new(0) };
    /// Saves follow one another, so that none overtakes the one before it.
    static SAVING: Rc<Cell<bool>> = Rc::new(Cell::new(false));
    static SAVE_AGAIN: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn listen() {
    let input = window_event_listener(ev::input, |event| {
        if form_of(&event).is_some() {
            let change = next_change();
            set_timeout(
                move || {
                    if CHANGE.get() == change {
                        spawn_local(async move {
                            // Without an answer the last preview stays; saving will tell.
                            let _ = preview(change).await;
                        });
                    }
                },
                REST,
            );
        }
    });
    let change = window_event_listener(ev::change, |event| {
        if let Some(form) = form_of(&event) {
            save(form, None);
        }
        tick_all(&event);
    });
    let submit = window_event_listener(ev::submit, |event: SubmitEvent| {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        let submitter = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let in_place = submitter.as_ref().is_some_and(|button| button.has_attribute("data-save"));
        if in_place || is_review(&form) {
            event.prevent_default();
            save(form, submitter);
        }
    });
    on_cleanup(move || {
        input.remove();
        change.remove();
        submit.remove();
    });
}

fn next_change() -> u32 {
    let change = CHANGE.get().wrapping_add(1);
    CHANGE.set(change);
    change
}

fn is_review(form: &HtmlFormElement) -> bool {
    form.id() == "review-form"
}

/// The review form, when the event comes from one of its fields.
fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let element: Element = event.target()?.dyn_into().ok()?;
    // Fields outside the form's own element name it.
    let owner = match element.get_attribute("form") {
        Some(id) => document().get_element_by_id(&id)?,
        None => element.closest("form").ok().flatten()?,
    };
    owner.dyn_into().ok().filter(is_review)
}

/// The form as a browser would send it, with the button that sent it.
fn body(form: &HtmlFormElement, submitter: Option<&HtmlButtonElement>) -> Result<UrlSearchParams, JsValue> {
    let data = FormData::new_with_form(form)?;
    if let Some(button) = submitter.filter(|button| !button.name().is_empty()) {
        data.append_with_str(&button.name(), &button.value())?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(data.as_ref())
}

async fn preview(change: u32) -> Result<(), JsValue> {
    let Some(form) = review_form() else { return Ok(()) };
    let Some(address) = form.get_attribute("data-preview") else { return Ok(()) };
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(body(&form, None)?.as_ref());
    let request = web_sys::Request::new_with_str_and_init(&address, &options)?;
    request.headers().set("Accept", "application/json")?;
    let response: Response = JsFuture::from(window().fetch_with_request(&request)).await?.dyn_into()?;
    if !response.ok() {
        return Ok(());
    }
    let html = JsFuture::from(response.json()?).await?.as_string().unwrap_or_default();
    if CHANGE.get() == change {
        page::replace_regions(&page::parse(&html)?)?;
    }
    Ok(())
}

fn review_form() -> Option<HtmlFormElement> {
    document().get_element_by_id("review-form")?.dyn_into().ok()
}

/// Sends a form and shows the page that comes back. While one save runs, the next waits for it and takes what is typed by
/// then.
fn save(form: HtmlFormElement, submitter: Option<HtmlButtonElement>) {
    next_change();
    if submitter.is_none() && SAVING.with(|saving| saving.replace(true)) {
        SAVE_AGAIN.set(true);
        return;
    }
    spawn_local(async move {
        loop {
            SAVE_AGAIN.set(false);
            let address = submitter
                .as_ref()
                .filter(|button| button.has_attribute("formaction"))
                .map_or_else(|| form.action(), HtmlButtonElement::form_action);
            let answer = match body(&form, submitter.as_ref()) {
                Ok(body) => page::send(&address, &body).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(Some(page)) => show(&page),
                // Signed out: the page itself will ask to sign in, and come back here.
                Ok(None) => drop(window().location().reload()),
                Err(_) => mark_unsaved(),
            }
            if !SAVE_AGAIN.get() {
                break;
            }
        }
        SAVING.with(|saving| saving.set(false));
    });
}

/// Shows what the server made of it: regions first, then what the fields are now, except the one that has the focus.
pub(super) fn show(page: &Page) {
    // A page without one of the regions leaves it as it was.
    let _ = page::replace_regions(&page.document);
    let _ = follow_fields(&page.document);
}

fn follow_fields(fresh: &Document) -> Result<(), JsValue> {
    let focused = document().active_element();
    let fields = document().query_selector_all("#review-form [name], [name][form=review-form]")?;
    for index in 0..fields.length() {
        let Some(field) = fields.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let Some(new) = Some(field.id()).filter(|id| !id.is_empty()).and_then(|id| fresh.get_element_by_id(&id)) else {
            continue;
        };
        if focused.as_ref() != Some(&field) {
            follow(&field, &new);
        }
    }
    Ok(())
}

fn follow(field: &Element, new: &Element) {
    if let (Some(field), Some(new)) = (field.dyn_ref::<HtmlInputElement>(), new.dyn_ref::<HtmlInputElement>()) {
        field.set_checked(new.checked());
        field.set_value(&new.value());
    } else if let (Some(field), Some(new)) = (field.dyn_ref::<HtmlSelectElement>(), new.dyn_ref::<HtmlSelectElement>())
    {
        field.set_inner_html(&new.inner_html());
        field.set_value(&new.value());
    } else if let (Some(field), Some(new)) =
        (field.dyn_ref::<HtmlTextAreaElement>(), new.dyn_ref::<HtmlTextAreaElement>())
    {
        field.set_value(&new.value());
    }
}

/// Says that what is typed is not saved: the server did not answer. The next change tries again.
fn mark_unsaved() {
    if let Some(saved) = document().get_element_by_id("saved") {
        let sentence = saved.get_attribute("data-unsaved").unwrap_or_default();
        saved.set_text_content(Some(&sentence));
    }
}

/// The box in a table's head ticks every box of its rows.
fn tick_all(event: &Event) {
    let Some(all) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if !all.has_attribute("data-all") {
        return;
    }
    let Some(table) = all.closest("table").ok().flatten() else { return };
    let Ok(boxes) = table.query_selector_all("tbody input[type=checkbox]") else { return };
    for index in 0..boxes.length() {
        if let Some(one) = boxes.item(index).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) {
            one.set_checked(all.checked());
        }
    }
}
