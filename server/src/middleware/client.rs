//! Who is at the other end of the connection, behind proxies that are trusted.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, header},
};
use ipnet::IpNet;
use service::Client;

use crate::drain::Peer;

/// Longest user agent that is handed on: it is shown in the list of sessions and nowhere else.
const USER_AGENT_CHARACTERS: usize = 300;

/// The client of a request: its address and its user agent.
pub fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Client {
    let peer = extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| address.ip());
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| address(peer, headers, trusted));
    let user_agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(USER_AGENT_CHARACTERS).collect())
        .unwrap_or_default();
    Client { address, user_agent }
}

/// Walks `X-Forwarded-For` from the right as long as the one who added an entry is trusted. What stands further left
/// was written by somebody who could write anything.
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut current = peer.to_canonical();
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(current) {
            break;
        }
        let Ok(previous) = entry.trim().parse::<IpAddr>() else { break };
        current = previous.to_canonical();
    }
    current
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn forwarded(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn nobody_can_choose_an_address_by_writing_a_header() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let stranger: IpAddr = "203.0.113.7".parse().unwrap();
        assert_eq!(address(stranger, &forwarded("192.0.2.1"), &trusted), stranger);
        let proxy: IpAddr = "10.0.0.2".parse().unwrap();
        assert_eq!(address(proxy, &forwarded("198.51.100.9, 203.0.113.7"), &trusted), stranger);
        assert_eq!(address(proxy, &forwarded("198.51.100.9, 203.0.113.7, 10.0.0.3"), &trusted), stranger);
        assert_eq!(address(proxy, &forwarded("nonsense"), &trusted), proxy);
    }
}
