//! From transliterated text to the words of a name.

use std::collections::HashSet;

/// The words of a text in ASCII, joined by the separator, in the characters that a name allows. Empty when the text
/// has neither a letter nor a digit.
///
/// Quotes and apostrophes go without a trace (`Don't` is `Dont`); every other forbidden mark parts two words, and so
/// does a bracket without its other half, which a shortened title leaves.
pub(super) fn words(latin: &str, separator: char) -> String {
    let is_quote = |character: &char| matches!(character, '\'' | '"' | '`');
    let lone = lone_brackets(latin);
    let kept = latin.char_indices().filter(|(_, character)| !is_quote(character));
    let spaced: String =
        kept.map(|(at, character)| if lone.contains(&at) { ' ' } else { kept_or_space(character) }).collect();
    let words: Vec<&str> = spaced
        .split(' ')
        .map(|word| word.trim_matches('-'))
        .filter(|word| word.bytes().any(|byte| byte.is_ascii_alphanumeric()))
        .collect();
    words.join(separator.encode_utf8(&mut [0; 4]))
}

/// Where the brackets stand that nothing closes or opens.
fn lone_brackets(text: &str) -> HashSet<usize> {
    let mut open = Vec::new();
    let mut lone = HashSet::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' => open.push(at),
            ')' if open.pop().is_none() => {
                lone.insert(at);
            }
            _ => {}
        }
    }
    lone.extend(open);
    lone
}

fn kept_or_space(character: char) -> char {
    if character.is_ascii_alphanumeric() || "()-".contains(character) { character } else { ' ' }
}

/// The words that fit into so many characters: whole words from the start, or the start of the first.
pub(super) fn shortened(words: &str, separator: char, longest: usize) -> &str {
    if words.len() <= longest {
        return words;
    }
    // One more character is looked at: the words fit when a separator stands right behind them.
    match words[..=longest].rfind(separator) {
        Some(end) if end > 0 => &words[..end],
        _ => &words[..longest],
    }
}

/// True when one of the words is this one, whatever its case.
pub(super) fn has_word(words: &str, separator: char, word: &str) -> bool {
    words.split([separator, '-', '(', ')']).any(|part| part.eq_ignore_ascii_case(word))
}
