//! RAR 4 volumes in store mode, after RARLAB's published technical note on the format.
//!
//! Nothing is compressed. A book is one file in one chain of volumes with the old names: `base.rar`, `base.r00`,
//! `base.r01` … `base.r97`.

mod layout;
mod reader;
mod volume;

pub use layout::{VolumeLayout, VolumeLayoutError};
pub use reader::{VolumeHead, VolumeReadError, read_end, read_head};
pub use volume::Volume;

/// The name of a volume; `index` counts from 0.
pub fn volume_name(base: &str, index: u32) -> String {
    match index.checked_sub(1) {
        None => format!("{base}.rar"),
        Some(number) => format!("{base}.r{number:02}"),
    }
}
