//! The tag files of a release's bag.

use crate::{
    bag::{Algorithm, DECLARATION, INFO, contents::payload},
    plan::Plan,
};

/// The checksums of our bags: the two that the RFC asks for.
pub(super) const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// The tag files that are known before the payload was read.
pub(super) fn tag_files(plan: &Plan) -> [(&'static str, String); 2] {
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned();
    [(DECLARATION, declaration), (INFO, info(plan))]
}

/// The name of a manifest of the payload.
pub(super) fn manifest_name(algorithm: Algorithm) -> String {
    format!("manifest-{}.txt", algorithm.name())
}

/// The name of a manifest of the tag files.
pub(super) fn tag_manifest_name(algorithm: Algorithm) -> String {
    format!("tagmanifest-{}.txt", algorithm.name())
}

/// One line a file.
pub(super) fn manifest<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    files.map(|(path, checksum)| format!("{checksum}  {}\n", escaped(path))).collect::<Vec<_>>().concat()
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
