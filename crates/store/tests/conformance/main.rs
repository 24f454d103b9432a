//! What the store promises, asked of both engines: every test here runs on a SQLite file and on a MySQL or MariaDB
//! server, each time on a database of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod blobs;
mod books;
mod catalogue;
mod database;
mod groups;
mod jobs;
mod overview;
mod packages;
mod profiles;
mod queue;
mod releases;
mod replica;
mod saved_views;
mod schema;
mod sessions;
mod texts;
mod transactions;
mod uploads;
mod users;
mod world;
