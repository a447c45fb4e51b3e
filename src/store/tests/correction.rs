//! What people said is otherwise than it was judged.

use super::*;
use crate::model::{Card, Change, Corrected, ItemId, Look};

async fn the_card(store: &Store) -> Card {
    let cards = store.mentions(Look { all: true, ..Look::newest(5) }).await.expect("readable");
    cards.into_iter().next().expect("a mention")
}

async fn correct(store: &Store, changes: &[Change]) -> Corrected {
    let item = the_card(store).await.item_id;
    store.correct(item, None, changes.to_vec(), "petra".to_owned(), minute(5)).await.expect("corrected")
}

fn open_ids(cards: &[Card]) -> Vec<&str> {
    cards.iter().map(|card| card.item.key.id.as_str()).collect()
}

#[tokio::test]
async fn a_correction_is_shown_and_what_stood_there_is_kept() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(1), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    let changes =
        [Change::Sentiment(Sentiment::Negative), Change::Kinds(vec![Kind::Recovery]), Change::Phase(Phase::Aftersales)];
    let Corrected::Done(done) = correct(store, &changes).await else { panic!("corrected") };
    assert_eq!(store.corrections().await.expect("readable"), done);
    let before: Vec<_> = done.iter().map(|correction| correction.before.clone()).collect();
    let was = [Change::Sentiment(Sentiment::Positive), Change::Kinds(Vec::new()), Change::Phase(Phase::Use)];
    assert_eq!(before, was);
    assert!(done.iter().all(|correction| correction.who == "petra" && correction.at == minute(5)));

    let card = the_card(store).await;
    assert_eq!((card.mention.sentiment.label, card.mention.sentiment.score), (Sentiment::Negative, -0.5));
    let judgement = card.opportunity.expect("found by a person").judgement;
    assert_eq!((judgement.kinds, judgement.phase), (vec![Kind::Recovery], Phase::Aftersales));
    assert_eq!(store.stats().await.expect("readable").opportunities, 1);
    let facts =
        store.digest_facts(minute(0), minute(9), minute(9), &[brand("mortons", false)]).await.expect("readable");
    assert_eq!(facts.feelings.iter().map(|count| count.negative).sum::<u64>(), 1);
    assert_eq!(open_ids(&facts.waiting), ["1"]);
    assert_eq!(store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn what_was_dismissed_is_not_shown_and_can_be_taken_back() {
    let room = room();
    let store = &room.store;
    let wish = opportunity("1", "mortons", minute(0), Kind::Wish, 0.5);
    store.commit(reading(minute(1), vec![wish])).await.expect("committed");
    let shown = || async {
        let brands = vec![BrandId::new("mortons")];
        let open = store.open_opportunities(brands, minute(9), 5).await.expect("readable").len();
        let mentions = store.mentions(Look::newest(5)).await.expect("readable").len();
        let digest = store.digest_facts(minute(0), minute(9), minute(9), &[brand("mortons", false)]).await;
        let digest = digest.expect("readable");
        (open, mentions, digest.open.len(), digest.top.len(), digest.n_mentions)
    };
    assert_eq!(shown().await, (1, 1, 1, 1, 1));
    correct(store, &[Change::Relevant(false)]).await;
    assert_eq!(shown().await, (0, 0, 0, 0, 0));
    assert_eq!(the_card(store).await.opportunity, None);
    correct(store, &[Change::Relevant(true)]).await;
    assert_eq!(shown().await, (1, 1, 1, 1, 1));
    correct(store, &[Change::Spam(true)]).await;
    assert_eq!(shown().await, (0, 0, 0, 0, 0));
}

#[tokio::test]
async fn a_correction_outlives_an_edit_at_the_origin() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(1), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    correct(store, &[Change::Sentiment(Sentiment::Neutral), Change::Spam(true)]).await;
    correct(store, &[Change::Sentiment(Sentiment::Mixed)]).await;
    let mut edited = KeptItem { content_hash: 5, ..opportunity("1", "mortons", minute(0), Kind::Wish, 0.5) };
    edited.item.text = "something else".to_owned();
    store.commit(reading(minute(6), vec![edited])).await.expect("committed");
    let card = the_card(store).await;
    assert_eq!((card.item.text.as_str(), card.mention.sentiment.label), ("something else", Sentiment::Mixed));
    assert_eq!(store.mentions(Look::newest(5)).await.expect("readable"), [], "still spam");
}

#[tokio::test]
async fn which_mention_is_meant_has_to_be_clear() {
    let room = room();
    let store = &room.store;
    let mut both = kept("1", "mortons", minute(0));
    both.analysis.mentions.extend(kept("1", "rival", minute(0)).analysis.mentions);
    store.commit(reading(minute(1), vec![both])).await.expect("committed");
    let brands = vec![BrandId::new("mortons"), BrandId::new("rival")];
    let change = vec![Change::Relevant(false)];
    assert_eq!(correct(store, &change).await, Corrected::WhichBrand(brands.clone()));
    let item = the_card(store).await.item_id;
    let asked = |item, brand: &str| {
        store.correct(item, Some(BrandId::new(brand)), change.clone(), "petra".to_owned(), minute(5))
    };
    assert_eq!(asked(item, "nobody").await.expect("asked"), Corrected::OtherBrands(brands));
    assert_eq!(asked(ItemId(99), "rival").await.expect("asked"), Corrected::NoItem);
    assert!(matches!(asked(item, "rival").await.expect("asked"), Corrected::Done(_)));
    let left = store.mentions(Look::newest(5)).await.expect("readable");
    assert_eq!(left.iter().map(|card| card.mention.brand.as_str()).collect::<Vec<_>>(), ["mortons"]);
    assert!(matches!(correct(store, &[Change::Spam(true)]).await, Corrected::Done(_)), "spam is the whole item");
}

#[tokio::test]
async fn open_are_opportunities_of_every_kind_the_least_slack_first() {
    let room = room();
    let store = &room.store;
    let items = vec![
        opportunity("weak", "mortons", minute(0), Kind::Advocate, 0.2),
        opportunity("strong", "mortons", minute(0), Kind::Churn, 0.8),
        with_deadline(opportunity("ahead", "mortons", minute(-days(20)), Kind::Wish, 0.5), minute(120)),
        with_deadline(opportunity("too late", "mortons", minute(0), Kind::Wish, 0.9), minute(5)),
        opportunity("long ago", "mortons", minute(-days(20)), Kind::Wish, 0.9),
        opportunity("of a rival", "rival", minute(0), Kind::Wish, 0.9),
    ];
    store.commit(reading(minute(1), items)).await.expect("committed");
    let open = |limit| store.open_opportunities(vec![BrandId::new("mortons")], minute(9), limit);
    assert_eq!(open_ids(&open(9).await.expect("readable")), ["ahead", "strong", "weak"]);
    assert_eq!(open_ids(&open(1).await.expect("readable")), ["ahead"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lessons_of_spam_hold_the_last_word_of_each_item_and_are_read_once() {
    let room = room();
    let store = room.store.clone();
    store
        .commit(reading(minute(1), vec![kept("1", "mortons", minute(0)), kept("2", "mortons", minute(0))]))
        .await
        .expect("committed");
    let lessons = |known: i64| {
        let store = store.clone();
        async move {
            let read = tokio::task::spawn_blocking(move || store.spam_lessons_blocking(known));
            read.await.expect("ran").expect("readable")
        }
    };
    assert_eq!(lessons(0).await, None, "nobody said anything");
    correct(&store, &[Change::Spam(true)]).await;
    let first = lessons(0).await.expect("a lesson");
    assert_eq!((first.said.len(), first.said[0].1, first.others.len()), (1, true, 1));
    assert_eq!(lessons(first.mark).await, None);
    let all = Look { all: true, ..Look::newest(5) };
    let items = store.mentions(all).await.expect("readable");
    let spam = items.iter().find(|card| card.item.reading_text() == first.said[0].0).expect("it");
    let back = vec![Change::Spam(false)];
    store.correct(spam.item_id, None, back, "petra".to_owned(), minute(6)).await.expect("corrected");
    let second = lessons(first.mark).await.expect("a lesson");
    assert!(second.said.len() == 1 && !second.said[0].1, "{second:?}");
}
