//! Files of a backup, encrypted when somebody asked for it.
//!
//! Encryption is `age`'s, by its own program: a backup needs only the public half of a key, and can be opened without
//! this product.

use std::{io, path::Path, process::Stdio};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use service::ByteStream;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, ChildStdin, Command},
};
use tokio_util::io::ReaderStream;

use super::{BackupError, place::BackupPlace};

/// What is taken from the program at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Writes a stream to a file, encrypted for `recipient`. Returns the SHA-256 of the file as it was read again.
pub(super) async fn write(
    bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send + 'static,
    place: &BackupPlace,
    key: &str,
    recipient: Option<&str>,
) -> Result<String, BackupError> {
    match recipient {
        None => place.write(key, bytes).await,
        Some(recipient) => place.write(key, through_age(bytes, &["--encrypt", "--recipient", recipient])?).await,
    }
}

/// The bytes of a file, decrypted with the key in `identity` when it is encrypted.
pub(super) async fn read(place: &BackupPlace, key: &str, identity: Option<&Path>) -> Result<ByteStream, BackupError> {
    let bytes = place.read(key).await?;
    match identity {
        None => Ok(bytes),
        Some(identity) => through_age(bytes, &["--decrypt", "--identity", &identity.to_string_lossy()]),
    }
}

/// What `age` makes of bytes. What it could not do it says at its end only: then the stream ends with an error, and
/// whoever takes from it must throw away what came before.
fn through_age(
    bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send + 'static,
    arguments: &[&str],
) -> Result<ByteStream, BackupError> {
    let mut age = start(arguments)?;
    let input = age.stdin.take().ok_or_else(|| BackupError::Age("it takes no input".to_owned()))?;
    let output = age.stdout.take().ok_or_else(|| BackupError::Age("it gives no output".to_owned()))?;
    let fed = tokio::spawn(feed(bytes, input));
    let verdict = stream::once(async move {
        // Its own word says more than that it stopped to listen.
        finish(age).await.map_err(io::Error::other)?;
        fed.await.map_err(io::Error::other)??;
        Ok(Bytes::new())
    });
    Ok(ReaderStream::with_capacity(output, CHUNK_BYTES).chain(verdict).boxed())
}

async fn feed(
    mut bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send,
    mut input: ChildStdin,
) -> io::Result<()> {
    while let Some(chunk) = bytes.next().await {
        input.write_all(&chunk?).await?;
    }
    input.shutdown().await
}

fn start(arguments: &[&str]) -> Result<Child, BackupError> {
    let mut age = Command::new("age");
    age.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    age.spawn().map_err(|error| BackupError::Age(format!("it cannot be started: {error}")))
}

async fn finish(age: Child) -> Result<(), BackupError> {
    let output = age.wait_with_output().await.map_err(|error| BackupError::Age(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(BackupError::Age(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
