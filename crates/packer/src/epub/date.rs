//! Dates as EPUB writes them: the W3C's profile of ISO 8601.

/// True for `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, and a day with a time and its zone.
pub fn is_w3cdtf(text: &str) -> bool {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let is_date = match parts[..] {
        [year] => number(year, 4).is_some(),
        [year, month] => number(year, 4).is_some() && is_month(month),
        [year, month, day] => is_day(year, month, day),
        _ => false,
    };
    is_date && time.is_none_or(|time| parts.len() == 3 && is_time(time))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_month(text: &str) -> bool {
    number(text, 2).is_some_and(|month| (1..=12).contains(&month))
}

fn is_day(year: &str, month: &str, day: &str) -> bool {
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.s`, and `Z` or an offset.
fn is_time(text: &str) -> bool {
    let (time, zone) = match text.find(['Z', '+', '-']) {
        Some(place) => text.split_at(place),
        None => return false,
    };
    let is_zone = zone == "Z" || zone[1..].split_once(':').is_some_and(|(hours, minutes)| is_clock(hours, minutes));
    let mut parts = time.split(':');
    let (Some(hours), Some(minutes), seconds, None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_second = seconds.is_none_or(|seconds| {
        let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
        number(whole, 2).is_some_and(|second| second < 60)
            && !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_zone && is_clock(hours, minutes) && is_second
}

fn is_clock(hours: &str, minutes: &str) -> bool {
    number(hours, 2).is_some_and(|hour| hour < 24) && number(minutes, 2).is_some_and(|minute| minute < 60)
}

#[cfg(test)]
mod tests {
    use super::is_w3cdtf;

    #[test]
    fn dates_of_every_precision_are_known() {
        for good in [
            "1895",
            "1895-05",
            "1895-05-07",
            "2014-05-25T00:00:00Z",
            "2014-05-25T00:00+02:00",
            "2014-05-25T00:00:00.5Z",
        ] {
            assert!(is_w3cdtf(good), "{good}");
        }
        for bad in [
            "",
            "95",
            "1895-13",
            "1895-02-30",
            "1895-5-7",
            "2014-05T00:00Z",
            "2014-05-25T00:00",
            "May 1895",
            "2014-05-25T00:00é",
        ] {
            assert!(!is_w3cdtf(bad), "{bad}");
        }
    }
}
