//! The certificate of the address where people go: whether a browser would trust it, and until when.

use jiff::Timestamp;
use reqwest::{redirect::Policy, tls::TlsInfo};

use super::{PATIENCE, is_there};
use crate::configuration::Configuration;

/// Let's Encrypt's are renewed a month before they end: who has less left than this is not being renewed.
const LEAST_DAYS: i64 = 14;

pub(super) async fn certificate(configuration: &Configuration) -> Result<String, String> {
    let origin = configuration.public_url.origin();
    if !configuration.public_url.is_https() {
        return Ok("none: PUBLIC_URL is not https".to_owned());
    }
    let url = url::Url::parse(origin).map_err(|error| format!("PUBLIC_URL {origin}: {error}"))?;
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    if !is_there(host, port).await {
        return Ok(format!("nobody shows one at {host}:{port} yet"));
    }
    let der = shown(url.clone()).await.map_err(|causes| {
        format!(
            "no browser would trust what {host}:{port} shows: {causes}; look at who makes it, such as certbot's log"
        )
    })?;
    let end = der.as_deref().and_then(not_after).ok_or("it says no end")?;
    let days = end.duration_since(Timestamp::now()).as_hours() / 24;
    if days < LEAST_DAYS {
        Err(format!(
            "it ends in {days} days, at {end}, and nobody has renewed it; look at who does, such as certbot's log"
        ))
    } else {
        Ok(format!("trusted, and ends in {days} days, at {end}"))
    }
}

/// The certificate that a trusted connection came with.
async fn shown(url: url::Url) -> Result<Option<Vec<u8>>, String> {
    let causes = |error: reqwest::Error| crate::incident::causes(&error);
    // The library brings no cryptography; a provider that is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(PATIENCE).redirect(Policy::none()).tls_info(true).build();
    let answer = client.map_err(causes)?.get(url).send().await.map_err(causes)?;
    let info = answer.extensions().get::<TlsInfo>();
    Ok(info.and_then(TlsInfo::peer_certificate).map(<[u8]>::to_vec))
}

/// When a certificate ends, out of its DER (RFC 5280, 4.1).
fn not_after(der: &[u8]) -> Option<Timestamp> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    if *rest.first()? == VERSION {
        rest = element(rest)?.2;
    }
    // Behind the serial number, the algorithm and the issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (SEQUENCE, validity, _) = element(rest)? else { return None };
    let (kind, text, _) = element(element(validity)?.2)?;
    let text = std::str::from_utf8(text).ok()?;
    let text = match kind {
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let digits = text.get(..14).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
    let (date, time) = digits.split_at(8);
    let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
    format!("{year}-{month}-{day}T{}:{}:{}Z", &time[..2], &time[2..4], &time[4..]).parse().ok()
}

/// The first element of DER: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // In so many bytes; four hold every certificate.
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0_usize, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82][..], &length, content].concat()
    }

    fn certificate(version: &[u8], end: &[u8]) -> Vec<u8> {
        let validity = [put(0x17, b"260101000000Z"), end.to_vec()].concat();
        let head = [put(0x02, b"\x01"), put(0x30, b""), put(0x30, b"")].concat();
        put(0x30, &put(0x30, &[version, &head, &put(0x30, &validity), &put(0x30, b"subject")].concat()))
    }

    #[test]
    fn the_end_is_read_in_both_of_its_forms() {
        let version = put(0xa0, &put(0x02, b"\x02"));
        let end = |der: &[u8]| not_after(der).map(|end| end.to_string());
        let utc = certificate(&version, &put(0x17, b"270203040506Z"));
        assert_eq!(end(&utc).as_deref(), Some("2027-02-03T04:05:06Z"));
        let long = certificate(b"", &put(0x18, b"20600203040506Z"));
        assert_eq!(end(&long).as_deref(), Some("2060-02-03T04:05:06Z"));
        let old = certificate(&version, &put(0x17, b"990203040506Z"));
        assert_eq!(end(&old).as_deref(), Some("1999-02-03T04:05:06Z"));
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        let whole = certificate(b"", &put(0x17, b"270203040506Z"));
        for length in 0..whole.len() - 20 {
            assert_eq!(not_after(&whole[..length]), None);
        }
        assert_eq!(not_after(&certificate(b"", &put(0x04, b"270203040506Z"))), None);
        assert_eq!(not_after(&certificate(b"", &put(0x17, b"never"))), None);
        assert_eq!(not_after(&[0x30, 0x85, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
