//! Ports of loopback for servers that a test or a rehearsal starts, ends, and starts again where they were.
//!
//! Asking the system for port 0 and letting go of it is not enough: the system lends the same port to the next
//! connection of anybody, and while a server is down it loses its place.

use std::{
    env,
    fs::{self, File, Permissions},
    hash::{BuildHasher, RandomState},
    io,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt,
    sync::{Mutex, PoisonError},
};

/// Below what Linux (from 32768) and macOS (from 49152) lend to connections, above what services of a machine use.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// What this process has taken: the locks end with it, however it ends.
static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port that nobody listens on, and that no other process which asks here is given while this one lives.
///
/// # Errors
/// When the folder of the locks cannot be made, or every port is taken.
pub fn spare_port() -> io::Result<u16> {
    let folder = env::temp_dir().join("spare-ports");
    fs::create_dir_all(&folder)?;
    // Every user of the machine locks here; who did not make the folder may not change it, and need not.
    let _ = fs::set_permissions(&folder, Permissions::from_mode(0o1777));
    let offset =
        u16::try_from(RandomState::new().hash_one(()) % u64::from(PORTS.end - PORTS.start)).unwrap_or_default();
    for port in (PORTS.start + offset..PORTS.end).chain(PORTS.start..PORTS.start + offset) {
        // The lock of another user cannot be opened: that port is theirs.
        let Ok(lock) = File::options().create(true).append(true).open(folder.join(port.to_string())) else { continue };
        if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            TAKEN.lock().unwrap_or_else(PoisonError::into_inner).push(lock);
            return Ok(port);
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, "every port for tests is taken"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_port_is_given_once_and_is_none_that_connections_get() {
        let ports: HashSet<u16> = (0..200).map(|_| spare_port().unwrap()).collect();
        assert_eq!(ports.len(), 200);
        assert!(ports.iter().all(|port| PORTS.contains(port)));
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        assert!(!PORTS.contains(&busy), "this system lends {busy} to connections");
    }
}
