//! Copying a text, and saying whether it was copied.

use std::time::Duration;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// How long a button shows that it copied: long enough to be read, short enough to be pressed again.
const SHOWN: Duration = Duration::from_millis(1600);

/// What came of it, for the look of the button.
const STATE: &str = "data-state";

/// Copies the text of `data-copy`; the button shows `data-copied`, and a screen reader hears it. Where nothing lets a page
/// copy, the text stands chosen behind the button, which says so by `data-uncopied`: a person copies it from there.
pub(super) fn copy(button: &Element) {
    let button = button.clone();
    let text = button.get_attribute("data-copy").unwrap_or_default();
    spawn_local(async move {
        let is_copied = write(&text).await.is_ok() || by_command(&button, &text).unwrap_or(false);
        let (state, word) = if is_copied { ("copied", "data-copied") } else { ("failed", "data-uncopied") };
        if button.set_attribute(STATE, state).is_err() {
            return;
        }
        if let Some(announcer) = document().get_element_by_id("announcer") {
            announcer.set_text_content(button.get_attribute(word).as_deref());
        }
        if is_copied {
            set_timeout(
                move || {
                    // The button may be gone by then, and that is no fault.
                    let _ = button.remove_attribute(STATE);
                },
                SHOWN,
            );
        }
    });
}

/// Writes to the clipboard, which a page has only where it came over a connection that nobody reads.
async fn write(text: &str) -> Result<(), JsValue> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    let written: Promise = write.call1(&clipboard, &text.into())?.dyn_into()?;
    JsFuture::from(written).await.map(drop)
}

/// Copies as pages did before there was a clipboard: what is chosen in a field. Where that fails as well, the field stays
/// until it is left.
fn by_command(button: &Element, text: &str) -> Result<bool, JsValue> {
    let page: HtmlDocument = document().unchecked_into();
    let field: HtmlTextAreaElement = page.create_element("textarea")?.unchecked_into();
    field.set_class_name("copy__field");
    field.set_attribute("aria-label", &button.get_attribute("data-uncopied").unwrap_or_default())?;
    field.set_read_only(true);
    field.set_value(text);
    button.after_with_node_1(&field)?;
    field.select();
    let is_copied = page.exec_command("copy").unwrap_or(false);
    if is_copied {
        field.remove();
        if let Some(button) = button.dyn_ref::<HtmlElement>() {
            button.focus()?;
        }
    } else {
        let (left, button) = (field.clone(), button.clone());
        let leave = Closure::once_into_js(move || {
            left.remove();
            let _ = button.remove_attribute(STATE);
        });
        field.set_onblur(Some(leave.unchecked_ref()));
    }
    Ok(is_copied)
}
