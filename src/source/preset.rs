//! Presets: what an engine needs to know of one service, as data.
//!
//! Each is a file `presets/NAME.toml`, compiled in. A new service is a new file and a line in [`FILES`]; a user's own
//! lie in a folder that the configuration names, and take the place of ours of the same name.

use crate::model::Preset;
use std::sync::{Arc, LazyLock};

/// The presets that are built in: their names, as those of their files, and what stands in them.
pub const FILES: &[(&str, &str)] = &[
    ("telegram", include_str!("../../presets/telegram.toml")),
    ("phpbb", include_str!("../../presets/phpbb.toml")),
    ("vbulletin", include_str!("../../presets/vbulletin.toml")),
    ("wordpress", include_str!("../../presets/wordpress.toml")),
    ("hackernews", include_str!("../../presets/hackernews.toml")),
    ("lemmy", include_str!("../../presets/lemmy.toml")),
    ("discourse", include_str!("../../presets/discourse.toml")),
    ("discourse-latest", include_str!("../../presets/discourse-latest.toml")),
    ("stackexchange", include_str!("../../presets/stackexchange.toml")),
    ("stackexchange-answers", include_str!("../../presets/stackexchange-answers.toml")),
    ("appstore", include_str!("../../presets/appstore.toml")),
    ("appstore-feed", include_str!("../../presets/appstore-feed.toml")),
    ("google-news", include_str!("../../presets/google-news.toml")),
    ("google-alerts", include_str!("../../presets/google-alerts.toml")),
    ("bing-news", include_str!("../../presets/bing-news.toml")),
    ("reddit-feed", include_str!("../../presets/reddit-feed.toml")),
    ("youtube-channel", include_str!("../../presets/youtube-channel.toml")),
    ("mastodon-tag", include_str!("../../presets/mastodon-tag.toml")),
];

/// Every preset that is built in.
pub static PRESETS: LazyLock<Vec<Arc<Preset>>> =
    LazyLock::new(|| FILES.iter().filter_map(|(_, text)| toml::from_str(text).ok().map(Arc::new)).collect());

/// The built-in preset of that name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Arc<Preset>> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::json;

    #[test]
    fn every_preset_is_sound() {
        for (name, text) in FILES {
            let preset: Preset = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((preset.name.as_str(), json::check(&preset)), (*name, Vec::new()));
        }
        assert_eq!(PRESETS.len(), FILES.len());
    }
}
