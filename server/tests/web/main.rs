//! The whole application through its own router, and on a real socket where the connection matters.

mod assets;
mod cross_site;
mod downloads;
mod drain;
mod events;
mod guard;
mod harness;
mod headers;
mod health;
mod session;
mod tus;
mod whole;
