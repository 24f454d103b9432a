//! The people of the house: all of them, and one.

pub mod list;
pub mod one;
pub mod rights;

pub use list::UsersPage;
pub use one::UserPage;
