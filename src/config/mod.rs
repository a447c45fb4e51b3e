//! The two documents `sources.toml` and `porterhouse.toml`: read, checked, every mistake told at once.
//!
//! In: a folder, and a function that knows places. Out: [`Config`], composed of the stages' own settings, or
//! [`ConfigError`] with every finding of both files. Secrets stay references; [`resolve`] fetches one, and only
//! `app` calls it. Only [`SourcesFile`] writes, and only `sources.toml`. Never asks the network.

mod access;
mod brand;
mod channel;
mod digest;
mod document;
mod duration;
mod edit;
mod fetch;
mod finding;
mod folder;
mod form;
mod hook;
mod import;
mod inline;
mod lexicons;
mod load;
mod location;
mod mask;
mod mastodon;
mod oddity;
mod presets;
mod query;
mod reader;
mod route;
mod secret;
mod settings;
mod source;
mod suggest;
mod template;
mod value;
mod watch;
mod web;

pub use self::web::WebPlan;
pub use channel::{AlertPlan, ChannelPlan};
pub use duration::{ParseDurationError, duration_text, parse_duration};
pub use edit::{AddError, EditError, NewSource, SourcesFile, WrittenSource};
pub use fetch::user_agent;
pub use finding::{ConfigError, Finding, Position, Severity};
pub use folder::{SETTINGS_FILE, SOURCES_FILE, Surroundings, folder};
pub use inline::brand_from_json;
pub use load::{load, load_optional};
pub use presets::Presets;
pub use secret::{SecretError, resolve};
pub use template::{Template, init_template};

use crate::lexicon::Overlay;
use crate::model::Watch;
use crate::{net, opportunity};
use std::path::PathBuf;
use std::time::Duration;

/// Both documents, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The folder that they lie in; secrets in files are relative to it.
    pub folder: PathBuf,
    /// What to listen to.
    pub watch: Watch,
    /// The door to the network, before the proxy's login is there.
    pub net: net::Settings,
    /// The login of the proxy, before the secret is there.
    pub proxy_login: Option<(String, crate::model::SecretRef)>,
    /// The manners of the crawler.
    pub fetch: crate::fetch::Settings,
    /// Channels and routes, before the secrets are there.
    pub alert: AlertPlan,
    /// The digest.
    pub digest: crate::digest::Settings,
    /// What the team decides about opportunities.
    pub opportunity: opportunity::Settings,
    /// Where we can be reached; `None` means nowhere.
    pub web: Option<WebPlan>,
    /// The data folder, where one is named.
    pub data: Option<PathBuf>,
    /// Items older than this do not alert, unless their deadline lies ahead.
    pub alert_max_age: Duration,
    /// Word lists of the user's own.
    pub lexicons: Overlay,
    /// The presets that sources may name, those of the user's own among them.
    pub presets: Presets,
    /// What is odd, but runs.
    pub warnings: Vec<Finding>,
}

impl Config {
    /// Lays the user's word lists over ours: before any of them is read, and once in the life of the program.
    pub fn lay_over_lexicons(&self) {
        if !crate::lexicon::lay_over(self.lexicons.clone()) {
            tracing::debug!("word lists are read once; changed ones count from the next start");
        }
    }
}

#[cfg(test)]
mod tests;
