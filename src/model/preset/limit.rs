//! How often a service may be asked, and what that costs.

use serde::Deserialize;

/// How often a service may be asked.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitRule {
    /// The least time between two requests: `2s`.
    pub min_spacing: Option<String>,
    /// Requests in an hour.
    pub per_hour: Option<u32>,
    /// Where an answer says how many seconds it wants to be left alone.
    pub backoff: Option<String>,
    /// Where an answer says how many requests are left.
    pub remaining: Option<String>,
}
