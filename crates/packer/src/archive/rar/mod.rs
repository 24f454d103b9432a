//! RAR 4 volumes in store mode, after RARLAB's published technical note on the format.
//!
//! Nothing is compressed. A book is one file in one chain of volumes with the old names: `base.rar`, `base.r00`,
//! `base.r01` … `base.r97`.

mod layout;

pub use layout::{VolumeLayout, VolumeLayoutError};
