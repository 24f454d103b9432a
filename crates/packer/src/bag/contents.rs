//! What stands in the bag of a release, and the texts of its tag files.

use crate::{
    bag::{Algorithm, DECLARATION, INFO, PAYLOAD},
    plan::Plan,
    planned_files::cover_name,
};

/// The checksums of our bags: the two that the RFC asks for.
pub(crate) const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// One file of the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PayloadFile<'a> {
    /// The path inside the bag.
    pub(crate) path: String,
    /// Bytes.
    pub(crate) size: u64,
    /// The bytes themselves; nothing for the book, which is read while it is written.
    pub(crate) bytes: Option<&'a [u8]>,
}

/// The payload: the book, its NFO and its cover.
pub(crate) fn payload(plan: &Plan) -> Vec<PayloadFile<'_>> {
    let file = |name: &str, size, bytes| PayloadFile { path: format!("{PAYLOAD}{name}"), size, bytes };
    let book = file(&plan.book_file_name, plan.book_size, None);
    let nfo = file(&format!("{}.nfo", plan.name), plan.nfo.len() as u64, Some(plan.nfo.as_slice()));
    let cover = plan
        .cover
        .as_ref()
        .map(|cover| file(&cover_name(&cover.media_type), cover.bytes.len() as u64, Some(cover.bytes.as_slice())));
    [book, nfo].into_iter().chain(cover).collect()
}

/// The tag files that are known before the payload was read.
pub(crate) fn tag_files(plan: &Plan) -> [(&'static str, String); 2] {
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned();
    [(DECLARATION, declaration), (INFO, info(plan))]
}

/// The name of a manifest of the payload.
pub(crate) fn manifest_name(algorithm: Algorithm) -> String {
    format!("manifest-{}.txt", algorithm.name())
}

/// The name of a manifest of the tag files.
pub(crate) fn tag_manifest_name(algorithm: Algorithm) -> String {
    format!("tagmanifest-{}.txt", algorithm.name())
}

/// One line a file.
pub(crate) fn manifest<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    files.map(|(path, checksum)| format!("{checksum}  {}\n", escaped(path))).collect()
}

/// `bag-info.txt`, with the labels that the RFC reserves (2.2.2) and one of our own for the rights.
fn info(plan: &Plan) -> String {
    let payload = payload(plan);
    let octets: u64 = payload.iter().map(|file| file.size).sum();
    let fields = &plan.fields;
    let rights = plan.rights.as_ref().map(|rights| rights.basis.word().to_owned());
    let description = match fields.authors.as_slice() {
        [] => fields.title.clone(),
        authors => format!("{}, by {}", fields.title, authors.join(", ")),
    };
    [
        ("Source-Organization", Some(plan.group.to_string())),
        ("Bagging-Date", Some(plan.date.to_string())),
        ("External-Description", Some(description)),
        ("External-Identifier", fields.isbn.as_ref().map(|isbn| format!("urn:isbn:{isbn}"))),
        ("Internal-Sender-Identifier", Some(plan.name.to_string())),
        ("Rights-Basis", rights),
        ("Bag-Software-Agent", Some(concat!("ebook-scene-packer ", env!("CARGO_PKG_VERSION")).to_owned())),
        ("Payload-Oxum", Some(format!("{octets}.{}", payload.len()))),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(format!("{label}: {}\n", on_one_line(&value?))))
    .collect()
}

/// A value that goes on in a second line would be read as another label by some.
fn on_one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(path: &str) -> String {
    path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D")
}
