//! The outline, which is the table of contents (ISO 32000-2, 12.3.3).

use std::collections::HashSet;

use super::{
    file::{PdfFile, Stop},
    object::{Dictionary, Object, Reference},
    text,
};
use crate::{inspect::Chapter, limits::Limits};

/// Levels of an outline.
const DEEPEST: u16 = 32;

/// Reads the outline into `chapters`; a circle in it is followed once.
pub(super) fn read(
    file: &mut PdfFile<'_>,
    root: &Dictionary,
    limits: &Limits,
    chapters: &mut Vec<Chapter>,
) -> Result<(), Stop> {
    let outlines = file.table(root, "Outlines")?;
    let mut seen: HashSet<Reference> = HashSet::new();
    let mut waiting: Vec<(Option<Object>, u16)> = vec![(outlines.get("First").cloned(), 0)];
    while let Some((item, depth)) = waiting.pop() {
        let Some(item) = item else { continue };
        if item.reference().is_none_or(|reference| !seen.insert(reference)) || chapters.len() >= limits.pdf_outline {
            continue;
        }
        let Object::Dictionary(item) = file.resolve(&item)? else { continue };
        if let Some(label) = file.value(&item, "Title")?.string().and_then(text::decode) {
            chapters.push(Chapter { label, depth });
        }
        // What stands below comes before what stands beside.
        waiting.push((item.get("Next").cloned(), depth));
        if depth < DEEPEST {
            waiting.push((item.get("First").cloned(), depth + 1));
        }
    }
    Ok(())
}
