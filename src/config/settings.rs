//! The root of `porterhouse.toml`.

use super::Config;
use super::channel::{AlertPlan, read_channels};
use super::digest::{Given, read_digest, read_language};
use super::document::Document;
use super::fetch::{Fetching, read_fetch};
use super::finding::Finding;
use super::folder::SOURCES_FILE;
use super::form;
use super::lexicons;
use super::presets::Presets;
use super::route::read_routes;
use super::value::Text;
use super::watch::ROOT_KEYS as WATCH_KEYS;
use super::web::read_web;
use crate::lexicon::Overlay;
use crate::model::Watch;
use crate::opportunity;
use std::path::Path;
use std::time::Duration;

/// What may stand in `porterhouse.toml`.
pub(super) const ROOT_KEYS: [&str; 12] = [
    "data",
    "lexicons",
    "presets",
    "language",
    "zone",
    "approval",
    "alert_max_age",
    "fetch",
    "channel",
    "route",
    "digest",
    "web",
];

/// Items older than this do not alert.
const ALERT_MAX_AGE: Duration = Duration::from_secs(24 * 3600);

/// The shortest and longest `alert_max_age`.
const ALERT_MAX_AGES: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3650 * 86_400));

/// The longest time until somebody has said yes.
const LONGEST_APPROVAL: Duration = Duration::from_secs(30 * 86_400);

/// Reads `porterhouse.toml`; `brand_ids` is `None` where `sources.toml` could not be read.
///
/// What to watch is not filled in.
pub(super) fn read_settings(document: &Document, folder: &Path, brand_ids: Option<&[String]>) -> Config {
    let mut root = document.root("this file");
    let data = root.text("data").map(|data| folder.join(data.text));
    let (lexicons, odd) = match root.text("lexicons") {
        Some(named) => read_lexicons(&named, folder),
        None => (Overlay::default(), Vec::new()),
    };
    // Read before: sources name what is in it.
    root.text("presets");
    let language = read_language(&mut root).unwrap_or_else(|| "en".to_owned());
    let zone = root.text("zone").and_then(|zone| form::zone(&zone)).unwrap_or_else(|| "UTC".to_owned());
    let mut opportunity = opportunity::Settings { zone: zone.clone(), ..opportunity::Settings::default() };
    if let Some(approval) = root.duration("approval", Duration::ZERO, LONGEST_APPROVAL) {
        opportunity.approval = approval;
    }
    let alert_max_age = root.duration("alert_max_age", ALERT_MAX_AGES.0, ALERT_MAX_AGES.1).unwrap_or(ALERT_MAX_AGE);
    let Fetching { manners, door, proxy_login } = read_fetch(&mut root, folder);
    let mut names = Vec::new();
    let channels = read_channels(&mut root, &mut names);
    let routes = read_routes(&mut root, &names, brand_ids);
    let given = Given { plans: &channels, names: &names, language: &language, zone: &zone };
    let digest = read_digest(&mut root, given);
    let web = read_web(&mut root);
    root.finish_beside(|key| WATCH_KEYS.contains(&key).then(|| format!("it belongs in {SOURCES_FILE}")));
    Config {
        folder: folder.to_owned(),
        watch: Watch::default(),
        lexicons,
        presets: Presets::default(),
        net: door,
        proxy_login,
        fetch: manners,
        alert: AlertPlan { channels, routes, language, zone },
        digest,
        opportunity,
        web,
        data,
        alert_max_age,
        warnings: odd,
    }
}

/// The lists in the folder that is `named`; a folder that is not there is told.
fn read_lexicons(named: &Text<'_>, folder: &Path) -> (Overlay, Vec<Finding>) {
    let place = folder.join(&named.text);
    if !place.is_dir() {
        named
            .warn("is no folder: only the built-in lists count", "make it, with lists such as `de/feelings.tsv` in it");
        return (Overlay::default(), Vec::new());
    }
    lexicons::read(folder, &place)
}
