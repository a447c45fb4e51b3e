//! The counts along the journey follow every way in which a mention comes, changes and goes.

use super::*;
use crate::model::{Change, Corrected, ItemId, JourneyBy, JourneyCount, JourneyLook, Touchpoint};

fn look(by: JourneyBy) -> JourneyLook {
    JourneyLook { brand: None, from: minute(-days(2)), to: minute(days(2)), by }
}

async fn shown(room: &Room, by: JourneyBy) -> Vec<String> {
    let counts = room.store.journey(look(by)).await.expect("readable");
    let line =
        |c: &JourneyCount| format!("{} {} +{} ={} -{} ±{}", c.brand, c.of, c.positive, c.neutral, c.negative, c.mixed);
    counts.iter().map(line).collect()
}

#[tokio::test]
async fn mentions_are_counted_by_phase_medium_aspect_and_hour() {
    let room = room();
    let mut other = kept("2", "rival", minute(1));
    other.analysis.mentions[0].aspects = vec!["price".to_owned(), "staff".to_owned()];
    other.analysis.mentions[0].sentiment.label = Sentiment::Negative;
    room.store.commit(reading(minute(2), vec![kept("1", "mortons", minute(0)), other])).await.expect("committed");
    assert_eq!(shown(&room, JourneyBy::Phase).await, ["mortons use +1 =0 -0 ±0", "rival use +0 =0 -1 ±0"]);
    assert_eq!(shown(&room, JourneyBy::Medium).await, ["mortons post +1 =0 -0 ±0", "rival post +0 =0 -1 ±0"]);
    let aspects = ["mortons food +1 =0 -0 ±0", "rival price +0 =0 -1 ±0", "rival staff +0 =0 -1 ±0"];
    assert_eq!(shown(&room, JourneyBy::Aspect).await, aspects);
    let hours = ["mortons 2026-05-04T12:00:00Z +1 =0 -0 ±0", "rival 2026-05-04T12:00:00Z +0 =0 -1 ±0"];
    assert_eq!(shown(&room, JourneyBy::Hour).await, hours);
}

#[tokio::test]
async fn where_the_touch_took_place_counts_before_where_it_was_told() {
    let room = room();
    let mut told = kept("1", "mortons", minute(0));
    told.analysis.mentions[0].touchpoint = Some(Touchpoint::Phone);
    room.store.commit(reading(minute(1), vec![told, kept("2", "mortons", minute(0))])).await.expect("committed");
    assert_eq!(shown(&room, JourneyBy::Medium).await, ["mortons phone +1 =0 -0 ±0", "mortons post +1 =0 -0 ±0"]);
}

#[tokio::test]
async fn edits_corrections_and_deletions_move_the_counts() {
    let room = room();
    room.store.commit(reading(minute(0), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    let mut edited = KeptItem { content_hash: 5, ..kept("1", "mortons", minute(0)) };
    edited.analysis.mentions[0].aspects = vec!["price".to_owned()];
    room.store.commit(reading(minute(1), vec![edited])).await.expect("committed");
    assert_eq!(shown(&room, JourneyBy::Aspect).await, ["mortons price +1 =0 -0 ±0"]);
    let correct = |change| room.store.correct(ItemId(1), None, vec![change], "ann".to_owned(), minute(2));
    let done = correct(Change::Sentiment(Sentiment::Negative)).await.expect("written");
    assert!(matches!(done, Corrected::Done(_)));
    assert_eq!(shown(&room, JourneyBy::Phase).await, ["mortons use +0 =0 -1 ±0"]);
    correct(Change::Spam(true)).await.expect("written");
    assert!(shown(&room, JourneyBy::Phase).await.is_empty());
    correct(Change::Spam(false)).await.expect("written");
    assert_eq!(room.store.check().await.expect("readable"), []);
    let gone = Reading { departures: told(&[key("1")]), ..reading(minute(5), Vec::new()) };
    room.store.commit(gone).await.expect("committed");
    assert!(shown(&room, JourneyBy::Phase).await.is_empty());
    assert_eq!(room.store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn what_hurts_in_the_last_week_is_told_beside_the_week_before() {
    let room = room();
    let blamed = |n: i64, brand: &str, day: i64| {
        let mut item = kept(&format!("{brand} {n}"), brand, minute(days(day)));
        item.analysis.mentions[0].aspects = vec!["waiting".to_owned()];
        item.analysis.mentions[0].sentiment.label = Sentiment::Negative;
        item
    };
    for (day, n) in [(-10, 2), (-1, 4)] {
        let mut items: Vec<KeptItem> = (0..n).map(|i| blamed(day * 100 + i, "mortons", day)).collect();
        items.extend((0..n).map(|i| blamed(day * 100 + i, "rival", day)));
        room.store.commit(reading(minute(days(day)), items)).await.expect("committed");
    }
    let brands = [brand("mortons", false), brand("rival", true)];
    let facts = room.store.digest_facts(minute(days(-1)), minute(1), minute(0), &brands).await.expect("readable");
    let told: Vec<_> =
        facts.pains.iter().map(|p| (p.brand.as_str(), p.aspect.as_str(), p.negative, p.before)).collect();
    assert_eq!(told, [("mortons", "waiting", 4, 2)]);
}
