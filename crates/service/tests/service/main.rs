//! The use cases as their callers see them: with the real database, the real folder of blobs, real books, and a clock
//! that is moved by hand.

#[cfg(test)]
mod confirming;
mod corrections;
#[cfg(test)]
mod covers;
mod door;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod duplicates;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod house;
#[cfg(test)]
mod housekeeping;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod many_jobs;
#[cfg(test)]
mod names;
#[cfg(test)]
mod old_packages;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod others;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod package_checks;
#[cfg(test)]
mod people;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod quotas;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod settings;
mod sources;
#[cfg(test)]
mod standings;
#[cfg(test)]
mod story;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod verify_links;
#[cfg(test)]
mod withdrawals;
