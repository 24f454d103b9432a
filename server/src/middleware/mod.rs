//! What every request passes, from the outside in: observation, panics, security headers, origin, session, guard.

pub mod body_limit;
pub mod client;
pub mod compression;
pub mod cross_site;
pub mod guard;
pub mod linger;
pub mod observe;
pub mod panic;
pub mod rate_limit;
pub mod security_headers;
pub mod session;
