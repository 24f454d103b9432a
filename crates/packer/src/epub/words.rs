//! Counting words: the words of Unicode Standard Annex 29. A run of letters or digits is one word; of Chinese and
//! Japanese each ideograph and each hiragana counts as one, as word processors count them.

use roxmltree::Node;
use unicode_segmentation::UnicodeSegmentation;

use crate::xml::namespace;

/// Elements that stand inside a word or a line and do not part words.
const INLINE: [&str; 31] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
];

/// The words in the body of an XHTML document.
pub fn count(root: Node<'_, '_>) -> u64 {
    let Some(body) = root.children().find(|node| node.has_tag_name((namespace::XHTML, "body"))) else { return 0 };
    let (mut words, mut run) = (0, String::new());
    let mut parent = None;
    for node in body.descendants() {
        if node.is_element() {
            if !is_inline(node) {
                words += flush(&mut run);
            }
        } else if node.is_text() && !is_hidden(node) {
            // Coming back out of a block parts words as entering one does.
            let block = node.ancestors().skip(1).find(|node| !is_inline(*node)).map(|node| node.id());
            if block != parent {
                words += flush(&mut run);
                parent = block;
            }
            run.push_str(node.text().unwrap_or_default());
        }
    }
    words + flush(&mut run)
}

fn is_inline(node: Node<'_, '_>) -> bool {
    INLINE.binary_search(&node.tag_name().name()).is_ok()
}

fn is_hidden(node: Node<'_, '_>) -> bool {
    node.parent()
        .is_some_and(|parent| matches!(parent.tag_name().name(), "script" | "style" | "rt" | "rp" | "annotation"))
}

fn flush(run: &mut String) -> u64 {
    let words = words(run);
    run.clear();
    words
}

/// The words of a text. A blank is always between two, so that what stands between blanks is counted by itself, and
/// most of it by the few rules that matter to letters, digits and the signs of prose.
fn words(text: &str) -> u64 {
    let parts = text.split_ascii_whitespace();
    let count = |part: &str| plain_words(part).unwrap_or_else(|| part.unicode_words().count() as u64);
    parts.map(|part| if is_one_word(part) { 1 } else { count(part) }).sum()
}

/// True for letters, perhaps with one sign of prose behind them: most of a book, told at a glance.
fn is_one_word(part: &str) -> bool {
    let ([letters @ .., b',' | b'.' | b';' | b':' | b'!' | b'?'] | letters) = part.as_bytes();
    !letters.is_empty() && letters.iter().all(u8::is_ascii_alphabetic)
}

/// The words of a text without blanks: letters, digits and `_` stay together, with what may stand between two letters or
/// two digits (rules WB5 to WB13b of the annex). Nothing for a text that needs other rules.
fn plain_words(text: &str) -> Option<u64> {
    let (mut words, mut is_open, mut is_counted, mut before) = (0, false, false, OTHER);
    let mut signs = text.chars().map(sign).peekable();
    while let Some(sign) = signs.next() {
        let sign = sign?;
        if sign.is_ascii_alphanumeric() || sign == b'_' {
            is_counted &= is_open;
            is_open = true;
            if !is_counted && sign != b'_' {
                words += 1;
                is_counted = true;
            }
        } else if is_open {
            let after = signs.peek().copied().flatten().unwrap_or(OTHER);
            let letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
            let digits = before.is_ascii_digit() && after.is_ascii_digit();
            is_open = match sign {
                b'.' | b'\'' => letters || digits,
                b':' => letters,
                b',' | b';' => digits,
                _ => false,
            };
        }
        before = sign;
    }
    Some(words)
}

/// Stands for everything that parts words.
const OTHER: u8 = b'-';

/// The sign of ASCII that parts words as a character does; nothing for one of which that is not known here.
fn sign(character: char) -> Option<u8> {
    match character {
        '\0'..='\x7f' => u8::try_from(character).ok(),
        '‘' | '’' => Some(b'.'),
        '\u{a0}' | '«' | '»' | '–' | '—' | '“' | '”' | '…' => Some(OTHER),
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ' | 'А'..='я' | 'ѐ'..='ѿ' => Some(b'a'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        limits::Limits,
        xml::{Text, Tree},
    };

    fn words_in(body: &str) -> u64 {
        let source = format!(
            "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>no</title></head><body>{body}</body></html>"
        );
        let text = Text::decode(source.as_bytes(), &Limits::default()).unwrap();
        count(Tree::parse(&text, &Limits::default()).unwrap().root())
    }

    #[test]
    fn words_are_counted_across_inline_elements_and_parted_by_blocks() {
        assert_eq!(words_in("<p>Sch<b>ool</b> bell</p><p>rings</p>"), 3);
        assert_eq!(words_in("<div>one<p>two</p>three</div>"), 3);
        assert_eq!(words_in("It’s 3.5 o’clock — <script>var x</script>now."), 4);
    }

    proptest::proptest! {
        #[test]
        fn the_count_is_that_of_the_annex(text in "([ -~]|[a-z0-9_.,:;' ‘’“”–—…«»éßſÀÿ×÷Жяѿ\u{a0}\n\t戦\u{301}\u{93e}]){0,40}") {
            proptest::prop_assert_eq!(super::words(&text), text.unicode_words().count() as u64);
        }
    }

    #[test]
    fn scripts_without_spaces_are_counted_too() {
        assert_eq!(words_in("<p>戦争と平和</p>"), 5);
        assert_eq!(words_in("<p>Война и мир</p>"), 3);
    }
}
