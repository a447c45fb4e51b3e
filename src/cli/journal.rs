//! The log as the journal of systemd takes it: a priority before each line; time and program it knows by itself.

use std::fmt::{self, Write};
use std::io;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{Format, Full, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Whether stderr leads to the journal: `$JOURNAL_STREAM` names the device and the inode that it does.
///
/// The variable alone says nothing: a child whose stderr was redirected inherits it.
pub(super) fn is_stderr() -> bool {
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    rustix::fs::fstat(io::stderr()).is_ok_and(|stat| stream == format!("{}:{}", stat.st_dev, stat.st_ino))
}

/// `text` with the priority of `level` before each of its lines: the journal makes an entry of each.
pub(super) fn entries(level: Level, text: &str) -> String {
    let priority = priority(level);
    text.lines().fold(String::new(), |mut entries, line| {
        // Writing to a string cannot fail.
        let _ = writeln!(entries, "<{priority}>{line}");
        entries
    })
}

/// The priority of syslog, from 3 (error) to 7 (debug).
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

/// Writes events as entries of the journal.
#[derive(Debug)]
pub(super) struct Entries(Format<Full, ()>);

impl Default for Entries {
    fn default() -> Self {
        Self(Format::default().without_time().with_level(false).with_target(false).with_ansi(false))
    }
}

impl<S, N> FormatEvent<S, N> for Entries
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut text = String::new();
        self.0.format_event(context, Writer::new(&mut text), event)?;
        writer.write_str(&entries(*event.metadata().level(), &text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_priority() {
        assert_eq!(entries(Level::ERROR, "a\nb\n"), "<3>a\n<3>b\n");
        assert_eq!(entries(Level::TRACE, "c"), "<7>c\n");
        assert_eq!(entries(Level::INFO, ""), "");
    }

    #[test]
    fn a_line_cannot_pass_for_one_of_another_priority() {
        assert_eq!(entries(Level::DEBUG, "told\n<0>the house burns"), "<7>told\n<7><0>the house burns\n");
    }
}
