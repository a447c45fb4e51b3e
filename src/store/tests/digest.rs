//! The facts of a digest.

use super::*;
use crate::model::{Card, DigestFacts, FeelingCount};

async fn facts(store: &Store, now: Timestamp) -> DigestFacts {
    let brands = [brand("mortons", false), brand("rival", true)];
    store.digest_facts(minute(-days(1)), minute(60), now, &brands).await.expect("readable")
}

fn ids(cards: &[Card]) -> Vec<&str> {
    cards.iter().map(|card| card.item.key.id.as_str()).collect()
}

#[tokio::test]
async fn open_are_surprises_and_care_cases_that_can_still_be_met() {
    let room = room();
    let store = &room.store;
    let mut care = opportunity("care", "mortons", minute(0), Kind::Question, 0.1);
    if let Some(Some(opportunity)) = care.opportunities.first_mut() {
        opportunity.judgement.care = true;
    }
    let items = vec![
        opportunity("no deadline", "mortons", minute(0), Kind::Wish, 0.5),
        with_deadline(opportunity("in time", "mortons", minute(0), Kind::Wish, 0.9), minute(160)),
        with_deadline(opportunity("too late", "mortons", minute(0), Kind::Wish, 0.8), minute(30)),
        opportunity("said long ago", "mortons", minute(-days(20)), Kind::Wish, 0.8),
        with_deadline(
            opportunity("long ago for tomorrow", "mortons", minute(-days(20)), Kind::Wish, 0.2),
            minute(days(1)),
        ),
        opportunity("no surprise", "mortons", minute(0), Kind::Churn, 0.8),
        opportunity("of a rival", "rival", minute(0), Kind::Wish, 0.8),
        opportunity("of a brand no longer watched", "former", minute(0), Kind::Wish, 0.8),
        care,
    ];
    store.commit(reading(minute(1), items)).await.expect("committed");
    let facts = facts(store, minute(60)).await;
    assert_eq!(ids(&facts.open), ["in time", "long ago for tomorrow", "no deadline", "care"]);
}

#[tokio::test]
async fn waiting_are_those_without_an_answer_longest_first() {
    let room = room();
    let store = &room.store;
    let mut items: Vec<_> =
        (0..25).map(|n| opportunity(&n.to_string(), "mortons", minute(-n), Kind::Question, 0.5)).collect();
    items.push(opportunity("a week ago", "mortons", minute(-days(8)), Kind::Recovery, 0.5));
    items.push(opportunity("of a rival", "rival", minute(-100), Kind::Churn, 0.5));
    items.push(opportunity("a wish", "mortons", minute(-100), Kind::Wish, 0.5));
    store.commit(reading(minute(1), items)).await.expect("committed");
    let facts = facts(store, minute(60)).await;
    assert_eq!((facts.n_waiting, facts.waiting.len()), (25, 20));
    assert_eq!(ids(&facts.waiting).first(), Some(&"24"));
}

#[tokio::test]
async fn feelings_are_counted_by_brand_and_phase_without_spam_and_own_posts() {
    let room = room();
    let store = &room.store;
    let mut own = kept("own", "mortons", minute(0));
    own.analysis.mentions.iter_mut().for_each(|mention| mention.own = true);
    let mut spam = kept("spam", "mortons", minute(0));
    spam.analysis.spam.is_spam = true;
    let mut angry = kept("angry", "mortons", minute(0));
    angry.analysis.mentions.iter_mut().for_each(|mention| mention.sentiment.label = Sentiment::Negative);
    let items = vec![
        kept("1", "rival", minute(0)),
        kept("2", "mortons", minute(0)),
        angry,
        own,
        spam,
        opportunity("3", "mortons", minute(0), Kind::Wish, 0.5),
    ];
    let mut first = reading(minute(1), items);
    first.passed = vec![passed("4", 1)];
    store.commit(first).await.expect("committed");
    store.commit(reading(minute(61), vec![kept("5", "mortons", minute(0))])).await.expect("committed");

    let facts = facts(store, minute(60)).await;
    let count = |brand: &str, phase, positive, negative| FeelingCount {
        brand: BrandId::new(brand),
        phase,
        positive,
        neutral: 0,
        negative,
        mixed: 0,
    };
    let expected =
        [count("mortons", Phase::Presales, 1, 0), count("mortons", Phase::Use, 1, 1), count("rival", Phase::Use, 1, 0)];
    assert_eq!(facts.feelings, expected);
    assert_eq!((facts.n_mentions, facts.n_items_seen), (4, 7));
    assert_eq!(facts.top.len(), 4);
}

#[tokio::test]
async fn the_top_is_ordered_by_score_then_reach() {
    let room = room();
    let store = &room.store;
    let mut heard = kept("heard", "mortons", minute(0));
    heard.item.author.followers = Some(u64::MAX);
    let mut items: Vec<_> = (0..12).map(|n| kept(&n.to_string(), "mortons", minute(0))).collect();
    items.extend([heard, opportunity("strong", "mortons", minute(0), Kind::Wish, 0.5)]);
    store.commit(reading(minute(1), items)).await.expect("committed");
    let facts = facts(store, minute(60)).await;
    assert_eq!(facts.top.len(), 10);
    assert_eq!(ids(&facts.top).iter().take(2).collect::<Vec<_>>(), [&"strong", &"heard"]);
}

#[tokio::test]
async fn sources_that_cannot_be_read_are_named() {
    let room = room();
    let store = &room.store;
    let with = |name: &str, health| SourceState { source: SourceName::new(name), health, ..state(minute(0)) };
    let states = vec![
        with("a", SourceHealth::Fresh),
        with("b", SourceHealth::Blocked),
        with("c", SourceHealth::New),
        with("removed", SourceHealth::Gone),
    ];
    store.save_states(states).await.expect("saved");
    store.watch_only(["a", "b", "c"].map(SourceName::new).to_vec()).await.expect("saved");
    let facts = facts(store, minute(60)).await;
    assert_eq!(facts.unread, [with("b", SourceHealth::Blocked)]);
    assert_eq!(facts.n_sources_read, 1);
}
