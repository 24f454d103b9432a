//! Numbers and sizes as a language writes them.

use super::Texts;

/// Between groups of three digits, and between a number and its unit, where a line must not break.
const NARROW_NO_BREAK_SPACE: char = '\u{202f}';
const NO_BREAK_SPACE: char = '\u{a0}';

/// A thousand times the one before, by their symbols of ISO/IEC 80000-13, which are their keys in the catalogue.
const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];

impl Texts {
    /// A whole number with its digits in groups of three; four digits stand together, as in years.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        if digits.len() < 5 {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() * 2);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(NARROW_NO_BREAK_SPACE);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// What stands before the decimals of a number.
    pub fn decimal_mark(self) -> char {
        self.say("language.decimal-mark").chars().next().unwrap_or('.')
    }

    /// A number of bytes in decimal units, three figures at most.
    pub fn size(self, bytes: u64) -> String {
        let (mut divisor, mut unit) = (1_u64, 0);
        // 999.5 kB and more is already 1.00 MB.
        while unit + 1 < UNITS.len() && bytes >= divisor.saturating_mul(1000) - divisor / 2 {
            divisor *= 1000;
            unit += 1;
        }
        // In tenths of the unit, rounded; half of a step is lost in no type.
        let tenths = (u128::from(bytes) * 10 + u128::from(divisor) / 2) / u128::from(divisor);
        let figure = if unit == 0 {
            bytes.to_string()
        } else if tenths < 100 && !tenths.is_multiple_of(10) {
            format!("{}{}{}", tenths / 10, self.decimal_mark(), tenths % 10)
        } else {
            ((u128::from(bytes) + u128::from(divisor) / 2) / u128::from(divisor)).to_string()
        };
        format!("{figure}{NO_BREAK_SPACE}{}", self.word("unit", UNITS[unit]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn numbers_are_grouped_from_five_digits_on() {
        let texts = Texts::of(Locale::ENGLISH);
        assert_eq!(texts.number(2014), "2014");
        assert_eq!(texts.number(32_614), "32\u{202f}614");
        assert_eq!(texts.number(u64::MAX), "18\u{202f}446\u{202f}744\u{202f}073\u{202f}709\u{202f}551\u{202f}615");
    }

    #[test]
    fn sizes_keep_three_figures_and_the_unit_of_the_language() {
        let english = Texts::of(Locale::ENGLISH);
        let french = Texts::of(Locale::french());
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1 kB"),
            (1500, "1.5 kB"),
            (533_214, "533 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (5_000_000, "5 MB"),
            (u64::MAX, "18446744 TB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(english.size(bytes).replace('\u{a0}', " "), expected);
        }
        assert_eq!(french.size(1500).replace('\u{a0}', " "), "1,5 ko");
    }
}
