//! What can still be done, in words: slack, opening hours, and why something was missed.

use super::{Reader, fill, one_line};
use crate::model::{Card, Chance, Missed, NearestOutlet, NoOutlet};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The longest name of an outlet.
const OUTLET_LIMIT: usize = 60;
/// What stays open for longer than this is told as always open.
const ALWAYS: SignedDuration = SignedDuration::from_hours(30);

/// Slack and whom it is counted for, as one sentence: `27 min slack if Morton's Hackensack starts now.`
///
/// What cannot be done says why. `None` without a deadline, and where there is time and no outlet.
#[must_use]
pub fn slack_line(card: &Card, reader: &Reader, now: Timestamp) -> Option<String> {
    let (language, words) = (reader.language, reader.language.words());
    let opportunity = card.opportunity.as_ref()?;
    let outlet = opportunity.outlet(now).map(|outlet| one_line(&outlet.name, OUTLET_LIMIT));
    let told = |pattern: &str, slack: i64, outlet: &str| {
        fill(pattern, &[("slack", &language.duration(slack)), ("outlet", outlet)])
    };
    match (opportunity.chance(now), outlet) {
        (Chance::InTime { slack_seconds }, Some(outlet)) => Some(told(words.preview_slack, slack_seconds, &outlet)),
        (Chance::Missed(Missed::TooLate { seconds }), Some(outlet)) => {
            Some(told(words.preview_short, seconds, &outlet))
        }
        (Chance::Missed(missed @ (Missed::Closed { .. } | Missed::Nobody(_))), _) => {
            Some(fill(words.preview_missed, &[("why", &missed_words(&missed, country_of(card), reader, now))]))
        }
        _ => None,
    }
}

/// Why something was missed, as part of a sentence: `too late by 40 min`, `closed, no outlet can begin before 11:00`.
/// `country` (ISO 3166-1) decides whether distances are told in miles.
#[must_use]
pub fn missed_words(missed: &Missed, country: &str, reader: &Reader, now: Timestamp) -> String {
    let (language, words) = (reader.language, reader.language.words());
    let time = |pattern: &str, time: &str| fill(pattern, &[("time", time)]);
    match missed {
        Missed::Passed { seconds } => time(words.missed_passed, &language.duration(*seconds)),
        Missed::TooLate { seconds } => time(words.missed_late, &language.duration(*seconds)),
        Missed::Closed { begins_at: None } => words.missed_closed.to_owned(),
        Missed::Closed { begins_at: Some(at) } => time(words.missed_until, &reader.moment(*at, now)),
        Missed::Nobody(NoOutlet::OffMap) => words.missed_map.to_owned(),
        Missed::Nobody(NoOutlet::OutOfReach { name, distance_km, reach_km }) => {
            let distance = language.distance(*distance_km, country);
            let reach = language.distance(*reach_km, country);
            let name = one_line(name, OUTLET_LIMIT);
            fill(words.missed_reach, &[("outlet", &name), ("distance", &distance), ("reach", &reach)])
        }
        Missed::NobodyActed { until } => time(words.missed_idle, &reader.moment(*until, now)),
    }
}

/// Until when an outlet is open, or when it opens, by its own clock where that differs; `None` where no hours are known, or none as far ahead as they were looked up.
#[must_use]
pub fn hours_words(outlet: &NearestOutlet, reader: &Reader, now: Timestamp) -> Option<String> {
    let words = reader.language.words();
    let opening = outlet.opening(now)?;
    let is_open = opening.from <= now;
    if is_open && opening.to.duration_since(now) > ALWAYS {
        return Some(words.open_always.to_owned());
    }
    let (pattern, at) = if is_open { (words.open_until, opening.to) } else { (words.opens_at, opening.from) };
    let there = outlet.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC);
    Some(fill(pattern, &[("time", &reader.moment_there(at, now, &there))]))
}

/// The country of the place (ISO 3166-1); empty where unknown.
#[must_use]
pub fn country_of(card: &Card) -> &str {
    let found = card.opportunity.as_ref().and_then(|opportunity| opportunity.judgement.slots.place_found.as_ref());
    found.map_or("", |place| place.country.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{at, mortons, now};
    use super::*;
    use crate::model::Opening;
    use expect_test::{Expect, expect};

    fn check(missed: &Missed, expected: Expect) {
        let say = |language, zone| missed_words(missed, "US", &Reader::new(language, zone), now());
        expected.assert_eq(&format!("{}\n{}", say("en", "America/New_York"), say("de", "Europe/Berlin")));
    }

    #[test]
    fn every_miss_has_its_reason() {
        check(
            &Missed::TooLate { seconds: 2_400 },
            expect![[r#"
                too late by 40 min
                um 40 min zu spät"#]],
        );
        check(
            &Missed::Closed { begins_at: Some(at("2026-11-22T16:00:00Z")) },
            expect![[r#"
                closed, no outlet can begin before tomorrow, 11:00
                geschlossen, kein Standort kann vor morgen, 17:00 Uhr beginnen"#]],
        );
        let beyond = NoOutlet::OutOfReach { name: "Hackensack".to_owned(), distance_km: 48.3, reach_km: 32.2 };
        check(
            &Missed::Nobody(beyond),
            expect![[r#"
                nobody within reach: Hackensack is 30 mi away and goes 20 mi
                niemand in Reichweite: Hackensack ist 48 km entfernt und fährt 32 km"#]],
        );
        check(
            &Missed::Nobody(NoOutlet::OffMap),
            expect![[r#"
                no outlet on the map
                kein Standort auf der Karte"#]],
        );
        check(
            &Missed::NobodyActed { until: at("2026-11-21T18:23:00Z") },
            expect![[r#"
                nobody said that it was done; there was time until 13:23
                niemand hat gesagt, dass es getan ist; Zeit war bis 19:23 Uhr"#]],
        );
        check(
            &Missed::Passed { seconds: 3_600 },
            expect![[r#"
                the moment passed 1 h ago
                der Moment ist seit 1 h vorbei"#]],
        );
    }

    #[test]
    fn hours_are_told_by_the_outlet_s_own_clock() {
        let outlet = |from: &str, to: &str| {
            let mut outlet = mortons().opportunity.and_then(|found| found.nearest).expect("an outlet");
            outlet.open = Some(vec![Opening { from: at(from), to: at(to) }]);
            outlet.zone = Some("America/New_York".to_owned());
            outlet
        };
        let (english, german) = (Reader::new("en", "America/New_York"), Reader::new("de", "Europe/Berlin"));
        let open = outlet("2026-11-21T16:00:00Z", "2026-11-22T03:00:00Z");
        assert_eq!(hours_words(&open, &english, now()).as_deref(), Some("open until 22:00"));
        let german_words = hours_words(&open, &german, now());
        assert_eq!(german_words.as_deref(), Some("geöffnet bis morgen, 4:00 Uhr (dort 22:00 Uhr)"));
        let closed = outlet("2026-11-22T16:00:00Z", "2026-11-23T03:00:00Z");
        assert_eq!(hours_words(&closed, &english, now()).as_deref(), Some("opens tomorrow, 11:00"));
        let always = outlet("2026-11-20T16:00:00Z", "2026-12-05T03:00:00Z");
        assert_eq!(hours_words(&always, &english, now()).as_deref(), Some("open around the clock"));
        let gone = outlet("2026-11-20T16:00:00Z", "2026-11-20T17:00:00Z");
        assert_eq!(hours_words(&gone, &english, now()), None);
    }
}
