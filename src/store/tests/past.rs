//! What is known from before of an author and a thread.

use super::*;

/// A kept item of `author`, a handle or (without `@`) a name.
fn by(author: &str, id: &str, brand: &str) -> KeptItem {
    let mut item = kept(id, brand, minute(0));
    let said = Some(author.to_owned());
    if author.starts_with('@') {
        item.item.author.handle = said;
    } else {
        item.item.author.name = said;
    }
    item
}

/// How many items of its author are known of `mortons` and `rival`, and whether the thread is about the first.
async fn check(room: &Room, item: KeptItem, expected: (usize, usize, bool)) {
    let store = room.store.clone();
    let brands = [BrandId::new("mortons"), BrandId::new("rival")];
    let asked = move || store.past_blocking(&item.item, &brands).expect("the past");
    let past = tokio::task::spawn_blocking(asked).await.expect("it ran");
    let n_by_author = |brand: &str| past.of(&BrandId::new(brand)).expect("asked for").n_by_author;
    assert_eq!((n_by_author("mortons"), n_by_author("rival"), past.brands[0].in_thread), expected);
}

#[tokio::test]
async fn an_author_is_known_by_handle_and_a_thread_by_its_beginning() {
    let room = room();
    let mut unsure = by("@ann", "3", "mortons");
    unsure.analysis.mentions[0].relevance = 0.5;
    let mut spam = by("@ann", "4", "mortons");
    spam.analysis.spam.is_spam = true;
    let items = vec![
        by("@ann", "1", "mortons"),
        by("@ann", "2", "mortons"),
        unsure,
        spam,
        by("@ann-b", "5", "rival"),
        by("Ann", "6", "rival"),
    ];
    room.store.commit(reading(minute(1), items)).await.expect("committed");
    check(&room, by("@ann", "9", "x"), (2, 0, false)).await;
    check(&room, by("@ann", "1", "x"), (1, 0, false)).await;
    check(&room, by("Ann", "9", "x"), (0, 1, false)).await;
    check(&room, by("@\"* OR", "9", "x"), (0, 0, false)).await;
    let mut answer = by("@bob", "9", "x");
    answer.item.parent = Some("2".to_owned());
    check(&room, answer.clone(), (0, 0, true)).await;
    answer.item.parent = Some("5".to_owned());
    check(&room, answer, (0, 0, false)).await;
}
