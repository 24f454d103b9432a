//! The Compose files, as Compose reads them.

use crate::deployment::{programs, refusal};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;

const FILES: [&str; 2] = ["compose.yaml", "compose.prod.yaml"];

/// The deployment guide's smallest machine has 4 GB.
const MEMORY_BYTES: u64 = 4_000_000_000;

pub(super) fn check(place: &Place) -> Outcome {
    let compose = programs::docker_compose(place)?;
    for file in FILES {
        let with = |environment: &str| {
            let mut command = place.program(&compose.to_string_lossy());
            command.args(["--env-file", environment, "--file", file, "config"]);
            command
        };
        let whole = read(&mut with(".env.example"))?;
        let memory = total_memory(&whole);
        if memory == 0 || memory > MEMORY_BYTES {
            return Err(Failure::new(format!("{file}: the memory limits add up to {memory}, of {MEMORY_BYTES} bytes")));
        }
        // Nobody gets a database with an empty password by forgetting a file.
        let said = refusal(&mut with("/dev/null"))?;
        if !said.contains("is not set; ") {
            return Err(Failure::new(format!("{file} without settings is refused without saying what to do: {said}")));
        }
    }
    Ok(())
}

/// The sum of what `config` prints as `memory: "134217728"`.
fn total_memory(config: &str) -> u64 {
    let limits = config.lines().filter_map(|line| line.trim().strip_prefix("memory: "));
    limits.filter_map(|limit| limit.trim_matches('"').parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_limits_are_added_up() {
        assert_eq!(total_memory("a:\n    memory: \"10\"\nb:\n  memory: \"32\"\n  memory: much\n"), 42);
    }
}
