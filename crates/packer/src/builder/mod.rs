//! Makes books for tests: good ones, broken ones and hostile ones. Every book is made by its seed and nothing else, so
//! that two runs give the same bytes.

mod entry;
mod hostile;
pub mod image;
mod kindle;
mod pdf;
mod text;

use std::io::{self, Write};

pub use entry::{Entry, Random};
pub use kindle::Kindle;
pub use pdf::{Pdf, packed};

/// A book in the making.
#[derive(Debug, Clone)]
pub struct Book {
    entries: Vec<Entry>,
    /// Bytes of the finished file that are kept; all when nothing.
    cut: Option<usize>,
}

/// The path of the package document of every book that is made here.
pub const PACKAGE: &str = "EPUB/package.opf";
/// The path of its one chapter.
pub const CHAPTER: &str = "EPUB/chapter.xhtml";
/// The path of its navigation document (EPUB 3).
pub const NAVIGATION: &str = "EPUB/nav.xhtml";
/// The path of its NCX (EPUB 2).
pub const NCX: &str = "EPUB/toc.ncx";
/// Where [`Book::read_aloud`] puts its media overlay.
pub const OVERLAY: &str = "EPUB/chapter.smil";
/// A media overlay of the chapter.
pub const READ_ALOUD: &str = r#"<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body><par><text src="chapter.xhtml"/><audio src="a.mp3"/></par></body></smil>"#;
/// The path of the search key map of a dictionary.
pub const KEY_MAP: &str = "EPUB/search.xml";
/// The path of the container file.
pub const CONTAINER: &str = "META-INF/container.xml";

impl Book {
    /// A book with nothing in it, not even `mimetype`.
    pub fn empty() -> Self {
        Self { entries: Vec::new(), cut: None }
    }

    /// The smallest good EPUB 3.
    pub fn epub3() -> Self {
        Self::empty()
            .entry(Entry::stored("mimetype", "application/epub+zip"))
            .file(CONTAINER, text::CONTAINER)
            .file(PACKAGE, text::PACKAGE_3)
            .file(NAVIGATION, text::NAVIGATION)
            .file(CHAPTER, text::CHAPTER_3)
    }

    /// The smallest good EPUB 2.
    pub fn epub2() -> Self {
        Self::empty()
            .entry(Entry::stored("mimetype", "application/epub+zip"))
            .file(CONTAINER, text::CONTAINER)
            .file(PACKAGE, text::PACKAGE_2)
            .file(NCX, text::NCX)
            .file(CHAPTER, text::CHAPTER_2)
    }

    /// The smallest good dictionary.
    pub fn dictionary() -> Self {
        let languages = "<meta property=\"source-language\">en</meta><meta property=\"target-language\">en</meta>";
        Self::epub3()
            .metadata(&format!("<dc:type>dictionary</dc:type>{languages}"))
            .item(
                "map",
                "search.xml",
                "application/vnd.epub.search-key-map+xml",
                "properties=\"dictionary search-key-map\"",
                text::KEY_MAP,
            )
            .body("<section epub:type=\"dictionary\"><article><p><dfn>a</dfn></p></article></section>")
    }

    /// The smallest good publication for education.
    pub fn edupub() -> Self {
        let feature = "<meta property=\"schema:accessibilityFeature\">tableOfContents</meta>";
        Self::epub3().metadata(&format!("<dc:type>edupub</dc:type>{feature}"))
    }

    /// Adds an index to the chapter.
    #[must_use]
    pub fn index(self) -> Self {
        self.body(
            "<section epub:type=\"index\"><ul epub:type=\"index-entry-list\">\
             <li><span epub:type=\"index-term\">a</span></li></ul></section>",
        )
    }

    /// Adds a second rendition, the same as the first, that is chosen by these attributes.
    #[must_use]
    pub fn second_rendition(self, selection: &str) -> Self {
        let (package, navigation, chapter) =
            (self.content(PACKAGE).to_vec(), self.content(NAVIGATION).to_vec(), self.content(CHAPTER).to_vec());
        let rootfile = format!(
            "<rootfile full-path=\"OTHER/package.opf\" media-type=\"application/oebps-package+xml\" {selection}/>\n</rootfiles>"
        );
        self.edit(CONTAINER, "<container ", "<container xmlns:rendition=\"http://www.idpf.org/2013/rendition\" ")
            .edit(CONTAINER, "</rootfiles>", &rootfile)
            .file("OTHER/package.opf", package)
            .file("OTHER/nav.xhtml", navigation)
            .file("OTHER/chapter.xhtml", chapter)
            .file("META-INF/metadata.xml", text::RENDITIONS)
    }

    /// Adds an entry as it is, even one that is there already.
    #[must_use]
    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Adds a file, or puts other content into the one that is there.
    #[must_use]
    pub fn file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        let entry = Entry::deflated(path, content);
        match self.entries.iter_mut().find(|known| known.name == path.as_bytes()) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
        self
    }

    /// Takes a file away.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        self.entries.retain(|entry| entry.name != path.as_bytes());
        self
    }

    /// What a file holds; nothing when it is not there.
    pub fn content(&self, path: &str) -> &[u8] {
        self.entries.iter().find(|entry| entry.name == path.as_bytes()).map(Entry::bytes).unwrap_or_default()
    }

    /// Changes how the entry of a file is written.
    ///
    /// # Panics
    ///
    /// When there is no such file: the test that asks for it is wrong.
    #[must_use]
    pub fn change(mut self, path: &str, change: impl FnOnce(&mut Entry)) -> Self {
        let entry = self.entries.iter_mut().find(|entry| entry.name == path.as_bytes());
        change(entry.unwrap_or_else(|| panic!("the book has no {path}")));
        self
    }

    /// Packs no entry: what is long and even would be taken for a bomb.
    #[must_use]
    pub fn unpacked(mut self) -> Self {
        for entry in &mut self.entries {
            entry.method = 0;
        }
        self
    }

    /// Puts one text in place of another in a file, everywhere.
    ///
    /// # Panics
    ///
    /// When the file or the text is not there: the test that asks for it is wrong.
    #[must_use]
    pub fn edit(self, path: &str, from: &str, to: &str) -> Self {
        self.change(path, |entry| {
            let text = String::from_utf8_lossy(entry.bytes()).into_owned();
            assert!(text.contains(from), "{path} has no {from}");
            entry.set(text.replace(from, to));
        })
    }

    /// Adds an element to the metadata.
    #[must_use]
    pub fn metadata(self, element: &str) -> Self {
        self.edit(PACKAGE, "</metadata>", &format!("{element}\n</metadata>"))
    }

    /// Takes every metadata element away.
    #[must_use]
    pub fn without_metadata(self) -> Self {
        self.change(PACKAGE, |entry| {
            let text = String::from_utf8_lossy(entry.bytes()).into_owned();
            let (start, rest) = text.split_once("<metadata").unwrap_or((&text, ""));
            let end = rest.split_once("</metadata>").map_or("", |(_, end)| end);
            entry.set(format!("{start}<metadata/>{end}"));
        })
    }

    /// Gives the book another title, in any script.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.edit(
            PACKAGE,
            "<dc:title>A Good Book</dc:title>",
            &format!("<dc:title>{}</dc:title>", text::escaped(title)),
        )
    }

    /// Adds an author.
    #[must_use]
    pub fn creator(self, name: &str) -> Self {
        self.metadata(&format!("<dc:creator>{}</dc:creator>", text::escaped(name)))
    }

    /// Adds a file and its item; `attributes` as they stand in the manifest (`properties="nav"`).
    #[must_use]
    pub fn item(self, id: &str, href: &str, media_type: &str, attributes: &str, content: impl Into<Vec<u8>>) -> Self {
        self.declared(id, href, media_type, attributes).file(&format!("EPUB/{href}"), content)
    }

    /// Adds an item to the manifest without a file.
    #[must_use]
    pub fn declared(self, id: &str, href: &str, media_type: &str, attributes: &str) -> Self {
        let item = format!("<item id=\"{id}\" href=\"{href}\" media-type=\"{media_type}\" {attributes}/>\n</manifest>");
        self.edit(PACKAGE, "</manifest>", &item)
    }

    /// Says that its pages are laid out by its author, and gives the navigation document, which is one of them, a size.
    #[must_use]
    pub fn fixed_layout(self) -> Self {
        self.metadata("<meta property=\"rendition:layout\">pre-paginated</meta>")
            .viewport(NAVIGATION, "width=1,height=1")
    }

    /// Adds a `viewport` to a document.
    #[must_use]
    pub fn viewport(self, path: &str, content: &str) -> Self {
        self.edit(path, "</head>", &format!("<meta name=\"viewport\" content=\"{content}\"/></head>"))
    }

    /// Gives the chapter a media overlay with its sound.
    #[must_use]
    pub fn read_aloud(self) -> Self {
        self.edit(PACKAGE, "id=\"chapter\"", "id=\"chapter\" media-overlay=\"mo\"")
            .item("mo", "chapter.smil", "application/smil+xml", "", READ_ALOUD)
            .item("sound", "a.mp3", "audio/mpeg", "", "ID3")
            .metadata("<meta property=\"media:duration\">5s</meta><meta property=\"media:duration\" refines=\"#mo\">5s</meta>")
    }

    /// Adds an item to the spine.
    #[must_use]
    pub fn spine(self, id: &str, attributes: &str) -> Self {
        self.edit(PACKAGE, "</spine>", &format!("<itemref idref=\"{id}\" {attributes}/>\n</spine>"))
    }

    /// Adds to the body of the chapter.
    #[must_use]
    pub fn body(self, markup: &str) -> Self {
        self.edit(CHAPTER, "</body>", &format!("{markup}\n</body>"))
    }

    /// Adds so many bytes that do not compress, in a file of the manifest.
    #[must_use]
    pub fn padding(self, bytes: u64, seed: u64) -> Self {
        self.declared("padding", "padding.mp3", "audio/mpeg", "")
            .entry(Entry::random("EPUB/padding.mp3", bytes, seed))
            .body("<audio src=\"padding.mp3\" controls=\"controls\"></audio>")
    }

    /// Keeps only the first bytes of the finished file.
    #[must_use]
    pub fn truncated(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// The finished file in memory.
    ///
    /// # Panics
    ///
    /// Never: writing to memory does not fail.
    pub fn build(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes).expect("writing to memory does not fail");
        if let Some(cut) = self.cut {
            bytes.truncate(cut);
        }
        bytes
    }

    /// Writes the finished file; memory does not grow with its padding. [`Self::truncated`] is for [`Self::build`] only.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        entry::write(&self.entries, out)
    }
}
