//! Sending files.

pub(in crate::islands) mod transfer;
