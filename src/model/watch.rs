//! What is listened to: the brands and the sources of `sources.toml`.

use super::{Brand, Medium, SourceName};
use std::time::Duration;

/// Everything of `sources.toml`, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// What is watched.
    pub brands: Vec<Brand>,
    /// Where we listen.
    pub sources: Vec<SourceSpec>,
}

/// One `[[source]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSpec {
    /// Its `id`.
    pub name: SourceName,
    /// The engine that reads it, for instance `feed`.
    pub engine: String,
    /// The address to start from.
    pub url: String,
    /// How often it is read; `None` means as often as it brings something.
    pub every: Option<Duration>,
    /// Where its items were said, where the reader cannot know better.
    pub medium: Option<Medium>,
    /// The language that its items are mostly in (ISO 639-1).
    pub lang: Option<String>,
}
