//! Presets: what an engine needs to know of one service, as data.
//!
//! Each is a file `presets/NAME.toml`, compiled in. A new service is a new file and a line in [`FILES`].

use crate::model::{Medium, Recipe};
use serde::Deserialize;
use std::sync::LazyLock;

/// The presets that are built in.
const FILES: &[&str] = &[
    include_str!("../../presets/telegram.toml"),
    include_str!("../../presets/phpbb.toml"),
    include_str!("../../presets/vbulletin.toml"),
];

/// What an engine needs to know of one service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What `preset = "..."` names it.
    pub name: String,
    /// What it reads, in one line.
    pub about: String,
    /// The engine that reads it.
    pub engine: String,
    /// Where its items are said.
    pub medium: Option<Medium>,
    /// An address as it is to be given.
    pub example: String,
    /// How its items are found.
    pub recipe: Option<Recipe>,
}

/// Every preset there is.
pub static PRESETS: LazyLock<Vec<Preset>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect());

/// The preset of that name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{is_engine, page};

    #[test]
    fn every_preset_is_sound() {
        for text in FILES {
            let preset: Preset = toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert!(is_engine(&preset.engine), "{}", preset.name);
            for (key, part) in preset.recipe.iter().flat_map(Recipe::parts) {
                if let Err(error) = page::check_part(key, part) {
                    panic!("{}: {key}: {error}", preset.name);
                }
            }
        }
        assert_eq!(PRESETS.len(), FILES.len());
    }
}
