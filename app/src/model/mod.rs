//! Plain types that cross between server and browser: no framework, no platform, integers of fixed width.

pub mod event;
pub mod locale;
pub mod paths;
pub mod review_form;
pub mod rights;
pub mod theme;
pub mod upload;
