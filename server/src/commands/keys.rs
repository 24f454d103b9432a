//! `keys`: the keys that packages are signed with, in the format of minisign.

use std::{
    fs,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use packer::signing::{EXTENSION, MOST_BYTES, NewKey, SigningError, SigningKey, TrustedKey};
use secrecy::{ExposeSecret, SecretString};

use super::failure::Failure;
use crate::{exit::Exit, terminal::Terminal};

/// Names a file whose first line is the password of the key; without it the password is asked for at the terminal.
pub(super) const PASSWORD_FILE: &str = "SIGNING_PASSWORD_FILE";
/// What is added to the name of a secret key for its public half.
const PUBLIC: &str = "pub";
/// The shortest password that a key is made with.
const LEAST_PASSWORD: usize = 12;

/// What `keys` takes.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "The password is asked for at the terminal, or is the first line of the file that \
    SIGNING_PASSWORD_FILE names. Keys and signatures are those of minisign: `minisign -V -p KEY.pub -m manifest.json` \
    verifies a package too.")]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key: the secret half, encrypted, in FILE and the public half in FILE.pub
    New {
        /// Where the secret half is written; nothing is replaced
        #[arg(value_name = "FILE")]
        path: PathBuf,
    },
    /// Print the name of a key and its public half in one line
    Show {
        /// A public key, or the secret key beside it
        #[arg(value_name = "FILE")]
        path: PathBuf,
    },
    /// Make a new key in NEW whose public half is signed by OLD, so that who trusts OLD can trust NEW
    Rotate {
        /// The secret key that was used so far; it is kept
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// Where the new secret key is written; nothing is replaced
        #[arg(value_name = "NEW")]
        new: PathBuf,
    },
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let done = match &arguments.action {
        Action::New { path } => make(path).map(|lines| (path, lines)).map_err(|failure| (path, failure)),
        Action::Show { path } => show(path).map(|lines| (path, lines)).map_err(|failure| (path, failure)),
        Action::Rotate { old, new } => rotate(old, new).map(|lines| (new, lines)).map_err(|failure| (new, failure)),
    };
    match done {
        Ok((_, lines)) => {
            for line in lines {
                terminal.line(&line);
            }
            Exit::Good
        }
        Err((path, failure)) => {
            failure.tell(&path.display().to_string(), terminal);
            failure.exit
        }
    }
}

fn make(path: &Path) -> Result<Vec<String>, Failure> {
    refuse_what_is_there(&[path, &with_extension(path, PUBLIC)])?;
    let password = password("password of the new key", true)?;
    let key = NewKey::generate(password.expose_secret())?;
    write_pair(path, &key)?;
    Ok(vec![format!("key {} made", key.id), format!("public half: {}", with_extension(path, PUBLIC).display())])
}

fn show(path: &Path) -> Result<Vec<String>, Failure> {
    let text = read(path)?;
    let key = match TrustedKey::read(&text) {
        Ok(key) => key,
        // The public half of a secret key stands beside it.
        Err(_) => TrustedKey::read(&read(&with_extension(path, PUBLIC))?)?,
    };
    Ok(vec![format!("key {}", key.id()), key.line()])
}

fn rotate(old: &Path, new: &Path) -> Result<Vec<String>, Failure> {
    let public = with_extension(new, PUBLIC);
    let signature = with_extension(&public, EXTENSION);
    refuse_what_is_there(&[new, &public, &signature])?;
    let secret = read(old)?;
    // One password for both: whoever could open the old key can open the new one, and nobody else.
    let password = password("password of both keys", true)?;
    let key = SigningKey::open(&secret, password.expose_secret())?;
    let next = NewKey::generate(password.expose_secret())?;
    let signed = key.sign(next.public.as_bytes(), &format!("{} takes the place of {}", next.id, key.id()))?;
    write_pair(new, &next)?;
    write_new(&signature, &signed, false).inspect_err(|_| {
        let _ = fs::remove_file(new);
        let _ = fs::remove_file(&public);
    })?;
    Ok(vec![
        format!("key {} made, signed by {}", next.id, key.id()),
        format!("public half: {}", public.display()),
        format!("its signature: {}", signature.display()),
    ])
}

/// Opens the secret key that packages are signed with.
pub(super) fn signing_key(path: &Path) -> Result<SigningKey, Failure> {
    let text = read(path)?;
    let password = password(&format!("password of {}", path.display()), false)?;
    Ok(SigningKey::open(&text, password.expose_secret())?)
}

/// Reads the public key that is trusted: the path of its file, or the key itself in one line.
pub(super) fn trusted_key(given: &str) -> Result<TrustedKey, Failure> {
    match TrustedKey::read(given) {
        Ok(key) => Ok(key),
        Err(_) => Ok(TrustedKey::read(&read(Path::new(given))?)?),
    }
}

fn password(prompt: &str, is_new: bool) -> Result<SecretString, Failure> {
    let password: SecretString = match std::env::var_os(PASSWORD_FILE) {
        Some(path) => {
            let text = read(Path::new(&path))?;
            text.lines().next().unwrap_or_default().to_owned().into()
        }
        None if io::stdin().is_terminal() => {
            let asked = |text: &str| {
                rpassword::prompt_password(format!("{text}: ")).map_err(|error| Failure::unreadable(&error))
            };
            let first = asked(prompt)?;
            if is_new && asked("once more")? != first {
                return Err(Failure::usage("the two passwords differ", "try again"));
            }
            first.into()
        }
        None => {
            let hint = format!("set {PASSWORD_FILE} to a file whose first line it is, or run it at a terminal");
            return Err(Failure::usage("the key has a password, and there is nobody to ask for it", hint));
        }
    };
    if is_new && password.expose_secret().chars().count() < LEAST_PASSWORD {
        let hint = format!("choose one of at least {LEAST_PASSWORD} characters");
        return Err(Failure::usage("the password is too short to keep a key", hint));
    }
    Ok(password)
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| named(path, &Failure::unreadable(&error)))?;
    let most = MOST_BYTES as u64;
    file.take(most).read_to_string(&mut text).map_err(|error| named(path, &Failure::unreadable(&error)))?;
    Ok(text)
}

/// The file that failed may be another than the one that was given.
fn named(path: &Path, failure: &Failure) -> Failure {
    Failure::new(failure.exit, failure.code, format!("`{}`: {}", path.display(), failure.message), failure.hint.clone())
}

fn with_extension(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn refuse_what_is_there(paths: &[&Path]) -> Result<(), Failure> {
    match paths.iter().find(|path| fs::symlink_metadata(path).is_ok()) {
        None => Ok(()),
        Some(path) => Err(Failure::new(
            Exit::Refused,
            "key-exists",
            format!("`{}` exists already", path.display()),
            "nothing was replaced; a key that is lost cannot be made again: choose another name",
        )),
    }
}

fn write_pair(path: &Path, key: &NewKey) -> Result<(), Failure> {
    write_new(path, &key.secret, true)?;
    write_new(&with_extension(path, PUBLIC), &key.public, false).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// Writes a file that was not there, to the disk; a secret one is its owner's alone. A failure leaves nothing behind.
fn write_new(path: &Path, text: &str, is_secret: bool) -> Result<(), Failure> {
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_secret { 0o600 } else { 0o644 });
    let failed = |error: io::Error| {
        let message = format!("`{}` cannot be written: {error}", path.display());
        Failure::new(Exit::Unreadable, "write-failed", message, "check that you may write there")
    };
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = fs::remove_file(path);
        failed(error)
    })
}

impl From<SigningError> for Failure {
    fn from(error: SigningError) -> Self {
        let (code, message) = (error.code(), error.to_string());
        let (exit, hint) = match error {
            SigningError::NoKey => (Exit::Unreadable, "give a key that `keys new` or minisign has made"),
            SigningError::NoSignature => (Exit::Failed, "fetch the package again, with its signature"),
            SigningError::Unprotected => {
                (Exit::Refused, "give it one with `minisign -C -s KEY`, or make a key with `keys new`")
            }
            SigningError::Password => (Exit::Refused, "try again with the password that the key was made with"),
            SigningError::OtherKey { .. } => (Exit::Failed, "ask the group by which key it signs now"),
            SigningError::Changed => (Exit::Failed, "do not trust the package; fetch it again from the group"),
            SigningError::Machine(_) => (Exit::Unreadable, "opening a key takes a gigabyte of memory: make room"),
        };
        Self::new(exit, code, message, hint)
    }
}
