//! The cache over a real Redis: shared by nodes, lost, and back again. One server, one with TLS, a group that Sentinels
//! watch, and a cluster.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authority;
mod cluster;
mod conformance;
mod one_server;
mod place;
mod rights;
mod sentinel;
mod server;
mod tls;
