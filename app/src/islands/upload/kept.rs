//! Chosen files, kept in the browser's own file store until the server has them: a reload loses nothing.
//!
//! Everything is asked for by name, because a browser may lack any of it; then files are only not kept, and the same
//! file, dropped again, goes on where it stopped.

use js_sys::{Array, Function, Object, Promise, Reflect, decode_uri_component, encode_uri_component};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FilePropertyBag};

use super::transfer::whole;
use crate::model::upload::read_known_by;

/// The folder of the browser's store.
const FOLDER: &str = "uploads";
/// How long a file is kept: as long as the server keeps an upload that nobody goes on with.
const KEPT_MS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

/// The folder of one person: who signs in next at this browser does not send another's books.
#[derive(Debug, Clone)]
pub(in crate::islands) struct Kept(JsValue);

impl Kept {
    /// Opens the folder of a person; nothing where the browser has no such store.
    pub(in crate::islands) async fn of(person: &str) -> Option<Self> {
        let storage = Reflect::get(&window().navigator(), &"storage".into()).ok()?;
        let root = call(&storage, "getDirectory", &[]).await.ok()?;
        let all = call(&root, "getDirectoryHandle", &[&FOLDER.into(), &making()]).await.ok()?;
        let own = call(&all, "getDirectoryHandle", &[&person.into(), &making()]).await.ok()?;
        Some(Self(own))
    }

    /// Keeps a file under what it is known by. Until it is there whole the store has an empty one of its name, which
    /// [`Self::files`] throws away.
    pub(in crate::islands) async fn keep(&self, known_by: &str, file: &File) -> Result<(), JsValue> {
        let handle = call(&self.0, "getFileHandle", &[&name_of(known_by), &making()]).await?;
        let stream = call(&handle, "createWritable", &[]).await?;
        let written = call(&stream, "write", &[file]).await;
        if let Err(error) = written {
            // No room, most likely. What was written of it goes.
            drop(call(&stream, "abort", &[]).await);
            self.forget(known_by).await;
            return Err(error);
        }
        call(&stream, "close", &[]).await.map(drop)
    }

    /// Forgets a file: the server has it, or will not have it. What was not kept is not missed.
    pub(in crate::islands) async fn forget(&self, known_by: &str) {
        drop(call(&self.0, "removeEntry", &[&name_of(known_by)]).await);
    }

    /// The files that are kept, each as it was when it was chosen, but those that are here already, which may still be
    /// being written. What is too old is thrown away.
    pub(in crate::islands) async fn files(&self, is_here: impl Fn(&str) -> bool) -> Vec<File> {
        let mut files = Vec::new();
        for name in self.names().await.unwrap_or_default() {
            let known_by = decode_uri_component(&name).ok().and_then(|text| text.as_string()).unwrap_or_default();
            if is_here(&known_by) {
                continue;
            }
            match self.file(&name, &known_by).await {
                Ok(Some(file)) => files.push(file),
                // What is still being written, here or by another tab, the browser does not let go.
                Ok(None) => drop(call(&self.0, "removeEntry", &[&name.as_str().into()]).await),
                // It may be readable another time, and its age ends it anyway.
                Err(_) => {}
            }
        }
        files
    }

    async fn names(&self) -> Result<Vec<String>, JsValue> {
        let keys: Function = Reflect::get(&self.0, &"keys".into())?.dyn_into()?;
        let names = keys.call0(&self.0)?;
        let mut found = Vec::new();
        loop {
            let step = call(&names, "next", &[]).await?;
            if Reflect::get(&step, &"done".into())?.is_truthy() {
                found.sort_unstable();
                return Ok(found);
            }
            found.extend(Reflect::get(&step, &"value".into())?.as_string());
        }
    }

    /// A file with the name and the time that it was chosen with; nothing when it is too old, not whole or not ours.
    async fn file(&self, name: &str, known_by: &str) -> Result<Option<File>, JsValue> {
        let handle = call(&self.0, "getFileHandle", &[&name.into()]).await?;
        let stored: File = call(&handle, "getFile", &[]).await?.dyn_into()?;
        let Some((name, modified)) = read_known_by(known_by, whole(stored.size())) else { return Ok(None) };
        if js_sys::Date::now() - stored.last_modified() > KEPT_MS {
            return Ok(None);
        }
        let options = FilePropertyBag::new();
        options.set_last_modified(modified);
        File::new_with_blob_sequence_and_options(&Array::of1(&stored), name, &options).map(Some)
    }
}

/// A name that every file store takes.
fn name_of(known_by: &str) -> JsValue {
    encode_uri_component(known_by).into()
}

/// The option to make what is not there.
fn making() -> JsValue {
    let options = Object::new();
    // A new object takes any value.
    let _ = Reflect::set(&options, &"create".into(), &JsValue::TRUE);
    options.into()
}

/// Calls a method by its name and waits for what it promises.
async fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let arguments: Array = arguments.iter().copied().collect();
    let promise: Promise = method.apply(object, &arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}
