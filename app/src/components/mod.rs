//! Parts of pages: they take values and give a view. None of them calls a service.
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

pub mod address_waits;
pub mod ask;
pub mod chart;
pub mod copy_button;
pub mod cover;
pub mod door;
pub mod duplicates;
pub mod error_view;
pub mod finding;
pub mod form;
pub mod frame;
pub mod icon;
pub mod kept;
pub mod loaded;
pub mod mark;
pub mod page_head;
pub mod prose;
pub mod raw_text;
pub mod select;
pub mod way_on;
