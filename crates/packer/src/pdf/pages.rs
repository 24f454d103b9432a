//! The pages: how many, how large, and what fonts they are set in.

use std::collections::{BTreeMap, HashSet};

use super::{
    file::{PdfFile, Stop},
    object::{Dictionary, Object, Reference},
};
use crate::limits::Limits;

/// Fonts that are listed.
const MOST_FONTS: usize = 1_000;

/// What the pages say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pages {
    /// How many the root of their tree counts.
    pub(super) counted: Option<u32>,
    /// How many were found; fewer than there are when a limit was reached.
    pub(super) found: u32,
    /// True when not all were looked at.
    pub(super) is_cut: bool,
    /// Width and height of the first, in points.
    pub(super) first_size: Option<(f64, f64)>,
    /// The first page with its resources.
    pub(super) first: Option<(Dictionary, Dictionary)>,
    /// Fonts by name, and whether each is embedded.
    pub(super) fonts: BTreeMap<String, bool>,
}

/// Walks the tree of pages. Damage ends the walk where it is; what was found stays.
pub(super) fn read(file: &mut PdfFile<'_>, root: &Dictionary, limits: &Limits, pages: &mut Pages) -> Result<(), Stop> {
    let tree = file.table(root, "Pages")?;
    pages.counted = file.value(&tree, "Count")?.integer().and_then(|count| u32::try_from(count).ok());
    let mut seen: HashSet<Reference> = root.get("Pages").and_then(Object::reference).into_iter().collect();
    let mut fonts_seen = HashSet::new();
    // The next node is the last of the list; each comes with what it inherits.
    let mut waiting = vec![(tree, Inherited::default())];
    while let Some((node, inherited)) = waiting.pop() {
        let inherited = inherited.with(file, &node)?;
        if let Object::Array(kids) = file.value(&node, "Kids")? {
            for kid in kids.iter().rev() {
                if waiting.len() >= limits.pdf_pages {
                    pages.is_cut = true;
                    break;
                }
                if kid.reference().is_some_and(|reference| !seen.insert(reference)) {
                    continue;
                }
                if let Object::Dictionary(kid) = file.resolve(kid)? {
                    waiting.push((kid, inherited.clone()));
                }
            }
            continue;
        }
        if pages.found as usize >= limits.pdf_pages {
            pages.is_cut = true;
            return Ok(());
        }
        pages.found += 1;
        if pages.first.is_none() {
            pages.first_size = inherited.size;
            pages.first = Some((node.clone(), inherited.resources.clone()));
        }
        fonts(file, &inherited.resources, &mut fonts_seen, pages)?;
    }
    Ok(())
}

/// What a page has from the nodes above it (ISO 32000-2, 7.7.3.4).
#[derive(Debug, Clone, Default)]
struct Inherited {
    size: Option<(f64, f64)>,
    resources: Dictionary,
}

impl Inherited {
    fn with(mut self, file: &mut PdfFile<'_>, node: &Dictionary) -> Result<Self, Stop> {
        if let Object::Dictionary(resources) = file.value(node, "Resources")? {
            self.resources = resources;
        }
        if let Object::Array(sides) = file.value(node, "MediaBox")? {
            let sides: Vec<f64> = sides.iter().filter_map(Object::number).collect();
            if let [left, bottom, right, top] = sides[..] {
                self.size = Some(((right - left).abs(), (top - bottom).abs()));
            }
        }
        Ok(self)
    }
}

fn fonts(
    file: &mut PdfFile<'_>,
    resources: &Dictionary,
    seen: &mut HashSet<Reference>,
    pages: &mut Pages,
) -> Result<(), Stop> {
    let table = file.table(resources, "Font")?;
    for (_, font) in &table.0 {
        if font.reference().is_some_and(|reference| !seen.insert(reference)) || pages.fonts.len() >= MOST_FONTS {
            continue;
        }
        let font = file.resolve(font)?;
        let Some(font) = font.dictionary() else { continue };
        let name = file.value(font, "BaseFont")?;
        let Some(name) = name.name().map(|name| String::from_utf8_lossy(name).into_owned()) else { continue };
        let is_embedded = is_embedded(file, font)?;
        let known = pages.fonts.entry(name).or_insert(true);
        *known &= is_embedded;
    }
    Ok(())
}

/// A font of drawings (Type 3) is always in the file; a composite one has its descriptor one level deeper.
fn is_embedded(file: &mut PdfFile<'_>, font: &Dictionary) -> Result<bool, Stop> {
    if font.is("Subtype", "Type3") {
        return Ok(true);
    }
    let mut font = font.clone();
    if let Object::Array(descendants) = file.value(&font, "DescendantFonts")?
        && let Some(first) = descendants.first()
        && let Object::Dictionary(descendant) = file.resolve(first)?
    {
        font = descendant;
    }
    let descriptor = file.table(&font, "FontDescriptor")?;
    Ok(["FontFile", "FontFile2", "FontFile3"].iter().any(|name| descriptor.get(name).is_some()))
}
