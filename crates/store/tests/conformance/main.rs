//! What the store promises, asked of both engines: every test here runs on a SQLite file and on a MySQL or MariaDB
//! server, each time on a database of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod blobs;
mod books;
mod catalogue;
mod copy;
mod database;
mod groups;
mod house_settings;
mod inbox;
mod jobs;
mod keys;
mod letters;
mod old_packages;
mod overview;
mod packages;
mod permissions;
mod plans;
mod profiles;
mod queue;
mod quotas;
mod releases;
mod replica;
mod saved_views;
mod schema;
mod sessions;
mod sources;
mod statistics;
mod texts;
mod transactions;
mod uploads;
mod users;
mod ways_in;
mod withdrawals;
mod world;
