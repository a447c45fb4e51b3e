//! `[[brand.location]]`: a brand's own places, where they are and when somebody there can act.

use super::form;
use super::reader::Reader;
use super::value::Text;
use crate::gazetteer;
use crate::model::{Coordinates, Location, OpeningHours, Place};
use crate::when::{knows_holidays, read_hours};
use std::time::Duration;

/// The longest preparation that still makes sense for a surprise.
const LONGEST_PREPARATION: Duration = Duration::from_secs(30 * 86_400);

/// What a mile is, in kilometers (the international mile of 1959).
const MILE_KM: f64 = 1.609_344;
/// Half around the globe.
const REACH_MOST_KM: f64 = 20_000.0;
/// Faster than any car.
const SPEED_MOST_KMH: f64 = 1_000.0;

const KM: [&str; 4] = ["km", "kilometer", "kilometers", "kilometres"];
const MILES: [&str; 5] = ["mi", "mile", "miles", "meile", "meilen"];
const KMH: [&str; 3] = ["km/h", "kmh", "kph"];
const MPH: [&str; 3] = ["mph", "mi/h", "miles/h"];

/// Reads every `[[brand.location]]` of a brand.
pub(super) fn read_locations(brand: &mut Reader<'_>) -> Vec<Location> {
    let mut locations = Vec::new();
    for mut table in brand.tables("location", "brand.location", "a location") {
        let name = table.required("name", "name = \"...\"");
        let place = read_place(&mut table, name.as_ref());
        let contact = table.text("contact").map(|contact| contact.text);
        let prepares_in = table.duration("prepares_in", Duration::ZERO, LONGEST_PREPARATION);
        let zone = table.text("zone").and_then(|zone| form::zone(&zone));
        let reach_km = table.text("reach").and_then(|text| amount(&text, &KM, &MILES, REACH_MOST_KM, REACH));
        let zone = zone.or_else(|| place.as_ref().and_then(|place| place.zone.clone()));
        let hours = table.text("hours").and_then(|text| hours(&text, place.as_ref(), zone.is_some()));
        let name = name.map(|name| name.text);
        locations.extend(name.map(|name| Location { name, place, contact, prepares_in, hours, zone, reach_km }));
        table.finish();
    }
    locations
}

const REACH: (&str, &str) = ("is no reach", "write \"30 km\" or \"20 miles\"");
const SPEED: (&str, &str) = ("is no speed", "write \"50 km/h\" or \"30 mph\"");

/// A speed in kilometers an hour.
pub(super) fn speed(text: &Text<'_>) -> Option<f64> {
    amount(text, &KMH, &MPH, SPEED_MOST_KMH, SPEED)
}

/// A number with a metric unit, or one of miles made metric.
fn amount(
    text: &Text<'_>,
    metric: &[&str],
    of_miles: &[&str],
    most: f64,
    (problem, help): (&str, &str),
) -> Option<f64> {
    let said = text.text.as_str();
    let (number, unit) = said.split_at(said.find(|c: char| c.is_alphabetic()).unwrap_or(said.len()));
    let unit = unit.trim().to_lowercase();
    let factor = match unit.as_str() {
        "" => {
            text.reject("has no unit", help);
            return None;
        }
        unit if metric.contains(&unit) => 1.0,
        unit if of_miles.contains(&unit) => MILE_KM,
        _ => {
            text.reject(problem, help);
            return None;
        }
    };
    let amount = number.trim().replace(',', ".").parse::<f64>().ok().map(|number| number * factor);
    // Written so that NaN is out of range.
    let amount = amount.filter(|amount| *amount > 0.0 && *amount <= most);
    if amount.is_none() {
        text.reject(problem, help);
    }
    amount
}

fn hours(text: &Text<'_>, place: Option<&Place>, has_zone: bool) -> Option<OpeningHours> {
    match read_hours(&text.text) {
        Ok(hours) => {
            let country = place.map_or("", |place| place.country.as_str());
            let names_holidays = hours.rules.iter().any(|rule| rule.holidays && rule.days != [true; 7]);
            if names_holidays && !knows_holidays(country) {
                let help = "on these days its hours are those of the day of the week";
                text.warn("names public holidays (PH), which we do not know there", help);
            }
            if !has_zone {
                let help = "write its own, such as `zone = \"Europe/Berlin\"`";
                text.warn("is read by the clock of the house, because the zone of the place is not known", help);
            }
            Some(hours)
        }
        Err(error) => {
            text.reject_within(error.part.clone(), &error.to_string(), error.mistake.help());
            None
        }
    }
}

/// `at`, or `lat` and `lon`, are the truth where they stand; `place` then only names it.
fn read_place(table: &mut Reader<'_>, name: Option<&Text<'_>>) -> Option<Place> {
    let place = table.text("place");
    let (has_at, at) = read_at(table);
    let (has_lat, lat) = read_degrees(table, "lat", 90.0);
    let (has_lon, lon) = read_degrees(table, "lon", 180.0);
    let point = match (has_at, has_lat, has_lon) {
        (true, ..) => at?,
        (_, true, true) => Coordinates { lat: lat?, lon: lon? },
        (_, true, false) => {
            table.missing("lon", "write `lon = ...`, the degrees east");
            return None;
        }
        (_, false, true) => {
            table.missing("lat", "write `lat = ...`, the degrees north");
            return None;
        }
        (_, false, false) => return find(place.as_ref(), name),
    };
    let said = place.as_ref().or(name).map(|said| said.text.clone()).unwrap_or_default();
    let known = place.as_ref().and_then(|place| gazetteer::find(&place.text)).or_else(|| gazetteer::city_near(point));
    let (country, region, zone) = known.map(|known| (known.country, known.region, known.zone)).unwrap_or_default();
    Some(Place { name: said, country, region, at: point, zone })
}

/// The place by its name. An outlet without one is shown, but nobody knows how far it is.
fn find(place: Option<&Text<'_>>, name: Option<&Text<'_>>) -> Option<Place> {
    const HELP: &str =
        "write `at = [40.89, -74.04]` (degrees north and east); until then it is never chosen by distance";
    let said = place.or(name)?;
    let found = place.and_then(|place| gazetteer::find(&place.text));
    if found.is_none() {
        let problem = if place.is_some() { "is not on the map" } else { "has no place on the map" };
        said.warn(problem, HELP);
    }
    found
}

/// Whether `at = [lat, lon]` is there, and what it says where that is in range.
fn read_at(table: &mut Reader<'_>) -> (bool, Option<Coordinates>) {
    let Some(value) = table.value("at") else { return (false, None) };
    let point = value.numbers([90.0, 180.0], "[degrees north, degrees east], such as [40.89, -74.04]");
    (true, point.map(|[lat, lon]| Coordinates { lat, lon }))
}

/// Whether the key is there, and its degrees where they are in range.
fn read_degrees(table: &mut Reader<'_>, key: &'static str, most: f64) -> (bool, Option<f64>) {
    let value = table.value(key);
    (value.is_some(), value.and_then(|value| value.number(-most, most)))
}
