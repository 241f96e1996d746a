//! The quote over gRPC under load, as a program of its own for `cargo xtask bench` (build it with `--release`):
//!
//! ```text
//! quote_load fill FILE VOLUNTEERS                writes a nation of so many volunteers and its open gigs into a new SQLite file
//! quote_load run KEIKKA FILE CALLERS SECONDS     serves it with the program KEIKKA and prints figures, one a line
//! quote_load people|gigs VOLUNTEERS              prints the same people and gigs as tab-separated values
//! ```
//!
//! The people do not pass through the API: documents are written by the store in transactions of thousands, as an import would
//! write them. The server is another process, asked over TCP with a key, by callers with a connection each.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod calls;
mod fill;
#[path = "../../../crates/matching/benches/nation/mod.rs"]
#[allow(dead_code)]
mod nation;
mod people;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be started");
    match words.as_slice() {
        ["fill", file, volunteers] => runtime.block_on(fill::fill(Path::new(file), count(volunteers))),
        ["run", keikka, file, callers, seconds] => {
            runtime.block_on(calls::run(Path::new(keikka), Path::new(file), count(callers), count(seconds) as u64));
        }
        ["people", volunteers] => people::print_people(count(volunteers)),
        ["gigs", volunteers] => people::print_gigs(count(volunteers)),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

fn count(word: &str) -> usize {
    word.parse().expect("a whole number")
}
