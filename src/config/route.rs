//! `[[route]]`: which notices go to which channels.

use super::brand::unique_id;
use super::channel::ChannelPlan;
use super::reader::Reader;
use super::value::Text;
use crate::alert::Route;
use crate::model::{Brand, BrandId, ChannelName, RouteName};
use std::collections::HashMap;

/// Reads every `[[route]]`; `brands` is `None` where `sources.toml` could not be read.
pub(super) fn read_routes(root: &mut Reader<'_>, channels: &[ChannelPlan], brands: Option<&[Brand]>) -> Vec<Route> {
    let channel_names: Vec<&str> = channels.iter().map(|channel| channel.name.0.as_str()).collect();
    let brand_ids: Option<Vec<&str>> = brands.map(|brands| brands.iter().map(|brand| brand.id.as_str()).collect());
    let mut taken = HashMap::new();
    let mut routes = Vec::new();
    for mut table in root.tables("route", "a route") {
        let name = table.required("name", "name = \"...\"").and_then(|name| unique_id(&name, &mut taken));
        let channels = table.required_texts("channels", "channels = [\"...\"]");
        let channels = known(channels, Some(&channel_names), "channel");
        let brands = known(table.texts("brands"), brand_ids.as_deref(), "brand");
        let min_score = table.number("min_score", 0.0, 1.0).unwrap_or(0.0);
        let surprise_only = table.flag("surprise_only").unwrap_or(false);
        let sources = table.flag("sources").unwrap_or(true);
        routes.extend(name.map(|name| Route {
            name: RouteName(name),
            channels: channels.into_iter().map(ChannelName).collect(),
            brands: brands.into_iter().map(BrandId::new).collect(),
            min_score: min_score as f32,
            surprise_only,
            sources,
        }));
        table.finish();
    }
    routes
}

/// The texts that name something known, each once; all of them where nobody knows what there is.
fn known(texts: Vec<Text<'_>>, names: Option<&[&str]>, what: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if names.is_none_or(|names| is_known(&text, names, what)) && !found.contains(&text.text) {
            found.push(text.text);
        }
    }
    found
}

/// Whether `text` is one of `names`; notes where it is not.
pub(super) fn is_known(text: &Text<'_>, names: &[&str], what: &str) -> bool {
    let is_known = names.contains(&text.text.as_str());
    if !is_known {
        text.unknown_among(names, &format!("names no {what} that there is"));
    }
    is_known
}
