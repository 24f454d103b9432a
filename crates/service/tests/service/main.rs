//! The use cases as their callers see them: with the real database, the real folder of blobs, real books, and a clock
//! that is moved by hand.

mod downloads;
mod house;
mod housekeeping;
mod jobs;
mod names;
mod permissions;
mod refusals;
mod sessions;
mod story;
mod uploads;
