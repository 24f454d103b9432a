//! An authority for the certificates of one run: nobody else knows it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;

/// A folder with the certificate of the authority, and that of a server with its key.
#[derive(Debug)]
pub(super) struct Authority(PathBuf);

impl Authority {
    pub(super) fn make(place: &Place, folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
        let settings = folder.join("openssl.cnf");
        // Without one of our own, openssl reads the machine's.
        fs::write(&settings, "[req]\ndistinguished_name=name\n[name]\n")
            .map_err(Failure::while_doing(settings.display()))?;
        certify(place, folder, "authority", &["-addext", "basicConstraints=critical,CA:TRUE"])?;
        let issuer = ["-CA", "authority.pem", "-CAkey", "authority.key"];
        let server = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:127.0.0.1"];
        certify(place, folder, "server", &[issuer, server].concat())?;
        Ok(Self(folder.to_path_buf()))
    }

    pub(super) fn certificate(&self) -> PathBuf {
        self.0.join("authority.pem")
    }

    /// As both engines take it.
    pub(super) fn options(&self) -> [String; 3] {
        [("ca", "authority.pem"), ("cert", "server.pem"), ("key", "server.key")]
            .map(|(option, file)| format!("--ssl-{option}={}", self.0.join(file).display()))
    }
}

/// Makes `NAME.pem` with `NAME.key`.
fn certify(place: &Place, folder: &Path, name: &str, extensions: &[&str]) -> Outcome {
    let mut openssl = place.program("openssl");
    openssl.current_dir(folder).args(["req", "-x509", "-config", "openssl.cnf", "-newkey", "ec", "-nodes"]);
    openssl.args(["-pkeyopt", "ec_paramgen_curve:P-256", "-days", "30", "-subj", &format!("/CN={name}")]);
    openssl.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")]).args(extensions);
    read(&mut openssl).map(drop)
}
