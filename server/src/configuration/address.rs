//! Addresses: where people reach the product, who may call it from elsewhere, whose forwarding is believed.

use std::{fmt, net::SocketAddr};

use url::{Host, Url};

/// The origin people use, such as `https://books.example.org`: scheme, host and port, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    https: bool,
}

impl PublicUrl {
    /// Parses an `http` or `https` URL that has no path, query, fragment or user.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        if !bare || !anonymous || !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        url.host().filter(|host| !matches!(host, Host::Domain("")))?;
        Some(Self { origin: url.origin().ascii_serialization(), https: url.scheme() == "https" })
    }

    /// The address a browser on this machine reaches `bind` under. Nobody can open `http://0.0.0.0`.
    pub fn of_listener(bind: SocketAddr) -> Self {
        let origin = match bind {
            _ if bind.ip().is_unspecified() => format!("http://127.0.0.1:{}", bind.port()),
            _ => format!("http://{bind}"),
        };
        Self { origin: origin.strip_suffix(":80").unwrap_or(&origin).to_owned(), https: false }
    }

    /// Without a trailing slash, as browsers send it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether the connection is encrypted up to the browser.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.origin)
    }
}
