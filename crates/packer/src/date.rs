//! Calendar dates of releases.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A day in the range that every archive format can store: 1980-01-01 to 2107-12-31.
///
/// ZIP and RAR headers hold DOS dates, which know no other years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseDate {
    year: u16,
    month: u8,
    day: u8,
}

/// Why a text is no release date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not of the form `YYYY-MM-DD`.
    #[error("a date is written YYYY-MM-DD, not `{0}`")]
    Form(String),
    /// No such day, or a year that archives cannot store.
    #[error("`{0}` is not a day between 1980-01-01 and 2107-12-31")]
    Range(String),
}

impl ReleaseDate {
    /// The day, or `None` when the calendar or the range does not have it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1980..=2107).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// The day in UTC that holds this instant, given in seconds since 1970-01-01T00:00:00Z.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        // Civil-from-days after Howard Hinnant's "chrono-compatible low-level date algorithms".
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Midnight of the day in UTC, in seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> u64 {
        // Days-from-civil, the inverse of the above; years begin in March, so that the leap day is the last.
        let (year, month) = (u64::from(self.year), u64::from(self.month));
        let year = if month <= 2 { year - 1 } else { year };
        let shifted_month = (month + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + u64::from(self.day) - 1;
        let (era, year_of_era) = (year / 400, year % 400);
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (era * 146_097 + day_of_era - 719_468) * 86_400
    }

    /// 1980 to 2107.
    pub fn year(self) -> u16 {
        self.year
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The date half of a DOS time stamp: seven bits of years since 1980, four of month, five of day.
    pub fn dos(self) -> u16 {
        ((self.year - 1980) << 9) | (u16::from(self.month) << 5) | u16::from(self.day)
    }
}

impl fmt::Display for ReleaseDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for ReleaseDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let form = || DateError::Form(text.to_owned());
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<u16> {
            let part = text.get(range)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(form());
        }
        let (year, month, day) = (digits(0..4), digits(5..7), digits(8..10));
        let (Some(year), Some(month), Some(day)) = (year, month, day) else { return Err(form()) };
        let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
        Self::new(year, small(month), small(day)).ok_or_else(|| DateError::Range(text.to_owned()))
    }
}

impl TryFrom<String> for ReleaseDate {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<ReleaseDate> for String {
    fn from(date: ReleaseDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_range_is_reached_from_its_seconds_and_printed_as_it_is_parsed() {
        let mut seconds = 315_532_800; // 1980-01-01
        let mut last = ReleaseDate::from_unix_seconds(seconds).unwrap();
        assert_eq!(last.to_string(), "1980-01-01");
        loop {
            seconds += 86_400;
            let Some(day) = ReleaseDate::from_unix_seconds(seconds) else { break };
            assert!(day > last);
            assert_eq!(day.to_string().parse(), Ok(day));
            last = day;
        }
        assert_eq!(last.to_string(), "2107-12-31");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in
            ["2024-2-3", "2023-02-29", "1979-12-31", "2108-01-01", "2024-13-01", "aaaa-bb-cc", "2024-01-011", ""]
        {
            assert!(text.parse::<ReleaseDate>().is_err(), "{text}");
        }
    }
}
