//! The packer in the browser: a Web Worker that is started when it is first asked.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use js_sys::{Function, JsString, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::upload::transfer::whole;

/// Its program. The name carries no hash: the server lets a browser keep it only after asking again.
const PROGRAM: &str = "/worker/worker.js";

/// Why the packer did not do what it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The stable code.
    pub(super) code: String,
    /// A sentence in English.
    pub(super) sentence: String,
}

/// The worker of this page. Clones are the same one.
#[derive(Clone, Default)]
pub(super) struct Packer(Rc<Inner>);

#[derive(Default)]
struct Inner {
    worker: RefCell<Option<Worker>>,
    asked: RefCell<BTreeMap<u32, Asked>>,
    last: Cell<u32>,
}

struct Asked {
    settle: Function,
    told: Rc<dyn Fn(u64, u64)>,
}

impl Packer {
    /// Asks for a task with what it needs, as `worker.js` has them; `told` hears how much is done of how much. Gives JSON.
    pub(super) async fn ask(
        &self,
        task: &str,
        needs: &[(&str, &JsValue)],
        told: impl Fn(u64, u64) + 'static,
    ) -> Result<String, Refusal> {
        let id = self.0.last.get() + 1;
        self.0.last.set(id);
        let message = Object::new();
        let told: Rc<dyn Fn(u64, u64)> = Rc::new(told);
        let answer = Promise::new(&mut |settle, _| {
            self.0.asked.borrow_mut().insert(id, Asked { settle, told: Rc::clone(&told) });
        });
        let posted = self.worker().and_then(|worker| {
            Reflect::set(&message, &"id".into(), &id.into())?;
            Reflect::set(&message, &"task".into(), &task.into())?;
            for (name, value) in needs {
                Reflect::set(&message, &(*name).into(), value)?;
            }
            worker.post_message(&message)
        });
        if posted.is_err() {
            self.0.asked.borrow_mut().remove(&id);
            return Err(Refusal { code: "worker-failed".into(), sentence: String::new() });
        }
        let answer = JsFuture::from(answer).await.unwrap_or_default();
        match text_of(&answer, "result") {
            Some(result) => Ok(result),
            None => Err(Refusal {
                code: text_of(&answer, "code").unwrap_or_default(),
                sentence: text_of(&answer, "error").unwrap_or_default(),
            }),
        }
    }

    /// Ends the worker with all that it was asked; the next question starts another.
    pub(super) fn stop(&self) {
        if let Some(worker) = self.0.worker.take() {
            worker.terminate();
        }
        self.refuse_all("cancelled");
    }

    fn worker(&self) -> Result<Worker, JsValue> {
        if let Some(worker) = &*self.0.worker.borrow() {
            return Ok(worker.clone());
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(PROGRAM, &options)?;
        let this = self.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| this.hear(&event.data()));
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        let this = self.clone();
        let failed = Closure::<dyn Fn(ErrorEvent)>::new(move |_: ErrorEvent| {
            this.0.worker.take();
            this.refuse_all("worker-failed");
        });
        worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        *self.0.worker.borrow_mut() = Some(worker.clone());
        Ok(worker)
    }

    fn hear(&self, data: &JsValue) {
        let get = |name: &str| Reflect::get(data, &name.into()).unwrap_or_default();
        if get("ended").is_truthy() {
            self.0.worker.take();
            self.refuse_all("worker-failed");
            return;
        }
        let Some(id) = get("id").as_f64().and_then(|id| u32::try_from(whole(id)).ok()) else { return };
        if let (Some(done), Some(total)) = (get("done").as_f64(), get("total").as_f64()) {
            let told = self.0.asked.borrow().get(&id).map(|asked| Rc::clone(&asked.told));
            if let Some(told) = told {
                told(whole(done), whole(total));
            }
            return;
        }
        let asked = self.0.asked.borrow_mut().remove(&id);
        if let Some(asked) = asked {
            // Settling a promise does not fail.
            let _ = asked.settle.call1(&JsValue::NULL, data);
        }
    }

    fn refuse_all(&self, code: &str) {
        let answer = Object::new();
        let _ = Reflect::set(&answer, &"code".into(), &code.into());
        for asked in self.0.asked.take().into_values() {
            let _ = asked.settle.call1(&JsValue::NULL, &answer);
        }
    }
}

fn text_of(value: &JsValue, name: &str) -> Option<String> {
    Reflect::get(value, &name.into()).ok()?.dyn_into::<JsString>().ok().map(String::from)
}
