//! One digest for each recipient and local day, whatever clocks, zones, stops and kills do.

use crate::support::{Dice, TestHouse};
use jiff::civil::Date;
use jiff::{ToSpan, tz::TimeZone};
use porterhouse::app::House;
use porterhouse::pipeline;
use std::collections::BTreeMap;

/// Change-over days: the zone and the local day.
const CHANGES: [(&str, &str); 4] = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
];
/// The second does not exist on one of the days and comes twice on the other; the third is its end or its beginning.
const TIMES: [&str; 4] = ["00:30", "02:30", "03:00", "23:45"];

async fn house(zone: &str, at: &str) -> TestHouse {
    let house = TestHouse::new().await;
    house.mail_alerts();
    house.append("porterhouse.toml", &format!("\n[digest]\nchannel = \"team\"\nat = \"{at}\"\nzone = \"{zone}\"\n"));
    house
}

/// What the service does at each beat.
async fn beat(house: &House) {
    pipeline::digest_due(&house.parts).await.expect("made");
    pipeline::deliver_due(&house.parts).await.expect("sent");
}

/// The mails by the local day of their subject, each with its Message-IDs.
fn mails(house: &TestHouse) -> BTreeMap<String, Vec<String>> {
    let mut by_day: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in house.mail.received() {
        let parsed = mail_parser::MessageParser::default().parse(&mail.data).expect("a mail");
        let day = parsed.subject().expect("a subject").split(':').next().expect("a day").to_owned();
        by_day.entry(day).or_default().push(parsed.message_id().expect("an id").to_owned());
    }
    by_day
}

fn subject_day(day: Date) -> String {
    day.strftime("%A, %B %-d").to_string()
}

#[tokio::test]
async fn change_over_days_have_one_digest_each_whatever_is_killed() {
    let (mut dice, seed) = Dice::thrown(5);
    for (zone, change) in CHANGES {
        for at in TIMES {
            let house = house(zone, at).await;
            let change: Date = change.parse().expect("a day");
            let first = change.checked_sub(1.day()).expect("a day");
            let here = TimeZone::get(zone).expect("a zone");
            // From the last minute before the first day, whose digest is made, to noon after the last one.
            let before = change.checked_sub(2.days()).expect("a day").at(23, 59, 30, 0);
            let after = change.checked_add(2.days()).expect("a day").at(12, 0, 0, 0);
            let [start, end] = [before, after].map(|time| here.to_zoned(time).expect("a time").timestamp());
            house.set_clock(start);
            let mut open = house.open();
            beat(&open).await;
            while house.clock() < end {
                house.advance_minutes(i64::try_from(5 + dice.below(40)).expect("small"));
                if dice.hits(10) {
                    // Cut off in the midst of it, then started anew.
                    let cut =
                        tokio::time::timeout(std::time::Duration::from_micros(dice.below(3_000)), beat(&open)).await;
                    drop((cut, open));
                    open = house.open();
                } else if dice.hits(5) {
                    house.advance_minutes(-90);
                }
                beat(&open).await;
            }
            open.parts.store.close().await;
            let sent = mails(&house);
            let case = format!("{zone} {change} at {at}, seed {seed}: {sent:#?}");
            for day in [first, change, change.checked_add(1.day()).expect("a day")] {
                let ids = sent.get(&subject_day(day)).unwrap_or_else(|| panic!("none on {day}: {case}"));
                // A kill between the relay's answer and our record repeats the same mail.
                assert!(ids.iter().all(|id| *id == ids[0]), "two on {day}: {case}");
            }
        }
    }
}

/// Beats at each of these times; the subjects that went out, in order.
async fn sent_at(house: &TestHouse, times: &[&str]) -> Vec<String> {
    for time in times {
        house.set_clock(time.parse().expect("a time"));
        let open = house.open();
        beat(&open).await;
        open.parts.store.close().await;
    }
    let parser = mail_parser::MessageParser::default();
    let subject = |data: &[u8]| parser.parse(data).expect("a mail").subject().expect("a subject").to_owned();
    let day = |subject: &str| subject.split(':').next().unwrap_or_default().to_owned();
    house.mail.received().iter().map(|mail| day(&subject(&mail.data))).collect()
}

#[tokio::test]
async fn after_days_of_standing_still_one_mail_folds_them_and_says_so() {
    let house = house("Europe/Berlin", "07:30").await;
    let sent = sent_at(
        &house,
        &["2026-11-16T08:00:00Z", "2026-11-20T05:00:00Z", "2026-11-20T05:10:00Z", "2026-11-20T06:30:00Z"],
    )
    .await;
    assert_eq!(sent, ["Monday, November 16", "Thursday, November 19", "Friday, November 20"]);
    let late = String::from_utf8(house.mail.received()[1].data.clone()).expect("text");
    assert!(late.contains("folds 3 days together"), "{late}");
    assert!(!String::from_utf8_lossy(&house.mail.received()[2].data).contains("folds"), "one day is no fold");
}

#[tokio::test]
async fn a_clock_that_jumps_sends_no_day_twice_and_silences_none() {
    let house = house("Europe/Berlin", "07:30").await;
    let sent = sent_at(
        &house,
        &[
            "2026-11-16T08:00:00Z",
            // A month ahead, and back again.
            "2026-12-16T08:00:00Z",
            "2026-11-16T09:00:00Z",
            "2026-11-17T05:00:00Z",
            "2026-11-17T06:31:00Z",
            // Two hours back, over the digest's moment.
            "2026-11-17T04:31:00Z",
            "2026-11-17T06:32:00Z",
            "2026-11-18T06:30:00Z",
        ],
    )
    .await;
    assert_eq!(
        sent,
        ["Monday, November 16", "Wednesday, December 16", "Tuesday, November 17", "Wednesday, November 18"]
    );
}
