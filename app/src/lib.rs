//! The interface: pages, islands, and the server functions behind the forms.
//!
//! Pages are rendered by the server and are whole without WASM, so they exist only there; what the browser compiles is
//! `islands`, the types that cross to it (`model`, `error`) and the callers of the doors (`api`).

pub mod api;
pub mod error;
pub mod islands;
pub mod model;

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod ssr;
#[cfg(feature = "ssr")]
pub mod texts;

#[cfg(feature = "ssr")]
pub use crate::{app::App, ssr::shell::shell};
