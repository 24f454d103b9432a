//! How far the work is, told to the page.

use std::cell::Cell;

use js_sys::Function;
use packer::watch::Watch;
use wasm_bindgen::JsValue;

/// Parts of the whole that are worth a message: more could not be seen.
const STEPS: u64 = 200;

/// Calls a function of the page with what is done and what there is. Work is stopped by ending the worker.
#[derive(Debug)]
pub(crate) struct Progress {
    tell: Function,
    told: Cell<Option<u64>>,
}

impl Progress {
    pub(crate) fn new(tell: Function) -> Self {
        Self { tell, told: Cell::new(None) }
    }
}

impl Watch for Progress {
    #[expect(clippy::cast_precision_loss, reason = "counts of bytes are below 2^53")]
    fn progress(&self, done: u64, total: u64) {
        let step = done.saturating_mul(STEPS) / total.max(1);
        if self.told.replace(Some(step)) != Some(step) {
            // A page that fails to show it does not stop the work.
            let _ = self.tell.call2(&JsValue::NULL, &JsValue::from(done as f64), &JsValue::from(total as f64));
        }
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}
