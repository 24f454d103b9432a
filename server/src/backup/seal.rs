//! Files of a backup: written, read again, and encrypted when somebody asked for it.
//!
//! Encryption is `age`'s, by its own program: a backup needs only the public half of a key, and can be opened without
//! this product.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncWrite, AsyncWriteExt},
    process::{Child, Command},
};
use tokio_util::io::ReaderStream;

use super::{BackupError, at};

/// What is read from a disk at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Writes a stream to a file, durably, encrypted for `recipient`. Returns the SHA-256 of the file as it was read again.
pub(super) async fn write(
    mut bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send,
    path: &Path,
    recipient: Option<&str>,
) -> Result<String, BackupError> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(at(folder))?;
    }
    let unfinished = PathBuf::from(format!("{}.unfinished", path.display()));
    let mut written = Sha256::new();
    if let Some(recipient) = recipient {
        let mut age = start(&["--encrypt", "--recipient", recipient, "--output", &unfinished.to_string_lossy()])?;
        let mut input = age.stdin.take().ok_or_else(|| BackupError::Age("it takes no input".to_owned()))?;
        copy(&mut bytes, &mut input, &mut written).await.map_err(at(path))?;
        drop(input);
        finish(age).await?;
    } else {
        let mut file = File::create(&unfinished).await.map_err(at(&unfinished))?;
        copy(&mut bytes, &mut file, &mut written).await.map_err(at(&unfinished))?;
        file.flush().await.map_err(at(&unfinished))?;
    }
    let file = File::open(&unfinished).await.map_err(at(&unfinished))?;
    file.sync_all().await.map_err(at(&unfinished))?;
    let read = sum_of(&unfinished).await?;
    if recipient.is_none() && read != hexadecimal(written) {
        return Err(BackupError::Damaged(format!("{} does not read as it was written", path.display())));
    }
    tokio::fs::rename(&unfinished, path).await.map_err(at(path))?;
    Ok(read)
}

/// The bytes of a file, decrypted with the key in `identity` when it is encrypted.
pub(super) async fn read(
    path: &Path,
    identity: Option<&Path>,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Unpin + Send + use<>, BackupError> {
    let Some(identity) = identity else {
        let file = File::open(path).await.map_err(at(path))?;
        return Ok(ReaderStream::with_capacity(file, CHUNK_BYTES).left_stream());
    };
    let mut age = start(&["--decrypt", "--identity", &identity.to_string_lossy(), &path.to_string_lossy()])?;
    let output = age.stdout.take().ok_or_else(|| BackupError::Age("it gives no output".to_owned()))?;
    let bytes = ReaderStream::with_capacity(output, CHUNK_BYTES);
    // What it could not decrypt it says at its end only.
    let verdict = futures::stream::once(Box::pin(async move {
        match finish(age).await {
            Ok(()) => Ok(Bytes::new()),
            Err(error) => Err(io::Error::other(error)),
        }
    }));
    Ok(bytes.chain(verdict).right_stream())
}

/// The SHA-256 of a file, in hexadecimal.
pub(super) async fn sum_of(path: &Path) -> Result<String, BackupError> {
    let mut file = File::open(path).await.map_err(at(path))?;
    let (mut sum, mut chunk) = (Sha256::new(), vec![0; CHUNK_BYTES]);
    loop {
        match file.read(&mut chunk).await.map_err(at(path))? {
            0 => return Ok(hexadecimal(sum)),
            length => sum.update(&chunk[..length]),
        }
    }
}

fn hexadecimal(sum: Sha256) -> String {
    packer::hash::Sha256(sum.finalize().into()).to_string()
}

async fn copy(
    bytes: &mut (impl Stream<Item = io::Result<Bytes>> + Unpin + Send),
    to: &mut (impl AsyncWrite + Unpin),
    sum: &mut Sha256,
) -> io::Result<()> {
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk?;
        sum.update(&chunk);
        to.write_all(&chunk).await?;
    }
    Ok(())
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
