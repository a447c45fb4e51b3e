//! Dates as pages show them to people.

use super::*;
use proptest::prelude::*;

/// A Wednesday, in the afternoon at +01:00.
const NOW: &str = "2025-03-05T13:30:00Z";

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

fn shown(text: &str) -> String {
    match read_page_date(text, now(), jiff::tz::offset(1)) {
        None => "none".to_owned(),
        Some(read) => format!("{}{}", read.posted, if read.is_estimated { "" } else { " sure" }),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let expected = match expected.len() {
            16 => format!("{expected}:00+01:00"),
            _ => (*expected).to_owned(),
        };
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn days_with_a_year_are_read_inside_a_line() {
    check(&[
        ("Gast sagt am 10. Februar 2019 um 18:05 Uhr:", "2019-02-10T18:05"),
        ("Maria sagt am 10. Februar 2019 um 18:05 Uhr:", "2019-02-10T18:05"),
        ("Verfasst: So 2. Mär 2025, 10:11", "2025-03-02T10:11"),
        ("Posted on July 3rd, 2024 at 4:05 pm", "2024-07-03T16:05"),
        ("22. Juli 2019 at 16:25", "2019-07-22T16:25"),
        ("Juli 30, 2013 um 2:33 pm", "2013-07-30T14:33"),
        ("15.09.2018 - 15:30", "2018-09-15T15:30"),
        ("03.02.25", "2025-02-03T00:00"),
        ("3.2.2025, 9.05 Uhr", "2025-02-03T09:05"),
        ("2025-03-02 10:11", "2025-03-02T10:11"),
        ("Wed Jul 03, 2024 4:05 pm", "2024-07-03T16:05"),
        ("03 Jul 2024, 16:05", "2024-07-03T16:05"),
        ("05-Jan-2023 | 12 Kommentare", "2023-01-05T00:00"),
        ("Jänner 7, 2021", "2021-01-07T00:00"),
        ("7. Jänner 2021 um 9 Uhr", "2021-01-07T09:00"),
        ("3. Feber 2021, 18 Uhr 05", "2021-02-03T18:05"),
        ("14:30, 5 Sep 2024", "2024-09-05T14:30"),
        ("5 Sep '24", "2024-09-05T00:00"),
        ("May 2024", "2024-05-01T00:00"),
        ("12:15 a.m. on January 5th, 2023", "2023-01-05T00:15"),
        ("January 5, 2023 at noon", "2023-01-05T12:00"),
        ("5. Januar 2023, Mitternacht", "2023-01-05T00:00"),
        ("am 5. Januar 2023 um 24:00 Uhr", "2023-01-06T00:00"),
        ("12. Juni 2024 (bearbeitet)", "2024-06-12T00:00"),
        ("15.09.2018: Ein Tag am See", "2018-09-15T00:00"),
        ("18 listopada 2014", "2014-11-18T00:00"),
        ("31 декабря 2003 10:14", "2003-12-31T10:14"),
        ("2004년 05월 28일 오전 01:31:15", "2004-05-28T01:31:15+09:00"),
    ]);
}

#[test]
fn a_date_in_the_other_languages_is_read() {
    check(&[
        ("Publié le 14 juillet 2022 à 20h05", "2022-07-14T20:05"),
        ("1er août 2022 à midi", "2022-08-01T12:00"),
        ("24 de diciembre de 2021 a las 18:30", "2021-12-24T18:30"),
        ("6 gennaio 2020, ore 7.30", "2020-01-06T07:30"),
        ("mar. 14 janv. 2020", "2020-01-14T00:00"),
        ("03/02/2025 à 10:11", "2025-02-03T10:11"),
        ("il y a 3 heures", "2025-03-05T11:30"),
        ("il y a plus d'une heure", "2025-03-05T13:30"),
        ("hace 2 días", "2025-03-03T00:00"),
        ("3 ore fa", "2025-03-05T11:30"),
        ("un'ora fa", "2025-03-05T13:30"),
        ("un an", "none"),
        ("il y a un an", "2024-03-05T00:00"),
        ("hier à 14:02", "2025-03-04T14:02"),
        ("avant-hier à 14:02", "2025-03-03T14:02"),
        ("ayer a las 9:00", "2025-03-04T09:00"),
        ("ieri alle 9:00", "2025-03-04T09:00"),
    ]);
}

#[test]
fn a_zone_that_is_named_makes_the_date_sure() {
    check(&[
        ("2025-03-02T10:11:12Z", "2025-03-02T10:11:12+00:00 sure"),
        ("2025-03-02T10:11:12.345+02:00", "2025-03-02T10:11:12+02:00 sure"),
        ("Sun, 02 Mar 2025 10:11:00 -0500", "2025-03-02T10:11:00-05:00 sure"),
        ("2. März 2025 10:11 Uhr (MESZ)", "2025-03-02T10:11:00+02:00 sure"),
        ("2 Mar 2025 10:11 GMT+2", "2025-03-02T10:11:00+02:00 sure"),
        ("March 2, 2025 at 10:11 AM EST", "2025-03-02T10:11:00-05:00 sure"),
        ("le 2 mars 2025 à 10:11 est paru", "2025-03-02T10:11"),
        ("2 Mar 2025 10:11 - 15 comments", "2025-03-02T10:11"),
    ]);
}

#[test]
fn a_day_without_a_year_is_the_last_one() {
    check(&[
        ("Sept 5", "2024-09-05T00:00"),
        ("5 Sep", "2024-09-05T00:00"),
        ("5. März", "2025-03-05T00:00"),
        ("6. März", "2025-03-06T00:00"),
        ("8. März um 10:00", "2024-03-08T10:00"),
        ("24.12. 14:30", "2024-12-24T14:30"),
        ("Mar 2 at 4pm", "2025-03-02T16:00"),
        ("29 Feb", "2024-02-29T00:00"),
    ]);
}

#[test]
fn slashes_mean_the_month_first_unless_it_cannot_be() {
    check(&[
        ("9/15/2018 3:30 PM", "2018-09-15T15:30"),
        ("15/9/2018 15:30", "2018-09-15T15:30"),
        ("02/03/2025", "2025-02-03T00:00"),
        ("04/03/2025", "2025-03-04T00:00"),
    ]);
}

#[test]
fn how_long_ago_it_was_is_counted_back() {
    check(&[
        ("vor 3 Stunden", "2025-03-05T11:30"),
        ("vor einer Woche", "2025-02-26T00:00"),
        ("Zuletzt geändert vor etwa 2 Jahren", "2023-03-05T00:00"),
        ("vor ca. 20 Min.", "2025-03-05T14:10"),
        ("vor ein paar Minuten", "2025-03-05T14:27"),
        ("vor weniger als einer Minute", "2025-03-05T14:29"),
        ("gerade eben", "2025-03-05T14:30"),
        ("just now", "2025-03-05T14:30"),
        ("3 hours ago", "2025-03-05T11:30"),
        ("a day ago", "2025-03-04T00:00"),
        ("about an hour ago", "2025-03-05T13:30"),
        ("1 hour, 5 minutes ago", "2025-03-05T13:25"),
        ("3h ago", "2025-03-05T11:30"),
        ("1 month ago", "2025-02-05T00:00"),
        ("half an hour ago", "2025-03-05T14:00"),
    ]);
}

#[test]
fn days_are_named_by_their_distance_or_their_name() {
    check(&[
        ("gestern, 14:02", "2025-03-04T14:02"),
        ("heute um 9:15", "2025-03-05T09:15"),
        ("vorgestern um 9:15", "2025-03-03T09:15"),
        ("yesterday at 2pm", "2025-03-04T14:00"),
        ("Today, 10:11 AM", "2025-03-05T10:11"),
        ("von Anna, gestern", "2025-03-04T00:00"),
        ("Montag um 10:20", "2025-03-03T10:20"),
        ("Mittwoch um 10:20", "2025-03-05T10:20"),
        ("Mittwoch um 18:20", "2025-02-26T18:20"),
        ("Mo., 10:20 Uhr", "2025-03-03T10:20"),
        ("on Sunday at 5:00 PM", "2025-03-02T17:00"),
    ]);
}

#[test]
fn what_is_no_date_stays_unread() {
    let too_long = format!("{} 3. März 2025", "x".repeat(200));
    for text in [
        "",
        "Hier klicken",
        "hier",
        "heute war ich beim Bäcker und habe nichts gekauft",
        "Montag 8:00 - 18:00",
        "Montag",
        "12 Kommentare",
        "version 1.2.10",
        "192.168.10.12",
        "3:2 gewonnen",
        "14:02",
        "31. Juni 2019",
        "24. Dezember 2031",
        "3. März 1975",
        "Mark 5 people",
        "5 May deals not to miss",
        "99.99.2020",
        "in 3 Stunden",
        "vor 3 Häusern",
        "5000000 years ago",
        "vor 4000 Jahren",
        "2019",
        too_long.as_str(),
    ] {
        assert_eq!(shown(text), "none", "{text}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,80}", second in -60_000_000_000_i64..200_000_000_000) {
        let now = Timestamp::from_second(second).unwrap_or_default();
        let _ = read_page_date(&text, now, jiff::tz::offset(-11));
    }

    #[test]
    fn what_looks_like_a_date_is_never_read_as_the_future(
        text in "(vor |hace |[0-9]{1,4}|[.:/ ,'-]|T|Z|um |at |Uhr|pm| Jan| März| Montag| gestern| Stunden| ago| fa){0,12}",
    ) {
        if let Some(read) = read_page_date(&text, now(), jiff::tz::offset(1)) {
            prop_assert!(read.posted.at <= now() + SignedDuration::from_hours(24));
            prop_assert!(read.posted.at.as_second() > 600_000_000);
        }
    }

    #[test]
    fn a_german_date_is_read_back(day in 0_i64..12_000, minute in 0_i8..60, hour in 0_i8..24) {
        let date = Date::new(1991, 1, 1).expect("a date").checked_add(jiff::Span::new().days(day)).expect("in range");
        let text = format!("am {}.{}.{} um {hour}:{minute:02} Uhr", date.day(), date.month(), date.year());
        let read = read_page_date(&text, now(), Offset::UTC).map(|read| Offset::UTC.to_datetime(read.posted.at));
        prop_assert_eq!(read, Some(date.at(hour, minute, 0, 0)));
    }
}
