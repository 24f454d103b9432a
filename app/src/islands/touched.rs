//! What a person has done in a part of a page and has not sent: it outlives that part when a fresher one is put in place.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FocusOptions, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// Fields with a text or a choice.
const TYPED_INTO: &str =
    "input[id]:not([type=checkbox], [type=radio], [type=hidden], [type=file]), select[id], textarea[id]";
/// Fields with a tick.
const TICKED: &str = "input:is([type=checkbox], [type=radio])[id]";
/// What may be scrolled by itself: the keys come to each.
const SCROLLED: &str = "[tabindex='0'], textarea";

/// What was touched. Fields are known by their ids; one without an id is forgotten.
pub(super) struct Touched {
    /// The element that has the focus, and what is chosen of its text.
    focused: Option<(Known, Option<(u32, u32)>)>,
    /// What is scrolled, and how far down and along.
    scrolled: Vec<(Known, (i32, i32))>,
    ticked: Vec<String>,
    /// Dialogs that are open.
    opened: Vec<String>,
    /// Fields that hold something else than the server wrote into them.
    typed: Vec<(String, String)>,
    /// Each `<details>` by its id, without one by its place, and whether it is open.
    details: Vec<(String, bool)>,
}

impl Touched {
    /// What was touched in a region.
    pub(super) fn of(region: &Element) -> Self {
        let focused = document().active_element().filter(|focused| region.contains(Some(focused)));
        let fields = all(region, TYPED_INTO);
        let scrolled = |one: &Element| {
            let how_far = (one.scroll_top(), one.scroll_left());
            if how_far == (0, 0) { None } else { Some((Known::of(one, region)?, how_far)) }
        };
        Self {
            focused: focused.and_then(|focused| Some((Known::of(&focused, region)?, chosen(&focused)))),
            scrolled: all(region, SCROLLED).iter().filter_map(scrolled).collect(),
            ticked: all(region, &format!("{TICKED}:checked")).iter().map(Element::id).collect(),
            opened: all(region, "[popover][id]:popover-open").iter().map(Element::id).collect(),
            typed: fields.iter().filter_map(|field| Some((field.id(), typed(field)?))).collect(),
            details: details(region).into_iter().map(|(name, one)| (name, one.has_attribute("open"))).collect(),
        }
    }

    /// What was typed and ticked gives way to what comes.
    pub(super) fn forget_typed(&mut self) {
        self.typed.clear();
        self.ticked.clear();
    }

    /// Does it again in the region that was put in place.
    pub(super) fn restore(self, region: &Element) {
        for (name, one) in details(region) {
            if let Some((_, is_open)) = self.details.iter().find(|(known, _)| *known == name) {
                // Nothing but the look of the page hangs on it.
                drop(one.toggle_attribute_with_force("open", *is_open));
            }
        }
        // Before the focus comes back: it may have been in one of them.
        for id in self.opened {
            if let Some(dialog) = by_id::<HtmlElement>(&id) {
                // One that cannot be opened any more stays closed.
                let _ = dialog.show_popover();
            }
        }
        for id in self.ticked {
            if let Some(one) = by_id::<HtmlInputElement>(&id) {
                one.set_checked(!one.disabled());
            }
        }
        for (id, value) in self.typed {
            if let Some(field) = by_id::<Element>(&id) {
                write(&field, &value);
            }
        }
        if let Some((known, chosen)) = self.focused
            && let Some(element) = known.find(region).and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            // Whoever has scrolled on to something else goes on reading there.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // The thing may be disabled now; then the focus stays with the page.
            let _ = element.focus_with_options(&options);
            if let Some(chosen) = chosen {
                choose(&element, chosen);
            }
        }
        for (known, (down, along)) in self.scrolled {
            if let Some(element) = known.find(region) {
                element.set_scroll_top(down);
                element.set_scroll_left(along);
            }
        }
    }
}

/// What an element is found again by: its tag, its id or name, and the how-manieth of how many of those it is. Where another
/// came or one went nobody knows which it was, and none is taken for it.
struct Known {
    tag: String,
    name: String,
    place: usize,
    number: usize,
}

impl Known {
    fn of(element: &Element, region: &Element) -> Option<Self> {
        let (tag, name) = (element.tag_name(), name(element));
        let alike = alike(region, &tag, &name);
        let place = alike.iter().position(|one| one == element)?;
        Some(Self { tag, name, place, number: alike.len() })
    }

    fn find(self, region: &Element) -> Option<Element> {
        let mut alike = alike(region, &self.tag, &self.name);
        (alike.len() == self.number).then(|| alike.swap_remove(self.place))
    }
}

/// The elements of a region that have this tag and this name.
fn alike(region: &Element, tag: &str, known_as: &str) -> Vec<Element> {
    let mut alike = all(region, tag);
    alike.retain(|one| name(one) == known_as);
    alike
}

/// What tells an element from others of its kind: its id, else how it is called or where it leads, else its text.
fn name(element: &Element) -> String {
    let named = ["id", "aria-label", "aria-labelledby", "href"].iter().find_map(|name| element.get_attribute(name));
    named.or_else(|| element.text_content()).unwrap_or_default()
}

/// The fields of a region that hold something else than the server wrote into them.
pub(super) fn changed(region: &Element) -> Vec<Element> {
    let mut fields = all(region, &format!("{TYPED_INTO}, {TICKED}"));
    fields.retain(|field| typed(field).is_some());
    fields
}

/// The value of a field that is not the one that the server wrote into it.
fn typed(field: &Element) -> Option<String> {
    held(field).filter(|(value, written)| value != written).map(|(value, _)| value)
}

/// What a field holds, and what the server wrote into it; of a box, whether it is ticked.
pub(super) fn held(field: &Element) -> Option<(String, String)> {
    Some(if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        if matches!(field.type_().as_str(), "checkbox" | "radio") {
            (field.checked().to_string(), field.default_checked().to_string())
        } else {
            (field.value(), field.default_value())
        }
    } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
        (field.value(), field.default_value().unwrap_or_default())
    } else {
        let select = field.dyn_ref::<HtmlSelectElement>()?;
        let written = ["option[selected]", "option"];
        let written = written.iter().find_map(|one| select.query_selector(one).ok().flatten()?.get_attribute("value"));
        (select.value(), written.unwrap_or_default())
    })
}

fn write(field: &Element, value: &str) {
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        field.set_value(value);
    } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
        field.set_value(value);
    } else if let Some(field) = field.dyn_ref::<HtmlSelectElement>() {
        field.set_value(value);
    }
}

/// Where the chosen part of a field's text begins and ends; where nothing is chosen, both are where one types.
fn chosen(field: &Element) -> Option<(u32, u32)> {
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        Some((field.selection_start().ok()??, field.selection_end().ok()??))
    } else {
        let field = field.dyn_ref::<HtmlTextAreaElement>()?;
        Some((field.selection_start().ok()??, field.selection_end().ok()??))
    }
}

fn choose(field: &HtmlElement, (start, end): (u32, u32)) {
    let chosen: Result<(), JsValue> = if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        field.set_selection_range(start, end)
    } else if let Some(field) = field.dyn_ref::<HtmlTextAreaElement>() {
        field.set_selection_range(start, end)
    } else {
        Ok(())
    };
    // Another kind of field by now: one types at its end.
    drop(chosen);
}

/// Every `<details>` with what it is known by. In a list that grows each has an id; elsewhere its place says which it is.
fn details(region: &Element) -> Vec<(String, Element)> {
    let name = |(place, one): (usize, Element)| (if one.id().is_empty() { place.to_string() } else { one.id() }, one);
    all(region, "details").into_iter().enumerate().map(name).collect()
}

fn all(region: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = region.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
