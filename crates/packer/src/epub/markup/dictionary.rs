//! The content model of dictionaries (EPUB Dictionaries and Glossaries 1.0, 2.3).

use super::{Faults, has_type, html::is_xhtml};
use crate::xml::Tree;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let elements = || tree.root().descendants().filter(|node| is_xhtml(*node));
    for dictionary in elements().filter(|node| has_type(*node, "dictionary")) {
        let within = |name: &'static str| {
            dictionary.descendants().filter(move |node| is_xhtml(*node) && node.tag_name().name() == name)
        };
        if within("article").next().is_none() {
            let data = [("element", "article"), ("parent", dictionary.tag_name().name())];
            faults.error(tree.position(dictionary), "element-missing", &data);
        }
        for article in within("article") {
            if !article.descendants().any(|node| is_xhtml(node) && node.tag_name().name() == "dfn") {
                faults.error(tree.position(article), "element-missing", &[("element", "dfn"), ("parent", "article")]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn a_dictionary_has_articles_and_an_article_says_of_what() {
        for (body, expected) in [
            ("<section epub:type=\"dictionary\"><article><p><dfn>a</dfn></p></article></section>", &[][..]),
            ("<section><h1>Of no dictionary</h1></section>", &[][..]),
            ("<section epub:type=\"dictionary\"><p><dfn>a</dfn></p></section>", &["element-missing"][..]),
            ("<section epub:type=\"dictionary\"><article><p>a</p></article></section>", &["element-missing"][..]),
        ] {
            assert_eq!(proof::found(&proof::xhtml(body), check), expected, "{body}");
        }
    }
}
