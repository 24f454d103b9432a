//! What is MariaDB's own.

use std::path::Path;

use super::server::run_as;
use crate::failure::Outcome;
use crate::place::Place;
use crate::program::read;

/// Makes a data directory.
pub(super) fn install(place: &Place, data: &Path) -> Outcome {
    let mut install = place.program("mariadb-install-db");
    install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
    install.arg(format!("--datadir={}", data.display())).args(run_as()).arg("--innodb-log-file-size=16M");
    read(&mut install).map(drop)
}

/// Root without a password would let every account of this machine in.
pub(super) fn accounts(password: &str) -> String {
    format!(
        "ALTER USER root@localhost IDENTIFIED BY '{password}';\n\
         ALTER USER root@127.0.0.1 IDENTIFIED BY '{password}';\n\
         DELETE FROM mysql.global_priv WHERE User='' OR Host NOT IN ('localhost', '127.0.0.1');\n\
         FLUSH PRIVILEGES;\n"
    )
}

pub(super) fn options() -> Vec<String> {
    ["--innodb-log-file-size=16M", "--gtid-domain-id=1"].map(str::to_owned).to_vec()
}

/// Has a replica follow.
pub(super) fn follow(port: u16, password: &str) -> String {
    format!(
        "CHANGE MASTER TO master_host = '127.0.0.1', master_port = {port}, master_user = 'replica', \
         master_password = '{password}', master_use_gtid = slave_pos, master_connect_retry = 1; START SLAVE"
    )
}
