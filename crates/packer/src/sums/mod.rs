//! Checksums of files: taken while bytes pass, written as lists, and read back from lists.

mod digest;

pub use digest::{BUFFER_SIZE, Digest, Digester, SummedReader};
