//! Instants and days as a language writes them, where the reader sits. In UTC, and said to be, until the browser has told
//! where that is, and in letters.

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use leptos::prelude::use_context;

use super::Texts;

impl Texts {
    /// The day and the minute of an instant given in milliseconds since 1970; nothing when no calendar has it.
    pub fn moment(self, milliseconds: i64) -> String {
        let Some(time) = local(milliseconds) else { return String::new() };
        format!("{}, {}", self.date(time.date()), minute(&time))
    }

    /// The minute of an instant given in milliseconds since 1970.
    pub fn clock(self, milliseconds: i64) -> String {
        local(milliseconds).map(|time| minute(&time)).unwrap_or_default()
    }

    /// The second of an instant given in milliseconds since 1970.
    pub fn second(self, milliseconds: i64) -> String {
        let Some(time) = local(milliseconds) else { return String::new() };
        format!("{:02}:{:02}:{:02}{}", time.hour(), time.minute(), time.second(), zone(&time))
    }

    /// The day of an instant given in milliseconds since 1970.
    pub fn day(self, milliseconds: i64) -> String {
        local(milliseconds).map(|time| self.date(time.date())).unwrap_or_default()
    }

    /// A time that something took.
    pub fn duration(self, milliseconds: i64) -> String {
        let seconds = milliseconds.max(0) / 1000;
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, 0) => "< 1 s".to_owned(),
            (0, 0, seconds) => format!("{seconds} s"),
            (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
            (hours, minutes, _) => format!("{hours} h {minutes} min"),
        }
    }

    fn date(self, date: Date) -> String {
        let month = self.word("month", &date.month().to_string());
        let form = if date.day() == 1 { "language.first-day" } else { "language.day" };
        self.say_with(form, &[("day", &date.day()), ("month", &month), ("year", &date.year())])
    }
}

/// An instant as `<time datetime>` wants it.
pub fn machine_time(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map(|time| time.to_string()).unwrap_or_default()
}

fn local(milliseconds: i64) -> Option<Zoned> {
    let zone = use_context::<TimeZone>().unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(milliseconds).ok().map(|time| time.to_zoned(zone))
}

fn minute(time: &Zoned) -> String {
    format!("{:02}:{:02}{}", time.hour(), time.minute(), zone(time))
}

/// The reader's own zone needs no name.
fn zone(time: &Zoned) -> &'static str {
    if *time.time_zone() == TimeZone::UTC { " UTC" } else { "" }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Owner, provide_context};

    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn a_moment_is_written_in_the_readers_language() {
        let instant = 1_763_856_240_000; // 2025-11-23T00:04:00Z
        assert_eq!(Texts::of(Locale::ENGLISH).moment(instant), "23 November 2025, 00:04 UTC");
        assert_eq!(Texts::of(Locale::french()).second(instant), "00:04:00 UTC");
        assert_eq!(Texts::of(Locale::french()).day(instant), "23 novembre 2025");
        assert_eq!(Texts::of(Locale::french()).day(1_762_000_000_000), "1er novembre 2025");
        assert_eq!(machine_time(instant), "2025-11-23T00:04:00Z");
    }

    #[test]
    fn a_moment_is_written_where_the_reader_sits() {
        let instant = 1_763_856_240_000; // 2025-11-23T00:04:00Z
        Owner::new().with(|| {
            provide_context(TimeZone::get("America/New_York").unwrap());
            let texts = Texts::of(Locale::ENGLISH);
            assert_eq!(texts.moment(instant), "22 November 2025, 19:04");
            assert_eq!((texts.day(instant), texts.clock(instant)), ("22 November 2025".to_owned(), "19:04".to_owned()));
        });
    }

    #[test]
    fn an_instant_beyond_every_calendar_is_left_out() {
        assert_eq!(Texts::of(Locale::ENGLISH).moment(i64::MAX), "");
        assert_eq!(machine_time(i64::MIN), "");
    }

    #[test]
    fn a_duration_shows_its_two_largest_units() {
        let texts = Texts::of(Locale::ENGLISH);
        assert_eq!(texts.duration(400), "< 1 s");
        assert_eq!(texts.duration(61_000), "1 min 1 s");
        assert_eq!(texts.duration(3_660_000), "1 h 1 min");
        assert_eq!(texts.duration(-5), "< 1 s");
    }
}
