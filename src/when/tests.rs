//! The table of expressions: what is written, in which language, and until when it means.

mod expressions;

use super::phrases;
use crate::model::PostedAt;
use crate::text::Tokens;
use proptest::prelude::*;

/// A Wednesday afternoon in summer.
const POSTED: &str = "2026-07-15T15:30:00+02:00";

/// What is understood of `text`: local times, past ones in brackets.
fn shown(lang: Option<&str>, text: &str, posted: &str) -> String {
    let posted: PostedAt = posted.parse().expect("a time with offset");
    let tokens = Tokens::new(text);
    let found = phrases(&tokens, lang, posted);
    let shown = found.iter().map(|phrase| {
        let until = phrase.offset_free();
        if phrase.is_past { "past".to_owned() } else { until }
    });
    shown.collect::<Vec<_>>().join(" ")
}

impl super::TimePhrase {
    fn offset_free(&self) -> String {
        self.until.offset.to_datetime(self.until.at).strftime("%m-%d %H:%M").to_string()
    }
}

fn check(lang: &str, cases: &[(&str, &str)]) {
    check_at(POSTED, lang, cases);
}

fn check_at(posted: &str, lang: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, shown(Some(lang), text, posted)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(text, expected, found)| format!("{text}: expected `{expected}`, found `{found}`"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn english_durations_are_counted_from_the_post() {
    check(
        "en",
        &[
            ("in two hours", "07-15 17:30"),
            ("when I land in two hours? K, thanks. :)", "07-15 17:30"),
            ("in 20 min", "07-15 15:50"),
            ("in 20min", "07-15 15:50"),
            ("in about 45 minutes", "07-15 16:15"),
            ("in half an hour", "07-15 16:00"),
            ("in an hour", "07-15 16:30"),
            ("in an hour and a half", "07-15 17:00"),
            ("in two and a half hours", "07-15 18:00"),
            ("in 1.5 hours", "07-15 17:00"),
            ("in 2h", "07-15 17:30"),
            ("within the hour", ""),
            ("within 3 hours", "07-15 18:30"),
            ("in less than 2 hours", "07-15 17:30"),
            ("two hours from now", "07-15 17:30"),
            ("boarding in 10 mins", "07-15 15:40"),
            ("in three quarters of an hour", "07-15 16:15"),
            ("in a couple of hours", "07-15 17:30"),
            ("in 3 days", "07-18 23:59"),
            ("in two weeks", "07-29 23:59"),
            ("3 more sleeps until the wedding", "07-18 23:59"),
            ("only 2 days to go", "07-17 23:59"),
            ("two hours left", "07-15 17:30"),
        ],
    );
}

#[test]
fn english_clock_times_are_the_next_that_come() {
    check(
        "en",
        &[
            ("at 9", "07-15 21:00"),
            ("when I land at 9", "07-15 21:00"),
            ("Landing at LGA at 9, haven't eaten since breakfast.", "07-15 21:00 past"),
            ("at 9pm", "07-15 21:00"),
            ("at 9 p.m. sharp", "07-15 21:00"),
            ("at 9:45 pm", "07-15 21:45"),
            ("at 9am", "07-16 09:00"),
            ("at 3", "07-16 03:00"),
            ("at 4 and hungry", "07-15 16:00"),
            ("my flight is at 18:05", "07-15 18:05"),
            ("half past six", "07-15 18:30"),
            ("quarter to eight", "07-15 19:45"),
            ("a quarter past 5", "07-15 17:15"),
            ("8 o'clock", "07-15 20:00"),
            ("by noon", "07-16 12:00"),
            ("before midnight", "07-16 00:00"),
            ("tonight at 8", "07-15 20:00"),
            ("8pm tonight", "07-15 20:00"),
            ("tomorrow at 9", "07-16 09:00"),
            ("tomorrow at 5", "07-16 17:00"),
            ("at 9 tomorrow", "07-16 09:00"),
            ("at 9 tomorrow evening", "07-16 21:00"),
            ("Saturday at 7:30pm", "07-18 19:30"),
            ("on Friday, 6am", "07-17 06:00"),
            ("at 8 in the morning", "07-16 08:00"),
            ("at 9 stores", ""),
            ("at 20% off", ""),
            ("open from 9 to 5", "07-15 17:00"),
            ("between 9 and 5", "07-15 17:00"),
        ],
    );
}

#[test]
fn english_days_end_a_minute_before_midnight() {
    check(
        "en",
        &[
            ("today", "07-15 23:59"),
            ("my birthday today", "07-15 23:59"),
            ("tonight", "07-15 23:59"),
            ("this evening", "07-15 23:59"),
            ("tomorrow", "07-16 23:59"),
            ("tomorrow morning", "07-16 23:59"),
            ("the day after tomorrow", "07-17 23:59"),
            ("on Saturday", "07-18 23:59"),
            ("Saturday", "07-18 23:59"),
            ("by Fri", "07-17 23:59"),
            ("on Wednesday", "07-15 23:59"),
            ("next Wednesday", "07-22 23:59"),
            ("this weekend", "07-19 23:59"),
            ("over the weekend", "07-19 23:59"),
            ("on the 24th", "07-24 23:59"),
            ("on the 3rd", "08-03 23:59"),
            ("Dec 24", "12-24 23:59"),
            ("December 24th", "12-24 23:59"),
            ("the 24th of December", "12-24 23:59"),
            ("24 Dec", "12-24 23:59"),
            ("April 10th", "04-10 23:59"),
            ("Saturday, July 18th", "07-18 23:59"),
            ("for Christmas", "12-24 23:59"),
            ("before Xmas", "12-24 23:59"),
            ("on New Year's Eve", "12-31 23:59"),
            ("on 2026-08-02", "08-02 23:59"),
            ("July 18 at 8pm", "07-18 20:00"),
        ],
    );
}

#[test]
fn english_past_and_vague_times_are_no_deadlines() {
    check(
        "en",
        &[
            ("yesterday", "past"),
            ("yesterday at 5pm", "past"),
            ("at 4:30 this morning", "past"),
            ("last Friday", "past"),
            ("last night", "past"),
            ("two hours ago", "past"),
            ("since Monday", "past"),
            ("for two hours", "past"),
            ("two hours late", "past"),
            ("after 3 hours", "past"),
            ("the third time in two days", "past"),
            ("haven't slept in 2 days", "past"),
            ("July 10th", "past"),
            ("this morning", "past"),
            ("soon", ""),
            ("someday", ""),
            ("next month", ""),
            ("in a minute", ""),
            ("every Friday", ""),
            ("every night at 8", ""),
            ("Black Friday", ""),
            ("Good evening", ""),
            ("24/7", ""),
            ("you may 5 times", ""),
            ("he sat on a chair", ""),
        ],
    );
}

#[test]
fn german_durations_are_counted_from_the_post() {
    check(
        "de",
        &[
            ("in zwei Stunden", "07-15 17:30"),
            ("in 20 Min", "07-15 15:50"),
            ("in ca. 30 Minuten", "07-15 16:00"),
            ("in einer halben Stunde", "07-15 16:00"),
            ("in einer Stunde", "07-15 16:30"),
            ("in einer Viertelstunde", "07-15 15:45"),
            ("in einer guten Dreiviertelstunde", "07-15 16:15"),
            ("in einer Dreiviertelstunde", "07-15 16:15"),
            ("in anderthalb Stunden", "07-15 17:00"),
            ("in 2,5 Stunden", "07-15 18:00"),
            ("in 2h", "07-15 17:30"),
            ("noch 40 Minuten bis Wien", "07-15 16:10"),
            ("nur noch 2 Stunden", "07-15 17:30"),
            ("in drei Tagen", "07-18 23:59"),
            ("in einer Woche", "07-22 23:59"),
            ("innerhalb von 2 Stunden", "07-15 17:30"),
        ],
    );
}

#[test]
fn german_clock_times_are_the_next_that_come() {
    check(
        "de",
        &[
            ("um halb acht", "07-15 19:30"),
            ("um 18:30", "07-15 18:30"),
            ("um 18.30 Uhr", "07-15 18:30"),
            ("19 Uhr", "07-15 19:00"),
            ("um 9", "07-15 21:00"),
            ("um acht", "07-15 20:00"),
            ("um 9 am Bahnhof", "07-15 21:00"),
            ("um viertel vor acht", "07-15 19:45"),
            ("viertel nach sechs", "07-15 18:15"),
            ("um dreiviertel acht", "07-15 19:45"),
            ("um 9 Uhr 30 morgen", "07-16 09:30"),
            ("gegen 17 Uhr", "07-15 17:00"),
            ("bis 17:45", "07-15 17:45"),
            ("um Mitternacht", "07-16 00:00"),
            ("heute um 20 Uhr", "07-15 20:00"),
            ("heute Abend um acht", "07-15 20:00"),
            ("heute Abend um 8", "07-15 20:00"),
            ("morgen um halb acht", "07-16 07:30"),
            ("morgen früh um 6", "07-16 06:00"),
            ("am Samstag um 18 Uhr", "07-18 18:00"),
            ("Samstag, 18:00 Uhr", "07-18 18:00"),
            ("Freitagabend um 8", "07-17 20:00"),
            ("um 8 Uhr abends", "07-15 20:00"),
            ("um 9 Euro billiger", ""),
            ("von 9 bis 18 Uhr", "07-15 18:00"),
            ("zwischen 8 und 12 Uhr", "07-16 12:00"),
        ],
    );
}

#[test]
fn german_days_end_a_minute_before_midnight() {
    check(
        "de",
        &[
            ("heute", "07-15 23:59"),
            ("heute Abend", "07-15 23:59"),
            ("morgen", "07-16 23:59"),
            ("Morgen fliegt Mama", "07-16 23:59"),
            ("morgen Abend", "07-16 23:59"),
            ("übermorgen früh", "07-17 23:59"),
            ("am Samstag", "07-18 23:59"),
            ("Samstag", "07-18 23:59"),
            ("am Sa", "07-18 23:59"),
            ("bis Freitag", "07-17 23:59"),
            ("nächsten Mittwoch", "07-22 23:59"),
            ("am Wochenende", "07-19 23:59"),
            ("dieses Wochenende", "07-19 23:59"),
            ("am WE", "07-19 23:59"),
            ("am 24.", "07-24 23:59"),
            ("24. Dezember", "12-24 23:59"),
            ("am 24.12.", "12-24 23:59"),
            ("am 24.12.2026", "12-24 23:59"),
            ("am 3. August", "08-03 23:59"),
            ("Samstag, den 18. Juli", "07-18 23:59"),
            ("zu Weihnachten", "12-24 23:59"),
            ("an Heiligabend", "12-24 23:59"),
            ("an Silvester", "12-31 23:59"),
            ("bis Ostern", "03-28 23:59"),
        ],
    );
}

#[test]
fn german_past_and_vague_times_are_no_deadlines() {
    check(
        "de",
        &[
            ("gestern", "past"),
            ("gestern um 16:15", "past"),
            ("gestern Abend", "past"),
            ("vorgestern", "past"),
            ("vor zwei Stunden", "past"),
            ("vor einer halben Stunde", "past"),
            ("seit Montag", "past"),
            ("seit zwei Stunden", "past"),
            ("nach 2 Stunden", "past"),
            ("letzten Freitag", "past"),
            ("letzte Woche", "past"),
            ("2 Stunden Verspätung", "past"),
            ("noch 20 Minuten Verspätung", "past"),
            ("heute Morgen", "past"),
            ("Guten Morgen", ""),
            ("guten morgen zusammen", ""),
            ("morgens", ""),
            ("jeden Morgen", ""),
            ("am Morgen", ""),
            ("bald", ""),
            ("irgendwann", ""),
            ("nächsten Monat", ""),
            ("nächste Woche", ""),
            ("jeden Freitag", ""),
            ("jeden Abend um 18:12", ""),
            ("kostet 9.50", ""),
            ("so eine Bahn", ""),
        ],
    );
}

#[test]
fn french_spanish_and_italian_speak_of_time_too() {
    check(
        "fr",
        &[
            ("dans deux heures", "07-15 17:30"),
            ("encore 11 minutes pour me contacter", "07-15 15:41"),
            ("dans une demi-heure", "07-15 16:00"),
            ("à 18h30", "07-15 18:30"),
            ("à 18h", "07-15 18:00"),
            ("ce soir à 20h", "07-15 20:00"),
            ("demain", "07-16 23:59"),
            ("demain matin", "07-16 23:59"),
            ("samedi", "07-18 23:59"),
            ("le 24 décembre", "12-24 23:59"),
            ("aujourd'hui", "07-15 23:59"),
            ("ce week-end", "07-19 23:59"),
            ("hier", "past"),
            ("il y a deux heures", "past"),
            ("depuis lundi", "past"),
            ("entre 14h et 16h", "07-15 16:00"),
        ],
    );
    check(
        "es",
        &[
            ("en dos horas", "07-15 17:30"),
            ("dentro de media hora", "07-15 16:00"),
            ("a las 9", "07-15 21:00"),
            ("a las nueve y media", "07-15 21:30"),
            ("mañana", "07-16 23:59"),
            ("por la mañana", ""),
            ("pasado mañana", "07-17 23:59"),
            ("hoy", "07-15 23:59"),
            ("esta noche", "07-15 23:59"),
            ("el sábado", "07-18 23:59"),
            ("el 24 de diciembre", "12-24 23:59"),
            ("este fin de semana", "07-19 23:59"),
            ("hace dos horas", "past"),
            ("ayer", "past"),
        ],
    );
    check(
        "it",
        &[
            ("tra due ore", "07-15 17:30"),
            ("fra mezz'ora", "07-15 16:00"),
            ("alle 9", "07-15 21:00"),
            ("alle 21:30", "07-15 21:30"),
            ("stasera alle 8", "07-15 20:00"),
            ("domani", "07-16 23:59"),
            ("sabato", "07-18 23:59"),
            ("il 24 dicembre", "12-24 23:59"),
            ("due ore fa", "past"),
            ("ieri", "past"),
        ],
    );
}

#[test]
fn the_authors_own_clock_counts() {
    check_at(
        "2011-08-17T15:30:00-04:00",
        "en",
        &[("when I land in two hours", "08-17 17:30"), ("tonight", "08-17 23:59")],
    );
    check_at(
        "2016-12-24T22:00:00-05:00",
        "en",
        &[("by today", "12-24 23:59"), ("on 12/22", "past"), ("on 12/31", "12-31 23:59")],
    );
    check_at("2026-12-31T23:30:00+01:00", "de", &[("in einer Stunde", "01-01 00:30"), ("morgen", "01-01 23:59")]);
    check_at("2024-02-28T10:00:00+00:00", "en", &[("tomorrow", "02-29 23:59"), ("on the 30th", "03-30 23:59")]);
}

#[test]
fn an_unknown_language_is_the_one_that_finds_most() {
    assert_eq!(shown(None, "landing in two hours", POSTED), "07-15 17:30");
    assert_eq!(shown(None, "in einer halben Stunde da", POSTED), "07-15 16:00");
    assert_eq!(shown(Some("de-CH"), "um halb acht", POSTED), "07-15 19:30");
}

proptest! {
    #[test]
    fn finding_never_panics(text in "\\PC{0,60}", second in -300_000_000_000_i64..250_000_000_000) {
        let at = jiff::Timestamp::from_second(second).expect("in range");
        let tokens = Tokens::new(&text);
        for lang in [None, Some("en"), Some("de"), Some("xx"), Some("é")] {
            for phrase in phrases(&tokens, lang, PostedAt::utc(at)) {
                prop_assert!(phrase.tokens.end <= tokens.len());
            }
        }
    }

    #[test]
    fn finding_in_rows_of_time_words_never_panics(words in proptest::collection::vec("in|at|am|um|the|[0-9]{1,4}(st|th|h|pm|min|\\.)?|two|hours|halb|Uhr|:|\\.|/|-|Dec|[0-3]?[0-9]\\.[0-9]{1,2}\\.|Freitag|morgen|24|31|dez", 0..12)) {
        let text = words.join(" ");
        let tokens = Tokens::new(&text);
        let posted: PostedAt = POSTED.parse().expect("a time with offset");
        for lang in ["en", "de", "fr", "es", "it"] {
            let _ = phrases(&tokens, Some(lang), posted);
        }
    }
}

#[test]
fn every_rule_is_written_in_folded_words_and_reads_what_it_means() {
    use super::words::{Meaning, Words};
    let all: [&Words; 5] =
        [&super::en::WORDS, &super::de::WORDS, &super::fr::WORDS, &super::es::WORDS, &super::it::WORDS];
    let slots = [
        "N", "UNIT", "CLOCK", "TIME", "WEEKDAY", "WD", "MONTH", "DAY", "ORDINAL", "DATE", "YEAR", "FEAST", "PART",
        "HHMM", "BAREDAY",
    ];
    for (rule, meaning, _) in all.iter().flat_map(|words| words.rules) {
        let elements: Vec<&str> = rule.split(' ').map(|element| element.trim_end_matches('?')).collect();
        for element in elements.iter().filter(|element| !slots.contains(element)) {
            assert_eq!(*element, crate::text::fold_to_string(element), "a word of `{rule}`");
        }
        let reads = |slot: &str| elements.contains(&slot);
        let is_whole = match meaning {
            Meaning::In | Meaning::InAndHalf => reads("N") && reads("UNIT"),
            Meaning::Clock(_) => reads("CLOCK") || reads("TIME") || reads("HHMM"),
            Meaning::InBoth => reads("N") && reads("UNIT"),
            Meaning::ClockAndMinutes | Meaning::ClockLessMinutes => reads("CLOCK") && reads("N"),
            Meaning::WeekdayAndDay => (reads("WEEKDAY") || reads("WD")) && reads("DAY"),
            Meaning::Weekday | Meaning::NextWeekday | Meaning::WeekdayRange | Meaning::WeekdayAfter(_) => {
                reads("WD") || reads("WEEKDAY")
            }
            Meaning::Date => reads("DATE") || (reads("MONTH") && reads("DAY")),
            Meaning::DayOfMonth => reads("ORDINAL") || reads("DAY") || reads("BAREDAY"),
            Meaning::Feast => reads("FEAST"),
            _ => true,
        };
        assert!(is_whole, "`{rule}` does not read what it means");
    }
}
