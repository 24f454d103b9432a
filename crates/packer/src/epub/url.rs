//! URLs inside a book: what they point at, and whether a container allows them (EPUB 3.3, section 4.2.5).

use unicode_normalization::UnicodeNormalization;

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Into the container.
    Inside(Inside),
    /// Out of the container, over the network; the URL without its fragment.
    Remote(String),
    /// `data:`, with its media type.
    Data(String),
    /// `file:`.
    File,
    /// Another scheme (`mailto`, `tel`, `javascript` …).
    Other(String),
}

/// A reference into the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The path from the root of the container, percent-decoded.
    pub path: String,
    /// The fragment, percent-decoded, without `#`.
    pub fragment: Option<String>,
    /// True when it has a query.
    pub has_query: bool,
    /// True when it climbs above the root or begins at the root, which containers do not allow.
    pub leaks: bool,
}

/// Resolves a reference that stands in the file at `base`.
pub fn resolve(base: &str, reference: &str) -> Link {
    let reference = reference.trim_matches(|c: char| c <= ' ');
    if let Some((scheme, rest)) = scheme(reference) {
        return match scheme.as_str() {
            "data" => Link::Data(rest.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase()),
            "file" => Link::File,
            "http" | "https" | "ftp" | "rtsp" | "rtmp" => Link::Remote(without_fragment(reference).to_owned()),
            _ => Link::Other(scheme),
        };
    }
    if let Some(host) = reference.strip_prefix("//") {
        return Link::Remote(format!("https://{}", without_fragment(host)));
    }
    let (rest, fragment) = match reference.split_once('#') {
        Some((rest, fragment)) => (rest, Some(decode(fragment))),
        None => (reference, None),
    };
    let (path, has_query) = match rest.split_once('?') {
        Some((path, _)) => (path, true),
        None => (rest, false),
    };
    if path.is_empty() {
        return Link::Inside(Inside { path: base.to_owned(), fragment, has_query, leaks: false });
    }
    let (path, leaks) = join(base, path);
    Link::Inside(Inside { path, fragment, has_query, leaks })
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

/// A path in the form in which paths are compared: accents composed (NFC), however they were typed.
pub fn canonical(path: &str) -> String {
    if path.is_ascii() { path.to_owned() } else { path.nfc().collect() }
}

/// The scheme in lower case and what follows the colon.
pub fn scheme(reference: &str) -> Option<(String, &str)> {
    let (scheme, rest) = reference.split_once(':')?;
    let mut letters = scheme.bytes();
    let is_scheme = letters.next()?.is_ascii_alphabetic()
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then(|| (scheme.to_ascii_lowercase(), rest))
}

fn join(base: &str, path: &str) -> (String, bool) {
    let is_absolute = path.starts_with('/');
    let mut segments: Vec<String> = if is_absolute {
        Vec::new()
    } else {
        let directory = base.rsplit_once('/').map_or("", |(directory, _)| directory);
        directory.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    };
    let mut leaks = is_absolute;
    for segment in path.trim_start_matches('/').split('/') {
        match decode(segment).as_str() {
            "." => {}
            ".." => leaks |= segments.pop().is_none(),
            decoded => segments.push(decoded.to_owned()),
        }
    }
    (canonical(&segments.join("/")), leaks)
}

/// Percent-decodes; what does not decode to UTF-8 stays as it is written.
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let (mut out, mut offset) = (Vec::with_capacity(bytes.len()), 0);
    while offset < bytes.len() {
        let pair = bytes.get(offset + 1..offset + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if bytes[offset] == b'%' => {
                out.push(byte);
                offset += 3;
            }
            _ => {
                out.push(bytes[offset]);
                offset += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(base: &str, reference: &str) -> Inside {
        let Link::Inside(inside) = resolve(base, reference) else { panic!("{reference} is outside") };
        inside
    }

    #[test]
    fn relative_references_are_joined_decoded_and_kept_inside() {
        assert_eq!(inside("EPUB/text/a.xhtml", "../img/%C3%A9.png#x").path, "EPUB/img/é.png");
        assert_eq!(inside("EPUB/a.xhtml", "#b").path, "EPUB/a.xhtml");
        assert!(inside("a.xhtml", "./b.xhtml?c").has_query);
        assert!(inside("EPUB/a.xhtml", "../../b").leaks);
        assert!(inside("EPUB/a.xhtml", "/EPUB/b").leaks);
        assert!(!inside("EPUB/a.xhtml", "../b").leaks);
        assert_eq!(inside("a", "%ff%2").path, "%ff%2");
    }

    #[test]
    fn schemes_decide_what_is_outside() {
        assert_eq!(resolve("a", "HTTP://x.example/"), Link::Remote("HTTP://x.example/".to_owned()));
        assert_eq!(resolve("a", "//x.example/"), Link::Remote("https://x.example/".to_owned()));
        assert_eq!(resolve("a", "data:image/PNG;base64,AA"), Link::Data("image/png".to_owned()));
        assert_eq!(resolve("a", "file:///etc/passwd"), Link::File);
        assert_eq!(resolve("a", "mailto:a@b.example"), Link::Other("mailto".to_owned()));
        assert_eq!(inside("a", "1:2").path, "1:2");
    }
}
