//! One story is told once, whoever tells it again; people are never put together.

use super::*;
use crate::model::{ItemKind, Look, Story};
use crate::story::{Telling, keys};

const WIRE: &str = "The night train between Basel and Copenhagen will run again from the spring, the operator said on \
    Monday. Tickets go on sale in November; a bed costs from 89 francs, and dogs travel for half the fare. The line had \
    been closed for eleven years after the coaches grew too old to be repaired.";

fn told(mut kept: KeptItem, change: impl FnOnce(&mut Item)) -> KeptItem {
    kept.item.title.clear();
    change(&mut kept.item);
    kept.story_keys = keys(&Telling::of(&kept.item));
    kept
}

/// An opportunity, so that a notice shows whether it is told.
fn printed(id: &str, text: &str, at: Timestamp) -> KeptItem {
    told(opportunity(id, "mortons", at, Kind::Wish, 0.8), |item| {
        item.kind = ItemKind::Article;
        item.text = text.to_owned();
    })
}

fn said(id: &str, handle: &str, text: &str, at: Timestamp) -> KeptItem {
    told(opportunity(id, "mortons", at, Kind::Wish, 0.8), |item| {
        item.author.handle = Some(handle.to_owned());
        item.author.followers = Some(100);
        item.text = text.to_owned();
    })
}

async fn listed(room: &Room) -> Vec<(String, Story)> {
    let cards = room.store.mentions(Look::newest(50)).await.expect("readable");
    cards.into_iter().map(|card| (card.item.key.id, card.story)).collect()
}

#[tokio::test]
async fn a_syndicated_text_is_told_once_with_its_sources() {
    let room = room();
    let first = room.store.commit(reading(minute(0), vec![printed("1", WIRE, minute(0))])).await.expect("committed");
    let edited = printed("2", &WIRE.replace("on Monday", "today"), minute(5));
    let mut other = reading(minute(5), vec![edited]);
    other.source = SourceName::new("courier");
    other.state.source = SourceName::new("courier");
    let second = room.store.commit(other).await.expect("committed");
    assert_eq!((first.new_notices, second.new_kept, second.new_notices), (1, 1, 0));
    assert_eq!(listed(&room).await, [("1".to_owned(), Story { items: 2, sources: 2, reach: None })]);
    assert_eq!(room.store.opportunities(10).await.expect("readable").len(), 1);
}

#[tokio::test]
async fn two_customers_with_one_complaint_are_owed_two_answers() {
    let room = room();
    let complaint = "Still no internet since Monday and nobody at Mortons picks up the phone, what is going on?";
    let both = vec![said("1", "@ann", complaint, minute(0)), said("2", "@bob", complaint, minute(1))];
    let committed = room.store.commit(reading(minute(2), both)).await.expect("committed");
    assert_eq!(committed.new_notices, 2);
    assert!(listed(&room).await.iter().all(|(_, story)| story.is_alone()));
}

#[tokio::test]
async fn a_repost_that_comes_first_does_not_silence_the_post() {
    let room = room();
    let text = "Can you meet me at the airport with a porterhouse when I land in two hours, please?";
    let mut repost = said("1", "@bob", &format!("RT @ann: {text}"), minute(1));
    repost.opportunities = vec![None];
    room.store.commit(reading(minute(1), vec![repost])).await.expect("committed");
    let post =
        room.store.commit(reading(minute(2), vec![said("2", "@ann", text, minute(0))])).await.expect("committed");
    assert_eq!(post.new_notices, 1);
    let again = said("3", "@cay", &format!("RT @ann: {text}"), minute(3));
    let again = room.store.commit(reading(minute(3), vec![again])).await.expect("committed");
    assert_eq!(again.new_notices, 0);
    let stories: Vec<_> = listed(&room).await.into_iter().map(|(_, story)| story).collect();
    assert_eq!(stories, [Story { items: 3, sources: 1, reach: Some(300) }; 2]);
}

#[tokio::test]
async fn where_the_first_is_deleted_the_next_takes_its_place() {
    let room = room();
    let three = (1..=3).map(|n| printed(&n.to_string(), WIRE, minute(n))).collect();
    room.store.commit(reading(minute(4), three)).await.expect("committed");
    let gone = Reading { departures: super::told(&[key("1")]), ..reading(minute(5), Vec::new()) };
    room.store.commit(gone).await.expect("committed");
    assert_eq!(listed(&room).await, [("2".to_owned(), Story { items: 2, sources: 1, reach: None })]);
    let day =
        room.store.digest_facts(minute(0), minute(60), minute(60), &[brand("mortons", false)]).await.expect("readable");
    assert_eq!((day.open.len(), day.n_mentions), (1, 1));
    assert_eq!(room.store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn an_edit_leaves_the_story_as_it_was() {
    let room = room();
    let two = vec![printed("1", WIRE, minute(1)), printed("2", WIRE, minute(2))];
    room.store.commit(reading(minute(3), two)).await.expect("committed");
    let edited = KeptItem { content_hash: 7, ..printed("2", &format!("{WIRE} More follows."), minute(2)) };
    let committed = room.store.commit(reading(minute(4), vec![edited])).await.expect("committed");
    assert_eq!(committed.new_notices, 0);
    assert_eq!(listed(&room).await.len(), 1);
}
