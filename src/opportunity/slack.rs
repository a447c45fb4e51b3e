//! Which of the brand's own places can act soonest, and how long that takes.
//!
//! Distances are straight lines made longer; no map of roads is known. Good enough to choose a place and to see
//! whether there is time at all, not to promise a minute.

use crate::gazetteer::distance_km;
use crate::model::{Location, NearestOutlet, Place};
use std::time::Duration;

/// How much longer a road is than the straight line: between 1.2 (United States) and 1.4 (Europe's hills) in
/// R. H. Ballou and others, "Selected country circuity factors", Transportation Research A 36, 2002.
const ROAD_FACTOR: f64 = 1.3;

/// What a car makes in and around a city, in kilometers an hour; faster on highways, slower at noon.
const SPEED_KMH: f64 = 50.0;

/// From the door to the car and from the car to the guest.
const ON_FOOT: Duration = Duration::from_secs(5 * 60);

/// How long somebody needs for `distance_km` kilometers in a straight line.
#[must_use]
pub fn travel_time(distance_km: f64) -> Duration {
    let hours = (distance_km * ROAD_FACTOR / SPEED_KMH).max(0.0);
    Duration::try_from_secs_f64(hours * 3600.0).map_or(Duration::MAX, |road| road.saturating_add(ON_FOOT))
}

/// The location that can be at `at` soonest: preparation and travel together; of two as fast, the first.
///
/// Locations that are not on the map cannot be compared and are left out; a location that does not say how long it
/// prepares needs no time for it. `approval` is the same for all and only carried along.
#[must_use]
pub fn nearest(locations: &[Location], at: &Place, approval: Duration) -> Option<NearestOutlet> {
    let reachable = locations.iter().filter_map(|location| {
        let distance_km = distance_km(location.place.as_ref()?.at, at.at);
        Some(NearestOutlet {
            name: location.name.clone(),
            contact: location.contact.clone(),
            distance_km,
            approval,
            preparation: location.prepares_in.unwrap_or_default(),
            travel: travel_time(distance_km),
        })
    });
    reachable.min_by_key(|outlet| outlet.preparation.saturating_add(outlet.travel))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer;

    fn location(name: &str, minutes: u64) -> Location {
        Location {
            name: name.to_owned(),
            place: gazetteer::find(name),
            contact: None,
            prepares_in: Some(Duration::from_secs(minutes * 60)),
        }
    }

    fn nearest_to_newark(locations: &[Location]) -> Option<NearestOutlet> {
        nearest(locations, &gazetteer::find("Newark airport")?, Duration::from_secs(600))
    }

    #[test]
    fn the_outlet_that_is_there_first_counts() {
        let near = nearest_to_newark(&[location("Atlantic City, NJ", 40), location("Hackensack, NJ", 40)]);
        let near = near.expect("an outlet on the map");
        assert_eq!((near.name.as_str(), near.distance_km.round()), ("Hackensack, NJ", 24.0));
        assert_eq!(near.travel.as_secs() / 60, 42);
        let slow_neighbor = [location("New York, NY", 90), location("Hackensack, NJ", 40)];
        assert_eq!(nearest_to_newark(&slow_neighbor).map(|near| near.name).as_deref(), Some("Hackensack, NJ"));
    }

    #[test]
    fn slack_is_what_remains_of_two_hours() {
        let near = nearest_to_newark(&[location("Hackensack, NJ", 40)]).expect("an outlet");
        let posted = "2011-08-17T19:30:00Z".parse().expect("a time");
        let deadline = "2011-08-17T21:30:00Z".parse().expect("a time");
        assert_eq!(near.slack_seconds(deadline, posted) / 60, 27);
    }

    #[test]
    fn an_outlet_that_is_on_no_map_is_left_out() {
        assert_eq!(nearest_to_newark(&[location("Nowhere at all", 1)]), None);
    }
}
