//! Plain types that cross between server and browser: no framework, no platform, integers of fixed width.

pub mod chosen;
pub mod event;
pub mod first_look;
pub mod keeping_form;
pub mod locale;
pub mod paths;
pub mod profile_form;
pub mod review_form;
pub mod rights;
pub mod theme;
pub mod upload;
pub mod verification;
