//! Sending files.

pub(in crate::islands) mod kept;
pub(in crate::islands) mod remembered;
pub(in crate::islands) mod transfer;
pub(in crate::islands) mod turn;
