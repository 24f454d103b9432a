//! The binary: everything it does stands in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run(std::env::args_os())
}
