//! Which items tell one story, and which never do. Every text is our own.

use super::*;
use crate::model::{Author, Item, ItemKey, ItemKind, SourceName};
use jiff::SignedDuration;
use proptest::prelude::*;

const STORY: &str = "The night train between Basel and Copenhagen will run again from the spring, the operator said on \
    Monday. Tickets go on sale in November; a bed costs from 89 francs, and dogs travel for half the fare. The line had \
    been closed for eleven years after the coaches grew too old to be repaired, and a petition with forty thousand \
    names had asked for its return ever since.";

fn item(source: &str, kind: ItemKind, handle: &str, text: &str) -> Item {
    let key = ItemKey { namespace: source.to_owned(), id: format!("{handle}-{}", text.len()) };
    let author = Author { handle: (!handle.is_empty()).then(|| handle.to_owned()), ..Author::default() };
    Item { kind, author, text: text.to_owned(), ..Item::new(SourceName::new(source), key) }
}

fn article(source: &str, title: &str, text: &str) -> Item {
    Item { title: title.to_owned(), ..item(source, ItemKind::Article, "", text) }
}

fn same(one: &Item, other: &Item) -> Option<Sameness> {
    same_after(one, other, 1)
}

/// What is found, which needs a common key as well.
fn same_after(one: &Item, other: &Item, hours: i64) -> Option<Sameness> {
    let (one, other) = (Telling::of(one), Telling::of(other));
    let (one_keys, other_keys) = (keys(&one), keys(&other));
    let found = one_keys.iter().any(|key| other_keys.contains(key));
    found.then(|| sameness(&one, &other, SignedDuration::from_hours(hours))).flatten()
}

#[test]
fn an_edited_headline_and_a_cut_text_are_one_story() {
    let whole = article("gazette", "Night train to Copenhagen returns", STORY);
    let edited = article("courier", "Sleeper is back", &STORY.replace("on Monday", "today"));
    assert_eq!(same(&edited, &whole), Some(Sameness::Syndicated));
    let half = STORY.split(" The line had").next().expect("a half");
    assert_eq!(same(&article("echo", "Back to Copenhagen", half), &whole), Some(Sameness::Syndicated));
}

#[test]
fn a_form_with_other_numbers_is_another_story() {
    let form = |close: &str, change: &str, volume: &str, high: &str| {
        let text = format!(
            "The share of Nordbahn closed at {close} francs on the exchange of Zurich after a change of {change} per \
             cent against the day before, while {volume} papers went from hand to hand and the highest price of the \
             day was {high} francs, as the exchange told in the evening."
        );
        article("ticker", "Nordbahn share", &text)
    };
    assert_eq!(same(&form("41.2", "0.8", "12000", "41.9"), &form("39.7", "3.6", "31000", "40.8")), None);
}

#[test]
fn two_customers_with_one_complaint_are_two_stories() {
    let complaint = "Still no internet since Monday and nobody at Telvia picks up the phone, third ticket closed without \
        a word, I work from home and lose money every day, this is the last month that I pay for, and I want a refund \
        for every single day of it.";
    let one = item("x", ItemKind::Post, "@ann", complaint);
    assert_eq!(same(&one, &item("x", ItemKind::Post, "@bob", complaint)), None);
    let guest = |source: &str| {
        let author = Author { name: Some("Guest".to_owned()), ..Author::default() };
        Item { author, ..item(source, ItemKind::Comment, "", complaint) }
    };
    assert_eq!(same(&guest("one"), &guest("two")), None);
}

#[test]
fn the_authors_own_words_on_two_platforms_are_one_story() {
    let text = "Telvia just called back within ten minutes, wow";
    let one = item("mastodon", ItemKind::Post, "@ann@social.example", text);
    let other = item("bluesky", ItemKind::Post, "ann.bsky.social", &format!("{text} https://t.example/1"));
    assert_eq!(same(&other, &one), Some(Sameness::CrossPost));
    assert_eq!(same_after(&other, &one, 72), None, "said again days later it is said anew");
}

#[test]
fn a_repost_without_words_is_one_story_and_with_words_another() {
    let text = "Can you meet me at the airport with a porterhouse when I land in two hours, please?";
    let said = item("x", ItemKind::Post, "@ann", text);
    let cut = item("x", ItemKind::Post, "@bob", "RT @ann: Can you meet me at the airport with a porterhouse wh…");
    assert_eq!(same(&cut, &said), Some(Sameness::Repost));
    let comment = item("x", ItemKind::Post, "@cay", &format!("They really did it! RT @ann: {text}"));
    assert_eq!(same(&comment, &said), None);
}

#[test]
fn one_address_from_two_feeds_is_one_story_and_its_comments_are_not() {
    let at = |item: Item| Item { url: Some("https://gazette.example/night-train?utm_source=a".to_owned()), ..item };
    let teaser = "The night train between Basel and Copenhagen will run again from the spring, the operator…";
    let whole = at(article("politics", "Night train returns", STORY));
    assert_eq!(same(&at(article("front", "Night train returns", teaser)), &whole), Some(Sameness::Item));
    let comment = |text: &str| at(item("comments", ItemKind::Comment, "", text));
    assert_eq!(same(&comment("Finally, I have waited for this for years!"), &whole), None);
}

#[test]
fn a_text_of_few_words_is_no_ones() {
    let one = item("x", ItemKind::Post, "@ann", "Danke!");
    assert!(keys(&Telling::of(&one)).is_empty());
}

proptest! {
    #[test]
    fn any_text_has_few_keys_and_is_like_itself(text in "\\PC{0,200}", head in "(RT @[a-z]{1,5}: )?") {
        let one = article("s", "", &format!("{head}{text}"));
        let telling = Telling::of(&one);
        prop_assert!(keys(&telling).len() <= 10);
        let is_like = sameness(&telling, &telling, SignedDuration::ZERO).is_some();
        prop_assert!(!is_like || !telling.words.is_empty());
    }
}
