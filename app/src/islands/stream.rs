//! One event stream for all tabs of a browser: HTTP/1.1 gives it six connections a host, and each tab needs some.
//!
//! The tab that holds a lock keeps the stream and passes each bell on; when it closes, the lock goes to the next tab.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, EventSource, MessageEvent, VisibilityState};

use crate::model::{event::Bell, paths};

/// The name of the lock and of the channel.
const NAME: &str = "ebook-scene-packer-events";
/// The time between two looks while there is no stream.
const POLL: Duration = Duration::from_secs(5);
/// After so long without word that nothing has happened, something may have.
const CURRENT_BY: Duration = Duration::from_millis(500);
/// After so long without a stream of its own a tab listens to another's.
const GRANTED_BY: Duration = Duration::from_secs(1);

type Listener = Rc<dyn Fn(&Bell)>;

thread_local! {
    static LISTENERS: RefCell<Vec<Listener>> = const { RefCell::new(Vec::new()) };
    /// True once this tab keeps the stream, or tries to.
    static KEEPS: Cell<bool> = const { Cell::new(false) };
    /// True while the server has said that nothing happened between the making of this page and the stream.
    static CURRENT: Cell<bool> = const { Cell::new(false) };
}

/// Calls `listener` at each bell, for the life of the page. The first call opens what is needed.
pub(super) fn listen(listener: impl Fn(&Bell) + 'static) {
    let first = LISTENERS.with_borrow_mut(|listeners| {
        listeners.push(Rc::new(listener));
        listeners.len() == 1
    });
    if !first {
        return;
    }
    match BroadcastChannel::new(NAME) {
        Ok(channel) => {
            let heard = message_handler(|text| ring(&text));
            channel.set_onmessage(Some(&heard));
            if with_lock(channel.clone()) {
                catch_up();
            } else {
                open(Some(channel));
            }
        }
        Err(_) => open(None),
    }
}

/// The stream of another tab was opened long ago: what rang between the making of this page and now was not heard.
fn catch_up() {
    set_timeout(
        || {
            if !KEEPS.get() {
                ring(&everything());
            }
        },
        GRANTED_BY,
    );
}

/// Tells this tab's listeners.
fn ring(text: &str) {
    let Ok(bell) = serde_json::from_str::<Bell>(text) else { return };
    let listeners = LISTENERS.with_borrow(Clone::clone);
    for listener in listeners {
        listener(&bell);
    }
}

/// Tells this tab and the others.
fn ring_all(channel: Option<&BroadcastChannel>, text: &str) {
    ring(text);
    if let Some(channel) = channel {
        // A tab that does not hear of it hears of the next.
        let _ = channel.post_message(&JsValue::from_str(text));
    }
}

/// Asks for the lock and opens the stream once it is ours. False where the browser has no locks.
fn with_lock(channel: BroadcastChannel) -> bool {
    let granted = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        open(Some(channel));
        // Never settled: the lock is kept until the tab goes.
        Promise::new(&mut |_resolve: Function, _reject: Function| {})
    });
    let ask = || -> Result<JsValue, JsValue> {
        let locks = Reflect::get(&window().navigator(), &"locks".into())?;
        let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
        request.call2(&locks, &NAME.into(), &granted)
    };
    ask().is_ok()
}

fn open(channel: Option<BroadcastChannel>) {
    KEEPS.set(true);
    let Ok(source) = EventSource::new(&address()) else {
        later(None, channel);
        return;
    };
    let passed_on = channel.clone();
    source.set_onmessage(Some(&message_handler(move |text| ring_all(passed_on.as_ref(), &text))));
    let (broken, failed_channel) = (source.clone(), channel.clone());
    let failed = Closure::<dyn Fn()>::new(move || {
        // While it is connecting again the browser sees to it.
        if broken.ready_state() == EventSource::CLOSED {
            later(Some(broken.clone()), failed_channel.clone());
        }
    });
    source.set_onerror(Some(failed.into_js_value().unchecked_ref()));
    let current = Closure::<dyn Fn()>::new(|| CURRENT.set(true)).into_js_value();
    // Without it the page is read once more than it need be.
    let _ = source.add_event_listener_with_callback("current", current.unchecked_ref());
    // What rang while there was no stream was not heard.
    let opened = Closure::<dyn Fn()>::new(move || {
        CURRENT.set(false);
        let channel = channel.clone();
        set_timeout(
            move || {
                if !CURRENT.get() {
                    ring_all(channel.as_ref(), &everything());
                }
            },
            CURRENT_BY,
        );
    });
    source.set_onopen(Some(opened.into_js_value().unchecked_ref()));
}

/// The address of the stream, with the mark of what was heard of before this page was made. A node that has heard of
/// nothing since says so; any other says nothing, and then the page is read again.
fn address() -> String {
    let mark = document().document_element().and_then(|page| page.get_attribute("data-heard"));
    mark.map_or_else(|| paths::EVENTS.to_owned(), |mark| format!("{}?heard={mark}", paths::EVENTS))
}

/// Without a stream: look again after a while, then try to open it again.
fn later(closed: Option<EventSource>, channel: Option<BroadcastChannel>) {
    set_timeout(
        move || {
            if let Some(source) = closed {
                source.close();
            }
            if document().visibility_state() == VisibilityState::Visible {
                ring_all(channel.as_ref(), &everything());
            }
            open(channel);
        },
        POLL,
    );
}

/// The bell that concerns every page.
fn everything() -> String {
    format!(r#"{{"topic":"{}","id":""}}"#, Bell::EVERYTHING)
}

fn message_handler(handle: impl Fn(String) + 'static) -> Function {
    let closure = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            handle(text);
        }
    });
    closure.into_js_value().unchecked_into()
}
