//! Limits of readers, each with its reason. Every reader takes them as an argument.

/// What a book may ask of the machine that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries in a ZIP, and items of a manifest: more are a bomb of names.
    pub entries: u64,
    /// Bytes of a ZIP's central directory: names alone could otherwise fill the memory.
    pub directory_bytes: u64,
    /// Bytes that all entries may declare together once unpacked: more are a bomb.
    pub unpacked_bytes: u64,
    /// Unpacked bytes per packed byte of one entry, beyond its first mebibyte: more is a bomb.
    pub ratio: u64,
    /// Bytes of one XML document: its tree takes about ten times that in memory.
    pub document_bytes: u64,
    /// Bytes that the tree of one XML document may take while it is built, however short the document is.
    pub tree_bytes: u64,
    /// Bytes that it may take beyond that for each byte of the document.
    pub tree_ratio: u64,
    /// Elements inside each other in one XML document: deeper ones exhaust the stack.
    pub document_depth: u32,
    /// Attributes and namespaces of one element: parsers compare each with each.
    pub element_attributes: u32,
    /// Entities that one document declares: parsers look through all of them at each use.
    pub entities: usize,
    /// Namespace declarations in scope, added up over the elements that declare more: parsers copy them each time.
    pub namespaces: u64,
    /// Metadata elements of one package document: each may refine each.
    pub metadata: usize,
    /// Items along one chain of fallbacks that are looked at: rules follow the chain of every item and every link.
    pub fallbacks: usize,
    /// Identifiers and references of all documents together that are kept to follow links: more fill the memory.
    pub links: usize,
    /// Bytes of those identifiers and references: a few long ones fill the memory as well.
    pub link_bytes: usize,
    /// Faults of markup of all documents together that are kept: rules tell a hundred of each.
    pub faults: usize,
    /// Bytes of one cover image that are kept.
    pub cover_bytes: u64,
    /// Pixels of one image: more take gigabytes once decoded.
    pub image_pixels: u64,
    /// Objects of a PDF whose places are kept: more fill the memory.
    pub pdf_objects: usize,
    /// Bytes of one object of a PDF: longer ones are lists that nobody needs whole.
    pub pdf_object_bytes: u64,
    /// Bytes of one stream of a PDF, packed and unpacked: structure and metadata are far smaller.
    pub pdf_stream_bytes: u64,
    /// Bytes of a PDF that are read and unpacked in all to follow its structure: a circle of objects has no other end.
    pub pdf_work_bytes: u64,
    /// Pages of a PDF whose fonts are looked at.
    pub pdf_pages: usize,
    /// Entries of a PDF's outline that are kept.
    pub pdf_outline: usize,
    /// Findings of one code that are listed; the rest are counted in one more.
    pub findings_per_code: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 65_535,
            directory_bytes: 16 << 20,
            unpacked_bytes: 4 << 30,
            ratio: 200,
            document_bytes: 16 << 20,
            tree_bytes: 48 << 20,
            tree_ratio: 2,
            document_depth: 512,
            element_attributes: 256,
            entities: 256,
            namespaces: 10_000_000,
            metadata: 10_000,
            fallbacks: 16,
            links: 500_000,
            link_bytes: 16 << 20,
            faults: 20_000,
            cover_bytes: 32 << 20,
            image_pixels: 100_000_000,
            pdf_objects: 500_000,
            pdf_object_bytes: 1 << 20,
            pdf_stream_bytes: 16 << 20,
            pdf_work_bytes: 256 << 20,
            pdf_pages: 2_000,
            pdf_outline: 10_000,
            findings_per_code: 100,
        }
    }
}
