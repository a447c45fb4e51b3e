//! `[[route]]`: which notices go to which channels.

use super::brand::unique_id;
use super::query::read_query;
use super::reader::Reader;
use super::value::Text;
use crate::alert::Route;
use crate::model::{BrandId, ChannelName, RouteName};
use crate::query::Query;
use std::collections::HashMap;

/// Reads every `[[route]]`; `brand_ids` is `None` where nobody knows what brands there are.
pub(super) fn read_routes(root: &mut Reader<'_>, channel_names: &[String], brand_ids: Option<&[String]>) -> Vec<Route> {
    let mut taken = HashMap::new();
    let mut routes = Vec::new();
    for mut table in root.tables("route", "route", "a route") {
        let name = table.required("name", "name = \"...\"").and_then(|name| unique_id(&name, &mut taken));
        let channels = table.required_texts("channels", "channels = [\"...\"]");
        let channels = known(channels, Some(channel_names), "channel");
        let brands = known(table.texts("brands"), brand_ids, "brand");
        let min_score = table.number("min_score", 0.0, 1.0).unwrap_or(0.0);
        let surprise_only = table.flag("surprise_only").unwrap_or(false);
        let sources = table.flag("sources").unwrap_or(true);
        let query = table.text("query").and_then(|text| read_query(&text, Query::parse));
        routes.extend(name.map(|name| Route {
            name: RouteName(name),
            channels: channels.into_iter().map(ChannelName).collect(),
            brands: brands.into_iter().map(BrandId::new).collect(),
            min_score: min_score as f32,
            surprise_only,
            sources,
            query,
        }));
        table.finish();
    }
    routes
}

/// The texts that name something known, each once; all of them where nobody knows what there is.
fn known(texts: Vec<Text<'_>>, names: Option<&[String]>, what: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if names.is_none_or(|names| is_known(&text, names, what)) && !found.contains(&text.text) {
            found.push(text.text);
        }
    }
    found
}

/// Whether `text` is one of `names`; notes where it is not.
pub(super) fn is_known(text: &Text<'_>, names: &[String], what: &str) -> bool {
    let is_known = names.contains(&text.text);
    if !is_known {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        text.unknown_among(&names, &format!("names no {what} that there is"));
    }
    is_known
}
