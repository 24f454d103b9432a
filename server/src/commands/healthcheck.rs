//! `healthcheck`: asks the server on this machine whether it is ready. For containers, which hold no `curl`.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use super::process;
use crate::{
    exit::Exit,
    terminal::{Mark, Terminal},
};

/// A server that takes longer than this is not healthy.
const PATIENCE: Duration = Duration::from_secs(3);

/// Enough of the answer for its first line.
const LONGEST_ANSWER: u64 = 4096;

/// What `healthcheck` takes: nothing. It asks the address that `BIND_ADDR` names.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Asks once.
pub(crate) fn run(_arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(configuration) = process::configuration(terminal) else { return Exit::Usage };
    let address = reachable(configuration.bind_addr);
    match ask(address) {
        Ok(line) if line.split(' ').nth(1) == Some("200") => Exit::Good,
        Ok(line) => {
            terminal.marked(Mark::Error, &format!("{address}: {line}"));
            Exit::Failed
        }
        Err(error) => {
            terminal.marked(Mark::Error, &format!("{address}: {error}"));
            Exit::Failed
        }
    }
}

/// A server that listens on every address is asked on the local one.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// The first line of the answer to `GET /api/health/ready`.
fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /api/health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
