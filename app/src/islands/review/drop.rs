//! Files: chosen or dropped, kept, looked at, sent, and turned into rows.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    time::Duration,
};

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, File};

use super::{rows, upload_row};
use crate::{
    islands::{
        dropping::{self, Given},
        live,
        packer::{Packer, Refusal},
        page,
        upload::{
            kept::Kept,
            remembered::{self, Part},
            transfer::{self, Step},
            turn::Turn,
        },
    },
    model::{
        first_look::{FirstLook, FirstName},
        paths,
        upload::{Phase, STORAGE_FULL, Uploads, fingerprint, is_book, is_hidden, is_of_the_file},
    },
};

/// The element that files are dropped on.
const ZONE: &str = "form[data-drop]";

/// After so long another tab is sending, and the page says so.
const GRANTED_BY: Duration = Duration::from_millis(500);

/// Every file that was dropped on this page.
#[derive(Default)]
pub(super) struct Dropped {
    uploads: RefCell<Uploads>,
    files: RefCell<Vec<Taken>>,
    /// The one who is signed in: what is kept is theirs.
    person: String,
    /// What decides the name of a book; absent where no names are shown.
    names: Option<String>,
    kept: RefCell<Option<Kept>>,
    /// This tab sends, and no other.
    turn: RefCell<Option<Turn>>,
    waits_for_turn: Cell<bool>,
    /// What was kept before the page was opened is taken.
    has_taken_kept: Cell<bool>,
    packer: Packer,
    unseen: RefCell<VecDeque<usize>>,
    looking: Cell<bool>,
}

struct Taken {
    file: File,
    known_by: String,
    row: Option<Element>,
    /// Somebody sees to it that it is kept.
    is_being_kept: Cell<bool>,
    /// It is there after a reload.
    is_kept: Cell<bool>,
    /// The desk has shown what became of it.
    is_listed: Cell<bool>,
}

pub(super) fn listen() {
    let zone = document().query_selector(ZONE).ok().flatten();
    if let Some(input) = zone.as_ref().and_then(|zone| zone.query_selector("#files").ok().flatten()) {
        // One request of a plain form carries one file; only from here on may it be many.
        let _ = input.set_attribute("multiple", "");
    }
    let person = zone.as_ref().and_then(|zone| zone.get_attribute("data-drop")).unwrap_or_default();
    let names = zone.and_then(|zone| zone.get_attribute("data-names"));
    // Nobody's turn comes before it is known what was kept: that goes on first.
    let waits_for_turn = Cell::new(true);
    let dropped = Rc::new(Dropped { person, names, waits_for_turn, ..Dropped::default() });
    let taken = Rc::clone(&dropped);
    dropping::listen(ZONE, move |given| {
        let (books, others): (Vec<_>, Vec<_>) = given.into_iter().partition(|one| !one.in_folder || is_book(&one.path));
        upload_row::draw_left_out(others.iter().filter(|one| !is_hidden(&one.path)).count());
        taken.take(books, false);
    });
    let busy = Rc::clone(&dropped);
    let unload = window_event_listener(ev::beforeunload, move |event| {
        let unsaved = document().query_selector("[data-typed], [data-sent]").ok().flatten().is_some();
        if unsaved || busy.would_lose() {
            // The browser asks in its own words whether to leave.
            event.prevent_default();
        }
    });
    let stopped = Rc::clone(&dropped);
    let click = window_event_listener(ev::click, move |event| {
        let stop = dropping::target(&event).filter(|place| place.closest("[data-stop]").ok().flatten().is_some());
        if let Some(key) = stop.as_ref().and_then(upload_row::key_of) {
            stopped.stop(key);
        }
    });
    let listed = Rc::clone(&dropped);
    let shown = window_event_listener_untyped(page::SHOWN, move |_| listed.note_listed());
    on_cleanup(move || {
        unload.remove();
        click.remove();
        shown.remove();
    });
    spawn_local(async move {
        *dropped.kept.borrow_mut() = Kept::of(&dropped.person).await;
        // What was dropped while the store was being opened is kept from now on.
        dropped.keep_all();
        dropped.waits_for_turn.set(false);
        dropped.take_turn();
    });
}

impl Dropped {
    /// Waits until no other tab sends, and then goes on with what was kept and with what was dropped here.
    fn take_turn(self: &Rc<Self>) {
        if self.waits_for_turn.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        set_timeout(move || upload_row::draw_elsewhere(this.waits_for_turn.get()), GRANTED_BY);
        let this = Rc::clone(self);
        spawn_local(async move {
            let turn = Turn::of(&this.person).await;
            *this.turn.borrow_mut() = Some(turn);
            this.waits_for_turn.set(false);
            upload_row::draw_elsewhere(false);
            if !this.has_taken_kept.replace(true) {
                this.take_kept().await;
            }
            this.start();
            this.end_turn();
        });
    }

    /// Lets the next tab send, once there is nothing left to send here.
    fn end_turn(&self) {
        if self.uploads.borrow().unfinished().next().is_none() {
            drop(self.turn.take());
        }
    }

    /// Goes on with the files that were chosen before the page was left.
    async fn take_kept(self: &Rc<Self>) {
        let kept = self.kept.borrow().clone();
        let Some(kept) = kept else { return };
        let files = kept.files(|known_by| self.is_here(known_by)).await;
        let given = files.into_iter().map(|file| Given { path: file.name(), in_folder: false, file }).collect();
        self.take(given, true);
    }

    fn take(self: &Rc<Self>, given: Vec<Given>, is_kept: bool) {
        let mut known = Vec::new();
        for Given { file, .. } in given {
            let known_by = transfer::known_by(&file);
            if self.is_here(&known_by) {
                known.push(file.name());
                continue;
            }
            self.remove_ended(&known_by);
            let key = self.uploads.borrow_mut().add(file.name(), transfer::whole(file.size()));
            let row = upload_row::show(key, &file.name());
            let (is_being_kept, is_kept) = (Cell::new(is_kept), Cell::new(is_kept));
            let is_listed = Cell::new(false);
            self.files.borrow_mut().push(Taken { file, known_by, row, is_being_kept, is_kept, is_listed });
            self.unseen.borrow_mut().push_back(key);
            self.draw(key);
        }
        // What a reload brings back nobody has chosen again.
        if !is_kept {
            upload_row::draw_known(&known);
        }
        self.keep_all();
        self.start();
        self.look();
    }

    /// True for a file that is on its way already, or is a release on the desk: a folder that is dropped again brings
    /// what is missing. Between the two it has arrived, and the desk does not show it yet.
    fn is_here(&self, known_by: &str) -> bool {
        let uploads = self.uploads.borrow();
        let is_coming = |(key, taken): (usize, &Taken)| {
            let upload = uploads.get(key).filter(|_| taken.known_by == known_by);
            upload.is_some_and(|upload| match upload.phase {
                Phase::Arrived { .. } => !taken.is_listed.get(),
                _ => !upload.phase.has_ended(),
            })
        };
        self.files.borrow().iter().enumerate().any(is_coming)
            || remembered::recall(Part::Release, &self.person, known_by).is_some_and(|release| is_on_desk(&release))
    }

    /// Notes what the desk shows of what has arrived: once it is gone from there, its file may come again.
    fn note_listed(&self) {
        let uploads = self.uploads.borrow();
        for (key, taken) in self.files.borrow().iter().enumerate() {
            if let Some(Phase::Arrived { release }) = uploads.get(key).map(|upload| &upload.phase) {
                taken.is_listed.set(taken.is_listed.get() || is_on_desk(release));
            }
        }
    }

    /// A file that was refused or stopped and is chosen again has one row, the new one.
    fn remove_ended(&self, known_by: &str) {
        for taken in self.files.borrow().iter().filter(|taken| taken.known_by == known_by) {
            if let Some(row) = &taken.row {
                row.remove();
            }
        }
    }

    /// True when leaving would lose a file that is not kept, so that it would have to be dropped again.
    fn would_lose(&self) -> bool {
        let files = self.files.borrow();
        self.uploads.borrow().unfinished().any(|key| files.get(key).is_some_and(|taken| !taken.is_kept.get()))
    }

    /// Keeps what is not kept yet, one after the other.
    fn keep_all(self: &Rc<Self>) {
        let Some(kept) = self.kept.borrow().clone() else { return };
        let this = Rc::clone(self);
        spawn_local(async move {
            let mut key = 0;
            loop {
                let next = this.files.borrow().get(key).map(|taken| {
                    let begun = taken.is_being_kept.replace(true);
                    (taken.file.clone(), taken.known_by.clone(), begun)
                });
                let Some((file, known_by, begun)) = next else { return };
                if !begun && !this.has_ended(key) {
                    let written = kept.keep(&known_by, &file).await;
                    this.set_kept(key, written.is_ok());
                    if this.has_ended(key) {
                        kept.forget(&known_by).await;
                    }
                }
                key += 1;
            }
        });
    }

    fn set_kept(&self, key: usize, is_kept: bool) {
        if let Some(taken) = self.files.borrow().get(key) {
            taken.is_kept.set(is_kept);
        }
    }

    /// Stops a file. What waits is forgotten here; what is being sent, where it is sent.
    fn stop(self: &Rc<Self>, key: usize) {
        let is_waiting = self.uploads.borrow().get(key).is_some_and(|upload| upload.phase == Phase::Waiting);
        self.change(key, Phase::Cancelled);
        if is_waiting {
            self.remove_row(key);
            let this = Rc::clone(self);
            spawn_local(async move { this.give_up(key).await });
            self.end_turn();
        }
    }

    /// Forgets a file that was not sent, here and on the server.
    async fn give_up(&self, key: usize) {
        let known_by = self.files.borrow().get(key).map(|taken| taken.known_by.clone());
        let Some(known_by) = known_by else { return };
        let address = begun_earlier(&known_by).or(remembered::recall(Part::Address, &self.person, &known_by));
        self.forget(&known_by).await;
        if let Some(address) = address {
            transfer::discard(&address).await;
        }
    }

    /// Forgets a file in this browser.
    async fn forget(&self, known_by: &str) {
        remembered::forget(Part::Address, &self.person, known_by);
        let kept = self.kept.borrow().clone();
        if let Some(kept) = kept {
            kept.forget(known_by).await;
        }
    }

    fn start(self: &Rc<Self>) {
        if self.turn.borrow().is_none() {
            if self.uploads.borrow().unfinished().next().is_some() {
                self.take_turn();
            }
            return;
        }
        loop {
            let next = self.uploads.borrow_mut().start_next();
            let Some(key) = next else { return };
            self.draw(key);
            let this = Rc::clone(self);
            spawn_local(async move { this.send(key).await });
        }
    }

    async fn send(self: Rc<Self>, key: usize) {
        let Some((file, known_by)) =
            self.files.borrow().get(key).map(|taken| (taken.file.clone(), taken.known_by.clone()))
        else {
            return;
        };
        let address = remembered::recall(Part::Address, &self.person, &known_by);
        let begun = begun_earlier(&known_by).or(address);
        let told = |step: Step| {
            match step {
                Step::Begun { address } => remembered::remember(Part::Address, &self.person, &known_by, &address),
                Step::Sent { sent, acknowledged } => self.change(key, Phase::Sending { sent, acknowledged }),
                Step::Interrupted { acknowledged } => self.change(key, Phase::Interrupted { acknowledged }),
            }
            !self.has_ended(key)
        };
        let sent = transfer::send(&file, begun, &told).await;
        match &sent {
            Ok(Some(release)) => {
                remembered::remember(Part::Release, &self.person, &known_by, release);
                self.change(key, Phase::Arrived { release: release.clone() });
            }
            Ok(None) => {}
            Err(code) => self.change(key, Phase::Refused { code: code.clone() }),
        }
        // What was refused for another reason, such as a session that ended, goes on when the page is opened again.
        if sent.as_ref().map_or_else(|code| is_of_the_file(code), |_| true) {
            self.forget(&known_by).await;
        }
        match sent {
            Ok(Some(release)) => {
                self.remove_row(key);
                if rows::none_is_open() && !rows::is_table() {
                    // Without an answer the next bell brings it.
                    drop(rows::open(&paths::review(&release), true).await);
                } else {
                    live::refresh_soon();
                }
            }
            Ok(None) => self.remove_row(key),
            Err(code) if code == STORAGE_FULL => {
                let refused = self.uploads.borrow_mut().refuse_waiting(key, &code);
                for key in refused {
                    self.draw(key);
                }
            }
            Err(_) => {}
        }
        self.start();
        self.end_turn();
    }

    /// Has the packer in the browser look at one book after the other, those that are on the page still.
    fn look(self: &Rc<Self>) {
        if self.looking.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        spawn_local(async move {
            loop {
                let next = this.unseen.borrow_mut().pop_front();
                let Some(key) = next else { break };
                if !this.has_ended(key) {
                    this.look_at(key).await;
                }
            }
            this.looking.set(false);
        });
    }

    async fn look_at(&self, key: usize) {
        let file = self.files.borrow().get(key).map(|taken| taken.file.clone());
        let Some(file) = file else { return };
        let file_name = file.name().into();
        let report = self.packer.ask("check", &[("file", &file), ("name", &file_name)], |_, _| {}).await;
        let look = match &report {
            Ok(json) => serde_json::from_str::<FirstLook>(json).map_err(|_| Refusal::default()),
            Err(refusal) => Err(refusal.clone()),
        };
        if let Some(Taken { row: Some(row), .. }) = self.files.borrow().get(key) {
            upload_row::draw_look(row, &look);
        }
        let is_named = look.is_ok_and(|look| !look.is_protected());
        let (Ok(report), Some(chosen), true) = (report, &self.names, is_named) else { return };
        let needs = [("book", &report.into()), ("name", &file_name), ("chosen", &chosen.into())];
        // Without a name the row says what it has; the review will have one.
        let Ok(named) = self.packer.ask("name", &needs, |_, _| {}).await else { return };
        let Ok(FirstName { name }) = serde_json::from_str(&named) else { return };
        if let Some(Taken { row: Some(row), .. }) = self.files.borrow().get(key) {
            upload_row::draw_name(row, &name);
        }
    }

    fn change(&self, key: usize, phase: Phase) {
        self.uploads.borrow_mut().change(key, phase);
        self.draw(key);
    }

    fn has_ended(&self, key: usize) -> bool {
        self.uploads.borrow().get(key).is_none_or(|upload| upload.phase.has_ended())
    }

    fn remove_row(&self, key: usize) {
        if let Some(Taken { row: Some(row), .. }) = self.files.borrow().get(key) {
            row.remove();
        }
    }

    fn draw(&self, key: usize) {
        let uploads = self.uploads.borrow();
        if let (Some(upload), Some(Taken { row: Some(row), .. })) = (uploads.get(key), self.files.borrow().get(key)) {
            upload_row::draw(row, upload);
        }
        upload_row::draw_sum(uploads.sum());
    }
}

/// True for a release that the desk shows.
fn is_on_desk(release: &str) -> bool {
    document().get_element_by_id(&format!("row-{release}")).is_some()
}

/// The address of an upload of this very file that was begun earlier: the page lists those that are open.
fn begun_earlier(known_by: &str) -> Option<String> {
    let known_by = fingerprint(known_by);
    let open = document().query_selector_all("[data-open-upload]").ok()?;
    for index in 0..open.length() {
        let Some(row) = open.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if row.get_attribute("data-fingerprint").as_deref() == Some(known_by.as_str()) {
            let address = row.get_attribute("data-open-upload");
            row.remove();
            return address;
        }
    }
    None
}
