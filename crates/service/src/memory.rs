//! How much of the memory is used that this process may have: of its container, where that has a limit, or of the machine.

use std::path::{Path, PathBuf};

use crate::health::percent;

/// Where Linux shows its control groups (version 2; with version 1 only the machine is known).
const GROUPS: &str = "/sys/fs/cgroup";

/// In percent, the fuller one of machine and container; `None` where the system does not tell.
pub(crate) async fn percent_used() -> Option<u8> {
    // The kernel's own files: they are made when they are read, and never wait for a disk.
    let machine = read(Path::new("/proc/meminfo")).await.and_then(|text| of_machine(&text));
    let own = read(Path::new("/proc/self/cgroup")).await.and_then(|text| own_group(&text));
    let container = of_groups(Path::new(GROUPS), &own.unwrap_or_default()).await;
    machine.and_then(|(used, total)| percent(used, total)).max(container)
}

async fn read(path: &Path) -> Option<String> {
    tokio::fs::read_to_string(path).await.ok()
}

/// Used and total kibibytes, from `/proc/meminfo`.
fn of_machine(text: &str) -> Option<(u64, u64)> {
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let total = value("MemTotal")?;
    Some((total.checked_sub(value("MemAvailable")?)?, total))
}

/// The group of a process without its first slash, from `/proc/self/cgroup`: the line of version 2 begins with `0::`.
fn own_group(text: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix("0::/")).map(str::to_owned)
}

/// The fullest of a group and those around it. A limit may stand on any of them: on the container or on the pod that it
/// is in. In a container the own group is mostly the root of what can be seen.
async fn of_groups(root: &Path, own: &str) -> Option<u8> {
    let mut fullest = None;
    for group in root.join(own).ancestors().take_while(|group| group.starts_with(root)).map(PathBuf::from) {
        let limit = read(&group.join("memory.max")).await.and_then(|text| text.trim().parse::<u64>().ok());
        let Some(limit) = limit else { continue };
        let Some(used) = read(&group.join("memory.current")).await.and_then(|text| text.trim().parse::<u64>().ok())
        else {
            continue;
        };
        // Pages of files that nobody has used lately are given back before anything is refused.
        let idle = read(&group.join("memory.stat")).await.and_then(|text| inactive_file(&text)).unwrap_or_default();
        fullest = fullest.max(percent(used.saturating_sub(idle), limit));
    }
    fullest
}

/// Bytes of `inactive_file`, from `memory.stat`.
fn inactive_file(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("inactive_file "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_memory_is_what_is_not_available() {
        let text = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n";
        assert_eq!(of_machine(text), Some((750, 1_000)));
        assert_eq!(of_machine("MemTotal: much kB"), None);
        assert_eq!(of_machine(""), None);
    }

    #[test]
    fn the_own_group_is_that_of_version_2() {
        assert_eq!(own_group("12:memory:/old\n0::/docker/abc\n").as_deref(), Some("docker/abc"));
        assert_eq!(own_group("0::/\n").as_deref(), Some(""));
        assert_eq!(own_group("12:memory:/old\n"), None);
    }

    #[tokio::test]
    async fn the_limit_of_the_container_counts_and_that_of_the_pod_around_it() {
        let root = tempfile::tempdir().unwrap();
        let put = |group: &str, name: &str, text: &str| {
            let folder = root.path().join(group);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), text).unwrap();
        };
        assert_eq!(of_groups(root.path(), "pod/own").await, None, "no limit anywhere");
        put("pod/own", "memory.max", "max\n");
        put("pod/own", "memory.current", "400\n");
        assert_eq!(of_groups(root.path(), "pod/own").await, None, "`max` is no limit");
        put("pod/own", "memory.max", "1000\n");
        assert_eq!(of_groups(root.path(), "pod/own").await, Some(40));
        put("pod/own", "memory.stat", "anon 100\ninactive_file 300\n");
        assert_eq!(of_groups(root.path(), "pod/own").await, Some(10), "what can be given back is not used");
        put("pod", "memory.max", "2000");
        put("pod", "memory.current", "1500");
        assert_eq!(of_groups(root.path(), "pod/own").await, Some(75), "the pod is fuller");
    }
}
