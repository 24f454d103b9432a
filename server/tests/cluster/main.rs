//! Several nodes as real processes on one database, one Redis and one store of blobs; parts of it are killed and come
//! back, and nothing that was acknowledged is lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backup;
mod client;
mod cluster;
mod endurance;
mod events;
mod gate;
mod kept;
mod ledger;
mod losses;
mod midst;
mod news;
mod objects;
mod person;
mod reckoning;
mod replica;
mod services;
mod sweep;
mod tables;
