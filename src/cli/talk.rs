//! Printing: results to stdout, talk and the log to stderr.

use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use tracing_subscriber::EnvFilter;

/// Starts the log on stderr. `verbose` 0 logs information, 1 what is debugged, 2 everything; `quiet` leaves errors alone;
/// `PORTERHOUSE_LOG` overrides both.
pub(super) fn start_log(verbose: u8, json: bool, quiet: bool) {
    let level = match verbose {
        0 if quiet => "error",
        0 => "porterhouse=info,warn",
        1 => "porterhouse=debug,info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("PORTERHOUSE_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    let colored = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if json {
        log.json().init();
    } else {
        log.with_ansi(colored).init();
    }
}

/// Writes one line of talk to stderr.
pub(super) fn say(line: &str) {
    // Nobody to tell that stderr is gone.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes one line of result to stdout.
///
/// # Errors
/// Where stdout cannot be written, a closed pipe included.
pub(super) fn print(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Writes `value` as one line of JSON to stdout.
///
/// # Errors
/// As [`print()`].
pub(super) fn print_json(value: &impl Serialize) -> io::Result<()> {
    print(&serde_json::to_string(value)?)
}
