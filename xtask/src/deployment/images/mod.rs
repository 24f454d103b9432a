//! The images of the Dockerfile, built; and `compose.yaml` brought up with them, used through nginx and taken down.
//!
//! It needs root and a kernel that lets an engine run. Where one cannot, that is said and everything else still runs.

mod bases;
mod engine;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use self::engine::{Engine, Network};
use super::{programs, workshop};
use crate::api::Api;
use crate::commands::flags;
use crate::databases::{random_word, spare_port};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::steps::Steps;
use crate::terminal::say;

const IMAGES: &str = "ghcr.io/yourorg/ebook-scene-packer";
/// The targets of the Dockerfile.
const TARGETS: [&str; 3] = ["backend", "frontend", "proxy"];
/// The services of `compose.yaml` that stay.
const SERVICES: [&str; 5] = ["backend", "db", "frontend", "nginx", "redis"];
/// From `up` until every service says that it is healthy.
const HEALTHY_LIMIT: Duration = Duration::from_mins(3);
const ADMIN: &str = "editor-in-chief";

/// `images`: this alone.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    let mut steps = Steps::default();
    add_steps(place, &mut steps);
    steps.finish()
}

pub(crate) fn add_steps(place: &Place, steps: &mut Steps) {
    const STEP: &str = "images built, compose.yaml used";
    let stage = match Stage::set(place) {
        Ok(stage) => stage,
        Err(failure) => return steps.not_run(STEP, &failure),
    };
    if steps.run_and_keep("images", || stage.build()) {
        steps.run("compose.yaml, through nginx", || stage.use_compose());
    }
}

/// Two engines: one builds with the network of this machine, one runs in a network of its own.
#[derive(Debug)]
struct Stage {
    place: Place,
    compose: PathBuf,
    folder: PathBuf,
    builder: Engine,
    runner: Engine,
    network: Network,
    /// The last to go: the engine that runs has its data in it.
    _scratch: Scratch,
}

/// The folder of one run; gone, with the containers' data, when dropped.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            say(format_args!("{} could not be removed: {error}", self.0.display()));
        }
    }
}

impl Stage {
    fn set(place: &Place) -> Outcome<Self> {
        engine::prepare(place)?;
        let compose = programs::docker_compose(place)?;
        // What was built stays for the next time: a release of everything takes half an hour.
        let kept = place.target.join("containers");
        let folder = workshop(place, "images")?;
        let scratch = Scratch(folder.clone());
        let network = Network::make(place)?;
        let runner = Engine::for_running(place, &folder.join("runner"), &network)?;
        let builder = Engine::for_building(place, &kept)?;
        bases::make(place, &builder, &folder)?;
        Ok(Self { place: place.clone(), compose, folder, builder, runner, network, _scratch: scratch })
    }

    /// Builds every target, and gives a line with the size of each.
    fn build(&self) -> (Vec<String>, Outcome) {
        let mut lines = Vec::new();
        for target in TARGETS {
            match self.build_one(target) {
                Ok(line) => lines.push(line),
                Err(failure) => return (lines, Err(failure)),
            }
        }
        (lines, Ok(()))
    }

    fn build_one(&self, target: &str) -> Outcome<String> {
        let image = image(target);
        let mut build = self.builder.docker(&self.place);
        build.args(["build", "--progress=plain", "--network=host", "--target", target, "--tag", &image]);
        for (argument, value) in [
            ("RUST_IMAGE", bases::RUST),
            ("NODE_IMAGE", bases::NODE),
            ("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt"),
        ] {
            build.arg("--build-arg").arg(format!("{argument}={value}"));
        }
        run(build.arg("."))?;
        let format = "{{.Size}} {{.Config.User}}";
        let said = read(self.builder.docker(&self.place).args(["image", "inspect", "--format", format, &image]))?;
        let (size, user) = said.trim().split_once(' ').unwrap_or((said.trim(), ""));
        if matches!(user, "" | "root" | "0" | "0:0") {
            return Err(Failure::new(format!("the image {target} runs as root")));
        }
        let bytes: u64 = size.parse().map_err(Failure::while_doing(format_args!("reading the size of {target}")))?;
        Ok(format!("image {target}: {} MB, user {user}", bytes / 1_000_000))
    }

    fn use_compose(&self) -> Outcome {
        let mut images = TARGETS.map(image).to_vec();
        images.extend([bases::DATABASE, bases::REDIS].map(str::to_owned));
        self.runner.take(&self.place, &self.builder, &images, &self.folder.join("images.tar"))?;
        let installation = Installation::prepare(self)?;
        let used = installation.bring_up().and_then(|()| installation.use_it());
        if used.is_err() {
            // Why, before everything is taken away.
            run(&mut installation.compose(&["logs", "--no-color", "--tail", "30"]))?;
        }
        let down = run(&mut installation.compose(&["down", "--volumes"]));
        used.and(down)?;
        let left = read(self.runner.docker(&self.place).args(["ps", "--all", "--quiet"]))?;
        if left.trim().is_empty() { Ok(()) } else { Err(Failure::new("`down` has left containers")) }
    }
}

fn image(target: &str) -> String {
    format!("{IMAGES}:latest-{target}")
}

/// `compose.yaml` in a folder of its own, with the settings that `deploy/new-env.sh` makes.
struct Installation<'stage> {
    stage: &'stage Stage,
    folder: PathBuf,
    port: u16,
    password: String,
}

impl<'stage> Installation<'stage> {
    fn prepare(stage: &'stage Stage) -> Outcome<Self> {
        let folder = stage.folder.join("installation");
        fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
        let mut copy = stage.place.program("cp");
        run(copy.args(["-R", "compose.yaml", ".env.example", "deploy"]).arg(&folder))?;
        let (port, password) = (spare_port()?, format!("quires, signatures and {}", random_word()?));
        let installation = Self { stage, folder, port, password };
        run(&mut installation.program("deploy/new-env.sh"))?;
        Ok(installation)
    }

    /// `up -d`, until every service is healthy, as an operator sees it.
    fn bring_up(&self) -> Outcome {
        run(&mut self.compose(&["up", "--detach", "--no-build"]))?;
        let begun = Instant::now();
        loop {
            let said = read(&mut self.compose(&["ps", "--format", "{{.Service}} {{.Health}}"]))?;
            let healthy = |service: &&str| said.lines().any(|line| line == format!("{service} healthy"));
            if SERVICES.iter().all(healthy) {
                say(format_args!("All healthy after {} s.", begun.elapsed().as_secs()));
                return Ok(());
            }
            if begun.elapsed() > HEALTHY_LIMIT {
                return Err(Failure::new(format!("not every service became healthy:\n{said}")));
            }
            sleep(Duration::from_secs(1));
        }
    }

    /// The commands of the deployment guide, then a book from hand to hand.
    fn use_it(&self) -> Outcome {
        run(&mut self.compose(&["exec", "--no-TTY", "backend", "flask", "db", "upgrade"]))?;
        let password = format!("ADMIN_PASSWORD={}", self.password);
        let create = ["exec", "--no-TTY", "--env", &password, "--env", &format!("ADMIN_USERNAME={ADMIN}"), "backend"];
        // Not shown: it holds the password.
        read(&mut self.compose(&[&create[..], &["flask", "create-admin"]].concat()))?;
        run(self.through_network("deploy/smoke.sh").arg(self.address()))?;
        self.pack_a_book()
    }

    fn pack_a_book(&self) -> Outcome {
        let place = &self.stage.place;
        let book = small_book(place, &self.folder)?;
        let size = fs::metadata(&book).map_err(Failure::while_doing(book.display()))?.len();
        let runner = vec!["nsenter".to_owned(), self.stage.network.option()];
        let api = Api::sign_in_through(place, runner, &self.address(), ADMIN, &self.password)?;
        let group = api.create_group("QUIRES")?;
        let release = api.upload(&book, size)?;
        api.wait_for(&release, "draft")?;
        api.decide(&release, &group)?;
        api.pack(&release)?;
        let packed = api.wait_for(&release, "packed")?;
        let package = self.folder.join("package.zip");
        api.download(&packed, &package)?;
        run(place.program("unzip").args(["-t", "-q"]).arg(&package))
    }

    fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    fn compose(&self, arguments: &[&str]) -> Command {
        let mut compose = self.program(&self.stage.compose.to_string_lossy());
        compose.args(["--file", "compose.yaml", "--project-name", "packer"]).args(arguments);
        compose
    }

    fn through_network(&self, program: &str) -> Command {
        self.tell(self.stage.network.program(&self.stage.place, program))
    }

    fn program(&self, name: &str) -> Command {
        self.tell(self.stage.place.program(name))
    }

    /// The folder, the engine, and what differs from `.env.example`: where images are, and where it answers.
    fn tell(&self, mut program: Command) -> Command {
        program.current_dir(&self.folder);
        self.stage.runner.tell(&mut program);
        program.env("DB_IMAGE", bases::DATABASE).env("REDIS_IMAGE", bases::REDIS);
        program.env("NGINX_PORT", self.port.to_string()).env("PUBLIC_URL", self.address());
        // For the scripts, which do not know ours.
        program.env("COMPOSE_PROJECT_NAME", "packer");
        program
    }
}

/// A small EPUB.
fn small_book(place: &Place, folder: &Path) -> Outcome<PathBuf> {
    let books = folder.join("books");
    let mut example = place.cargo();
    example.args(["run", "--quiet", "-p", "packer", "--features", "builder", "--example", "make_books", "--"]);
    run(example.arg(&books))?;
    Ok(books.join("lighthouse.epub"))
}
