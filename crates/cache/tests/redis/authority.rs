//! An authority of one test, and a certificate of it.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

/// `authority.pem`, and `server.pem` with its key for the address 127.0.0.1 and no name.
pub(crate) struct Authority {
    folder: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        // Without one of our own, openssl reads the machine's.
        fs::write(folder.path().join("openssl.cnf"), "[req]\ndistinguished_name=name\n[name]\n").unwrap();
        let authority = Self { folder };
        authority.make("authority", &["-addext", "basicConstraints=critical,CA:TRUE"]);
        let issuer = ["-CA", "authority.pem", "-CAkey", "authority.key"];
        let server = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:127.0.0.1"];
        authority.make("server", &[issuer, server].concat());
        authority
    }

    fn make(&self, name: &str, extensions: &[&str]) {
        let mut command = Command::new("openssl");
        command.args(["req", "-x509", "-config", "openssl.cnf", "-newkey", "ec", "-nodes", "-days", "2"]);
        command.args(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", &format!("/CN={name}")]);
        command.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")]).args(extensions);
        let made = command.current_dir(self.folder()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn pem(&self) -> String {
        fs::read_to_string(self.folder().join("authority.pem")).unwrap()
    }
}
