//! Services that are asked again for single items: what was edited or deleted there is so here, and nothing else.

use crate::support::{Dice, ListingSite, TestHouse, preset_again};
use jiff::Timestamp;
use porterhouse::app::demo::MailFault;
use porterhouse::model::{Card, ItemState, Look};
use porterhouse::store::Store;
use std::collections::BTreeMap;

/// A house that reads a listing by a preset that can look again, mails its alerts, and the listing.
async fn house(style: &'static str) -> (TestHouse, ListingSite) {
    let (house, site) = (TestHouse::new().await, ListingSite::start(style).await);
    std::fs::create_dir_all(house.path().join("presets")).expect("a folder");
    house.write("presets/listing.toml", &preset_again(style, &site.base));
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("settings");
    house.write("porterhouse.toml", &format!("presets = \"presets\"\n{settings}"));
    house.append("sources.toml", "\n[[source]]\nid = \"s\"\npreset = \"listing\"\nevery = \"1s\"\n");
    site.listing().now = house.clock().as_second();
    (house, site)
}

async fn pass(house: &TestHouse, site: &ListingSite, minutes: i64) {
    house.advance_minutes(minutes);
    site.listing().now = house.clock().as_second();
    house.crawl().await;
}

async fn kept(house: &TestHouse) -> Vec<Card> {
    let store = Store::open_read_only(&house.data_folder()).expect("a store");
    let cards = store.mentions(Look { all: true, ..Look::newest(500) }).await.expect("readable");
    assert_eq!(store.check().await.expect("readable"), []);
    cards
}

/// What is kept, by id: its text.
async fn texts(house: &TestHouse) -> BTreeMap<i64, String> {
    let cards = kept(house).await;
    let n = cards.len();
    let texts: BTreeMap<i64, String> =
        cards.into_iter().map(|card| (card.item.key.id.parse().expect("a number"), card.item.text)).collect();
    assert_eq!(texts.len(), n, "each once");
    texts
}

#[tokio::test]
async fn what_vanishes_between_two_readings_is_deleted_after_a_second_look() {
    for has_marks in [true, false] {
        let (house, site) = house("until").await;
        site.listing().has_marks = has_marks;
        (0..3).for_each(|_| {
            site.listing().write(60);
        });
        pass(&house, &site, 0).await;
        site.listing().entries[1].is_deleted = true;
        pass(&house, &site, 20).await;
        assert_eq!(kept(&house).await.len(), 3, "an item that a list leaves out is not gone");
        pass(&house, &site, 60).await;
        assert_eq!(texts(&house).await.into_keys().collect::<Vec<_>>(), [1, 3], "has marks: {has_marks}");
        let store = Store::open_read_only(&house.data_folder()).expect("a store");
        let traces = store.trace(format!("{}/item/2", site.base)).await.expect("readable");
        assert_eq!(traces.gone.iter().map(|gone| gone.state).collect::<Vec<_>>(), [ItemState::Deleted]);
        // A list that lags behind brings it back: it stays away.
        site.listing().entries[1].is_deleted = false;
        pass(&house, &site, 5).await;
        assert_eq!(kept(&house).await.len(), 2);
    }
}

#[tokio::test]
async fn a_service_that_has_nothing_or_lets_nobody_in_deletes_nothing() {
    for status in [404, 403, 401, 410, 429, 500, 503, 200] {
        let (house, site) = house("until").await;
        (0..6).for_each(|_| {
            site.listing().write(60);
        });
        pass(&house, &site, 0).await;
        site.listing().closed = Some(status);
        for minutes in [60, 15, 30, 60, 300, 15, 1_200, 15, 1_500, 2_000] {
            pass(&house, &site, minutes).await;
        }
        assert_eq!(kept(&house).await.len(), 6, "{status}");
        let asked = site.listing().asked.iter().filter(|url| url.contains("/entry/")).count();
        assert!(asked <= 80, "{asked} questions for {status}");
    }
}

#[tokio::test]
async fn an_edit_that_only_a_second_look_shows_is_kept_with_what_stood_there_before() {
    let (house, site) = house("until").await;
    site.listing().write(60);
    site.listing().edit(0, "The steak was fine", false);
    pass(&house, &site, 0).await;
    site.listing().edit(0, "The steak was cold", true);
    for _ in 0..4 {
        pass(&house, &site, 40).await;
    }
    let cards = kept(&house).await;
    let [card] = cards.as_slice() else { panic!("one card, not {}", cards.len()) };
    assert_eq!((card.item.text.as_str(), card.revisions), ("The steak was cold", 1));
    let store = Store::open_read_only(&house.data_folder()).expect("a store");
    let before = store.revisions(card.item_id).await.expect("readable");
    assert_eq!(before.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["The steak was fine"]);
}

#[tokio::test]
async fn what_a_list_gives_in_part_is_asked_for_whole_where_it_names_a_brand() {
    let (house, site) = house("until").await;
    let preset = preset_again("until", &site.base).replace("same_form = true", "whole = true");
    house.write("presets/listing.toml", &preset);
    let part = |site: &ListingSite, words: &str| words.clone_into(&mut site.listing().entries[0].listed_words);
    site.listing().write(60);
    site.listing().edit(0, "The steak was fine, and I land at Newark in two hours", true);
    part(&site, "… steak was fine …");
    pass(&house, &site, 0).await;
    // Another query, another part; and all of it is listed again and again.
    part(&site, "… land at Newark …");
    for _ in 0..3 {
        pass(&house, &site, 5).await;
    }
    let card = kept(&house).await.remove(0);
    assert_eq!(card.item.text, "The steak was fine, and I land at Newark in two hours");
    assert_eq!((card.revisions, card.edited_at), (0, None), "nobody edited it");
    let n_asked = |site: &ListingSite| site.listing().asked.iter().filter(|url| url.contains("/entry/")).count();
    assert_eq!(n_asked(&site), 1, "once is enough");
    site.listing().edit(0, "The steak was cold", true);
    for _ in 0..4 {
        pass(&house, &site, 40).await;
    }
    let card = kept(&house).await.remove(0);
    assert_eq!((card.item.text.as_str(), card.revisions), ("The steak was cold", 1));
}

async fn check_schedule(style: &'static str, seed: u64) {
    let (house, site) = house(style).await;
    let mut dice = Dice::new(seed);
    site.listing().has_marks = dice.hits(50);
    // Younger ones show that the service answers, whatever was deleted.
    for step in 0..14 {
        if dice.hits(70) {
            site.listing().write(0);
        }
        let n = site.listing().entries.len() as u64;
        if n > 2 && dice.hits(20) {
            let at = usize::try_from(dice.below(n)).expect("small");
            site.listing().entries[at].is_deleted = true;
        }
        if n > 0 && dice.hits(40) {
            let (at, lags) = (usize::try_from(dice.below(n)).expect("small"), dice.hits(50));
            site.listing().edit(at, &format!("Form {step}"), lags);
        }
        if dice.hits(30) {
            let fault = [404, 403, 500, 503, 200][usize::try_from(dice.below(5)).expect("small")];
            site.listing().closed = Some(fault);
        }
        pass(&house, &site, 30).await;
        site.listing().closed = None;
    }
    site.listing().write(0);
    for _ in 0..26 {
        pass(&house, &site, 120).await;
    }
    let existing: BTreeMap<i64, String> = {
        let listing = site.listing();
        let existing = listing.entries.iter().filter(|entry| !entry.is_deleted);
        existing.map(|entry| (entry.id, entry.words.clone())).collect()
    };
    let texts = texts(&house).await;
    assert_eq!(texts.keys().collect::<Vec<_>>(), existing.keys().collect::<Vec<_>>(), "{style} {seed}");
    assert_eq!(texts, existing, "{style} {seed}");
}

#[tokio::test]
async fn after_any_schedule_of_faults_what_exists_is_kept_in_its_last_form() {
    for (style, seed) in [("until", 1), ("page", 4)] {
        check_schedule(style, seed).await;
    }
}

const WISH: &str = "Hey @Mortons, can you meet me at Newark airport with a porterhouse when I land in two hours?";

#[tokio::test]
async fn an_alert_that_could_not_be_sent_is_taken_back_when_its_post_is_deleted() {
    let (house, site) = house("until").await;
    house.mail_alerts();
    site.listing().has_tombstones = true;
    site.listing().write(600);
    pass(&house, &site, 0).await;
    house.mail.fail_next(MailFault::RefuseRecipient(451));
    site.listing().write(30);
    site.listing().edit(1, WISH, false);
    pass(&house, &site, 5).await;
    assert_eq!(house.mail.received().len(), 0, "the relay was busy");
    site.listing().entries[1].is_deleted = true;
    pass(&house, &site, 15).await;
    pass(&house, &site, 60).await;
    assert_eq!(house.mail.received().len(), 0, "nothing goes out about what was deleted");
    let store = Store::open_read_only(&house.data_folder()).expect("a store");
    let closed = store.closed_cards(Vec::new(), Timestamp::UNIX_EPOCH, 9).await.expect("readable");
    assert_eq!(closed.iter().map(|card| (card.was_open, card.told_at)).collect::<Vec<_>>(), [(true, None)]);
}

#[tokio::test]
async fn who_was_told_hears_of_an_edit_that_turns_it_and_of_no_other() {
    let (house, site) = house("until").await;
    house.mail_alerts();
    site.listing().write(600);
    pass(&house, &site, 0).await;
    site.listing().write(30);
    site.listing().edit(1, WISH, false);
    pass(&house, &site, 5).await;
    assert_eq!(house.mail.received().len(), 1);
    site.listing().edit(1, &format!("{WISH} Thanks!"), false);
    pass(&house, &site, 5).await;
    assert_eq!(house.mail.received().len(), 1, "quiet");
    site.listing().edit(1, &WISH.replace("two hours", "three hours"), false);
    pass(&house, &site, 5).await;
    let mails = house.mail.received();
    assert_eq!(mails.len(), 2);
    assert!(String::from_utf8_lossy(&mails[1].data).contains("Changed by its author"));
}
