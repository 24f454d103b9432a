//! Language, theme and time zone: what the person chose, else the account, else what the browser asks for.

use http::{HeaderMap, header};
use jiff::tz::TimeZone;
use service::Actor;

use super::cookies;
use crate::model::{locale::Locale, theme::Theme};

/// How a page is to be written and coloured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The language.
    pub locale: Locale,
    /// The theme.
    pub theme: Theme,
    /// Where the reader sits; UTC until the browser has said so.
    pub zone: TimeZone,
}

impl Preferences {
    /// Reads the cookies, the account and `Accept-Language`, in this order.
    pub fn read(headers: &HeaderMap, actor: Option<&Actor>) -> Self {
        let account = actor.and_then(|actor| actor.locale.as_deref());
        Self::from_parts(headers, account)
    }

    fn from_parts(headers: &HeaderMap, account: Option<&str>) -> Self {
        let wish = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Locale::from_accept_language);
        let locale = cookies::read(headers, cookies::LOCALE)
            .and_then(Locale::from_tag)
            .or_else(|| account.and_then(Locale::from_tag))
            .or_else(wish)
            .unwrap_or_default();
        let theme = cookies::read(headers, cookies::THEME).and_then(Theme::from_word).unwrap_or_default();
        // A name that nobody knows, of whatever length, is looked up in a table and leads nowhere.
        let zone =
            cookies::read(headers, cookies::ZONE).and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        Self { locale, theme, zone }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_choice_of_the_person_goes_before_the_account_and_the_account_before_the_browser() {
        let mut headers = HeaderMap::new();
        assert_eq!(Preferences::from_parts(&headers, None).locale, Locale::ENGLISH);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        assert_eq!(Preferences::from_parts(&headers, None).locale, Locale::french());
        assert_eq!(Preferences::from_parts(&headers, Some("en")).locale, Locale::ENGLISH);
        headers
            .insert(header::COOKIE, HeaderValue::from_static("esp-locale=fr; esp-theme=dark; esp-zone=Europe/Paris"));
        let chosen = Preferences::from_parts(&headers, Some("en"));
        let zone = TimeZone::get("Europe/Paris").unwrap();
        assert_eq!(chosen, Preferences { locale: Locale::french(), theme: Theme::Dark, zone });
    }

    #[test]
    fn a_zone_that_nobody_knows_is_utc() {
        for name in ["", "Nowhere/Atlantis", "../../etc/passwd", "+25:00"] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&format!("esp-zone={name}")).unwrap());
            assert_eq!(Preferences::from_parts(&headers, None).zone, TimeZone::UTC, "{name}");
        }
    }
}
