//! Which of the brand's own places can be there soonest, and how long that takes.
//!
//! In: a brand's locations, the place where the person will be, the deadline, `now`. Out: the outlet that can be there
//! soonest, the next best, or why nobody can. Distances are straight lines made longer; no map of roads is known. Good
//! enough to choose a place and to see whether there is time at all, not to promise a minute.

use super::Settings;
use crate::gazetteer::distance_km;
use crate::model::{Brand, Location, NearestOutlet, NoOutlet, Opening, Place, Plan};
use crate::when::openings;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How much longer a road is than the straight line: between 1.2 (United States) and 1.4 (Europe's hills) in
/// R. H. Ballou and others, "Selected country circuity factors", Transportation Research A 36, 2002.
const ROAD_FACTOR: f64 = 1.3;

/// What a car makes in and around a city, in kilometers an hour; faster on highways, slower at noon.
const SPEED_KMH: f64 = 50.0;

/// From the door to the car and from the car to the guest.
const ON_FOOT: Duration = Duration::from_secs(5 * 60);

/// How far ahead hours are looked up; what is due later has time for every opening.
const HORIZON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// So far ahead the next opening is looked up in any case.
const TOLD_AHEAD: SignedDuration = SignedDuration::from_hours(2 * 24);

/// Of how many outlets the hours are looked up, those that are there soonest when open: of a chain with hundreds, one
/// of the next eight is open or all are closed.
const HOURS_LOOKED_UP: usize = 8;

/// How many outlets beside the nearest are kept: enough for one that is still open.
const OTHERS_MOST: usize = 2;

/// How long somebody at `speed_kmh` needs, in whole seconds, for `distance_km` kilometers in a straight line.
#[must_use]
pub fn travel_time(distance_km: f64, speed_kmh: f64) -> Duration {
    let hours = (distance_km * ROAD_FACTOR / speed_kmh).max(0.0);
    Duration::try_from_secs_f64((hours * 3600.0).ceil()).map_or(Duration::MAX, |road| road.saturating_add(ON_FOOT))
}

/// What is asked: where somebody has to be, by when, seen from which moment.
#[derive(Debug, Clone, Copy)]
pub struct Errand<'a> {
    /// Where the person will be.
    pub at: Option<&'a Place>,
    /// When a gesture would come too late.
    pub deadline: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// The outlet of `brand` that can be there soonest, and what else is to know: the next best, or why nobody can.
///
/// Soonest is by opening, preparation and travel together; of two as soon the first. Outlets that are not on the map
/// cannot be compared and are left out, as are those whose reach the place lies beyond; one that does not say how long
/// it prepares needs no time for it. Without a place there is no outlet and nobody to miss.
#[must_use]
pub fn outlets(brand: &Brand, errand: &Errand<'_>, settings: &Settings) -> (Option<NearestOutlet>, Plan) {
    let mut plan = Plan { approval: settings.approval, ..Plan::default() };
    let Some(at) = errand.at else { return (None, plan) };
    let on_map = |location: &'_ Location| location.place.as_ref().map(|place| distance_km(place.at, at.at));
    let mut found: Vec<(NearestOutlet, &Location)> = Vec::new();
    let mut beyond: Option<(f64, f64, &str)> = None;
    for location in &brand.locations {
        let Some(distance_km) = on_map(location) else { continue };
        match location.reach_km.filter(|reach_km| distance_km > *reach_km) {
            Some(reach_km) if beyond.is_none_or(|(nearer, ..)| distance_km < nearer) => {
                beyond = Some((distance_km, reach_km, &location.name));
            }
            Some(_) => {}
            None => found.push((outlet(brand, location, distance_km, settings.approval), location)),
        }
    }
    // Stable sorts: of two as soon the first stays first.
    found.sort_by_key(|(outlet, _)| outlet.needed());
    let mut found = looked_up(found, errand, settings);
    found.sort_by_key(|outlet| (outlet.arrives_at(errand.now).unwrap_or(Timestamp::MAX), outlet.needed()));
    plan.nobody = match (found.is_empty(), beyond) {
        (true, Some((distance_km, reach_km, name))) => {
            Some(NoOutlet::OutOfReach { name: name.to_owned(), distance_km, reach_km })
        }
        (true, None) if !brand.locations.is_empty() => Some(NoOutlet::OffMap),
        _ => None,
    };
    let mut found = found.into_iter();
    let nearest = found.next();
    plan.others = found.take(OTHERS_MOST).collect();
    (nearest, plan)
}

/// The outlets with their hours, as far as one of them could be the soonest. In: as if all were open, the soonest first.
fn looked_up(all: Vec<(NearestOutlet, &Location)>, errand: &Errand<'_>, settings: &Settings) -> Vec<NearestOutlet> {
    let mut found: Vec<NearestOutlet> = Vec::new();
    let mut soonest = Timestamp::MAX;
    for (outlet, location) in all.into_iter().take(HOURS_LOOKED_UP) {
        let if_open = outlet.arrives_at(errand.now).unwrap_or(Timestamp::MAX);
        if found.len() > OTHERS_MOST && soonest <= if_open {
            break;
        }
        let outlet = with_hours(outlet, location, errand, settings);
        soonest = soonest.min(outlet.arrives_at(errand.now).unwrap_or(Timestamp::MAX));
        found.push(outlet);
    }
    found
}

/// The outlet as if it were always open.
fn outlet(brand: &Brand, location: &Location, distance_km: f64, approval: Duration) -> NearestOutlet {
    NearestOutlet {
        name: location.name.clone(),
        contact: location.contact.clone(),
        distance_km,
        approval,
        preparation: location.prepares_in.unwrap_or_default(),
        travel: travel_time(distance_km, brand.speed_kmh.unwrap_or(SPEED_KMH)),
        open: None,
        zone: None,
    }
}

fn with_hours(outlet: NearestOutlet, location: &Location, errand: &Errand<'_>, settings: &Settings) -> NearestOutlet {
    let zone = location.zone.as_deref().unwrap_or(&settings.zone);
    let open = open(location, zone, errand);
    NearestOutlet { zone: open.is_some().then(|| zone.to_owned()), open, ..outlet }
}

/// When it is open, from now until the deadline, and for two days in any case, so that a card can tell when it opens. `None` where that is not known, or does not matter
/// any more.
fn open(location: &Location, zone: &str, errand: &Errand<'_>) -> Option<Vec<Opening>> {
    let hours = location.hours.as_ref()?;
    if errand.deadline.is_some_and(|deadline| deadline <= errand.now) {
        return None;
    }
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let country = location.place.as_ref().map_or("", |place| place.country.as_str());
    let horizon = errand.now.saturating_add(HORIZON).unwrap_or(Timestamp::MAX);
    let at_least = errand.now.saturating_add(TOLD_AHEAD).unwrap_or(Timestamp::MAX);
    let until = errand.deadline.map_or(at_least, |deadline| deadline.clamp(at_least, horizon));
    let mut found = openings(hours, &zone, country, errand.now, until);
    found.extend(errand.deadline.filter(|deadline| *deadline > horizon).map(|to| Opening { from: horizon, to }));
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer;
    use crate::model::{BrandId, Chance, Deadline, Judgement, Missed, Opportunity, PostedAt, Slots};
    use crate::when::read_hours;
    use serde_json::json;

    fn location(name: &str, minutes: u64) -> Location {
        Location {
            name: name.to_owned(),
            place: gazetteer::find(name),
            contact: None,
            prepares_in: Some(Duration::from_secs(minutes * 60)),
            hours: None,
            zone: gazetteer::find(name).and_then(|place| place.zone),
            reach_km: None,
        }
    }

    fn open_at(name: &str, minutes: u64, hours: &str) -> Location {
        Location { hours: Some(read_hours(hours).expect("hours")), ..location(name, minutes) }
    }

    fn time(text: &str) -> Timestamp {
        text.parse().expect("well-formed")
    }

    /// A wish for Newark airport by `deadline`, judged at `now`; empty means no deadline.
    fn wish(locations: Vec<Location>, deadline: &str, now: &str) -> Opportunity {
        let brand: Brand = serde_json::from_value(json!({ "id": "mortons", "name": "Morton's" })).expect("a brand");
        let brand = Brand { id: BrandId::new("mortons"), locations, ..brand };
        let place = gazetteer::find("Newark airport").expect("an airport");
        let deadline =
            (!deadline.is_empty()).then(|| Deadline { at: PostedAt::utc(time(deadline)), words: String::new() });
        let errand =
            Errand { at: Some(&place), deadline: deadline.as_ref().map(|deadline| deadline.at.at), now: time(now) };
        let (nearest, plan) = outlets(&brand, &errand, &Settings::default());
        let slots = Slots { deadline, ..Slots::default() };
        Opportunity { judgement: Judgement { surprise: true, slots, ..Judgement::default() }, nearest, plan }
    }

    fn nearest_name(locations: Vec<Location>, deadline: &str, now: &str) -> Option<String> {
        wish(locations, deadline, now).nearest.map(|near| near.name)
    }

    const POSTED: &str = "2026-11-21T19:30:00Z";
    /// 16:30 in New York, two hours later.
    const LANDS: &str = "2026-11-21T21:30:00Z";

    #[test]
    fn the_outlet_that_is_there_first_counts() {
        let near = wish(vec![location("Atlantic City, NJ", 40), location("Hackensack, NJ", 40)], LANDS, POSTED);
        assert_eq!(near.plan.others.iter().map(|other| other.name.as_str()).collect::<Vec<_>>(), ["Atlantic City, NJ"]);
        let near = near.nearest.expect("an outlet on the map");
        assert_eq!((near.name.as_str(), near.distance_km.round()), ("Hackensack, NJ", 24.0));
        assert_eq!(near.travel.as_secs() / 60, 42);
        let slow_neighbor = vec![location("New York, NY", 90), location("Hackensack, NJ", 40)];
        assert_eq!(nearest_name(slow_neighbor, LANDS, POSTED).as_deref(), Some("Hackensack, NJ"));
    }

    #[test]
    fn slack_is_what_remains_of_two_hours() {
        let wish = wish(vec![location("Hackensack, NJ", 40)], LANDS, POSTED);
        let Chance::InTime { slack_seconds } = wish.chance(time(POSTED)) else { panic!("in time") };
        assert_eq!(slack_seconds / 60, 27);
        let act_by = wish.act_by().expect("a moment");
        assert_eq!(act_by.as_second() - time(POSTED).as_second(), slack_seconds);
        assert_eq!(wish.chance(act_by), Chance::InTime { slack_seconds: 0 });
        assert_eq!(
            wish.chance(time("2026-11-21T20:30:00Z")),
            Chance::Missed(Missed::TooLate { seconds: 32 * 60 + 25 })
        );
    }

    #[test]
    fn a_faster_brand_travels_faster() {
        assert!(travel_time(100.0, 100.0) < travel_time(100.0, 50.0));
        assert_eq!(travel_time(0.0, 50.0), ON_FOOT);
        assert_eq!(travel_time(f64::INFINITY, 50.0), Duration::MAX);
    }

    #[test]
    fn an_outlet_that_is_on_no_map_is_never_chosen() {
        let wish = wish(vec![location("Nowhere at all", 1)], LANDS, POSTED);
        assert_eq!((&wish.nearest, &wish.plan.nobody), (&None, &Some(NoOutlet::OffMap)));
        assert_eq!(wish.chance(time(POSTED)), Chance::Missed(Missed::Nobody(NoOutlet::OffMap)));
    }

    #[test]
    fn without_outlets_only_approval_counts() {
        let wish = wish(Vec::new(), LANDS, POSTED);
        assert_eq!((&wish.nearest, &wish.plan.nobody), (&None, &None));
        assert_eq!(wish.chance(time(POSTED)), Chance::InTime { slack_seconds: 110 * 60 });
    }

    #[test]
    fn beyond_its_reach_nobody_goes_and_a_question_is_answered_all_the_same() {
        let near_only = Location { reach_km: Some(20.0), ..location("Hackensack, NJ", 40) };
        let far = Location { reach_km: Some(50.0), ..location("Atlantic City, NJ", 40) };
        let mut wish = wish(vec![far, near_only], LANDS, POSTED);
        let Some(NoOutlet::OutOfReach { name, distance_km, reach_km }) = &wish.plan.nobody else { panic!("beyond") };
        assert_eq!((name.as_str(), distance_km.round(), *reach_km), ("Hackensack, NJ", 24.0, 20.0));
        assert!(matches!(wish.chance(time(POSTED)), Chance::Missed(Missed::Nobody(_))));
        wish.judgement.surprise = false;
        assert_eq!(wish.chance(time(POSTED)), Chance::InTime { slack_seconds: 110 * 60 });
    }

    #[test]
    fn what_is_closed_begins_when_it_opens() {
        // 9:30 in New York; it opens at 11.
        let morning = "2026-11-21T14:30:00Z";
        let lunch = wish(vec![open_at("Hackensack, NJ", 40, "Mo-Su 11:00-22:00")], LANDS, morning);
        let near = lunch.nearest.as_ref().expect("an outlet");
        assert_eq!(near.begins_at(time(morning)), Some(time("2026-11-21T16:00:00Z")));
        assert_eq!(near.wait(time(morning)).as_secs() / 60, 80);
        assert!(matches!(lunch.chance(time(morning)), Chance::InTime { .. }));
        let early = "2026-11-21T17:00:00Z";
        let breakfast = wish(vec![open_at("Hackensack, NJ", 40, "Mo-Su 11:00-22:00")], early, morning);
        let begins_at = Some(time("2026-11-21T16:00:00Z"));
        assert_eq!(breakfast.chance(time(morning)), Chance::Missed(Missed::Closed { begins_at }));
        assert_eq!(breakfast.act_by(), None);
    }

    #[test]
    fn an_open_outlet_further_away_goes_before_a_closed_one() {
        let of_the_evening = open_at("Hackensack, NJ", 40, "18:00-23:00");
        let of_the_day = open_at("New Brunswick, NJ", 40, "08:00-18:00");
        let wish = wish(vec![of_the_evening, of_the_day], "2026-11-22T02:00:00Z", POSTED);
        assert_eq!(wish.nearest.as_ref().map(|near| near.name.as_str()), Some("New Brunswick, NJ"));
        // After 18:00 it is the other way round.
        let evening = wish.outlet(time("2026-11-21T23:30:00Z")).map(|outlet| outlet.name.as_str());
        assert_eq!(evening, Some("Hackensack, NJ"));
    }

    #[test]
    fn a_deadline_in_the_past_is_missed_and_still_has_its_neighbor() {
        let closed = wish(vec![open_at("Hackensack, NJ", 40, "18:00-23:00")], POSTED, LANDS);
        assert!(closed.nearest.is_some_and(|near| near.open.is_none()));
        let late = wish(vec![location("Hackensack, NJ", 40)], POSTED, LANDS);
        assert_eq!(late.chance(time(LANDS)), Chance::Missed(Missed::Passed { seconds: 7200 }));
    }

    #[test]
    fn hours_beyond_the_horizon_never_stand_in_the_way() {
        let wish = wish(vec![open_at("Hackensack, NJ", 40, "Mo 09:00-10:00")], "2027-02-01T12:00:00Z", POSTED);
        let last = wish.act_by().expect("a moment");
        assert!(last > time("2027-02-01T09:00:00Z"), "{last}");
    }

    #[test]
    fn without_a_deadline_there_is_no_slack() {
        let wish = wish(vec![location("Hackensack, NJ", 40)], "", POSTED);
        assert_eq!((wish.chance(time(LANDS)), wish.act_by()), (Chance::Open, None));
        assert!(wish.nearest.is_some());
    }

    #[test]
    fn clocks_that_jump_do_not_move_the_arrival() {
        // On the night to 8 March 2026 the clocks in New York jump from 2:00 to 3:00.
        let night = open_at("Hackensack, NJ", 30, "20:00-04:00");
        let wish = wish(vec![night], "2026-03-08T09:30:00Z", "2026-03-08T06:30:00Z");
        let near = wish.nearest.expect("an outlet");
        assert_eq!(near.open.as_ref().and_then(|open| open.first()).map(|o| o.to), Some(time("2026-03-08T08:00:00Z")));
        assert_eq!(near.begins_at(time("2026-03-08T06:30:00Z")), Some(time("2026-03-08T06:40:00Z")));
    }
}
