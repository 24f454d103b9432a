//! Whose turn it is to send: of all tabs of a browser one sends the files of a person, so that none is sent twice.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// The beginning of the lock's name; a person's id follows.
const NAME: &str = "ebook-scene-packer-uploads";

/// The turn of this tab, until it is dropped.
#[derive(Debug)]
pub(in crate::islands) struct Turn(Rc<RefCell<Option<Function>>>);

impl Turn {
    /// Waits until no other tab sends the files of a person. A browser without locks has no store of files either that two
    /// tabs could both send, so there it is at once this tab's turn.
    pub(in crate::islands) async fn of(person: &str) -> Self {
        let turn = Self(Rc::default());
        if let Ok(granted) = request(&format!("{NAME} {person}"), &turn.0) {
            // A request that fails is one that no lock answers: the same as no locks.
            drop(JsFuture::from(granted).await);
        }
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            drop(end.call0(&JsValue::UNDEFINED));
        }
    }
}

/// Asks for a lock; settled once it is granted. What is put into `end` gives it back.
fn request(name: &str, end: &Rc<RefCell<Option<Function>>>) -> Result<Promise, JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let ask: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let mut asked = Err(JsValue::UNDEFINED);
    let granted = Promise::new(&mut |grant, _| {
        let end = Rc::clone(end);
        let hold = Closure::once_into_js(move |_lock: JsValue| -> Promise {
            let held = Promise::new(&mut |release, _| drop(end.replace(Some(release))));
            drop(grant.call0(&JsValue::UNDEFINED));
            held
        });
        asked = ask.call2(&locks, &name.into(), &hold);
    });
    Ok(Promise::race(&Array::of2(&granted, &asked?)))
}
