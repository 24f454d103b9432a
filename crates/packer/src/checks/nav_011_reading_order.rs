//! The table of contents is not in reading order.
//!
//! Why: Those who follow the list go back and forth.
//!
//! Fix: Put the entries in the order of the book.

use std::collections::HashMap;

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NAV-011", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(navigation) = publication.navigation.as_ref().filter(|_| !publication.has_dropped_links) else { return };
    let mut spine = HashMap::new();
    for (index, (_, item)) in publication.spine().enumerate() {
        if let Some(path) = item.path.as_deref() {
            spine.entry(path).or_insert(index);
        }
    }
    let mut ids: HashMap<&str, HashMap<&str, usize>> = HashMap::new();
    let mut last = (0, 0);
    for link in &navigation.contents {
        let Some(href) = link.href.as_deref() else { continue };
        let Link::Inside(inside) = url::resolve(&navigation.path, href) else { continue };
        let (Some(index), Some(content)) = (spine.get(inside.path.as_str()), publication.content(&inside.path)) else {
            continue;
        };
        let order = ids
            .entry(content.path.as_str())
            .or_insert_with(|| content.ids.iter().enumerate().map(|(order, id)| (id.as_str(), order + 1)).collect());
        let fragment = inside.fragment.as_deref().filter(|fragment| !fragment.is_empty());
        let place_in_document = match fragment.map(|fragment| order.get(fragment)) {
            None => 0,
            Some(Some(order)) => *order,
            // RSC-012 tells what is not there.
            Some(None) => continue,
        };
        let current = (*index, place_in_document);
        if current < last {
            report.add(place(&navigation.path, link.at), &[("list", "toc"), ("href", href)]);
        }
        last = current;
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, NAVIGATION},
        checks::proof::fires,
    };

    #[test]
    fn a_chapter_before_its_time_is_told() {
        fires(
            RULE.code,
            &Book::epub3().body("<p id=\"two\">x</p>").edit(
                NAVIGATION,
                "<li><a href=\"chapter.xhtml\">",
                "<li><a href=\"chapter.xhtml#two\">Two</a></li>\n<li><a href=\"chapter.xhtml#one\">",
            ),
            &[(NAVIGATION, 9)],
        );
    }
}
