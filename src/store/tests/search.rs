//! Finding items by their words.

use super::*;
use crate::model::Look;
use crate::query::Query;
use proptest::prelude::*;

fn said(id: &str, brand: &str, text: &str) -> KeptItem {
    let mut item = kept(id, brand, minute(0));
    item.item.title = String::new();
    text.clone_into(&mut item.item.text);
    item
}

async fn found(store: &Store, words: &str, look: Look) -> Vec<String> {
    let query = Query::parse(words).unwrap_or_else(|error| panic!("{words}: {error}"));
    let cards = store.search(query, look).await.unwrap_or_else(|error| panic!("{words}: {error}"));
    cards.cards.into_iter().map(|card| card.item.key.id).collect()
}

async fn check(store: &Store, words: &str, expected: &[&str]) {
    assert_eq!(found(store, words, Look::newest(10)).await, expected, "{words}");
}

#[tokio::test]
async fn any_spelling_finds_the_word() {
    let room = room();
    let store = &room.store;
    let items = vec![
        said("1", "mortons", "Grüße aus der Straße in München"),
        said("2", "mortons", "Gruesse aus der Strasse in Muenchen"),
        said("3", "mortons", "GRUSSE AUS DER STRASSE IN MUNCHEN"),
    ];
    store.commit(reading(minute(1), items)).await.expect("committed");
    for words in ["straße", "STRASSE", "strasse in", "der straße", "strass*"] {
        check(store, words, &["3", "2", "1"]).await;
    }
    check(store, "München", &["3", "2", "1"]).await;
    check(store, "muenchen", &["2", "1"]).await;
    check(store, "munchen", &["3", "1"]).await;
    check(store, "\"Grüße aus der Straße\"", &["3", "2", "1"]).await;
    check(store, "\"Gruesse aus der Strasse in Muenchen\"", &["2", "1"]).await;
    check(store, "\"aus Straße\"", &[]).await;
    check(store, "mün* gru*", &["3", "2", "1"]).await;
}

#[tokio::test]
async fn all_words_must_occur_and_the_newest_comes_first() {
    let room = room();
    let store = &room.store;
    for n in 0..15 {
        let item = said(&n.to_string(), "mortons", if n % 3 == 0 { "steak and wine" } else { "steak and water" });
        store.commit(reading(minute(n), vec![item])).await.expect("committed");
    }
    check(store, "wine steak", &["12", "9", "6", "3", "0"]).await;
    let look = Look { limit: 2, ..Look::newest(2) };
    assert_eq!(found(store, "steak", look.clone()).await, ["14", "13"]);
    assert_eq!(found(store, "steak", Look { since: Some(minute(14)), ..look.clone() }).await, ["14"]);
    assert_eq!(found(store, "steak", Look { brand: Some(BrandId::new("rival")), ..look }).await, [""; 0]);
}

#[tokio::test]
async fn an_item_is_found_by_its_words_of_now_and_its_author() {
    let room = room();
    let store = &room.store;
    let mut first = said("1", "mortons", "a plain supper");
    first.item.author.name = Some("Jörg Beispiel".to_owned());
    store
        .commit(reading(minute(1), vec![first.clone(), said("2", "rival", "a plain lunch")]))
        .await
        .expect("committed");
    check(store, "joerg beispiel", &["1"]).await;
    let edited = KeptItem { content_hash: 5, ..said("1", "rival", "a rich supper") };
    store.commit(reading(minute(2), vec![edited])).await.expect("committed");
    check(store, "plain", &["2"]).await;
    check(store, "rich", &["1"]).await;
    let look = |brand: &str| Look { brand: Some(BrandId::new(brand)), ..Look::newest(10) };
    assert_eq!(found(store, "supper", look("rival")).await, ["1"]);
    assert_eq!(found(store, "supper", look("mortons")).await, [""; 0]);

    let mut deleting = reading(minute(3), Vec::new());
    deleting.departures = told(&[key("1")]);
    store.commit(deleting).await.expect("committed");
    check(store, "supper", &[]).await;
    assert_eq!(store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn spam_and_own_posts_are_shown_where_they_are_asked_for() {
    let room = room();
    let store = &room.store;
    let mut spam = said("spam", "mortons", "steak");
    spam.analysis.spam.is_spam = true;
    let mut own = said("own", "mortons", "steak");
    own.analysis.mentions.iter_mut().for_each(|mention| mention.own = true);
    store.commit(reading(minute(1), vec![said("1", "mortons", "steak"), spam, own])).await.expect("committed");
    check(store, "steak", &["1"]).await;
    assert_eq!(found(store, "steak", Look { all: true, ..Look::newest(10) }).await, ["own", "spam", "1"]);
    let ids = |cards: Vec<crate::model::Card>| cards.into_iter().map(|card| card.item.key.id).collect::<Vec<_>>();
    assert_eq!(ids(store.mentions(Look::newest(10)).await.expect("readable")), ["1"]);
    let all = Look { all: true, brand: Some(BrandId::new("mortons")), ..Look::newest(2) };
    assert_eq!(ids(store.mentions(all).await.expect("readable")), ["own", "spam"]);
    let angry = Look { sentiment: Some(Sentiment::Negative), ..Look::newest(2) };
    assert_eq!(ids(store.mentions(angry).await.expect("readable")), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_typed_is_no_error(
        typed in prop::collection::vec("[\\PC\\x00-\\x1f\"'*():^{}+\\-a-z ]{0,40}|NEAR\\(|AND|OR|NOT|plain :|\"\"|\\*", 32),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let room = room();
            let items = vec![said("1", "mortons", &typed.join(" ")), said("2", "mortons", "a b c")];
            room.store.commit(reading(minute(1), items)).await.expect("committed");
            for words in typed.iter().chain([&typed.join(" ")]) {
                if let Ok(query) = Query::parse(words) {
                    let brand = Some(BrandId::new(words.as_str()));
                    let outcome = room.store.search(query.clone(), Look::newest(5)).await;
                    assert!(outcome.is_ok(), "{words:?}: {outcome:?}");
                    assert!(room.store.search(query, Look { brand, ..Look::newest(5) }).await.is_ok(), "{words:?}");
                }
            }
        });
    }
}
