//! The fields: previewed while one types, saved when one leaves them.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    time::Duration,
};

use js_sys::{Function, Promise};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, Event, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement,
    RequestInit, SubmitEvent, UrlSearchParams,
};

use crate::islands::{
    choosing, connection,
    page::{self, Page},
    pause::{self, Change},
    touched,
};

/// How long the keys must rest before a preview is asked for: shorter than a pause between words, longer than between
/// letters.
const REST: Duration = Duration::from_millis(120);

/// Rights without what they need beside them wait, and are not refused.
const BUT_RIGHTS: &str = ":not([data-rights-group] *)";

/// Says that the answer to a button is on its way.
const BUSY: &str = "aria-busy";

thread_local! {
    /// What waits to be sent: one after the other, so that none overtakes the one before it.
    static WAITING: RefCell<VecDeque<Submission>> = const { RefCell::new(VecDeque::new()) };
    /// True while somebody sends what waits.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
    /// What is on its way.
    static SENDING: RefCell<Option<Submission>> = const { RefCell::new(None) };
    /// Who waits until nothing of the review is on its way.
    static SETTLING: RefCell<Vec<Function>> = const { RefCell::new(Vec::new()) };
    /// True once whoever leaves the open release was told that something in it is not taken.
    static TOLD: Cell<bool> = const { Cell::new(false) };
}

/// A form on its way, with the button that sent it; without one, a field was left.
#[derive(Clone)]
struct Submission {
    form: HtmlFormElement,
    button: Option<HtmlButtonElement>,
    /// What the form held when the button was pressed.
    held: Option<String>,
}

impl Submission {
    fn of_field(form: HtmlFormElement) -> Self {
        Self { form, button: None, held: None }
    }

    fn of_press(form: HtmlFormElement, button: Option<HtmlButtonElement>) -> Self {
        let held = body(&form, button.as_ref()).ok().map(|body| String::from(body.to_string()));
        Self { form, button, held }
    }

    /// True when it is the press of this button: a fresher page may have put another element in its place.
    fn is_press_of(&self, form: &HtmlFormElement, button: &HtmlButtonElement) -> bool {
        let asked = |one: &HtmlButtonElement| (one.name(), one.value(), one.get_attribute("formaction"));
        self.form == *form && self.button.as_ref().is_some_and(|own| asked(own) == asked(button))
    }

    /// True for a press that asks again for what is on its way already. Another choice is another thing.
    fn is_repeat(&self) -> bool {
        let Some(button) = &self.button else { return false };
        is_under_way(|one| one.is_press_of(&self.form, button) && one.held == self.held)
    }
}

fn is_under_way(is_it: impl Fn(&Submission) -> bool) -> bool {
    SENDING.with_borrow(|sending| sending.iter().any(&is_it))
        || WAITING.with_borrow(|waiting| waiting.iter().any(&is_it))
}

pub(super) fn listen() {
    let input = window_event_listener(ev::input, |event| {
        if form_of(&event).is_some() {
            mark_typed(&event);
            preview_soon();
        }
    });
    // The server knows nothing of what is typed and not saved: its page has taken that preview away.
    let shown = window_event_listener_untyped(page::SHOWN, |_| {
        show_busy();
        if holds_unsaved() {
            preview_soon();
        }
    });
    // What could not be saved is sent again, without another key.
    let back = window_event_listener_untyped(connection::BACK, |_| {
        if let Some(form) = review_form().filter(|_| holds_unsaved()) {
            submit(Submission::of_field(form));
        }
    });
    let key = window_event_listener(ev::keydown, |event| {
        if event.key() == "Escape" && !event.default_prevented() && !event.is_composing() {
            focus_part(&event);
        }
    });
    choosing::listen();
    let change = window_event_listener(ev::change, |event| {
        if let Some(form) = form_of(&event) {
            mark_typed(&event);
            submit(Submission::of_field(form));
        }
    });
    let sent = window_event_listener(ev::submit, |event: SubmitEvent| {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        let submitter = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let in_place = submitter.as_ref().is_some_and(|button| button.has_attribute("data-save"));
        if in_place || is_review(&form) {
            event.prevent_default();
            submit(Submission::of_press(form, submitter));
        }
    });
    on_cleanup(move || {
        input.remove();
        change.remove();
        sent.remove();
        shown.remove();
        back.remove();
        key.remove();
    });
}

/// Asks for a preview once the keys rest.
fn preview_soon() {
    pause::after(REST, |change| {
        spawn_local(async move {
            // Without an answer the last preview stays; saving will tell.
            let _ = preview(change).await;
        });
    });
}

/// True while a field of the review holds what is typed and not sent yet.
fn holds_unsaved() -> bool {
    has_typed("")
}

/// The same of those fields that a selector leaves.
fn has_typed(which: &str) -> bool {
    document().query_selector(&typed_fields(which)).is_ok_and(|field| field.is_some())
}

fn typed_fields(which: &str) -> String {
    format!("#review-form [{}]{which}", page::TYPED)
}

fn is_review(form: &HtmlFormElement) -> bool {
    form.id() == "review-form"
}

/// What was typed before the script had come is as good as what is typed now; what was left by then is saved.
pub(super) fn take_early() {
    let Some(form) = review_form() else { return };
    let early = touched::changed(&form);
    for field in &early {
        // A mark that cannot be set only leaves the field to what comes from elsewhere.
        let _ = field.set_attribute(page::TYPED, "");
    }
    let focused = document().active_element();
    if early.iter().any(|field| Some(field) != focused.as_ref()) {
        submit(Submission::of_field(form));
    } else if !early.is_empty() {
        preview_soon();
    }
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

async fn preview(change: Change) -> Result<(), JsValue> {
    let Some(form) = review_form() else { return Ok(()) };
    let Some(address) = form.get_attribute("data-preview") else { return Ok(()) };
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(body(&form, None)?.as_ref());
    let request = web_sys::Request::new_with_str_and_init(&address, &options)?;
    request.headers().set("Accept", "application/json")?;
    let response = connection::fetch(&request).await?;
    if !response.ok() {
        return Ok(());
    }
    let html = JsFuture::from(response.json()?).await?.as_string().unwrap_or_default();
    // A preview of a release that is no longer open comes to nothing.
    if change.is_last() && form.is_connected() {
        page::replace_regions(&page::parse(&html)?)?;
    }
    Ok(())
}

fn review_form() -> Option<HtmlFormElement> {
    document().get_element_by_id("review-form")?.dyn_into().ok()
}

/// Takes a form to be sent. Of several fields that were left while another form is on its way, one sending is enough: it
/// takes what is typed by then; and of a button that is pressed again for the same, before its answer is here, the first
/// press is.
fn submit(submission: Submission) {
    if submission.is_repeat() {
        return;
    }
    pause::overtake();
    WAITING.with_borrow_mut(|waiting| {
        let again = submission.button.is_none()
            && waiting.back().is_some_and(|last| last.button.is_none() && last.form == submission.form);
        if !again {
            waiting.push_back(submission);
        }
    });
    show_busy();
    if AT_WORK.replace(true) {
        return;
    }
    spawn_local(async {
        let mut is_taken = true;
        while let Some(submission) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            SENDING.set(Some(submission.clone()));
            let is_of_review = is_review(&submission.form);
            let taken = send(submission).await;
            if is_of_review {
                is_taken = taken;
            }
            SENDING.set(None);
            show_busy();
            if !review_is_under_way() {
                for tell in SETTLING.take() {
                    // A promise takes whatever it is told.
                    drop(tell.call1(&JsValue::NULL, &is_taken.into()));
                }
            }
        }
        AT_WORK.set(false);
    });
}

fn review_is_under_way() -> bool {
    is_under_way(|one| is_review(&one.form))
}

/// Leaves the field that one is in, and waits until nothing of the review is on its way. False when something of it is not
/// taken, where one is led then; whoever was told so and leaves again does.
pub(super) async fn settle() -> bool {
    let field =
        document().active_element().filter(|field| field.closest("#review").is_ok_and(|review| review.is_some()));
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        // It is saved as when one leaves it by hand.
        let _ = field.blur();
    }
    if !review_is_under_way() {
        let Some(form) = review_form().filter(|_| !TOLD.get() && has_typed(BUT_RIGHTS)) else {
            return true;
        };
        submit(Submission::of_field(form));
    }
    let settled = Promise::new(&mut |tell, _| SETTLING.with_borrow_mut(|settling| settling.push(tell)));
    let is_taken = JsFuture::from(settled).await.is_ok_and(|is_taken| is_taken.is_truthy());
    TOLD.set(!is_taken);
    if !is_taken && let Some(field) = document().query_selector(&typed_fields(BUT_RIGHTS)).ok().flatten() {
        focus_field(field);
    }
    is_taken
}

/// A button says that its answer is on the way, also where a fresher page has drawn it anew.
fn show_busy() {
    let Ok(buttons) = document().query_selector_all("button[data-save]") else { return };
    for index in 0..buttons.length() {
        if let Some(button) = buttons.item(index).and_then(|node| node.dyn_into::<HtmlButtonElement>().ok())
            && let Some(form) = button.form()
        {
            let is_busy = is_under_way(|one| one.is_press_of(&form, &button));
            // The look and the voice depend on it; a repeat is told by what is under way. Without it the button is as the
            // server wrote it, and its region is not taken for a changed one.
            let _ = if is_busy { button.set_attribute(BUSY, "true") } else { button.remove_attribute(BUSY) };
        }
    }
}

/// Sends a form as the browser would, and shows the page that comes back. True when all of the form was taken.
async fn send(Submission { form, button, .. }: Submission) -> bool {
    let address = button
        .as_ref()
        .filter(|button| button.has_attribute("formaction"))
        .map_or_else(|| form.action(), HtmlButtonElement::form_action);
    let sent = mark_sent(&form);
    let answer = match body(&form, button.as_ref()) {
        Ok(body) => page::send(&address, body.as_ref()).await,
        Err(error) => Err(error),
    };
    // A refusal comes back as a page too; what was typed stays until it is taken.
    let page = answer.as_ref().ok().and_then(Option::as_ref);
    let taken = page.is_some_and(Page::is_taken);
    for field in sent {
        // A mark that cannot be changed only keeps the field as it is.
        let _ = field.remove_attribute(page::SENT);
        if !page.is_some_and(|page| page.has_stored(&field)) {
            let _ = field.set_attribute(page::TYPED, "");
        }
    }
    match answer {
        // A page without one of the regions leaves it as it was.
        Ok(Some(page)) => {
            drop(page::show(&page, is_review(&form)).and_then(|()| page::show_answer(&page.document, &form)));
            if let Some(button) = button {
                focus_mended(&button);
            }
        }
        // Signed out: the page itself will ask to sign in, and come back here.
        Ok(None) => drop(window().location().reload()),
        Err(_) => {
            // What was typed is sent again by itself; a press is not.
            if button.is_none() || holds_unsaved() {
                mark_unsaved();
            }
            if let Some(button) = button {
                connection::tell_not_done(Some(&button));
            }
        }
    }
    taken
}

/// Leads to the field that a button beside a finding has mended: the button is gone with the finding.
fn focus_mended(button: &HtmlButtonElement) {
    if button.name() != "form[mend]" {
        return;
    }
    let value = button.value();
    let Some((word, _)) = value.split_once('=') else { return };
    if let Some(field) = document().get_element_by_id(&format!("field-{word}")) {
        focus_field(field);
    }
}

fn focus_field(field: Element) {
    if let Some(folded) = field.closest("details").ok().flatten() {
        // A field that stays folded only does not get the focus.
        let _ = folded.set_attribute("open", "");
    }
    if let Ok(field) = field.dyn_into::<HtmlElement>() {
        let _ = field.focus();
    }
}

/// Leads from a field back to the part of the name that it decides.
fn focus_part(event: &Event) {
    let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let part = field.and_then(|field| {
        document().query_selector(&format!("#review-name a[href=\"#{}\"]", field.id())).ok().flatten()
    });
    if let Some(part) = part.and_then(|part| part.dyn_into::<HtmlElement>().ok()) {
        // Without the focus one stays in the field.
        let _ = part.focus();
    }
}

/// Marks a field as typed in, so that no fresher page takes the text away before it is saved. A rights basis and what goes
/// with it are kept together: while the note is written anew, what it is for stays chosen.
fn mark_typed(event: &Event) {
    let Some(field) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let _ = field.set_attribute(page::TYPED, "");
    TOLD.set(false);
    let group = field.closest("[data-rights-group]").ok().flatten();
    let Some(fields) = group.and_then(|group| group.query_selector_all("[name]").ok()) else { return };
    for field in (0..fields.length()).filter_map(|index| fields.item(index)?.dyn_into::<Element>().ok()) {
        let _ = field.set_attribute(page::TYPED, "");
    }
}

/// Marks what was typed as on its way, and says which fields they are. A rights basis without its licence or its note is
/// not taken by the server: it stays marked as typed until it is whole.
fn mark_sent(form: &HtmlFormElement) -> Vec<Element> {
    let Ok(fields) = form.query_selector_all(&format!("[{}]", page::TYPED)) else { return Vec::new() };
    let fields: Vec<Element> = (0..fields.length())
        .filter_map(|index| fields.item(index)?.dyn_into::<Element>().ok())
        .filter(|field| !field.closest("[data-rights-group]").ok().flatten().is_some_and(|group| is_incomplete(&group)))
        .collect();
    for field in &fields {
        let _ = field.remove_attribute(page::TYPED);
        let _ = field.set_attribute(page::SENT, "");
    }
    fields
}

/// True when a rights basis is chosen and what it needs beside it is not there yet.
fn is_incomplete(group: &Element) -> bool {
    let basis = group.query_selector("select").ok().flatten().and_then(|one| one.dyn_into::<HtmlSelectElement>().ok());
    let basis = basis.map(|select| select.value()).unwrap_or_default();
    let needed = if basis == "licence" { "[name='form[licence]']" } else { "[name='form[rights-note]']" };
    let beside = group.query_selector(needed).ok().flatten().and_then(|one| one.dyn_into::<HtmlInputElement>().ok());
    !basis.is_empty() && beside.is_some_and(|input| input.value().trim().is_empty())
}

/// Says that what is typed is not saved: the server did not answer. It is sent again once it does.
fn mark_unsaved() {
    if let Some(saved) = document().get_element_by_id("saved") {
        let sentence = saved.get_attribute("data-unsaved").unwrap_or_default();
        saved.set_text_content(Some(&sentence));
    }
}
