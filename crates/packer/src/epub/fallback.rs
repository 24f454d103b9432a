//! Chains of fallbacks in the manifest.

use super::package::{Item, Package};
use crate::limits::Limits;

/// Media types of pages: of EPUB 3, or of EPUB 2 with its predecessors.
pub fn is_content(kind: &str, is_epub2: bool) -> bool {
    match kind {
        "application/xhtml+xml" | "image/svg+xml" => true,
        "application/x-dtbook+xml" | "text/x-oeb1-document" | "text/html" => is_epub2,
        _ => false,
    }
}

/// The item, then each that it falls back on: at most [`Limits::fallbacks`], so that a circle ends too.
pub fn chain<'a>(package: &'a Package, item: &'a Item, limits: &Limits) -> impl Iterator<Item = &'a Item> {
    std::iter::successors(Some(item), |one| one.fallback.as_deref().and_then(|id| package.item(id)))
        .take(limits.fallbacks)
}

/// True when the item is a page, or one is along its chain of fallbacks.
pub fn leads_to_content(package: &Package, item: &Item, limits: &Limits) -> bool {
    chain(package, item, limits).any(|item| is_content(&item.kind(), package.is_epub2()))
}
