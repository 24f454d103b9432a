//! Books of a few lines.

use packer::{
    archive::zip_store::{StoredEntry, StoredZip},
    hash::Crc32,
};

const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"#;

const NAVIGATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Contents</title></head>
<body><nav epub:type="toc"><ol><li><a href="text.xhtml">One</a></li></ol></nav></body></html>"#;

const TEXT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title></head><body><p>Once upon a time.</p></body></html>"#;

const ENCRYPTION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
  <enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
  <enc:CipherData><enc:CipherReference URI="text.xhtml"/></enc:CipherData></enc:EncryptedData>
</encryption>"#;

const ADEPT_RIGHTS: &str = r#"<?xml version="1.0"?><adept:rights xmlns:adept="http://ns.adobe.com/adept">
<adept:licenseToken><adept:resource>urn:uuid:0</adept:resource></adept:licenseToken></adept:rights>"#;

/// An EPUB 3 with this title.
pub(crate) fn epub(title: &str) -> Vec<u8> {
    zip(&files(title))
}

/// An EPUB whose only text is encrypted under Adobe ADEPT.
pub(crate) fn protected(title: &str) -> Vec<u8> {
    let mut files = files(title);
    files.push(("META-INF/encryption.xml", ENCRYPTION.into()));
    files.push(("META-INF/rights.xml", ADEPT_RIGHTS.into()));
    zip(&files)
}

/// An EPUB with one more file, which nobody looks at closely.
pub(crate) fn large(title: &str, size: usize) -> Vec<u8> {
    let mut files = files(title);
    files.push(("ballast.bin", vec![b'x'; size]));
    zip(&files)
}

fn files(title: &str) -> Vec<(&'static str, Vec<u8>)> {
    let package = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="fr">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:uuid:6f1c6f0a-6f7b-4f0e-9d1c-2b7f5a3c1e00</dc:identifier>
    <dc:title>{title}</dc:title><dc:creator>Ana Autrice</dc:creator><dc:language>fr</dc:language>
    <dc:date>2024-05-01</dc:date><meta property="dcterms:modified">2024-05-01T00:00:00Z</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>
  </manifest>
  <spine><itemref idref="text"/></spine>
</package>"#
    );
    vec![
        ("mimetype", b"application/epub+zip".to_vec()),
        ("META-INF/container.xml", CONTAINER.into()),
        ("book.opf", package.into_bytes()),
        ("nav.xhtml", NAVIGATION.into()),
        ("text.xhtml", TEXT.into()),
    ]
}

fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries = files.iter().map(|(name, bytes)| StoredEntry {
        name: (*name).to_owned(),
        size: bytes.len() as u64,
        crc32: Crc32(crc32fast::hash(bytes)),
    });
    let zip = StoredZip::new("2024-05-01".parse().unwrap(), entries.collect()).unwrap();
    let mut archive = Vec::new();
    for (index, (_, bytes)) in files.iter().enumerate() {
        archive.extend(zip.header(index));
        archive.extend(bytes);
    }
    archive.extend(zip.directory());
    archive
}
