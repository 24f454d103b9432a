//! Several renditions of one publication in one container (EPUB Multiple-Rendition Publications 1.1).

use std::collections::HashSet;

use super::{
    markup::{self, MarkupFault},
    package::Package,
    reader::Reader,
    url,
};
use crate::{
    inspect::InspectError,
    xml::{Position, Tree, namespace, text_of},
};

/// Where the metadata of the publication as a whole are.
pub const METADATA: &str = "META-INF/metadata.xml";

/// What the container says of several renditions.
#[derive(Debug, Clone, Default)]
pub struct Renditions {
    /// The package documents beside the first: the path of each, and its `dc:type`.
    pub others: Vec<(String, Vec<String>)>,
    /// Paths that those package documents declare.
    pub other_items: HashSet<String>,
    /// The metadata of the publication as a whole.
    pub metadata: Option<WholeMetadata>,
    /// Links of the container to documents that map one rendition to another, with their places.
    pub mappings: Vec<(String, Position)>,
    /// What is wrong in those documents, with their paths.
    pub mapping_faults: Vec<(String, MarkupFault)>,
}

/// What `META-INF/metadata.xml` says.
#[derive(Debug, Clone, Default)]
pub struct WholeMetadata {
    /// True when its `unique-identifier` names a `dc:identifier` that is there.
    pub has_identifier: bool,
    /// How often it says when it was modified.
    pub modified: usize,
    /// Each `dc:type`.
    pub types: Vec<String>,
    /// Where it begins.
    pub at: Position,
}

/// Reads what there is beside the first rendition.
pub(super) fn read<'r>(
    reader: &mut Reader<'_>,
    container: Option<&Tree<'_>>,
    packages: impl Iterator<Item = &'r str>,
) -> Result<Renditions, InspectError> {
    let mut renditions = Renditions::default();
    for path in packages {
        let text = reader.text(path)?;
        let Some(tree) = reader.tree(path, text.as_ref()) else { continue };
        let package = Package::read(path, &tree, reader.limits);
        renditions.others.push((path.to_owned(), package.dc("type").map(|meta| meta.text.clone()).collect()));
        renditions.other_items.extend(package.items.into_iter().filter_map(|item| item.path));
    }
    let Some(container) = container.filter(|_| !renditions.others.is_empty()) else { return Ok(renditions) };
    let text = reader.text(METADATA)?;
    renditions.metadata = reader.tree(METADATA, text.as_ref()).map(|tree| WholeMetadata::of(&tree));
    let links = container.root().descendants().filter(|node| node.has_tag_name((namespace::CONTAINER, "link")));
    for link in
        links.filter(|link| link.attribute("rel").is_some_and(|rel| rel.split_whitespace().any(|one| one == "mapping")))
    {
        renditions.mappings.push((link.attribute("href").unwrap_or_default().to_owned(), container.position(link)));
    }
    for (href, _) in &renditions.mappings {
        let url::Link::Inside(inside) = url::resolve("", href) else { continue };
        let text = reader.text(&inside.path)?;
        if let Some(tree) = reader.tree(&inside.path, text.as_ref()) {
            let faults = markup::check_mapping(&tree).into_iter();
            renditions.mapping_faults.extend(faults.map(|fault| (inside.path.clone(), fault)));
        }
    }
    Ok(renditions)
}

impl WholeMetadata {
    fn of(tree: &Tree<'_>) -> Self {
        let root = tree.root();
        let unique = root.attribute("unique-identifier").map(str::trim);
        let dublin_core =
            |name: &'static str| root.children().filter(move |node| node.has_tag_name((namespace::DUBLIN_CORE, name)));
        let is_modified = |property: &str| property.trim() == "dcterms:modified";
        Self {
            has_identifier: unique.is_some()
                && dublin_core("identifier").any(|node| node.attribute("id") == unique && !text_of(node).is_empty()),
            modified: root.children().filter(|node| node.attribute("property").is_some_and(is_modified)).count(),
            types: dublin_core("type").map(text_of).collect(),
            at: tree.position(root),
        }
    }
}
