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
    let words = run.unicode_words().count() as u64;
    run.clear();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        limits::Limits,
        xml::{Text, Tree},
    };

    fn words(body: &str) -> u64 {
        let source = format!(
            "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>no</title></head><body>{body}</body></html>"
        );
        let text = Text::decode(source.as_bytes(), &Limits::default()).unwrap();
        count(Tree::parse(&text, &Limits::default()).unwrap().root())
    }

    #[test]
    fn words_are_counted_across_inline_elements_and_parted_by_blocks() {
        assert_eq!(words("<p>Sch<b>ool</b> bell</p><p>rings</p>"), 3);
        assert_eq!(words("<div>one<p>two</p>three</div>"), 3);
        assert_eq!(words("It’s 3.5 o’clock — <script>var x</script>now."), 4);
    }

    #[test]
    fn scripts_without_spaces_are_counted_too() {
        assert_eq!(words("<p>戦争と平和</p>"), 5);
        assert_eq!(words("<p>Война и мир</p>"), 3);
    }
}
