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
    /// Requests in a day.
    pub per_day: Option<u32>,
    /// The zone in which days and months begin (IANA); UTC where none is named.
    pub zone: Option<String>,
    /// What it costs; then a source needs a `budget`.
    pub cost: Option<CostRule>,
    /// Where an answer says how many seconds it wants to be left alone.
    pub backoff: Option<String>,
    /// Where an answer says how many requests are left of the day.
    pub remaining: Option<String>,
    /// Where an answer says how many requests it grants in a day.
    pub most: Option<String>,
}

/// What a service costs: `{ request = "0.01 USD" }`, `{ item = "0.005 USD" }`, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostRule {
    /// Each request.
    pub request: Option<String>,
    /// Each item of an answer.
    pub item: Option<String>,
}
