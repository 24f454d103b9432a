//! One file through tus 1.0, from the browser's side: make, send parts, and after a lost connection ask where to go on.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ProgressEvent, XmlHttpRequest};

use crate::model::upload::{self, PART_BYTES, fingerprint, pause_before};

/// Where uploads are made.
const UPLOADS: &str = "/api/v1/uploads";
/// Names the release that a completed upload became, in every answer about that upload.
const RELEASE: &str = "Upload-Release";

/// What happens on the way.
#[derive(Debug, Clone)]
pub(in crate::islands) enum Step {
    /// The server knows of it; it goes on at this address, after a reload too.
    Begun { address: String },
    /// Bytes left the browser, and some of them are acknowledged.
    Sent { sent: u64, acknowledged: u64 },
    /// The connection is lost; it will be tried again.
    Interrupted { acknowledged: u64 },
}

/// Why a try ended without progress.
enum Trouble {
    /// Another try may mend it: no answer, an overloaded or restarting server, an offset that moved.
    Passing,
    /// The server no longer knows the upload: its time ran out.
    Gone,
    /// The server does not take the file, with its stable code.
    Refused(String),
}

/// How far an upload has come.
struct Upload<'a> {
    file: &'a File,
    size: u64,
    /// Its address on the server, once it has one.
    address: Option<String>,
    /// Bytes that the server holds; unknown at first and after every lost connection.
    acknowledged: Option<u64>,
}

/// Sends a file and gives the id of the release that the server made of it; `address` is that of an upload that was begun
/// earlier. `told` hears of every step and says whether to go on; when it says no, the server forgets the upload and
/// nothing comes back. Lost connections are waited out for as long as the page is open; only a refusal, given as the
/// server's stable code, ends it otherwise.
pub(in crate::islands) async fn send(
    file: &File,
    address: Option<String>,
    told: &dyn Fn(Step) -> bool,
) -> Result<Option<String>, String> {
    let mut upload = Upload { file, size: whole(file.size()), address, acknowledged: None };
    let mut attempt = 0;
    loop {
        match upload.advance(told).await {
            Ok(Some(release)) => return Ok(Some(release)),
            Ok(None) => {
                attempt = 0;
                let acknowledged = upload.acknowledged.unwrap_or(0);
                if !told(Step::Sent { sent: acknowledged, acknowledged }) {
                    upload.forget().await;
                    return Ok(None);
                }
            }
            Err(Trouble::Refused(code)) => return Err(code),
            Err(trouble) => {
                if matches!(trouble, Trouble::Gone) {
                    upload.address = None;
                }
                attempt += 1;
                if !told(Step::Interrupted { acknowledged: upload.acknowledged.take().unwrap_or(0) }) {
                    upload.forget().await;
                    return Ok(None);
                }
                pause(attempt).await;
            }
        }
    }
}

impl Upload<'_> {
    /// One request further; the release's id once the last byte is in.
    async fn advance(&mut self, told: &dyn Fn(Step) -> bool) -> Result<Option<String>, Trouble> {
        let answer = match (&self.address, self.acknowledged) {
            (None, _) => {
                let answer = self.make().await?;
                let address = answer.header("Location").ok_or(Trouble::Passing)?;
                // A stop is heard at the next step.
                told(Step::Begun { address: address.clone() });
                self.address = Some(address);
                self.acknowledged = Some(0);
                answer
            }
            (Some(address), None) => {
                let answer = Request::new("HEAD", address)?.send(None, None).await?;
                self.acknowledged = Some(answer.offset()?);
                answer
            }
            (Some(address), Some(offset)) => {
                let answer = self.send_part(address, offset, told).await?;
                self.acknowledged = Some(answer.offset()?);
                answer
            }
        };
        Ok(answer.header(RELEASE))
    }

    async fn make(&self) -> Result<Answer, Trouble> {
        let (name, known_by) = (self.file.name(), fingerprint(&known_by(self.file)));
        let request = Request::new("POST", UPLOADS)?;
        request.header("Upload-Length", &self.size.to_string())?;
        request
            .header("Upload-Metadata", &format!("filename {},fingerprint {}", base64(&name)?, base64(&known_by)?))?;
        request.send(None, None).await
    }

    async fn send_part(&self, address: &str, offset: u64, told: &dyn Fn(Step) -> bool) -> Result<Answer, Trouble> {
        let end = self.size.min(offset + PART_BYTES);
        let part = self.file.slice_with_f64_and_f64(number(offset), number(end)).map_err(|_| Trouble::Passing)?;
        let request = Request::new("PATCH", address)?;
        request.header("Content-Type", "application/offset+octet-stream")?;
        request.header("Upload-Offset", &offset.to_string())?;
        // A part that is on its way is not called back: `told` is asked again after it.
        let sent = |sent| {
            told(Step::Sent { sent: offset + sent, acknowledged: offset });
        };
        request.send(Some(&part), Some(&sent)).await
    }

    /// Tells the server that nothing more will come. What it misses, it forgets by itself after a day.
    async fn forget(&self) {
        if let Some(address) = &self.address {
            discard(address).await;
        }
    }
}

/// Tells the server that nothing more will come to an address.
pub(in crate::islands) async fn discard(address: &str) {
    if let Ok(request) = Request::new("DELETE", address) {
        drop(request.send(None, None).await);
    }
}

/// A request that reports how many bytes it has sent; `fetch` cannot.
struct Request(XmlHttpRequest);

impl Request {
    fn new(method: &str, address: &str) -> Result<Self, Trouble> {
        let request = XmlHttpRequest::new().map_err(|_| Trouble::Passing)?;
        request.open_with_async(method, address, true).map_err(|_| Trouble::Passing)?;
        let request = Self(request);
        request.header("Tus-Resumable", "1.0.0")?;
        request.header("Accept", "application/json")?;
        Ok(request)
    }

    fn header(&self, name: &str, value: &str) -> Result<(), Trouble> {
        self.0.set_request_header(name, value).map_err(|_| Trouble::Passing)
    }

    async fn send(self, body: Option<&Blob>, sent: Option<&dyn Fn(u64)>) -> Result<Answer, Trouble> {
        let request = self.0;
        // The page may hear of bytes only while this request runs, so the closure is fed through a cell that the loop reads.
        let bytes = std::rc::Rc::new(std::cell::Cell::new(0_u64));
        let heard = std::rc::Rc::clone(&bytes);
        let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            heard.set(whole(event.loaded()));
        });
        if let (Some(_), Ok(upload)) = (sent, request.upload()) {
            upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        }
        let ended = js_sys::Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
        let sending = match body {
            Some(body) => request.send_with_opt_blob(Some(body)),
            None => request.send(),
        };
        sending.map_err(|_| Trouble::Passing)?;
        match sent {
            None => drop(JsFuture::from(ended).await),
            Some(sent) => watch(ended, || sent(bytes.get())).await,
        }
        if let Ok(upload) = request.upload() {
            upload.set_onprogress(None);
        }
        request.set_onloadend(None);
        Answer::of(request, body.is_some())
    }
}

/// Waits for a promise and calls back five times a second until it is settled.
async fn watch(promise: js_sys::Promise, tick: impl Fn()) {
    let settled = std::rc::Rc::new(std::cell::Cell::new(false));
    let mark = std::rc::Rc::clone(&settled);
    let done = Closure::once(move |_: JsValue| mark.set(true));
    let waiting = promise.then(&done);
    while !settled.get() {
        let race = js_sys::Array::of2(&waiting, &timeout(200));
        drop(JsFuture::from(js_sys::Promise::race(&race)).await);
        tick();
    }
}

/// What the server said.
struct Answer(XmlHttpRequest);

impl Answer {
    fn of(request: XmlHttpRequest, is_part: bool) -> Result<Self, Trouble> {
        match request.status().unwrap_or(0) {
            200..=299 => Ok(Self(request)),
            404 | 410 => Err(Trouble::Gone),
            // No answer, an offset that moved, too many requests, or a server in trouble. A full disk (507) does not pass.
            0 | 408 | 409 | 423 | 425 | 429 | 500..=506 | 508.. => Err(Trouble::Passing),
            // The session's token ran out while a part was on its way, and only short requests renew it: asking does.
            401 if is_part => Err(Trouble::Passing),
            _ => Err(Trouble::Refused(code(&request).unwrap_or_default())),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.0.get_response_header(name).ok().flatten()
    }

    fn offset(&self) -> Result<u64, Trouble> {
        self.header("Upload-Offset").and_then(|text| text.parse().ok()).ok_or(Trouble::Passing)
    }
}

/// The server's stable code, `code` of its JSON; nothing when a proxy answered in its place.
fn code(request: &XmlHttpRequest) -> Option<String> {
    let text = request.response_text().ok().flatten()?;
    let answer = js_sys::JSON::parse(&text).ok()?;
    js_sys::Reflect::get(&answer, &"code".into()).ok()?.as_string()
}

/// tus wants metadata in base64 of UTF-8; the browser's `btoa` takes one byte a character.
fn base64(text: &str) -> Result<String, Trouble> {
    let bytes: String = text.bytes().map(char::from).collect();
    leptos::prelude::window().btoa(&bytes).map_err(|_| Trouble::Passing)
}

/// Waits before another try, or until the browser says that it is online again.
async fn pause(attempt: u32) {
    let milliseconds = i32::try_from(pause_before(attempt).as_millis()).unwrap_or(i32::MAX);
    let online = js_sys::Promise::new(&mut |resolve, _| {
        let once = web_sys::AddEventListenerOptions::new();
        once.set_once(true);
        drop(
            leptos::prelude::window()
                .add_event_listener_with_callback_and_add_event_listener_options("online", &resolve, &once),
        );
    });
    let race = js_sys::Array::of2(&online, &timeout(milliseconds));
    drop(JsFuture::from(js_sys::Promise::race(&race)).await);
}

fn timeout(milliseconds: i32) -> js_sys::Promise {
    js_sys::Promise::new(&mut |resolve, _| {
        drop(leptos::prelude::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds));
    })
}

/// What a file is known by when it is chosen once more.
pub(in crate::islands) fn known_by(file: &File) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a date")]
    upload::known_by(&file.name(), whole(file.size()), file.last_modified() as i64)
}

/// JavaScript counts bytes in floating point; files are far below 2^53.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a file's size is a whole number below 2^53"
)]
pub(in crate::islands) fn whole(number: f64) -> u64 {
    number as u64
}

#[expect(clippy::cast_precision_loss, reason = "a file's size is far below 2^53")]
fn number(whole: u64) -> f64 {
    whole as f64
}
