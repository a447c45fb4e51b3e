//! How we prove to a service who we are.

use serde::Deserialize;

/// How a key of the user (`key = { env = "..." }`) is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// By what means.
    pub style: AuthStyle,
    /// The name of the header or of the part of the query; the login's name for `basic`.
    #[serde(default)]
    pub name: String,
    /// Whether nothing can be read without it.
    #[serde(default)]
    pub required: bool,
}

/// By what means a key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthStyle {
    /// `Authorization: Bearer`.
    Bearer,
    /// A header of its own.
    Header,
    /// A part of the query.
    Query,
    /// `Authorization: Basic`, the key as password.
    Basic,
}
