//! The texts of the smallest good books.

pub(super) const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"#;

pub(super) const PACKAGE_3: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:7d3a1f3e-54a3-4ac0-9a1c-0f3b6d3ffb0a</dc:identifier>
<dc:title>A Good Book</dc:title>
<dc:language>en</dc:language>
<meta property="dcterms:modified">2024-02-29T12:00:00Z</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="chapter" href="chapter.xhtml" media-type="application/xhtml+xml"/>
</manifest>
<spine>
<itemref idref="chapter"/>
</spine>
</package>
"#;

pub(super) const PACKAGE_2: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
<dc:identifier id="id">urn:uuid:7d3a1f3e-54a3-4ac0-9a1c-0f3b6d3ffb0a</dc:identifier>
<dc:title>A Good Book</dc:title>
<dc:language>en</dc:language>
</metadata>
<manifest>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="chapter" href="chapter.xhtml" media-type="application/xhtml+xml"/>
</manifest>
<spine toc="ncx">
<itemref idref="chapter"/>
</spine>
</package>
"#;

pub(super) const NAVIGATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>Contents</title></head>
<body>
<nav epub:type="toc">
<ol>
<li><a href="chapter.xhtml">Chapter One</a></li>
</ol>
</nav>
</body>
</html>
"#;

pub(super) const KEY_MAP: &str = r#"<search-key-map xmlns="http://www.idpf.org/2007/ops"><search-key-group href="chapter.xhtml#one"><match value="a"/></search-key-group></search-key-map>"#;

pub(super) const RENDITIONS: &str = r#"<metadata xmlns="http://www.idpf.org/2013/metadata" xmlns:dc="http://purl.org/dc/elements/1.1/" unique-identifier="id"><dc:identifier id="id">urn:uuid:7d3a1f3e-54a3-4ac0-9a1c-0f3b6d3ffb0a</dc:identifier><meta property="dcterms:modified">2024-02-29T12:00:00Z</meta></metadata>"#;

pub(super) const NCX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
<head>
<meta name="dtb:uid" content="urn:uuid:7d3a1f3e-54a3-4ac0-9a1c-0f3b6d3ffb0a"/>
<meta name="dtb:depth" content="1"/>
<meta name="dtb:totalPageCount" content="0"/>
<meta name="dtb:maxPageNumber" content="0"/>
</head>
<docTitle><text>A Good Book</text></docTitle>
<navMap>
<navPoint id="one" playOrder="1"><navLabel><text>Chapter One</text></navLabel><content src="chapter.xhtml"/></navPoint>
</navMap>
</ncx>
"#;

pub(super) const CHAPTER_3: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>Chapter One</title></head>
<body>
<h1 id="one">Chapter One</h1>
<p>It was a bright day.</p>
</body>
</html>
"#;

pub(super) const CHAPTER_2: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">
<head><title>Chapter One</title></head>
<body>
<h1 id="one">Chapter&nbsp;One</h1>
<p>It was a bright day.</p>
</body>
</html>
"#;

/// A text as it stands in XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
