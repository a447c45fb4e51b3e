//! `[[brand]]` and `[[brand.location]]`: what is watched.

use super::form;
use super::oddity;
use super::query::read_query;
use super::reader::Reader;
use super::value::Text;
use crate::gazetteer;
use crate::model::{Brand, BrandId, Coordinates, Location, OwnAccount, Place};
use crate::query::Query;
use std::collections::HashMap;
use std::time::Duration;

/// The longest preparation that still makes sense for a surprise.
const LONGEST_PREPARATION: Duration = Duration::from_secs(30 * 86_400);

/// Bound on the aliases of one brand: more are a list of something else.
const ALIASES_MOST: usize = 10_000;

/// Reads every `[[brand]]`; `ids` gets the ids of those with mistakes as well, so that naming them is none.
pub(super) fn read_brands(root: &mut Reader<'_>, ids: &mut Vec<String>) -> Vec<Brand> {
    let mut taken_ids = HashMap::new();
    let mut company = oddity::Company::default();
    let mut brands = Vec::new();
    for mut table in root.tables("brand", "brand", "a brand") {
        let id = table.required("id", "id = \"...\"").and_then(|id| unique_id(&id, &mut taken_ids));
        let brand = read_brand(&mut table, id.clone().unwrap_or_default(), &mut company);
        table.finish();
        brands.extend(id.as_ref().and(brand));
        ids.extend(id);
    }
    brands
}

/// An id that no other table of its kind has; `taken` remembers where each one stands.
pub(super) fn unique_id(text: &Text<'_>, taken: &mut HashMap<String, usize>) -> Option<String> {
    let id = form::id(text)?;
    if let Some(line) = first_line(text, &id, taken) {
        text.reject(&format!("stands already on line {line}"), "write another");
        return None;
    }
    Some(id)
}

/// The line where `value` stood first, unless that is here; `taken` remembers the byte where each one stands.
pub(super) fn first_line(text: &Text<'_>, value: &str, taken: &mut HashMap<String, usize>) -> Option<usize> {
    let here = text.span.start;
    let first = *taken.entry(value.to_owned()).or_insert(here);
    (first != here).then(|| text.document.line_of(first))
}

/// Reads one brand but for its `id`; `None` where it has no name.
pub(super) fn read_brand(table: &mut Reader<'_>, id: String, company: &mut oddity::Company) -> Option<Brand> {
    let is_queried = table.has("query");
    let query = table.text("query").and_then(|text| Some((read_query(&text, Query::parse_for_brand)?, text)));
    // A brand that its query alone describes is called by its id.
    let name = if is_queried { table.text("name") } else { table.required("name", "name = \"...\"") };
    let query_alone = is_queried && name.is_none();
    if let Some((_, text)) = query.as_ref().filter(|(query, _)| query_alone && !query.is_bounded()) {
        let problem = "names nothing that a post must have, so it catches nearly everything";
        text.warn(problem, "add a word, or write `name`");
    }
    let aliases = table.texts("aliases");
    let handles = single_words(table.texts("handles"));
    let context = plain(table.texts("context"));
    let about = table.value("about").and_then(super::value::Value::text).map(|about| about.text).unwrap_or_default();
    if let Some(one_more) = aliases.get(ALIASES_MOST) {
        one_more.reject("is one name too many", &format!("a brand has at most {ALIASES_MOST} aliases"));
    }
    if let Some(name) = &name {
        let names = oddity::Names {
            name,
            aliases: &aliases,
            handles: &handles,
            has_context: !(context.is_empty() && about.is_empty()),
        };
        company.look_at(&id, &names);
    }
    let brand = Brand {
        name: name.as_ref().map_or_else(|| id.clone(), |name| name.text.clone()),
        id: BrandId::new(id),
        query: query.map(|(query, _)| query.text().to_owned()),
        query_alone,
        aliases: plain(aliases),
        handles: plain(handles),
        own_accounts: table.texts("own_accounts").iter().filter_map(own_account).collect(),
        hashtags: single_words(table.texts("hashtags")).iter().map(hashtag).collect(),
        domains: table.texts("domains").iter().filter_map(form::domain).collect(),
        products: plain(table.texts("products")),
        people: plain(table.texts("people")),
        about,
        context,
        not_context: plain(table.texts("not_context")),
        exclude: plain(table.texts("exclude")),
        exact: plain(table.texts("exact")),
        compounds: table.flag("compounds").unwrap_or(false),
        misspellings: table.flag("misspellings").unwrap_or(false),
        relevance: table.value("relevance").and_then(|value| value.number(0.0, 1.0)).map(|floor| floor as f32),
        languages: table.texts("languages").iter().filter_map(form::language).collect(),
        competitor: table.flag("competitor").unwrap_or(false),
        locations: read_locations(table),
    };
    (name.is_some() || is_queried).then_some(brand)
}

fn read_locations(brand: &mut Reader<'_>) -> Vec<Location> {
    let mut locations = Vec::new();
    for mut table in brand.tables("location", "brand.location", "a location") {
        let name = table.required("name", "name = \"...\"");
        let name = name.map(|name| name.text);
        let place = read_place(&mut table, name.as_deref());
        let contact = table.text("contact").map(|contact| contact.text);
        let prepares_in = table.duration("prepares_in", Duration::ZERO, LONGEST_PREPARATION);
        locations.extend(name.map(|name| Location { name, place, contact, prepares_in }));
        table.finish();
    }
    locations
}

/// `lat` and `lon` are the truth where they stand; `place` then only names it.
fn read_place(table: &mut Reader<'_>, name: Option<&str>) -> Option<Place> {
    let place = table.text("place");
    let (has_lat, lat) = read_degrees(table, "lat", 90.0);
    let (has_lon, lon) = read_degrees(table, "lon", 180.0);
    let found = place.as_ref().and_then(|place| gazetteer::find(&place.text));
    match (has_lat, has_lon) {
        (true, true) => {
            let at = Coordinates { lat: lat?, lon: lon? };
            let named = place.as_ref().map(|place| place.text.as_str()).or(name).unwrap_or_default();
            let (country, region, zone) =
                found.map(|found| (found.country, found.region, found.zone)).unwrap_or_default();
            return Some(Place { name: named.to_owned(), country, region, at, zone });
        }
        (true, false) => table.missing("lon", "write `lon = ...`, the degrees east"),
        (false, true) => table.missing("lat", "write `lat = ...`, the degrees north"),
        (false, false) => match &place {
            Some(place) if found.is_none() => place.reject("is not on the map", "write `lat` and `lon`"),
            Some(_) => return found,
            None => table.missing("place", "write `place = \"City, ST\"`, or `lat` and `lon`"),
        },
    }
    None
}

/// Whether the key is there, and its degrees where they are in range.
fn read_degrees(table: &mut Reader<'_>, key: &'static str, most: f64) -> (bool, Option<f64>) {
    let value = table.value(key);
    (value.is_some(), value.and_then(|value| value.number(-most, most)))
}

fn own_account(text: &Text<'_>) -> Option<OwnAccount> {
    if text.text.contains("://") || text.text.contains(char::is_whitespace) {
        text.reject("is no account", "write \"platform:@handle\", such as \"x:@Mortons\"");
        return None;
    }
    Some(OwnAccount::from(text.text.clone()))
}

fn single_words<'d>(texts: Vec<Text<'d>>) -> Vec<Text<'d>> {
    let is_one = |text: &Text<'d>| {
        let is_one = !text.text.contains(char::is_whitespace);
        if !is_one {
            text.reject("holds a blank", "write one word for each");
        }
        is_one
    };
    texts.into_iter().filter(is_one).collect()
}

fn hashtag(text: &Text<'_>) -> String {
    format!("#{}", text.text.trim_start_matches('#'))
}

fn plain(texts: Vec<Text<'_>>) -> Vec<String> {
    texts.into_iter().map(|text| text.text).collect()
}
