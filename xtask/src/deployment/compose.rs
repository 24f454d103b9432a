//! The Compose files, as Compose reads them.

use crate::deployment::{programs, refusal};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};

/// Each with the memory that the deployment guide says all its limits together stay below.
const FILES: [(&str, u64); 2] = [("compose.yaml", 3_000_000_000), ("compose.prod.yaml", 4_000_000_000)];

pub(super) fn check(place: &Place) -> Outcome {
    let compose = programs::docker_compose(place)?;
    // What the program above understands and one of 2.0 would not.
    let python = place.tools.join("python/bin/python");
    let mut schema = place.program(&python.to_string_lossy());
    schema.arg("xtask/src/deployment/compose_schema.py").arg(programs::compose_schema(place)?);
    run(schema.args(FILES.map(|(file, _)| file)))?;
    for (file, most) in FILES {
        let with = |environment: &str| {
            let mut command = place.program(&compose.to_string_lossy());
            command.args(["--env-file", environment, "--file", file, "config"]);
            command
        };
        let whole = read(&mut with(".env.example"))?;
        let memory = total_memory(&whole);
        if memory == 0 || memory >= most {
            return Err(Failure::new(format!("{file}: the memory limits add up to {memory}, of {most} bytes")));
        }
        let faults = faults(&whole);
        if !faults.is_empty() {
            return Err(Failure::new(format!("{file}: {}", faults.join("\n"))));
        }
        // Nobody gets a database with an empty password by forgetting a file.
        let said = refusal(&mut with("/dev/null"))?;
        if !said.contains("is not set; ") {
            return Err(Failure::new(format!("{file} without settings is refused without saying what to do: {said}")));
        }
    }
    Ok(())
}

/// The ports of nginx and of the files of the site, which are for the world; every other one is for this machine.
const FOR_THE_WORLD: [&str; 2] = ["nginx", "frontend"];

/// The services of the deployment plan whose addresses it asks on this machine, by the port inside.
const ASKED: [(&str, &str); 2] = [("backend", "5000"), ("nginx", "8080")];

/// What each service is held to, in words that every Compose from 2.0 on obeys.
const LIMITS: [&str; 3] = ["cpu_quota: ", "mem_limit: ", "pids_limit: "];

/// What is wrong with the services that `config` prints.
fn faults(config: &str) -> Vec<String> {
    let services = services(config);
    let mut faults = Vec::new();
    if services.is_empty() {
        faults.push("no service is found in what Compose prints".to_owned());
    }
    for (name, lines) in &services {
        for limit in LIMITS {
            if !lines.iter().any(|line| line.starts_with(limit)) {
                faults.push(format!("the service {name} has no limit `{limit}…`"));
            }
        }
        let ports = lines.iter().filter(|line| line.starts_with("published: ")).count();
        let here = lines.iter().filter(|line| **line == "host_ip: 127.0.0.1").count();
        if ports != here && !FOR_THE_WORLD.contains(name) {
            faults.push(format!("the service {name} is published beyond this machine"));
        }
    }
    for (asked, port) in ASKED {
        let port = format!("target: {port}");
        if !services.iter().any(|(name, lines)| *name == asked && lines.contains(&port.as_str())) {
            faults.push(format!("the service {asked} does not publish its port, {port}"));
        }
    }
    faults.extend(taken_addresses(&services));
    faults
}

/// The fixed addresses that another container may have taken before: Compose before 2.5 drops `ip_range`, and the lowest
/// are given out, from 2 on, to each service without one of its own and to one that runs once beside it.
fn taken_addresses(services: &[(&str, Vec<&str>)]) -> Vec<String> {
    let addresses: Vec<_> = services
        .iter()
        .map(|(name, lines)| (*name, lines.iter().find_map(|line| line.strip_prefix("ipv4_address: "))))
        .collect();
    let last_given = 1 + 2 * addresses.iter().filter(|(_, address)| address.is_none()).count();
    let fixed = addresses.into_iter().filter_map(|(name, address)| Some((name, address?)));
    let is_safe = |address: &str| {
        let last = address.rsplit('.').next().and_then(|number| number.parse::<usize>().ok());
        last.is_some_and(|last| last > last_given)
    };
    let taken = fixed.filter(|(_, address)| !is_safe(address));
    taken.map(|(name, address)| format!("{address} of {name} is given out to another, up to .{last_given}")).collect()
}

/// Each service with its lines, without their indents.
fn services(config: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let inside = config.lines().skip_while(|line| *line != "services:").skip(1);
    for line in inside.take_while(|line| line.starts_with(' ')) {
        match line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')).and_then(|rest| rest.strip_suffix(':')) {
            Some(name) => found.push((name, Vec::new())),
            None => {
                if let Some((_, lines)) = found.last_mut() {
                    lines.push(line.trim_start_matches([' ', '-']));
                }
            }
        }
    }
    found
}

/// The sum of what `config` prints as `mem_limit: "134217728"`.
fn total_memory(config: &str) -> u64 {
    let limits = config.lines().filter_map(|line| line.trim().strip_prefix("mem_limit: "));
    limits.filter_map(|limit| limit.trim_matches('"').parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_limits_are_added_up() {
        assert_eq!(total_memory("a:\n    mem_limit: \"10\"\nb:\n  mem_limit: \"32\"\n  mem_limit: much\n"), 42);
    }

    const WHOLE: &str = "\
name: packer
services:
  backend:
    cpu_quota: 50000
    mem_limit: \"10\"
    pids_limit: 5
    ports:
      - mode: ingress
        host_ip: 127.0.0.1
        target: 5000
        published: \"5000\"
  nginx:
    cpu_quota: 50000
    mem_limit: \"10\"
    networks:
      app:
        ipv4_address: 172.30.50.10
    pids_limit: 5
    ports:
      - target: 8080
        published: \"8080\"
networks:
  app:
    driver: bridge
";

    #[test]
    fn a_service_without_a_limit_or_beyond_this_machine_is_a_fault() {
        assert_eq!(faults(WHOLE), Vec::<String>::new());
        let said = |what: &str, other: &str| faults(&WHOLE.replacen(what, other, 1)).join(", ");
        assert!(said("    mem_limit: \"10\"\n", "").contains("backend has no limit `mem_limit"));
        assert!(said("    pids_limit: 5\n", "").contains("backend has no limit `pids_limit"));
        assert!(said("    cpu_quota: 50000\n", "    cpus: 0.5\n").contains("backend has no limit `cpu_quota"));
        assert!(said("        host_ip: 127.0.0.1\n", "").contains("backend is published beyond"));
        assert!(said("target: 5000", "target: 5001").contains("backend does not publish"));
        assert!(said("services:", "nothing:").contains("no service"));
    }

    #[test]
    fn an_address_that_is_given_out_to_another_is_a_fault() {
        let said = |last: u8| faults(&WHOLE.replacen(".50.10", &format!(".50.{last}"), 1)).join(", ");
        assert_eq!(said(4), "");
        assert_eq!(said(3), "172.30.50.3 of nginx is given out to another, up to .3");
    }
}
