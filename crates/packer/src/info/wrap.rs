//! Breaking text into lines of so many columns. A wide character counts as two.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of a text.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most `columns` columns, broken between words; a word that is longer than a line (a link, a
/// release name) is broken behind a mark that allows it, else anywhere between two characters. Never empty.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            add_word(&mut lines, &mut line, word, columns);
        }
        lines.push(line);
    }
    lines
}

fn add_word(lines: &mut Vec<String>, line: &mut String, word: &str, columns: usize) {
    let gap = usize::from(!line.is_empty());
    if width(line) + gap + width(word) <= columns {
        if gap == 1 {
            line.push(' ');
        }
        line.push_str(word);
        return;
    }
    if !line.is_empty() {
        lines.push(std::mem::take(line));
    }
    let mut rest = word;
    while width(rest) > columns {
        let end = break_of(rest, columns);
        lines.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    line.push_str(rest);
}

/// Where a word longer than a line is broken: behind the last mark in the second half of the line, else at its end.
fn break_of(word: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut end = 0;
    let mut mark = None;
    for (index, cluster) in word.grapheme_indices(true) {
        used += width(cluster);
        if used > columns && end > 0 {
            break;
        }
        end = index + cluster.len();
        if used * 2 > columns && matches!(cluster, "." | "/" | "-" | "_" | "?" | "&" | "=" | ",") {
            mark = Some(end);
        }
    }
    mark.unwrap_or(end)
}

/// The text with spaces behind it up to so many columns; a text that is longer stays as it is.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text in the middle of so many columns, a little to the left when it does not come out even.
pub fn centred(text: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(width(text));
    format!("{}{text}{}", " ".repeat(gap / 2), " ".repeat(gap - gap / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_no_word_is_lost() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one\n\ntwo", 7), ["one", "", "two"]);
        assert_eq!(wrap("", 7), [""]);
    }

    #[test]
    fn a_long_name_is_broken_behind_a_mark_and_stays_whole() {
        let name = "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP";
        let lines = wrap(name, 20);
        assert_eq!(lines.concat(), name);
        assert_eq!(lines[0], "H.G.Wells.The.Time.");
        assert!(lines.iter().all(|line| width(line) <= 20));
        assert_eq!(wrap(&"x".repeat(9), 4), ["xxxx", "xxxx", "x"]);
    }

    #[test]
    fn a_wide_character_counts_as_two_columns() {
        assert_eq!(width("戦争"), 4);
        assert_eq!(wrap("戦争と平和", 5), ["戦争", "と平", "和"]);
        assert_eq!(padded("戦", 4), "戦  ");
        assert_eq!(centred("戦", 5), " 戦  ");
    }

    #[test]
    fn a_mark_stays_with_its_letter() {
        assert_eq!(wrap("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }
}
