//! What is watched: a brand with its names, accounts and places.

use super::{BrandId, OpeningHours, Place};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is watched. A competitor is a brand with `competitor` set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brand {
    /// Unique among the brands.
    pub id: BrandId,
    /// The full name.
    pub name: String,
    /// Other names that it goes by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where it can be addressed: `@Mortons`, `@mortons@mastodon.social`, `mortons.bsky.social`.
    #[serde(default)]
    pub handles: Vec<String>,
    /// What it posts from itself.
    #[serde(default)]
    pub own_accounts: Vec<OwnAccount>,
    /// `#mortons`.
    #[serde(default)]
    pub hashtags: Vec<String>,
    /// `mortons.com`.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Names of things that it sells.
    #[serde(default)]
    pub products: Vec<String>,
    /// Names of people who stand for it.
    #[serde(default)]
    pub people: Vec<String>,
    /// What it is, in free words; the words count as context.
    #[serde(default)]
    pub about: String,
    /// Words that make a doubtful name this brand's.
    #[serde(default)]
    pub context: Vec<String>,
    /// Words that make a doubtful name somebody else's.
    #[serde(default)]
    pub not_context: Vec<String>,
    /// Phrases that end the matter: with one of them an item is not about this brand.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Other names that count only as written, capitals and all: `ICE`, `dm`.
    #[serde(default)]
    pub exact: Vec<String>,
    /// What must hold as well, in the query language; see `query_alone`.
    #[serde(default)]
    pub query: Option<String>,
    /// It has no name to look for (`name` is only shown): its query alone says what is about it.
    #[serde(default)]
    pub query_alone: bool,
    /// Whether a name may begin a longer word: `Migrosfiliale`.
    #[serde(default)]
    pub compounds: bool,
    /// Whether a name of seven letters and more counts with one letter wrong, missing, added or changed round.
    #[serde(default)]
    pub misspellings: bool,
    /// The relevance (0 to 1) from which an item is a mention; `None` for the usual one.
    #[serde(default)]
    pub relevance: Option<f32>,
    /// Languages to keep (ISO 639-1); empty means all.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Watched to compare with, not to answer for.
    #[serde(default)]
    pub competitor: bool,
    /// How fast its people travel, in kilometers an hour; `None` for the usual speed of `opportunity::slack`.
    #[serde(default)]
    pub speed_kmh: Option<f64>,
    /// Its own places.
    #[serde(default)]
    pub locations: Vec<Location>,
}

/// An account that the brand itself posts from.
///
/// Written `platform:handle` (`x:@Mortons`), or as a handle that names its platform
/// (`@mortons@mastodon.social`, `mortons.bsky.social`), or bare (`@Mortons`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct OwnAccount {
    /// The platform in lower case, where it was named: `x`, `mastodon`, `bluesky`.
    pub platform: Option<String>,
    /// The handle as written.
    pub handle: String,
}

impl From<String> for OwnAccount {
    fn from(text: String) -> Self {
        match text.split_once(':') {
            Some((platform, handle)) if !platform.is_empty() && !handle.is_empty() => {
                Self { platform: Some(platform.trim().to_lowercase()), handle: handle.trim().to_owned() }
            }
            _ => Self { platform: None, handle: text },
        }
    }
}

impl From<OwnAccount> for String {
    fn from(account: OwnAccount) -> Self {
        match account.platform {
            Some(platform) => format!("{platform}:{}", account.handle),
            None => account.handle,
        }
    }
}

/// One of the brand's own places: an outlet that can act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// The outlet's name.
    pub name: String,
    /// Where it is, resolved from `place`, `at` or `lat`/`lon` when the configuration was read; `None` where no map
    /// knows it: then it is never chosen by distance.
    pub place: Option<Place>,
    /// Whom to call there.
    pub contact: Option<String>,
    /// How long it needs before somebody can leave the house.
    pub prepares_in: Option<Duration>,
    /// When it is open; `None` where that is not said: then it counts as open at any time.
    #[serde(default)]
    pub hours: Option<OpeningHours>,
    /// The IANA zone of its clock; `None` for the house's.
    #[serde(default)]
    pub zone: Option<String>,
    /// How far it goes, in kilometers as the crow flies; `None` where nothing bounds it.
    #[serde(default)]
    pub reach_km: Option<f64>,
}
