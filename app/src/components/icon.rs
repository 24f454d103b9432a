//! Icons: Lucide's drawings (licence beside them), inlined, so that they take the colour of the text and no request.

use leptos::prelude::*;

/// Declares the glyphs: a name, and the file with what stands inside its `<svg>`.
macro_rules! glyphs {
    ($($name:ident = $file:literal,)*) => {
        /// One drawing on a grid of 24 units.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the drawing of that name")]
        pub enum Glyph { $($name,)* }

        impl Glyph {
            /// Every drawing.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn drawing(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../../icons/", $file, ".svg")),)* }
            }
        }
    };
}

glyphs! {
    Plus = "plus",
    Home = "layout-dashboard",
    Search = "search",
    Book = "book-open",
    Library = "library",
    Jobs = "list-checks",
    Theme = "sun-moon",
    Sun = "sun",
    Moon = "moon",
    User = "user",
    Users = "users",
    SignOut = "log-out",
    Down = "chevron-down",
    Copy = "copy",
    Check = "check",
    Download = "download",
    DownloadAll = "folder-down",
    Delete = "trash-2",
    Verify = "shield-check",
    Good = "circle-check",
    Notice = "triangle-alert",
    Wrong = "octagon-x",
    Failed = "circle-x",
    Refused = "ban",
    Info = "info",
    Advice = "lightbulb",
    Waiting = "clock",
    Working = "loader-circle",
    Draft = "circle-dashed",
    File = "file-text",
    Close = "x",
    Again = "refresh-cw",
    Keyboard = "keyboard",
    Package = "package",
    Edit = "pencil",
    Next = "arrow-right",
    Settings = "settings",
    Inbox = "inbox",
    Key = "key",
    History = "history",
    Compare = "git-compare",
    Link = "link",
}

/// An icon beside a word. A screen reader does not hear it: the word says it all.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=glyph.drawing().trim_end()></svg> }
}
