//! What the service tells systemd about itself: that it works, reloads, stops, and that its loop still turns.
//!
//! Goes to the socket that `$NOTIFY_SOCKET` names, and nowhere where there is none. A word that does not arrive is
//! logged and no reason to stop: systemd draws its own conclusions from silence.

use sd_notify::NotifyState;
use std::ffi::OsStr;
use std::fmt::Write;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;
use tokio::time::Instant;

/// The least time between two lines of status: each one wakes the init process.
const STATUS_PAUSE: Duration = Duration::from_secs(5);

/// The shortest pause between two signs of life; systemd itself never asks for so short a one.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

/// The heartbeat of one loop. Nothing but that loop may call [`Heartbeat::beat`]: a loop that hangs must fall silent.
#[derive(Debug)]
pub(super) struct Heartbeat {
    /// Half of what the watchdog allows; `None` where no watchdog is set.
    pause: Option<Duration>,
    alive_at: Option<Instant>,
    status: Option<(String, Instant)>,
}

impl Heartbeat {
    /// As the environment asks for it.
    pub(super) fn from_environment() -> Self {
        let pause = sd_notify::watchdog_enabled().filter(|allowed| !allowed.is_zero());
        Self { pause: pause.map(|allowed| (allowed / 2).max(SHORTEST_PAUSE)), alive_at: None, status: None }
    }

    /// How often to call [`Heartbeat::beat`], where `usual` is often enough for everything else.
    pub(super) fn rhythm(&self, usual: Duration) -> Duration {
        self.pause.map_or(usual, |pause| pause.min(usual))
    }

    /// Says what is due to be said: with the first beat that the service is ready, then that it is alive, and its
    /// status where that has changed.
    pub(super) fn beat(&mut self, status: impl FnOnce() -> String) {
        let now = Instant::now();
        let mut words = Vec::new();
        if self.alive_at.is_none() {
            words.push(NotifyState::Ready);
        }
        let is_due = |pause| self.alive_at.is_none_or(|at| now.duration_since(at) >= pause);
        if self.pause.is_some_and(is_due) || self.alive_at.is_none() {
            words.push(NotifyState::Watchdog);
            self.alive_at = Some(now);
        }
        let changed = match &self.status {
            Some((_, at)) if now.duration_since(*at) < STATUS_PAUSE => None,
            before => Some(status()).filter(|line| before.as_ref().is_none_or(|(said, _)| said != line)),
        };
        if let Some(line) = &changed {
            words.push(NotifyState::Status(line));
        }
        say(&words);
        if let Some(line) = changed {
            self.status = Some((line, now));
        }
    }
}

/// Says that the configuration is being read anew; [`reloaded`] must follow.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(moment) => say(&[NotifyState::Reloading, moment]),
        Err(error) => tracing::warn!(%error, "the clock cannot be read; systemd is not told of the reload"),
    }
}

/// Says that the reload is over, with what came of it.
pub(super) fn reloaded(status: &str) {
    say(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Says that the service is about to end.
pub(super) fn stopping() {
    say(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
}

fn say(words: &[NotifyState<'_>]) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else { return };
    if words.is_empty() {
        return;
    }
    if let Err(error) = send(&socket, words) {
        tracing::warn!(%error, "systemd could not be told: {error}");
    }
}

/// Sends one message. `sd_notify::notify` is not used: it takes `@name`, an address without a path, for a file, and
/// waits where nobody reads.
fn send(socket: &OsStr, words: &[NotifyState<'_>]) -> io::Result<()> {
    let address = match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    let mut message = String::new();
    for word in words {
        // Writing to a string cannot fail.
        let _ = writeln!(message, "{word}");
    }
    let sender = UnixDatagram::unbound()?;
    sender.set_nonblocking(true)?;
    sender.send_to_addr(message.as_bytes(), &address).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pause(pause: Option<Duration>) -> Heartbeat {
        Heartbeat { pause, alive_at: None, status: None }
    }

    #[test]
    fn the_rhythm_is_that_of_the_watchdog_where_it_is_the_faster_one() {
        let usual = Duration::from_secs(1);
        assert_eq!(with_pause(None).rhythm(usual), usual);
        assert_eq!(with_pause(Some(Duration::from_secs(60))).rhythm(usual), usual);
        assert_eq!(with_pause(Some(Duration::from_millis(200))).rhythm(usual), Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_status_is_made_once_in_a_while_and_told_where_it_changed() {
        let mut heartbeat = with_pause(None);
        let mut n_made = 0;
        for _ in 0..20 {
            heartbeat.beat(|| {
                n_made += 1;
                format!("{}", n_made / 3)
            });
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        // At 0 s "0"; at 5 s "0" again, which is not told, so that the next beat asks anew; and so on.
        assert_eq!(heartbeat.status.map(|(line, _)| line), Some((n_made / 3).to_string()));
    }
}
