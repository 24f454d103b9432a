//! What is MySQL's own: Debian's stable release does not have it, so its programs are unpacked, not installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::run_as;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, succeeds};
use crate::terminal::say;
use crate::tools;

/// Debian's release that carries it, in whatever version.
const RELEASE: &str = "sid";
const PACKAGE: &str = "mysql-server-core";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The unpacked server with every library it needs: nothing of the machine's is used or changed.
#[derive(Debug, Clone)]
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// The program to start and its first arguments: the release's own loader, which finds the release's own libraries.
    pub(super) fn server(&self) -> (String, Vec<String>) {
        let loader = self.0.join("usr/lib64/ld-linux-x86-64.so.2");
        let libraries = self.0.join("usr/lib/x86_64-linux-gnu");
        let server = self.0.join("usr/sbin/mysqld");
        let arguments = vec!["--library-path".to_owned(), shown(&libraries), shown(&server)];
        (shown(&loader), arguments)
    }

    /// Where it finds its messages and plugins.
    fn places(&self) -> Vec<String> {
        let usr = self.0.join("usr");
        vec![
            format!("--basedir={}", usr.display()),
            format!("--lc-messages-dir={}", usr.join("share/mysql").display()),
            format!("--plugin-dir={}", usr.join("lib/mysql/plugin").display()),
        ]
    }

    fn runs(&self, place: &Place) -> bool {
        let (program, arguments) = self.server();
        succeeds(place.program(&program).args(arguments).args(["--no-defaults", "--version"]))
    }
}

/// Brings the programs into the tools folder, once: 60 MB to load, 330 MB unpacked.
pub(crate) fn fetch(place: &Place) -> Outcome<Programs> {
    let _lock = tools::lock(place)?;
    let folder = place.tools.join("mysql");
    let programs = Programs(folder.join("root"));
    if programs.runs(place) {
        return Ok(programs);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    }
    say("Fetching MySQL, once for all clones.");
    let packages = load(place, &folder)?;
    fs::create_dir_all(&programs.0).map_err(Failure::while_doing(programs.0.display()))?;
    for package in packages {
        read(place.program("dpkg-deb").arg("--extract").arg(package).arg(&programs.0))?;
    }
    for no_longer in ["archives", "lists"] {
        let no_longer = folder.join(no_longer);
        fs::remove_dir_all(&no_longer).map_err(Failure::while_doing(no_longer.display()))?;
    }
    if programs.runs(place) {
        Ok(programs)
    } else {
        Err(Failure::new(format!("{PACKAGE} was unpacked into {}, and does not start", folder.display())))
    }
}

/// Loads the package and all that it needs, by an apt that knows that release and nothing of this machine.
fn load(place: &Place, folder: &Path) -> Outcome<Vec<PathBuf>> {
    let archives = folder.join("archives");
    for needed in [folder.join("lists/partial"), archives.join("partial")] {
        fs::create_dir_all(&needed).map_err(Failure::while_doing(needed.display()))?;
    }
    let mirror = mirror(place)?;
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).map_err(Failure::while_doing(file.display()))
    };
    write("sources.list", &format!("deb [signed-by={KEYRING}] {mirror} {RELEASE} main\n"))?;
    // Nothing is installed: so all that it needs is loaded.
    write("status", "")?;
    let apt = || {
        let mut apt = place.program("apt-get");
        for (option, value) in [
            ("Dir::Etc::SourceList", shown(&folder.join("sources.list"))),
            ("Dir::Etc::SourceParts", "/dev/null".to_owned()),
            ("Dir::Etc::PreferencesParts", "/dev/null".to_owned()),
            ("Dir::State", shown(folder)),
            ("Dir::State::Lists", shown(&folder.join("lists"))),
            ("Dir::State::Status", shown(&folder.join("status"))),
            ("Dir::Cache", shown(folder)),
            ("Dir::Cache::Archives", shown(&archives)),
            ("APT::Install-Recommends", "false".to_owned()),
            ("APT::Sandbox::User", "root".to_owned()),
            ("Debug::NoLocking", "true".to_owned()),
        ] {
            apt.arg("-o").arg(format!("{option}={value}"));
        }
        apt
    };
    let fetch = |arguments: &[&str]| {
        read(apt().arg("--quiet").args(arguments)).map(drop).map_err(|failure| {
            let said = failure.to_string();
            // The first line is the command with all its options.
            let why = said.split_once('\n').map_or(said.as_str(), |(_, why)| why);
            Failure::new(format!("{PACKAGE} of Debian's {RELEASE} cannot be fetched: {why}"))
        })
    };
    fetch(&["--error-on=any", "update"])?;
    fetch(&["--yes", "--download-only", "install", PACKAGE])?;
    let loaded = crate::place::files_of(&archives)?;
    Ok(loaded.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "deb")).collect())
}

/// Where this machine gets its packages from.
fn mirror(place: &Place) -> Outcome<String> {
    if !succeeds(Command::new("dpkg-query").arg("--version")) {
        return Err(Failure::new("this is not a Debian system"));
    }
    let targets = read(place.program("apt-get").args(["indextargets", "--format", "$(SITE)", "Origin: Debian"]))?;
    let known = targets.lines().find(|line| !line.is_empty()).map(str::to_owned);
    known.ok_or_else(|| Failure::new("apt has no package lists of Debian: `apt-get update` first"))
}

/// Makes a data directory.
pub(super) fn install(place: &Place, programs: &Programs, data: &Path) -> Outcome {
    let (program, arguments) = programs.server();
    let mut install = place.program(&program);
    install.args(arguments).args(["--no-defaults", "--initialize-insecure", "--secure-file-priv=NULL"]);
    install.arg(format!("--datadir={}", data.display())).args(run_as()).args(programs.places());
    read(&mut install).map(drop)
}

/// `sql_log_bin`: the replica makes its own.
pub(super) fn accounts(password: &str) -> String {
    format!(
        "SET sql_log_bin = 0;\n\
         ALTER USER root@localhost IDENTIFIED BY '{password}';\n\
         CREATE USER IF NOT EXISTS root@127.0.0.1;\n\
         ALTER USER root@127.0.0.1 IDENTIFIED BY '{password}';\n\
         GRANT ALL ON *.* TO root@127.0.0.1 WITH GRANT OPTION;\n"
    )
}

pub(super) fn options(programs: &Programs) -> Vec<String> {
    let mut options = programs.places();
    options.extend(
        ["--mysqlx=OFF", "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--innodb-redo-log-capacity=32M"]
            .map(str::to_owned),
    );
    options
}

/// Has a replica follow.
pub(super) fn follow(port: u16, password: &str) -> String {
    format!(
        "CHANGE REPLICATION SOURCE TO source_host = '127.0.0.1', source_port = {port}, source_user = 'replica', \
         source_password = '{password}', source_auto_position = 1, source_connect_retry = 1, get_source_public_key = 1; \
         START REPLICA"
    )
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
