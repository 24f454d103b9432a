//! Books that mean harm, and books that carry the marks of protection around random bytes.

use super::{Book, CHAPTER, Entry, NAVIGATION, Random};

/// The algorithm that protected EPUBs name for their content.
const AES_128: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
/// Random bytes in place of a chapter.
const SECRET_BYTES: usize = 8192;

impl Book {
    /// A chapter that unpacks to so many spaces.
    #[must_use]
    pub fn bomb(self, bytes: usize) -> Self {
        self.change(CHAPTER, |entry| {
            let mut content = entry.bytes().to_vec();
            content.resize(content.len() + bytes, b' ');
            entry.set(content);
        })
    }

    /// A chapter whose headers tell another size.
    #[must_use]
    pub fn lying_size(self, declared: u32) -> Self {
        self.change(CHAPTER, |entry| entry.declared_size = Some(declared))
    }

    /// A file with such a name: `../evil`, `/etc/passwd`, `C:\evil`.
    #[must_use]
    pub fn named(self, name: &[u8]) -> Self {
        let mut entry = Entry::stored("", "x");
        entry.name = name.to_vec();
        self.entry(entry)
    }

    /// A symbolic link.
    #[must_use]
    pub fn link(self, name: &str, target: &str) -> Self {
        let mut entry = Entry::stored(name, target);
        entry.mode = 0o120_777;
        self.entry(entry)
    }

    /// A chapter whose entities would expand to gigabytes.
    #[must_use]
    pub fn entity_expansion(self) -> Self {
        let mut subset = "<!ENTITY a0 \"ha ha ha ha ha ha ha ha\">".to_owned();
        for level in 1..8 {
            let inner = format!("&a{};", level - 1).repeat(10);
            subset = format!("{subset}<!ENTITY a{level} \"{inner}\">");
        }
        self.edit(CHAPTER, "<!DOCTYPE html>", &format!("<!DOCTYPE html [{subset}]>")).body("<p>&a7;</p>")
    }

    /// A chapter that declares an external entity.
    #[must_use]
    pub fn external_entity(self) -> Self {
        self.edit(CHAPTER, "<!DOCTYPE html>", "<!DOCTYPE html [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>")
    }

    /// Random bytes in place of the chapter, and nothing that says so.
    #[must_use]
    pub fn undecodable(self) -> Self {
        self.file(CHAPTER, Random::bytes(7, SECRET_BYTES))
    }

    /// The chapter encrypted: random bytes, named in `encryption.xml` by an algorithm.
    #[must_use]
    pub fn encrypted(self, algorithm: &str, key: &str) -> Self {
        self.undecodable().encryption(CHAPTER, algorithm, key)
    }

    /// Names a resource in `encryption.xml`, alone.
    #[must_use]
    pub fn encryption(self, path: &str, algorithm: &str, key: &str) -> Self {
        let text = format!(
            "<encryption xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n\
             <EncryptedData xmlns=\"http://www.w3.org/2001/04/xmlenc#\">\n\
             <EncryptionMethod Algorithm=\"{algorithm}\"/>\n{key}\
             <CipherData><CipherReference URI=\"{path}\"/></CipherData>\n</EncryptedData>\n</encryption>\n"
        );
        self.file("META-INF/encryption.xml", text)
    }

    /// Marked and encrypted as Adobe ADEPT does.
    #[must_use]
    pub fn adept(self) -> Self {
        self.adept_marker().encrypted(AES_128, "")
    }

    /// The rights file of ADEPT alone.
    #[must_use]
    pub fn adept_marker(self) -> Self {
        self.file("META-INF/rights.xml", "<rights xmlns=\"http://ns.adobe.com/adept\"/>")
    }

    /// Marked and encrypted as Readium LCP does.
    #[must_use]
    pub fn lcp(self) -> Self {
        let key = "<KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><RetrievalMethod \
                   URI=\"license.lcpl#/encryption/content_key\"/></KeyInfo>\n";
        self.file("META-INF/license.lcpl", "{}").encrypted("http://www.w3.org/2001/04/xmlenc#aes256-cbc", key)
    }

    /// Marked as Kobo does; its keys are elsewhere and no `encryption.xml` tells.
    #[must_use]
    pub fn kobo(self) -> Self {
        self.file("META-INF/rights.xml", "<kdrm><kid>x</kid></kdrm>")
            .undecodable()
            .file(NAVIGATION, Random::bytes(8, SECRET_BYTES))
    }

    /// Marked and encrypted as Apple FairPlay does.
    #[must_use]
    pub fn fair_play(self) -> Self {
        self.file("META-INF/sinf.xml", "<sinf/>").encrypted("http://itunes.apple.com/dataenc", "")
    }

    /// Every entry but `mimetype` says that a password protects it.
    #[must_use]
    pub fn password(mut self) -> Self {
        for entry in self.entries.iter_mut().skip(1) {
            entry.flags |= 1;
        }
        self
    }
}
