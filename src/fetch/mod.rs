//! The manners of a crawler on top of `net`: pace per host, validators, `Retry-After`, redirects, robots.txt, bounds.

use std::time::Duration;

/// How we behave toward the hosts that we read.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A link or mail address in the user agent, so that an operator can reach us.
    pub contact: String,
    /// Requests in flight, all hosts together.
    pub in_flight: usize,
    /// Requests in flight to one host.
    pub per_host_in_flight: usize,
    /// The pause between two requests to one host.
    pub per_host_pause: Duration,
    /// Whether robots.txt is asked before pages are read.
    pub robots: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            in_flight: 100,
            per_host_in_flight: 2,
            per_host_pause: Duration::from_secs(1),
            robots: true,
        }
    }
}
