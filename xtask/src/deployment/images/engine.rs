//! A container engine of our own: private folders, and for what runs a private network, where no port is taken and
//! nothing gets out. Nobody else's containers are seen or touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::{Background, last_lines, lives};
use crate::program::{read, run, succeeds};

/// The engine, what it runs containers with, and what makes the images that it begins with.
const PACKAGES: &[&str] = &["containerd", "debootstrap", "docker.io", "iproute2", "iptables", "runc"];

/// An engine that can start at all has done so long before.
const READY_LIMIT: Duration = Duration::from_mins(1);

/// A running engine; its containers end with it.
#[derive(Debug)]
pub(super) struct Engine {
    _server: Background,
    socket: PathBuf,
}

impl Engine {
    /// One that builds: its builds reach the network of this machine, and it changes nothing of it. Its layers stay in
    /// `folder` for the next time.
    pub(super) fn for_building(place: &Place, folder: &Path) -> Outcome<Self> {
        let leave_the_network_alone = ["--bridge=none", "--iptables=false", "--ip-forward=false"];
        Self::start(place, folder, "dockerd", leave_the_network_alone.map(str::to_owned).to_vec())
    }

    /// One that runs containers, inside a private network.
    pub(super) fn for_running(place: &Place, folder: &Path, network: &Network) -> Outcome<Self> {
        Self::start(place, folder, "nsenter", vec![network.option(), "dockerd".to_owned()])
    }

    fn start(place: &Place, folder: &Path, program: &str, mut arguments: Vec<String>) -> Outcome<Self> {
        fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
        // What an engine that was killed has left is no engine.
        let exec = folder.join("exec");
        if exec.exists() {
            fs::remove_dir_all(&exec).map_err(Failure::while_doing(exec.display()))?;
        }
        let (socket, log) = (folder.join("socket"), folder.join("log"));
        arguments.extend([
            format!("--host=unix://{}", socket.display()),
            format!("--data-root={}", folder.join("data").display()),
            format!("--exec-root={}", exec.display()),
            format!("--pidfile={}", folder.join("pid").display()),
            "--storage-driver=overlay2".to_owned(),
        ]);
        let mut server = Background::start(place, program, &arguments, &log)?;
        let begun = Instant::now();
        while !succeeds(docker_at(place, &socket).arg("info")) {
            let failure = match server.still_runs() {
                Ok(()) if begun.elapsed() < READY_LIMIT => None,
                Ok(()) => Some(Failure::new("it is not ready")),
                Err(failure) => Some(failure),
            };
            if let Some(failure) = failure {
                return Err(Failure::new(format!(
                    "no container engine starts here: {failure}\n{}",
                    last_lines(&log, 10)
                )));
            }
            sleep(Duration::from_millis(200));
        }
        Ok(Self { _server: server, socket })
    }

    /// The client of this engine.
    pub(super) fn docker(&self, place: &Place) -> Command {
        docker_at(place, &self.socket)
    }

    /// Tells another client, such as Compose or a script, which engine is meant.
    pub(super) fn tell(&self, program: &mut Command) {
        program.env("DOCKER_HOST", address(&self.socket));
    }

    pub(super) fn has(&self, place: &Place, image: &str) -> bool {
        succeeds(self.docker(place).args(["image", "inspect", image]))
    }

    /// Takes images over from another engine.
    pub(super) fn take(&self, place: &Place, from: &Self, images: &[String], through: &Path) -> Outcome {
        read(from.docker(place).arg("save").arg("--output").arg(through).args(images))?;
        read(self.docker(place).arg("load").arg("--quiet").arg("--input").arg(through))?;
        fs::remove_file(through).map_err(Failure::while_doing(through.display()))
    }
}

/// Installs what an engine needs, where that is possible at all.
pub(super) fn prepare(place: &Place) -> Outcome {
    if !debian::is_root() {
        return Err(Failure::new("a container engine of our own needs root"));
    }
    debian::install(place, PACKAGES)
}

fn docker_at(place: &Place, socket: &Path) -> Command {
    // Another client, without the builder of these, may stand first in the search path.
    let mut docker = place.program("/usr/bin/docker");
    docker.env("DOCKER_HOST", address(socket)).env("DOCKER_BUILDKIT", "1");
    docker
}

fn address(socket: &Path) -> String {
    format!("unix://{}", socket.display())
}

/// A network with nothing in it but its own loopback; gone when dropped.
#[derive(Debug)]
pub(super) struct Network {
    name: String,
}

/// What the names of ours begin with, before the id of the process that made them.
const NAME: &str = "ebook-scene-packer-";

impl Network {
    pub(super) fn make(place: &Place) -> Outcome<Self> {
        remove_leftovers(place)?;
        let network = Self { name: format!("{NAME}{}", std::process::id()) };
        run(place.program("ip").args(["netns", "add", &network.name]))?;
        run(place.program("ip").args(["-n", &network.name, "link", "set", "lo", "up"]))?;
        Ok(network)
    }

    /// A program that runs inside.
    pub(super) fn program(&self, place: &Place, name: &str) -> Command {
        let mut command = place.program("nsenter");
        command.arg(self.option()).arg(name);
        command
    }

    /// `ip netns exec` would hide the control groups, without which no container is limited.
    pub(super) fn option(&self) -> String {
        format!("--net=/run/netns/{}", self.name)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // One that stays is removed by the next run.
        succeeds(Command::new("ip").args(["netns", "delete", &self.name]));
    }
}

fn remove_leftovers(place: &Place) -> Outcome {
    let listed = read(place.program("ip").args(["netns", "list"]))?;
    for name in listed.lines().filter_map(|line| line.split_whitespace().next()) {
        let maker = name.strip_prefix(NAME).and_then(|id| id.parse::<u32>().ok());
        if maker.is_some_and(|id| !lives(id)) {
            run(place.program("ip").args(["netns", "delete", name]))?;
        }
    }
    Ok(())
}
