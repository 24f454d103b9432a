//! A catalogue of a million releases, on both engines: how long each list takes for one client.

use std::fs;

use crate::databases::{Databases, Engine};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::terminal::answer;

/// What the goals are for.
const RELEASES: &str = "1000000";

/// Memory for the pages of MariaDB, and room for what is not written back yet: what a server of its own has at least. The
/// tests' few megabytes would have it write back all the time.
const OWN_SERVER: &str = "SET GLOBAL innodb_buffer_pool_size = 1073741824, GLOBAL innodb_log_file_size = 536870912, \
                          GLOBAL innodb_io_capacity = 2000";

/// Makes both databases anew and asks them.
pub(crate) fn measure(place: &Place) -> Outcome {
    build(place)?;
    let folder = place.target.join("bench-catalogue");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    answer("SQLite");
    let outcome = on(place, &format!("sqlite:{}", folder.join("catalogue.db").display()));
    fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    answer("\nMariaDB");
    let databases = Databases::start(place, &Engine::MariaDb)?;
    databases.tell(place, &format!("{OWN_SERVER}; CREATE DATABASE catalogue"))?;
    outcome.and(on(place, &format!("{}catalogue", databases.primary_url())))
}

/// `seed URL RELEASES`: fills a database.
pub(crate) fn seed(place: &Place, arguments: &[String]) -> Outcome {
    let [url, releases] = arguments else { return Err(Failure::new("`seed URL RELEASES`")) };
    build(place)?;
    run(place.program(&example(place, "seed")).args([url, releases]))
}

fn build(place: &Place) -> Outcome {
    run(place.cargo().args(["build", "--release", "-p", "store", "--examples"]))
}

fn on(place: &Place, url: &str) -> Outcome {
    run(place.program(&example(place, "seed")).args([url, RELEASES, "unlogged"]))?;
    run(place.program(&example(place, "catalogue")).arg(url))
}

fn example(place: &Place, name: &str) -> String {
    place.target.join("release/examples").join(name).display().to_string()
}
