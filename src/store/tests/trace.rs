//! What became of an address.

use super::*;
use crate::model::{AlertState, Change, Delivered, PassedTrace, Verdict, VerdictReason};
use crate::text::{address_hash, hash64};

const GIVEN: &str = "http://www.forum.example/thread/7/?utm_source=feed#post-2";
const PASTED: &str = "https://forum.example/thread/7";

fn at_address(mut kept: KeptItem, url: &str) -> KeptItem {
    kept.item.url = Some(url.to_owned());
    kept
}

async fn trace(store: &Store, url: &str) -> crate::model::Traces {
    store.trace(url.to_owned()).await.expect("readable")
}

#[tokio::test]
async fn a_kept_item_is_found_by_any_form_of_its_address_with_all_that_hangs_on_it() {
    let room = room();
    let store = &room.store;
    let wish = at_address(opportunity("1", "mortons", minute(0), Kind::Wish, 0.5), GIVEN);
    let other = at_address(kept("2", "mortons", minute(0)), "https://forum.example/thread/8");
    store.commit(reading(minute(1), vec![wish, other])).await.expect("committed");
    let notice = store.pending_notices(9).await.expect("readable").first().expect("a notice").id;
    let verdicts = vec![
        (notice, RouteName("all".to_owned()), Verdict::Send(VerdictReason::NewOpportunity)),
        (notice, RouteName("best".to_owned()), Verdict::Hold(VerdictReason::BelowScore)),
    ];
    let alerts = vec![alert("k1", &[notice], minute(2)), alert("k2", &[NoticeId(99)], minute(2))];
    store.route(verdicts, alerts, minute(2)).await.expect("routed");
    let next = Some(minute(5));
    let late = Delivered::Retry("the relay is busy".to_owned());
    store.record_delivery(AlertKey::new("k1"), late, next, minute(3)).await.expect("recorded");
    let item = trace(store, PASTED).await.kept.first().expect("kept").item_id;
    let spam = vec![Change::Spam(true)];
    store.correct(item, None, spam, "petra".to_owned(), minute(4)).await.expect("corrected");

    let traces = trace(store, PASTED).await;
    assert_eq!(traces.passed, []);
    let [found] = traces.kept.as_slice() else { panic!("one item, not {}", traces.kept.len()) };
    assert_eq!((found.source.as_str(), found.url.as_deref()), ("acme-forum", Some(GIVEN)));
    assert_eq!((found.seen_at, found.changed_at, found.spam.is_spam), (minute(1), minute(1), true));
    assert_eq!(found.corrections.len(), 1);
    let mention = found.mentions.first().expect("a mention");
    assert!((mention.opportunity.as_ref().expect("an opportunity").judgement.score - 0.5).abs() < 1e-6);
    let told = mention.notice.as_ref().expect("a notice");
    assert_eq!(told.verdicts.iter().map(|told| told.route.0.as_str()).collect::<Vec<_>>(), ["all", "best"]);
    let [sent] = told.alerts.as_slice() else { panic!("one alert, not {}", told.alerts.len()) };
    assert_eq!((sent.state, sent.attempts, sent.next_attempt_at), (AlertState::Pending, 1, next));
    assert_eq!((sent.recipient.as_str(), sent.trouble.as_str()), ("t…@example.com", "the relay is busy"));
}

#[tokio::test]
async fn an_item_that_moved_is_found_where_it_is_now() {
    let room = room();
    let item = at_address(kept("1", "mortons", minute(0)), "https://forum.example/old");
    room.store.commit(reading(minute(1), vec![item.clone()])).await.expect("committed");
    let moved = KeptItem { content_hash: 7, ..at_address(item, PASTED) };
    room.store.commit(reading(minute(2), vec![moved])).await.expect("committed");
    assert!(trace(&room.store, "https://forum.example/old").await.is_empty());
    assert_eq!(trace(&room.store, PASTED).await.kept.first().expect("kept").changed_at, minute(2));
}

#[tokio::test]
async fn the_very_address_comes_first_among_those_of_one_form() {
    let room = room();
    let items =
        ["#post-1", "#post-2"].map(|part| at_address(kept(part, "mortons", minute(0)), &format!("{PASTED}{part}")));
    room.store.commit(reading(minute(1), items.to_vec())).await.expect("committed");
    let traces = trace(&room.store, &format!("{PASTED}#post-2")).await;
    let urls: Vec<_> = traces.kept.iter().filter_map(|item| item.url.as_deref()).collect();
    assert_eq!(urls, ["https://forum.example/thread/7#post-2", "https://forum.example/thread/7#post-1"]);
}

#[tokio::test]
async fn what_was_passed_over_is_found_with_its_reason_and_day() {
    let room = room();
    let at = |id: &str, url_hash, reason| Fingerprint { url_hash, reason, ..passed(id, 1) };
    let hash = address_hash(GIVEN).expect("a web address");
    let mut reading = reading(minute(0), Vec::new());
    reading.passed = vec![
        at("1", hash, PassReason::NoBrand),
        at("2", hash, PassReason::NoBrand),
        at("3", hash64(&[PASTED]), PassReason::OtherLanguage),
        passed("4", 1),
    ];
    room.store.commit(reading).await.expect("committed");
    let traces = trace(&room.store, PASTED).await;
    let expected =
        |reason, n_items| PassedTrace { source: source(), reason, n_items, seen_on: jiff::civil::date(2026, 5, 4) };
    assert_eq!(traces.kept, []);
    assert_eq!(traces.passed, [expected(PassReason::NoBrand, 2), expected(PassReason::OtherLanguage, 1)]);
    assert!(trace(&room.store, "no address").await.is_empty());
}
