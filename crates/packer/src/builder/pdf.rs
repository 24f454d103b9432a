//! PDFs for tests, good ones and others.

use std::{fmt::Write as _, io::Write};

use flate2::{Compression, write::ZlibEncoder};

/// A document, built object by object. What an object says is up to the test, true or not.
#[derive(Debug, Clone)]
pub struct Pdf {
    objects: Vec<(u32, Vec<u8>)>,
    trailer: String,
    before: Vec<u8>,
}

impl Pdf {
    /// A document of one empty page: the catalogue is object 1, the root of the pages 2, the page 3.
    pub fn new() -> Self {
        Self { objects: Vec::new(), trailer: "/Root 1 0 R".to_owned(), before: Vec::new() }
            .object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400] >>")
            .object(3, "<< /Type /Page /Parent 2 0 R >>")
    }

    /// Sets an object.
    #[must_use]
    pub fn object(mut self, number: u32, object: impl Into<Vec<u8>>) -> Self {
        self.objects.retain(|(known, _)| *known != number);
        self.objects.push((number, object.into()));
        self
    }

    /// Sets an object to a stream; its dictionary is given without brackets and says no length.
    #[must_use]
    pub fn stream(self, number: u32, dictionary: &str, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let mut object = format!("<< {dictionary} /Length {} >>\nstream\n", bytes.len()).into_bytes();
        object.extend_from_slice(bytes);
        object.extend_from_slice(b"\nendstream");
        self.object(number, object)
    }

    /// Sets an object to a packed stream.
    #[must_use]
    pub fn packed_stream(self, number: u32, dictionary: &str, bytes: impl AsRef<[u8]>) -> Self {
        let packed = packed(bytes.as_ref());
        self.stream(number, &format!("/Filter /FlateDecode {dictionary}"), packed)
    }

    /// Adds to the trailer.
    #[must_use]
    pub fn trailer(mut self, entries: &str) -> Self {
        self.trailer = format!("{} {entries}", self.trailer);
        self
    }

    /// Puts bytes before the header.
    #[must_use]
    pub fn behind(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.before = bytes.into();
        self
    }

    /// The finished file, with a table of objects.
    pub fn build(&self) -> Vec<u8> {
        let (mut file, places) = self.body(&[]);
        let at = file.len();
        let mut text = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in &places {
            let _ = write!(text, "{number} 1\n{offset:010} 00000 n \n");
        }
        let _ = write!(text, "trailer\n<< /Size {} {} >>\nstartxref\n{at}\n%%EOF\n", self.size(), self.trailer);
        file.extend_from_slice(text.as_bytes());
        self.behind_junk(file)
    }

    /// The finished file as newer makers write it: these objects in a packed stream of objects, the list of them in
    /// another.
    pub fn build_packed(&self, inside: &[u32]) -> Vec<u8> {
        let (container, list) = (self.size(), self.size() + 1);
        let (mut head, mut content) = (String::new(), Vec::new());
        for (number, object) in self.objects.iter().filter(|(number, _)| inside.contains(number)) {
            let _ = write!(head, "{number} {} ", content.len());
            content.extend_from_slice(object);
            content.push(b'\n');
        }
        let dictionary = format!("/Type /ObjStm /N {} /First {}", inside.len(), head.len());
        let whole = [head.into_bytes(), content].concat();
        let (mut file, mut places) = self.clone().packed_stream(container, &dictionary, whole).body(inside);
        let at = file.len();
        places.push((list, at));
        let mut rows: Vec<[u8; 5]> = Vec::new();
        for number in 0..=list {
            let (kind, field) = match places.iter().find(|(known, _)| *known == number) {
                Some((_, offset)) => (1, *offset),
                None if inside.contains(&number) => (2, container as usize),
                None => (0, 0),
            };
            let [a, b, c, d] = u32::try_from(field).unwrap_or(u32::MAX).to_be_bytes();
            rows.push([kind, a, b, c, d]);
        }
        // PNG's filter "up" is what makers take: each row says how it differs from the one above.
        let mut filtered = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let above = index.checked_sub(1).map_or([0; 5], |above| rows[above]);
            filtered.push(2);
            filtered.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        }
        let packed = packed(&filtered);
        let dictionary = format!(
            "/Type /XRef /Size {} /W [1 4 0] /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 5 >> {} /Length {}",
            list + 1,
            self.trailer,
            packed.len()
        );
        file.extend_from_slice(format!("{list} 0 obj\n<< {dictionary} >>\nstream\n").as_bytes());
        file.extend_from_slice(&packed);
        file.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
        self.behind_junk(file)
    }

    /// Header and objects, and where each of them begins.
    fn body(&self, without: &[u32]) -> (Vec<u8>, Vec<(u32, usize)>) {
        let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (number, object) in self.objects.iter().filter(|(number, _)| !without.contains(number)) {
            places.push((*number, file.len()));
            file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        (file, places)
    }

    /// One more than the highest number.
    fn size(&self) -> u32 {
        self.objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0)
    }

    fn behind_junk(&self, file: Vec<u8>) -> Vec<u8> {
        [self.before.clone(), file].concat()
    }
}

impl Default for Pdf {
    fn default() -> Self {
        Self::new()
    }
}

/// Bytes packed as `FlateDecode` has them.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    match encoder.write_all(bytes) {
        Ok(()) => encoder.finish().unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}
