//! The page as the server renders it: fetched, and put in place region by region.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Event, HtmlFieldSetElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    Request, RequestInit, SupportedType,
};

use super::{
    connection,
    touched::{self, Touched},
};

/// A page that came back, and the address that it came from after redirections.
pub(super) struct Page {
    pub(super) document: Document,
    pub(super) address: String,
}

/// How the address of an answer says that something was not taken.
const REFUSED: &str = "__err=";
/// How it begins to say that the rest of the form is saved: `{"kind":"rest-save` as the server packs it.
const REST_SAVED: &str = "__err=eyJraW5kIjoicmVzdC1zYXZl";

impl Page {
    /// True when the server has taken all of what was sent.
    pub(super) fn is_taken(&self) -> bool {
        !self.address.contains(REFUSED)
    }

    /// True when what was sent in a field is stored: all of the form is, or the rest beside what is given back. Rights are
    /// stored together, and count with all of the form.
    pub(super) fn has_stored(&self, field: &Element) -> bool {
        let is_of_rest = || !is_given_back(&self.document, field) && !is_of_rights(field);
        self.is_taken() || (self.address.contains(REST_SAVED) && is_of_rest())
    }
}

/// Reads a page. Nothing comes when one was signed out meanwhile or the server does not answer with a page.
pub(super) async fn read(address: &str) -> Result<Option<Page>, JsValue> {
    let options = RequestInit::new();
    ask(&Request::new_with_str_and_init(address, &options)?).await
}

/// Sends a form as the browser would, and reads the page that the answer leads to.
pub(super) async fn send(address: &str, body: &JsValue) -> Result<Option<Page>, JsValue> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(body);
    ask(&Request::new_with_str_and_init(address, &options)?).await
}

async fn ask(request: &Request) -> Result<Option<Page>, JsValue> {
    // As a browser asks for a page: the doors then answer with a redirection to it.
    request.headers().set("Accept", "text/html")?;
    let response = connection::fetch(request).await?;
    // Too much at once, or a fault: nothing was done, whatever page says so.
    if response.status() == 429 || response.status() >= 500 {
        return Err(response.into());
    }
    let html = response.headers().get("Content-Type")?.is_some_and(|kind| kind.starts_with("text/html"));
    if !html || response.url().contains("/sign-in") {
        return Ok(None);
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Some(Page { document: parse(&text)?, address: response.url() }))
}

/// Reads HTML without running anything in it.
pub(super) fn parse(html: &str) -> Result<Document, JsValue> {
    DomParser::new()?.parse_from_string(html, SupportedType::TextHtml)
}

/// Marks a field that holds what is typed and not yet sent.
pub(super) const TYPED: &str = "data-typed";
/// Marks a field whose text is on its way to the server.
pub(super) const SENT: &str = "data-sent";

/// A sentence in a region that a screen reader says once it comes there.
const SAID: &str = "data-said";

/// Marks a region that comes because another part of its form was typed in: what its own fields hold gives way.
const FRESH: &str = "data-fresh";

/// Shows what the answer to a form says of it: that stays until the next answer, whatever happens meanwhile. What another
/// form was answered stays as well, and so does what stands in a form that came into the place of this one.
pub(super) fn show_answer(answer: &Document, form: &Element) -> Result<(), JsValue> {
    for region in all("[data-answer][id]")? {
        // One that stands in no form names the one that it is of, or is of all.
        let named = region.get_attribute("data-answer").filter(|name| !name.is_empty());
        let is_of_form = match named {
            Some(name) => name == form.id(),
            None => region.closest("form")?.is_none_or(|own| own == *form),
        };
        if is_of_form {
            replace(&region, answer);
        }
    }
    Ok(())
}

/// Rings at the window once a fresher page was shown.
pub(super) const SHOWN: &str = "page-shown";

/// The release that is open in a page.
pub(super) fn open_release(page: &Document) -> Option<String> {
    page.query_selector("[name='form[release]']").ok().flatten()?.get_attribute("value")
}

/// Shows a fresher page in the present one: its regions, and what its fields hold. A page that came too late, after another
/// release was opened, may only say what stands outside the review. `is_answer` is said of what the review's form was
/// answered.
pub(super) fn show(page: &Page, is_answer: bool) -> Result<(), JsValue> {
    let fresh = &page.document;
    if open_release(fresh) == open_release(&document()) {
        replace_regions(fresh)?;
        follow_fields(page, is_answer)?;
    } else {
        replace_all(fresh, "[data-live][id]:not(#review [data-live])")?;
    }
    window().dispatch_event(&Event::new(SHOWN)?).map(drop)
}

/// The id of the field with the version that the review's form was made from: a save from an older one is refused.
const VERSION: &str = "form-version";

/// The version of the release that is open in a page.
fn version(page: &Document) -> Option<u64> {
    page.get_element_by_id(VERSION)?.get_attribute("value")?.parse().ok()
}

/// Gives every `[data-follow]` field with an id the value that it has in the fresh page. A field that holds what is not saved
/// stays as it is; where somebody else has written another value into it, the form stays one of the older version, so that no
/// save takes that value away unseen. What the form's own save has written is nobody else's.
fn follow_fields(page: &Page, is_answer: bool) -> Result<(), JsValue> {
    let fresh = &page.document;
    let order = version(fresh).cmp(&version(&document()));
    if order.is_lt() {
        // It was made before what is shown.
        return Ok(());
    }
    // What was refused comes back as it was typed: only a page of another version says something new of what is stored.
    let is_own = is_answer && (page.is_taken() || page.address.contains(REST_SAVED));
    let is_known = if order.is_eq() { page.is_taken() } else { is_own };
    let mut is_typed_over = false;
    for field in all(&format!("[data-follow][id]:not(#{VERSION})"))? {
        let Some(new) = fresh.get_element_by_id(&field.id()) else { continue };
        // What is given back says nothing of what is stored; another page does.
        let is_given_back = is_given_back(fresh, &field);
        if !is_given_back && !field.has_attribute(SENT) && differs_in_nothing(&field, &new, is_answer) {
            field.remove_attribute(TYPED)?;
        }
        if !field.matches(&format!("[{TYPED}], [{SENT}]"))? {
            follow(&field, &new, false);
        } else if !is_given_back && !is_known && is_written_otherwise(&field, &new) {
            is_typed_over = true;
        } else if !is_given_back && (is_known || page.is_taken()) {
            follow(&field, &new, true);
        }
    }
    if !is_typed_over
        && let (Some(field), Some(new)) = (document().get_element_by_id(VERSION), fresh.get_element_by_id(VERSION))
    {
        follow(&field, &new, false);
    }
    Ok(())
}

/// True when a field was typed in and holds what is stored, or what stood there before: there is nothing to be saved. What
/// stood there before an answer is no longer what is stored. Rights are kept together.
fn differs_in_nothing(field: &Element, new: &Element, is_answer: bool) -> bool {
    let (Some((value, before)), Some((_, now))) = (touched::held(field), touched::held(new)) else { return false };
    !is_of_rights(field) && (value == now || (value == before && !is_answer))
}

fn is_of_rights(field: &Element) -> bool {
    field.closest("[data-rights-group]").is_ok_and(|group| group.is_some())
}

/// True when a page gives a field back as it was typed, because it was not taken, with what is wrong in it.
fn is_given_back(page: &Document, field: &Element) -> bool {
    let problem = page.get_element_by_id(&field.id().replacen("field", "problem", 1));
    problem.and_then(|problem| problem.text_content()).is_some_and(|sentence| !sentence.is_empty())
}

/// True when the new field was written otherwise than the present one, and not as what is typed there.
fn is_written_otherwise(field: &Element, new: &Element) -> bool {
    let (Some((value, before)), Some((_, now))) = (touched::held(field), touched::held(new)) else { return false };
    now != before && now != value
}

/// Lets a field be as the server has written the new one. When it `keeps` what it holds, only what it is compared with later
/// is another.
fn follow(field: &Element, new: &Element, keeps: bool) {
    if let (Some(field), Some(new)) = (field.dyn_ref::<HtmlInputElement>(), new.dyn_ref::<HtmlInputElement>()) {
        let from = if keeps { field } else { new };
        let (value, is_checked) = (from.value(), from.checked());
        field.set_default_checked(new.default_checked());
        field.set_checked(is_checked);
        // Where nothing changes the cursor stays where it is.
        if field.default_value() != new.default_value() {
            field.set_default_value(&new.default_value());
        }
        if field.value() != value {
            field.set_value(&value);
        }
    } else if let (Some(field), Some(new)) = (field.dyn_ref::<HtmlSelectElement>(), new.dyn_ref::<HtmlSelectElement>())
    {
        let value = if keeps { field } else { new }.value();
        // A list that is open stays so.
        if field.inner_html() != new.inner_html() {
            field.set_inner_html(&new.inner_html());
        }
        field.set_value(&value);
    } else if let (Some(field), Some(new)) =
        (field.dyn_ref::<HtmlTextAreaElement>(), new.dyn_ref::<HtmlTextAreaElement>())
    {
        let value = if keeps { field } else { new }.value();
        field.set_text_content(new.text_content().as_deref());
        if field.value() != value {
            field.set_value(&value);
        }
    } else if let (Some(field), Some(new)) =
        (field.dyn_ref::<HtmlFieldSetElement>(), new.dyn_ref::<HtmlFieldSetElement>())
    {
        field.set_disabled(new.disabled());
    }
}

/// Replaces the content of every `[data-live]` element with an id by that of the same id in the fresh page.
pub(super) fn replace_regions(fresh: &Document) -> Result<(), JsValue> {
    replace_all(fresh, "[data-live][id]")
}

fn replace_all(fresh: &Document, selector: &str) -> Result<(), JsValue> {
    for region in all(selector)? {
        replace(&region, fresh);
    }
    Ok(())
}

/// The elements of the present page that a selector finds.
pub(super) fn all(selector: &str) -> Result<Vec<Element>, JsValue> {
    let found = document().query_selector_all(selector)?;
    Ok((0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect())
}

/// Replaces one region, unless nothing changed; what a person did in it and has not sent is there again.
pub(super) fn replace(region: &Element, fresh: &Document) {
    let Some(new) = fresh.get_element_by_id(&region.id()) else { return };
    let html = new.inner_html();
    let is_fresh = region.has_attribute(FRESH);
    // What is typed in a field does not stand in its HTML: of a region whose fields give way nobody knows what they hold.
    if region.inner_html() == html && !is_fresh {
        return;
    }
    let mut touched = Touched::of(region);
    if is_fresh {
        touched.forget_typed();
    }
    put(region, &html);
    touched.restore(region);
}

/// Puts something in the place of what a region has, and nothing of what a person did there in it again.
pub(super) fn put(region: &Element, html: &str) {
    let before = said(region);
    region.set_inner_html(html);
    if let Some(sentence) = said(region).filter(|sentence| Some(sentence) != before.as_ref())
        && let Some(announcer) = document().get_element_by_id("announcer")
    {
        announcer.set_text_content(Some(&sentence));
    }
}

fn said(region: &Element) -> Option<String> {
    region.query_selector(&format!("[{SAID}]")).ok()??.get_attribute(SAID)
}

#[cfg(test)]
mod tests {
    use leptos::server_fn::error::ServerFnUrlError;

    use super::REST_SAVED;
    use crate::error::AppError;

    #[test]
    fn an_answer_says_by_its_address_that_the_rest_is_saved() {
        let says = |error: AppError| {
            let address = ServerFnUrlError::new("/door", error).to_url("http://localhost/").unwrap();
            address.as_str().contains(REST_SAVED)
        };
        assert!(says(AppError::RestSaved { fields: Vec::new() }));
        assert!(!says(AppError::Invalid { fields: Vec::new() }));
    }
}
