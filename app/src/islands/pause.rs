//! The pause between keys: of several changes only the last is acted on, and what comes of an older one is not shown.

use std::{cell::Cell, time::Duration};

use leptos::prelude::set_timeout;

thread_local! {
    /// Raised with every change.
    static CHANGE: Cell<u32> = const { Cell::new(0) };
}

/// A change of what a form holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change(u32);

impl Change {
    /// True while no other came after it.
    pub(super) fn is_last(self) -> bool {
        CHANGE.get() == self.0
    }
}

/// What was changed before is not acted on any more.
pub(super) fn overtake() -> Change {
    let change = Change(CHANGE.get().wrapping_add(1));
    CHANGE.set(change.0);
    change
}

/// Acts on a change once none has come after it for `rest`.
pub(super) fn after(rest: Duration, act: impl FnOnce(Change) + 'static) {
    let change = overtake();
    set_timeout(
        move || {
            if change.is_last() {
                act(change);
            }
        },
        rest,
    );
}
