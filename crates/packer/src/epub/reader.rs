//! Reading a publication, in the order in which one part names the next.

use std::collections::{HashMap, HashSet};

use super::{
    container_file, content::Content, cover, css::StyleSheet, encryption, markup, metadata, navigation::Navigation,
    package::Item, package::KEY_MAP, package::Package, profile::EpubProfile, protection, protection::Markers,
    protection::Readability, publication::Extent, publication::Publication, renditions, renditions::Renditions,
    single::Demands, single::Version, url,
};
use crate::{
    checks,
    container::{Container, ReadError},
    format::Format,
    image,
    inspect::{Depth, InspectError, Inspection, Protection},
    limits::Limits,
    metadata::BookMetadata,
    watch::Watch,
    xml::{Fault, Oddity, Position, Text, Tree, namespace},
};

/// Bytes of a file that are looked at to tell what it is.
const HEAD: usize = 4096;
/// More than the bytes of a right `mimetype` file, so that what is too much is seen.
const MIMETYPE: usize = 64;

/// Reads an EPUB whose container is open, and checks it where all of it is read.
pub(crate) fn inspect(
    container: &dyn Container,
    file_name: &str,
    depth: Depth,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    let mut reader = Reader::new(container, limits, watch);
    let mimetype = reader.head("mimetype", MIMETYPE)?;
    let container_text = reader.text("META-INF/container.xml")?;
    let container_tree = reader.tree("META-INF/container.xml", container_text.as_ref());
    let rootfiles = container_tree.as_ref().map(container_file::rootfiles).unwrap_or_default();
    let mut packages = rootfiles.iter().filter_map(|rootfile| rootfile.package_path());
    let path = packages.next().unwrap_or_default();
    let package_text = reader.text(path)?;
    let package_tree = reader.tree(path, package_text.as_ref());
    let package = package_tree.as_ref().map(|tree| Package::read(path, tree, limits));
    let renditions = renditions::read(&mut reader, container_tree.as_ref(), packages)?;
    let (encrypted, markers) = reader.encryption()?;
    reader.secret = encrypted.iter().filter(|one| !one.is_obfuscation()).map(|one| one.path.clone()).collect();
    let read = match depth {
        Depth::Whole(profile) => {
            reader.demands.profile = profile;
            reader.resources(package.as_ref())?
        }
        Depth::Metadata => Resources::default(),
    };
    let protection = protection::decide(container, &encrypted, markers, &reader.readability);

    let mut book = package.as_ref().map(metadata::read).unwrap_or_default();
    complete(&mut book, package.as_ref(), &read);
    let find = |path: &str| reader.paths.get(path).copied();
    let cover = match package.as_ref().filter(|_| depth != Depth::Metadata) {
        Some(package) => cover::read(package, &read.contents, container, find, limits)?,
        None => Ok(None),
    };
    let chapters = read.navigation.as_ref().map(Navigation::chapters).filter(|chapters| !chapters.is_empty());
    let chapters = chapters.or_else(|| read.ncx.as_ref().map(Navigation::chapters)).unwrap_or_default();
    let (cover, cover_fault) = match cover {
        Ok(cover) => (cover, None),
        Err(fault) => (None, Some(fault)),
    };
    let mut publication =
        reader.publication(file_name, &rootfiles, package.as_ref(), package_tree.as_ref(), &book, read);
    publication.has_container_tree = container_tree.is_some();
    publication.mimetype = mimetype;
    publication.renditions = renditions;
    publication.encrypted = encrypted;
    publication.markers = markers;
    publication.protection = protection.clone();
    publication.cover_fault = cover_fault;
    let findings = match depth {
        Depth::Whole(_) => checks::run(&publication, watch),
        Depth::Metadata => Vec::new(),
    };
    drop(publication);
    if watch.is_cancelled() {
        return Err(InspectError::Cancelled);
    }
    Ok(Inspection { format: Format::Epub, metadata: book, cover, chapters, protection, findings })
}

fn declared_types(package: &Package) -> HashMap<String, String> {
    let mut types = HashMap::new();
    for item in &package.items {
        if let Some(path) = item.path.clone() {
            types.entry(path).or_insert_with(|| item.kind());
        }
    }
    types
}

/// What only the documents themselves tell.
fn complete(book: &mut BookMetadata, package: Option<&Package>, read: &Resources) {
    let Some(package) = package else { return };
    let linear: HashSet<&str> = package.spine.iter().filter_map(|reference| reference.id.as_deref()).collect();
    let in_spine = package.items.iter().filter(|item| item.id.as_deref().is_some_and(|id| linear.contains(id)));
    let paths: HashSet<&str> = in_spine.filter_map(|item| item.path.as_deref()).collect();
    let words =
        read.contents.iter().filter(|content| paths.contains(content.path.as_str())).map(|content| content.words);
    book.words = (!read.contents.is_empty()).then(|| words.sum());
    book.spine = u32::try_from(package.spine.len()).ok();
    let lists = [&read.navigation, &read.ncx].into_iter().flatten().filter_map(|list| list.pages.as_ref());
    book.page_list = lists.into_iter().any(|pages| !pages.is_empty());
}

/// What was read of the items of the manifest.
#[derive(Default)]
pub(super) struct Resources {
    contents: Vec<Content>,
    images: HashMap<String, image::ImageHead>,
    navigation: Option<Navigation>,
    ncx: Option<Navigation>,
    has_dropped_links: bool,
    links: usize,
    link_bytes: usize,
    faults: usize,
}

pub(super) struct Reader<'a> {
    container: &'a dyn Container,
    pub(super) limits: &'a Limits,
    watch: &'a dyn Watch,
    paths: HashMap<String, usize>,
    /// Bytes that were unpacked so far: entries may stand for one another, and say nothing of it.
    unpacked: u64,
    /// Paths that are encrypted: what they hold is not looked at.
    secret: HashSet<String>,
    faults: Vec<(String, Fault)>,
    oddities: Vec<(String, Oddity)>,
    unread: Vec<(String, ReadError)>,
    readability: Readability,
    /// By whose rules content documents are judged.
    pub(super) demands: Demands,
}

impl<'a> Reader<'a> {
    pub(super) fn new(container: &'a dyn Container, limits: &'a Limits, watch: &'a dyn Watch) -> Self {
        let mut paths = HashMap::new();
        for (index, entry) in container.entries().iter().enumerate().filter(|(_, entry)| entry.is_utf8) {
            paths.entry(url::canonical(&entry.path)).or_insert(index);
        }
        Self {
            container,
            limits,
            watch,
            paths,
            unpacked: 0,
            secret: HashSet::new(),
            faults: Vec::new(),
            oddities: Vec::new(),
            unread: Vec::new(),
            readability: Readability::default(),
            demands: Demands::default(),
        }
    }

    /// What was read, as the rules see it. What only a whole publication has is left empty.
    pub(super) fn publication<'p>(
        self,
        file_name: &'p str,
        rootfiles: &[container_file::Rootfile],
        package: Option<&'p Package>,
        package_tree: Option<&'p Tree<'p>>,
        book: &'p BookMetadata,
        read: Resources,
    ) -> Publication<'p>
    where
        'a: 'p,
    {
        let profile = package.map_or(self.demands.profile, |package| self.demands.profile.or_declared(package));
        Publication {
            file_name,
            container: self.container,
            extent: Extent::Whole,
            limits: self.limits,
            has_container_file: self.paths.contains_key("META-INF/container.xml"),
            has_container_tree: false,
            paths: self.paths,
            mimetype: None,
            rootfiles: rootfiles.to_vec(),
            package,
            package_tree,
            version: package.map_or(self.demands.version, Version::of),
            profile,
            declared_profile: Some(profile)
                .filter(|profile| *profile != self.demands.profile && *profile != EpubProfile::Default),
            renditions: Renditions::default(),
            book,
            declared_types: package.map(declared_types).unwrap_or_default(),
            faults: self.faults,
            oddities: self.oddities,
            unread: self.unread,
            encrypted: Vec::new(),
            markers: Markers::default(),
            protection: Protection::None,
            secret: self.secret,
            content_index: read.contents.iter().enumerate().map(|(index, one)| (one.path.clone(), index)).collect(),
            contents: read.contents,
            images: read.images,
            navigation: read.navigation,
            ncx: read.ncx,
            has_dropped_links: read.has_dropped_links,
            cover_fault: None,
        }
    }

    fn head(&mut self, path: &str, most: usize) -> Result<Option<Vec<u8>>, InspectError> {
        let Some(index) = self.file(path) else { return Ok(None) };
        match self.container.head(index, most) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ReadError::Io(error)) => Err(error.into()),
            Err(error) => {
                self.unread.push((path.to_owned(), error));
                Ok(Some(Vec::new()))
            }
        }
    }

    fn bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>, InspectError> {
        if self.watch.is_cancelled() {
            return Err(InspectError::Cancelled);
        }
        let Some(index) = self.file(path) else { return Ok(None) };
        let left = self.limits.unpacked_bytes.saturating_sub(self.unpacked);
        match self.container.read(index, self.limits.document_bytes.min(left)) {
            Ok(bytes) => {
                self.unpacked += bytes.len() as u64;
                Ok(Some(bytes))
            }
            Err(ReadError::Io(error)) => Err(error.into()),
            Err(error) => {
                self.unread.push((path.to_owned(), error));
                Ok(None)
            }
        }
    }

    fn file(&self, path: &str) -> Option<usize> {
        let index = *self.paths.get(path)?;
        (!self.container.entries()[index].is_directory).then_some(index)
    }

    pub(super) fn text(&mut self, path: &str) -> Result<Option<Text>, InspectError> {
        let Some(bytes) = self.bytes(path)? else { return Ok(None) };
        match Text::decode(&bytes, self.limits) {
            Ok(text) => {
                self.oddities.extend(text.oddities.iter().map(|oddity| (path.to_owned(), oddity.clone())));
                Ok(Some(text))
            }
            Err(fault) => {
                if matches!(fault, Fault::Malformed { .. }) && is_document(path) {
                    self.readability.add_unreadable(&bytes);
                }
                if let Fault::Encoding(name) = &fault {
                    self.oddities.push((path.to_owned(), Oddity::Encoding(name.clone())));
                }
                self.faults.push((path.to_owned(), fault));
                Ok(None)
            }
        }
    }

    pub(super) fn tree<'text>(&mut self, path: &str, text: Option<&'text Text>) -> Option<Tree<'text>> {
        let fault = match Tree::parse(text?, self.limits) {
            Ok(tree) => return Some(tree),
            Err(fault) => fault,
        };
        self.faults.push((path.to_owned(), fault));
        None
    }

    fn encryption(&mut self) -> Result<(Vec<encryption::Encrypted>, Markers), InspectError> {
        let mut markers = Markers {
            lcp: self.file("META-INF/license.lcpl").is_some(),
            fair_play: self.file("META-INF/sinf.xml").is_some(),
            ..Markers::default()
        };
        let rights = self.text("META-INF/rights.xml")?;
        if let Some(tree) = self.tree("META-INF/rights.xml", rights.as_ref()) {
            markers.kobo = tree.root().tag_name().name() == "kdrm";
            markers.adept = tree.root().tag_name().namespace() == Some(namespace::ADEPT);
        }
        let text = self.text("META-INF/encryption.xml")?;
        let Some(tree) = self.tree("META-INF/encryption.xml", text.as_ref()) else { return Ok((Vec::new(), markers)) };
        let encrypted = encryption::read(&tree);
        let keys = encrypted.iter().filter_map(|one| one.key.as_deref());
        markers.lcp |= keys.into_iter().any(|key| key.contains("license.lcpl"));
        markers.adept |= tree.root().descendants().any(|node| node.tag_name().namespace() == Some(namespace::ADEPT));
        Ok((encrypted, markers))
    }

    fn resources(&mut self, package: Option<&Package>) -> Result<Resources, InspectError> {
        let mut read = Resources::default();
        let Some(package) = package else { return Ok(read) };
        self.demands.version = Version::of(package);
        let profile = self.demands.profile.or_declared(package);
        let items: Vec<(&Item, &str)> =
            package.items.iter().filter_map(|item| Some((item, item.path.as_deref()?))).collect();
        let mut seen = HashSet::new();
        for (done, (item, path)) in items.iter().enumerate() {
            self.watch.progress(done as u64, items.len() as u64);
            if !seen.insert(*path) || self.secret.contains(*path) || self.file(path).is_none() {
                continue;
            }
            match item.kind().as_str() {
                "application/xhtml+xml" | "image/svg+xml" | "application/smil+xml" | "text/x-oeb1-document" => {
                    self.document(item, path, package, profile, &mut read)?;
                }
                "text/html" if package.is_epub2() => self.document(item, path, package, profile, &mut read)?,
                "text/css" | "text/x-oeb1-css" => self.style_sheet(path, &mut read)?,
                KEY_MAP => {
                    let text = self.text(path)?;
                    if let Some(tree) = self.tree(path, text.as_ref()) {
                        let mut content = Content::read(path, &tree);
                        content.markup = markup::check_key_map(&tree);
                        self.keep(content, &mut read);
                    }
                }
                "application/x-dtbncx+xml" => {
                    let text = self.text(path)?;
                    let tree = self.tree(path, text.as_ref());
                    if let Some(tree) = &tree {
                        let mut content = Content::read(path, tree);
                        content.markup = markup::check_ncx(tree);
                        self.keep(content, &mut read);
                    }
                    let is_named = package.spine_toc.is_none() || package.spine_toc == item.id;
                    read.ncx = tree.filter(|_| is_named).map(|tree| Navigation::of_ncx(path, &tree)).or(read.ncx);
                }
                kind if kind.starts_with("image/") => self.image(path, kind, &mut read)?,
                _ => {}
            }
        }
        self.watch.progress(items.len() as u64, items.len() as u64);
        Ok(read)
    }

    fn document(
        &mut self,
        item: &Item,
        path: &str,
        package: &Package,
        profile: EpubProfile,
        read: &mut Resources,
    ) -> Result<(), InspectError> {
        let is_navigation = item.has_property("nav") && !package.is_epub2();
        self.content(path, is_navigation, profile.of_document(item, package), read)
    }

    /// Reads a content document.
    pub(super) fn content(
        &mut self,
        path: &str,
        is_navigation: bool,
        profile: EpubProfile,
        read: &mut Resources,
    ) -> Result<(), InspectError> {
        let Some(text) = self.text(path)? else { return Ok(()) };
        let Some(tree) = self.tree(path, Some(&text)) else { return Ok(()) };
        self.readability.add_readable();
        if is_navigation {
            read.navigation.get_or_insert_with(|| Navigation::of_document(path, &tree));
        }
        let mut content = Content::read(path, &tree);
        content.document_type.clone_from(&text.document_type);
        content.oddities.clone_from(&text.oddities);
        let demands = Demands { profile, ..self.demands };
        content.markup = markup::check(&tree, demands, is_navigation);
        self.keep(content, read);
        Ok(())
    }

    fn style_sheet(&mut self, path: &str, read: &mut Resources) -> Result<(), InspectError> {
        let Some(bytes) = self.bytes(path)? else { return Ok(()) };
        let sheet = StyleSheet::decode(&bytes);
        let mut content = Content { path: path.to_owned(), ..Content::default() };
        content.read_css(&sheet.text, Position { line: 1, column: 1 });
        content.markup = markup::check_style_sheet(&sheet);
        self.keep(content, read);
        Ok(())
    }

    /// Links are kept while the limit allows it; words and features always are.
    fn keep(&self, mut content: Content, read: &mut Resources) {
        read.links += content.ids.len() + content.references.len();
        read.link_bytes += content.link_bytes();
        if read.links > self.limits.links || read.link_bytes > self.limits.link_bytes {
            read.has_dropped_links = true;
            content.ids = Vec::new();
            content.references = Vec::new();
        }
        content.ids.shrink_to_fit();
        content.references.shrink_to_fit();
        read.faults += content.markup.len();
        if read.faults > self.limits.faults {
            content.markup = Vec::new();
        }
        read.contents.push(content);
    }

    fn image(&mut self, path: &str, kind: &str, read: &mut Resources) -> Result<(), InspectError> {
        let Some(bytes) = self.head(path, HEAD)? else { return Ok(()) };
        let head = image::head(&bytes);
        let is_known = matches!(kind, "image/jpeg" | "image/png" | "image/gif" | "image/webp" | "image/jpg");
        if head.media_type.is_some() {
            self.readability.add_readable();
        } else if is_known {
            self.readability.add_unreadable(&bytes);
        }
        if is_known {
            read.images.insert(path.to_owned(), head);
        }
        Ok(())
    }
}

/// Content documents, told by their names, are what encryption would hide.
fn is_document(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".xhtml", ".html", ".htm", ".xml"].iter().any(|end| lower.ends_with(end)) && !path.starts_with("META-INF/")
}
