//! States and severities: a colour, an icon and a word, so that none of them is needed alone.

use leptos::prelude::*;
use packer::finding::Severity;
use service::{JobState, Status};

use super::icon::{Glyph, Icon};
use crate::texts::texts;

/// The four colours of a state, and none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All of it is well.
    Good,
    /// Somebody should look.
    Notice,
    /// It went wrong.
    Wrong,
    /// It will not be done.
    Refused,
    /// It is on its way.
    Busy,
    /// Nothing to say yet.
    Quiet,
}

impl Tone {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Notice => "notice",
            Self::Wrong => "wrong",
            Self::Refused => "refused",
            Self::Busy => "busy",
            Self::Quiet => "quiet",
        }
    }
}

/// A word in the colour of its tone, with an icon.
#[component]
pub fn Mark(
    /// The colour.
    tone: Tone,
    /// The icon.
    glyph: Glyph,
    /// The word.
    word: &'static str,
) -> impl IntoView {
    view! { <span class=format!("mark mark--{}", tone.word())><Icon glyph /> <span>{word}</span></span> }
}

/// Where a release stands.
#[component]
pub fn ReleaseMark(
    /// The status.
    status: Status,
    /// True where its package is not offered.
    #[prop(optional)]
    withdrawn: bool,
) -> impl IntoView {
    let (tone, glyph) = match status {
        _ if withdrawn => (Tone::Refused, Glyph::Refused),
        Status::Draft => (Tone::Quiet, Glyph::Draft),
        Status::Refused => (Tone::Refused, Glyph::Refused),
        Status::Inspecting | Status::Packing => (Tone::Busy, Glyph::Working),
        Status::Packed => (Tone::Good, Glyph::Good),
        Status::Failed => (Tone::Wrong, Glyph::Failed),
    };
    let word = if withdrawn { "withdrawn" } else { status.word() };
    view! { <Mark tone glyph word=texts().word("status", word) /> }
}

/// Where a job stands. Green means all of it: a job with findings is not green.
#[component]
pub fn JobMark(
    /// The state.
    state: JobState,
    /// True where it found a package damaged: that is no finding among others.
    #[prop(optional)]
    damage: bool,
) -> impl IntoView {
    let (tone, glyph) = match state {
        _ if damage => (Tone::Wrong, Glyph::Wrong),
        JobState::Queued => (Tone::Quiet, Glyph::Waiting),
        JobState::Running => (Tone::Busy, Glyph::Working),
        JobState::Done => (Tone::Good, Glyph::Good),
        JobState::DoneWithFindings => (Tone::Notice, Glyph::Notice),
        JobState::Failed => (Tone::Wrong, Glyph::Failed),
        JobState::Cancelled => (Tone::Refused, Glyph::Refused),
    };
    let word = if damage { "damage" } else { state.word() };
    view! { <Mark tone glyph word=texts().word("job-state", word) /> }
}

/// How heavy a finding is.
#[component]
pub fn SeverityMark(
    /// The severity.
    severity: Severity,
) -> impl IntoView {
    let (tone, glyph) = match severity {
        Severity::Fatal | Severity::Error => (Tone::Wrong, Glyph::Wrong),
        Severity::Warning => (Tone::Notice, Glyph::Notice),
        Severity::Info => (Tone::Quiet, Glyph::Info),
        Severity::Usage => (Tone::Quiet, Glyph::Advice),
    };
    view! { <Mark tone glyph word=texts().word("severity", severity.word()) /> }
}
