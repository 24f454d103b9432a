//! The use cases as their callers see them: with the real database, the real folder of blobs, real books, and a clock
//! that is moved by hand.

#[cfg(test)]
mod corrections;
#[cfg(test)]
mod downloads;
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
mod names;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod people;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod story;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod verify_links;
