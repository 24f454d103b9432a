//! Where books and packages are: a folder, or an object store.

use std::path::Path;

use service::{BlobLocation, S3Location};
use url::Url;

use super::{problem::Problem, reading::Reader};

/// The folder in `DATA_DIR` when nothing else is said.
const FOLDER: &str = "blobs";

/// What `BLOB_URL` takes.
pub(super) const EXPECTED: &str =
    "takes s3://BUCKET/PREFIX with BLOB_ACCESS_KEY and BLOB_SECRET_KEY, or file:///FOLDER";

/// The region that object stores take which know none.
pub(super) const ANY_REGION: &str = "us-east-1";

/// `BLOB_URL` and its companions, else a folder in `data_dir`.
pub(super) fn read(reader: &Reader<'_>, data_dir: &Path) -> Option<BlobLocation> {
    let Some(text) = reader.text("BLOB_URL") else {
        return Some(BlobLocation::Folder(data_dir.join(FOLDER)));
    };
    let url = Url::parse(&text).ok();
    let location = url.and_then(|url| match url.scheme() {
        "s3" => object_store(reader, &url),
        "file" => url.to_file_path().ok().map(BlobLocation::Folder),
        _ => None,
    });
    if location.is_none() {
        reader.problem(Problem::Invalid { name: "BLOB_URL", expected: EXPECTED });
    }
    location
}

fn object_store(reader: &Reader<'_>, url: &Url) -> Option<BlobLocation> {
    const BECAUSE: &str = "when BLOB_URL is s3://";
    let access_key = reader.text("BLOB_ACCESS_KEY");
    let secret_key = reader.secret("BLOB_SECRET_KEY");
    if access_key.is_none() {
        reader.problem(Problem::Missing { name: "BLOB_ACCESS_KEY", because: BECAUSE });
    }
    if secret_key.is_none() {
        reader.problem(Problem::Missing { name: "BLOB_SECRET_KEY", because: BECAUSE });
    }
    Some(BlobLocation::S3(Box::new(S3Location {
        bucket: url.host_str()?.to_owned(),
        prefix: url.path().trim_matches('/').to_owned(),
        endpoint: endpoint(reader, "BLOB_ENDPOINT"),
        region: reader.text("BLOB_REGION").unwrap_or_else(|| ANY_REGION.to_owned()),
        access_key: access_key.unwrap_or_default(),
        secret_key: secret_key.unwrap_or_default(),
    })))
}

/// The address of an object store.
pub(super) fn endpoint(reader: &Reader<'_>, name: &'static str) -> Option<String> {
    let endpoint = reader.parsed(name, "takes http:// or https:// and a host", |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
    });
    endpoint.map(|url| url.to_string().trim_end_matches('/').to_owned())
}
