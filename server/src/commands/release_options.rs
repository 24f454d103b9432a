//! Options that `pack` and `name` share: profile and fields.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use packer::{
    date::ReleaseDate,
    metadata::{Field, Overrides},
    overrides,
    profile::{Profile, ProfileError},
};

use super::failure::Failure;
use crate::exit::Exit;

/// Bytes of a profile that are read: more is no rule that a person wrote.
const PROFILE_BYTES: u64 = 1 << 20;

/// The built-in profile of a name, or the one in a file whose path ends in `.toml`.
pub(super) fn profile(name: &str) -> Result<Cow<'static, Profile>, Failure> {
    if Path::new(name).extension().is_some_and(|extension| extension == "toml") {
        return profile_file(Path::new(name)).map(Cow::Owned);
    }
    Profile::built_in(name).map(Cow::Borrowed).ok_or_else(|| {
        let hint = format!("there are {}; one of your own ends in .toml", profile_names());
        Failure::usage(format!("--profile: there is no profile `{name}`"), hint)
    })
}

/// Reads a profile of one's own. A mistake has its line and column. Its own tests are not run: they are for whoever writes
/// it, and a book is packed by what was agreed on.
pub(super) fn profile_file(path: &Path) -> Result<Profile, Failure> {
    read_profile(path, Profile::parse)
}

/// Reads a profile of one's own, and runs its tests.
pub(super) fn proven_profile(path: &Path) -> Result<Profile, Failure> {
    read_profile(path, Profile::prove)
}

fn read_profile(path: &Path, read: fn(&str, &str) -> Result<Profile, ProfileError>) -> Result<Profile, Failure> {
    let place = path.display().to_string();
    let unreadable = |error: io::Error| {
        let failure = Failure::unreadable(&error);
        Failure::new(failure.exit, "profile-unreadable", format!("`{place}`: {}", failure.message), failure.hint)
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    file.take(PROFILE_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    read(&text, &place)
        .map_err(|error| Failure::new(Exit::Usage, "profile-invalid", error.to_string(), "correct the profile there"))
}

/// The names of the built-in profiles, for a person.
pub(super) fn profile_names() -> String {
    Profile::built_ins().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// What `--set` takes, for `--help`: the fields by their names.
pub(super) fn help_of_set() -> String {
    let fields = Field::ALL.map(Field::word).join(", ");
    format!("A field that the book does not say, or says wrong; repeatable. FIELD is one of {fields}")
}

/// The fields from `FIELD=VALUE`, one after the other.
pub(super) fn fields(assignments: &[String]) -> Result<Overrides, Failure> {
    let mut fields = Overrides::default();
    for assignment in assignments {
        overrides::set(&mut fields, assignment)
            .map_err(|error| Failure::usage(format!("--set {assignment}: {error}"), "write --set FIELD=VALUE"))?;
    }
    Ok(fields)
}

/// Today in UTC.
pub(super) fn today() -> Result<ReleaseDate, Failure> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(ReleaseDate::from_unix_seconds).ok_or_else(|| {
        Failure::usage("the clock of this machine shows no year from 1980 to 2107", "set the clock, or give --date")
    })
}
