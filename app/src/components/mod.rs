//! Parts of pages: they take values and give a view. None of them calls a service.

pub mod error_view;
pub mod form;
pub mod frame;
pub mod icon;
pub mod loaded;
pub mod mark;
