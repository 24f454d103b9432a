//! Files and folders that are dropped on a page or chosen in it.

use std::rc::Rc;

use js_sys::{Array, Promise};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DataTransfer, DragEvent, Element, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
    HtmlInputElement,
};

use super::page;

/// Files of one drop: more would fill the memory with names, and the packer reads no more either.
const MOST_FILES: usize = 100_000;

/// A file that was dropped or chosen.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Its path below the folder that was dropped; its name, where it was dropped itself.
    pub(super) path: String,
    /// Whether it came with a folder.
    pub(super) in_folder: bool,
    /// The file.
    pub(super) file: File,
}

/// Hands on what is dropped anywhere on the page, and what is chosen in the file inputs of the element `zone`, which has
/// `data-over` while files hover over the page. An input with `data-folder` chooses a folder.
pub(super) fn listen(zone: &'static str, take: impl Fn(Vec<Given>) + 'static) {
    if let Some(input) = document().query_selector(&format!("{zone} input[data-folder]")).ok().flatten() {
        // Without it the input chooses one file, which is taken as well.
        let _ = input.set_attribute("webkitdirectory", "");
    }
    let take: Rc<dyn Fn(Vec<Given>)> = Rc::new(take);
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if carries_files(&event) {
            // Without this the browser opens the file in place of the page.
            event.prevent_default();
            mark(zone, true);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event: DragEvent| {
        if event.related_target().is_none() {
            mark(zone, false);
        }
    });
    let taken = Rc::clone(&take);
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        if !carries_files(&event) {
            return;
        }
        event.prevent_default();
        mark(zone, false);
        if let Some(transfer) = event.data_transfer() {
            // What was dropped is there only during the event; folders are walked after it.
            let (entries, files) = dropped(&transfer);
            let taken = Rc::clone(&taken);
            spawn_local(async move {
                let mut given = files;
                for entry in entries {
                    walk(entry, &mut given).await;
                }
                // A folder gives its files in no order of a person's.
                given.sort_by(|one, other| one.path.cmp(&other.path));
                taken(given);
            });
        }
    });
    // What was chosen before the script had come is as good as what is chosen now.
    for input in page::all(&format!("{zone} [type=file]")).unwrap_or_default() {
        take_chosen(zone, input.unchecked_ref(), &*take);
    }
    let change = window_event_listener(ev::change, move |event| {
        if let Some(input) = target(&event).as_ref().and_then(JsCast::dyn_ref) {
            take_chosen(zone, input, &*take);
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop.remove();
        change.remove();
    });
}

/// Hands on what is chosen in an input of the element `zone`. Only an input of files has any.
fn take_chosen(zone: &str, input: &HtmlInputElement, take: &dyn Fn(Vec<Given>)) {
    let given = chosen(input);
    if !given.is_empty() && input.closest(zone).ok().flatten().is_some() {
        take(given);
        // The same file may be chosen again.
        input.set_value("");
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
}

fn mark(zone: &str, over: bool) {
    if let Some(zone) = document().query_selector(zone).ok().flatten() {
        // Only the look depends on it.
        let _ = zone.toggle_attribute_with_force("data-over", over);
    }
}

fn chosen(input: &HtmlInputElement) -> Vec<Given> {
    let Some(files) = input.files() else { return Vec::new() };
    (0..files.length())
        .filter_map(|index| files.item(index))
        .map(|file| {
            // `folder/…` where a folder was chosen, else empty.
            let below =
                js_sys::Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
            let below = below.as_deref().and_then(|path| path.split_once('/')).map(|(_, below)| below.to_owned());
            Given { in_folder: below.is_some(), path: below.unwrap_or_else(|| file.name()), file }
        })
        .collect()
}

/// Entries where the browser has them, which alone can be folders; else plain files.
fn dropped(transfer: &DataTransfer) -> (Vec<FileSystemEntry>, Vec<Given>) {
    let items = transfer.items();
    let mut entries = Vec::new();
    for index in 0..items.length() {
        let item = items.get(index).filter(|item| item.kind() == "file");
        match item.map(|item| item.webkit_get_as_entry()) {
            Some(Ok(Some(entry))) => entries.push(entry),
            Some(_) => {
                entries.clear();
                break;
            }
            None => {}
        }
    }
    if !entries.is_empty() {
        return (entries, Vec::new());
    }
    let files = transfer.files().map(|files| {
        (0..files.length())
            .filter_map(|index| files.item(index))
            .map(|file| Given { path: file.name(), in_folder: false, file })
            .collect()
    });
    (entries, files.unwrap_or_default())
}

/// Adds a file, or every file below a folder. What cannot be read is left out: the browser says no more of it.
async fn walk(dropped: FileSystemEntry, given: &mut Vec<Given>) {
    let in_folder = dropped.is_directory();
    // Paths begin below what was dropped.
    let cut = if in_folder { dropped.full_path().len() + 1 } else { 0 };
    let mut waiting = vec![dropped];
    while let Some(entry) = waiting.pop() {
        if given.len() + waiting.len() > MOST_FILES {
            return;
        }
        if entry.is_directory() {
            if let Ok(inside) = inside(entry.unchecked_ref()).await {
                waiting.extend(inside);
            }
        } else if let Ok(file) = file_of(entry.unchecked_ref()).await {
            let path =
                if in_folder { entry.full_path().get(cut..).unwrap_or_default().to_owned() } else { file.name() };
            given.push(Given { path, in_folder, file });
        }
    }
}

/// What stands in a folder. A reader gives some at a time, and none at the end.
async fn inside(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut found = Vec::new();
    loop {
        let part = Promise::new(&mut |resolve, reject| {
            if reader.read_entries_with_callback_and_callback(&resolve, &reject).is_err() {
                // A reader that cannot begin never calls back. Settling a promise does not fail.
                let _ = reject.call0(&JsValue::NULL);
            }
        });
        let part: Array = JsFuture::from(part).await?.dyn_into()?;
        if part.length() == 0 {
            return Ok(found);
        }
        found.extend(part.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let file = Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
    JsFuture::from(file).await?.dyn_into()
}

/// The element of the page that an event happened in.
pub(super) fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
