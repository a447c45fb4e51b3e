//! A place on the map.

use serde::{Deserialize, Serialize};

/// Degrees north and east (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
}

/// A place that was found on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Its usual name, for instance "Newark Liberty International Airport".
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case; empty where unknown.
    pub country: String,
    /// Its state, province or canton, as its code ("NJ"); empty where unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// Where it is.
    pub at: Coordinates,
    /// Its IANA time zone, where known.
    pub zone: Option<String>,
}
