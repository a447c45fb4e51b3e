//! What a host lets us do, as it said itself: kept so that a restart forgets no plea.

use jiff::Timestamp;

/// Whom a host limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Everybody: the host itself is crowded.
    Everybody,
    /// Who asks without a credential.
    Nobody,
    /// Who asks with this credential: a hash of where its secret is found, never of the secret.
    Key(u64),
}

/// What one host grants to one holder. Only what still holds is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct HostLimit {
    /// The host, with its port where that is not the usual one.
    pub host: String,
    /// Whom it limits.
    pub holder: Holder,
    /// Until when it wants to be left alone.
    pub rests_until: Option<Timestamp>,
    /// Refusals in a row that did not say for how long.
    pub strikes: u32,
    /// Requests that are left until `resets_at`; `None` where that is not known.
    pub remaining: Option<f64>,
    /// Requests that it grants between two resets.
    pub most: Option<f64>,
    /// When there are new ones.
    pub resets_at: Option<Timestamp>,
}

impl HostLimit {
    /// Until when it holds; `None` where it says nothing.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.rests_until.max(self.resets_at.filter(|_| self.remaining.is_some()))
    }
}

/// What the body of an answer says of our limits, where its headers do not. The default says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Told {
    /// How many seconds the service wants to be left alone.
    pub backoff_s: u32,
    /// Requests that are left.
    pub remaining: Option<u64>,
    /// Requests that it grants between two resets.
    pub most: Option<u64>,
    /// When there are new ones.
    pub resets_at: Option<Timestamp>,
}
