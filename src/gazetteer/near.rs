//! What lies next to a point on the map.

use super::atlas::atlas;
use crate::model::{Coordinates, Place};

/// How far a city may lie from a point that is taken to share its clock and country.
const NEAR_KM: f64 = 100.0;

/// The city next to `at`, 100 km away at most, whose country and zone a point there most likely shares.
///
/// Looks at every city: for configurations, not for posts.
#[must_use]
pub fn city_near(at: Coordinates) -> Option<Place> {
    atlas().city_near(at, NEAR_KM).map(super::atlas::City::place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_shares_country_and_clock_with_the_next_city() {
        let found = |lat, lon| city_near(Coordinates { lat, lon }).map(|place| (place.country, place.zone));
        let here = |country: &str, zone: &str| Some((country.to_owned(), Some(zone.to_owned())));
        assert_eq!(found(40.8859, -74.0435), here("US", "America/New_York"));
        assert_eq!(found(47.3769, 8.5417), here("CH", "Europe/Zurich"));
        assert_eq!(found(-48.8, -123.4), None);
    }
}
