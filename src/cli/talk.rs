//! Printing: results to stdout, talk and the log to stderr.

use super::journal;
use crate::app::Terminal;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use tracing::Level;
use tracing_subscriber::EnvFilter;

/// Starts the log on stderr. `verbose` 0 logs information, 1 what is debugged, 2 everything; `quiet` leaves errors alone;
/// `PORTERHOUSE_LOG` overrides both. Where stderr is the journal, lines carry a priority and neither time nor color.
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
    } else if journal::is_stderr() {
        log.event_format(journal::Entries::default()).init();
    } else {
        log.with_ansi(colored).init();
    }
}

/// The channel `terminal`: standard output, with texts only where somebody looks.
pub(super) fn terminal() -> Terminal {
    let out = io::stdout();
    if out.is_terminal() { Terminal::new(Box::new(out)) } else { Terminal::terse(Box::new(out)) }
}

/// Says why the program ends.
pub(super) fn fail(text: &str) {
    say_as(Level::ERROR, text);
}

/// Says what is not as it should be.
pub(super) fn warn(text: &str) {
    say_as(Level::WARN, text);
}

fn say_as(level: Level, text: &str) {
    if journal::is_stderr() {
        let _ = io::stderr().write_all(journal::entries(level, text).as_bytes());
    } else {
        say(text);
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
