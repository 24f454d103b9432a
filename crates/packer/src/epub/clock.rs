//! Clock values of media overlays (SMIL 3.0, 5.4.3, in the forms that EPUB 3.3, 9.3.2.4 allows).

/// Seconds of `1:02:03.5`, `02:03.5`, `3.5s`, `2min`, `1h`, `500ms` or `3.5`; nothing when it is none.
pub fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.contains(':') {
        let parts: Vec<&str> = text.split(':').collect();
        let (hours, minutes, rest) = match parts[..] {
            [hours, minutes, rest] => (whole(hours)?, minutes, rest),
            [minutes, rest] => (0.0, minutes, rest),
            _ => return None,
        };
        let two_digits = |part: &str| part.split('.').next().is_some_and(|digits| digits.len() == 2);
        let (minutes, seconds) = (Some(minutes).filter(|part| part.len() == 2).and_then(whole)?, decimal(rest)?);
        let fits = two_digits(rest) && minutes < 60.0 && seconds < 60.0;
        return fits.then_some(hours * 3600.0 + minutes * 60.0 + seconds);
    }
    let units = [("ms", 0.001), ("min", 60.0), ("h", 3600.0), ("s", 1.0)];
    let (number, unit) =
        units.into_iter().find_map(|(word, unit)| Some((text.strip_suffix(word)?, unit))).unwrap_or((text, 1.0));
    Some(decimal(number)? * unit)
}

fn whole(text: &str) -> Option<f64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Digits, and a fraction that has a digit on both sides.
fn decimal(text: &str) -> Option<f64> {
    match text.split_once('.') {
        Some((before, after)) => {
            whole(before)?;
            whole(after)?;
            text.parse().ok()
        }
        None => whole(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_no_other() {
        for (text, expected) in [
            ("1:02:03.5", 3723.5),
            ("02:03", 123.0),
            ("3.5s", 3.5),
            ("2min", 120.0),
            ("0.5h", 1800.0),
            ("500ms", 0.5),
            ("7", 7.0),
        ] {
            assert!(seconds(text).is_some_and(|found| (found - expected).abs() < 1e-9), "{text}");
        }
        for text in
            ["", "0:00:60", "0:200:00", "10m", "100:00", ".5s", "00:00:10ms", "0:01:30,200", "45mon", "-1s", "1.s"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
