//! What a look comes to.

use super::*;
use crate::model::{PostedAt, SourceName};

fn minute(minutes: i64) -> Timestamp {
    let noon: Timestamp = "2026-05-04T12:00:00Z".parse().expect("well-formed");
    noon + SignedDuration::from_mins(minutes)
}

fn key(id: &str) -> ItemKey {
    ItemKey { namespace: "s".to_owned(), id: id.to_owned() }
}

fn item(id: &str) -> Item {
    let mut item = Item::new(SourceName::new("s"), key(id));
    item.text = "A steak".to_owned();
    item
}

fn due(id: &str) -> DueLook {
    DueLook { item: item(id), seen_at: minute(-60), missed_at: None, is_open: false, is_due: true }
}

fn there(id: &str) -> Sight {
    Sight::There { item: Box::new(item(id)), same_form: true }
}

/// What becomes of `a`, about which the service says `sights` (of `a` and of others), and when it is asked next.
fn verdict(a: DueLook, sights: &[(&str, Sight)], alive_at: Option<Timestamp>) -> String {
    let of = |id: &str| (key(id), "s.example".to_owned());
    let sights: HashMap<ItemKey, (String, Sight)> =
        sights.iter().map(|(id, sight)| (key(id), (of(id).1, sight.clone()))).collect();
    let others: Vec<DueLook> = sights.keys().filter(|key| key.id != "a").map(|key| due(&key.id)).collect();
    let named = [key("a")];
    let verdicts = conclude(&[a], &others, (&named, &named), (sights, false), alive_at, minute(0));
    if let Some(departure) = verdicts.departures.iter().find(|departure| departure.key == key("a")) {
        return format!("{:?}", departure.to);
    }
    let looked = verdicts.looks.iter().find(|looked| looked.key == key("a")).expect("a look");
    let minutes = |at: Option<Timestamp>| at.map(|at| at.duration_since(minute(0)).as_mins());
    format!("next {:?} missed {:?}", minutes(looked.next_at), minutes(looked.missed_at))
}

#[test]
fn what_is_missing_is_gone_only_among_others_or_the_second_time() {
    let missing = || [("a", Sight::Missing)];
    let missed = |minutes| DueLook { missed_at: Some(minute(minutes)), ..due("a") };
    let lately = Some(minute(-600));
    assert_eq!(verdict(due("a"), &missing(), lately), "next Some(15) missed Some(0)", "once is not enough");
    let with_other = [("a", Sight::Missing), ("b", there("b"))];
    assert_eq!(verdict(due("a"), &with_other, lately), "Deleted(MissingAmongOthers)");
    assert_eq!(verdict(missed(-15), &missing(), lately), "Deleted(MissingTwice)");
    assert_eq!(verdict(missed(-5), &missing(), lately), "next Some(15) missed Some(-5)", "too soon after the first");
    assert_eq!(verdict(missed(-15), &missing(), None), "next Some(15) missed Some(-15)", "it never had anything");
    let all: Vec<(&str, Sight)> = ["a", "b", "c", "d"].into_iter().map(|id| (id, Sight::Missing)).collect();
    assert_eq!(verdict(missed(-15), &all, lately), "next Some(15) missed Some(-15)", "everything is missing at once");
}

#[test]
fn a_refusal_counts_only_where_others_are_shown() {
    assert_eq!(verdict(due("a"), &[("a", Sight::Refused)], Some(minute(-9))), "next Some(30) missed None");
    let with_other = [("a", Sight::Refused), ("b", there("b"))];
    assert_eq!(verdict(due("a"), &with_other, None), "Hidden(MissingAmongOthers)");
}

#[test]
fn a_mark_counts_at_once_and_silence_never() {
    assert_eq!(verdict(due("a"), &[("a", Sight::Deleted)], None), "Deleted(Marked)");
    assert_eq!(verdict(due("a"), &[("a", Sight::Hidden)], None), "Hidden(Marked)");
    assert_eq!(verdict(due("a"), &[], None), "next Some(30) missed None");
    let old = DueLook { seen_at: minute(-80 * 60), ..due("a") };
    assert_eq!(verdict(old, &[], None), "next None missed None", "nothing is asked for ever");
}

#[test]
fn looks_become_rare_and_end_but_for_what_is_open() {
    let next = |age: i64, is_open| {
        let look = DueLook { seen_at: minute(-age), is_open, ..due("a") };
        next_look(&look, minute(0)).map(|at| at.duration_since(minute(-age)).as_hours())
    };
    assert_eq!([0, 61, 400, 1_500].map(|age| next(age, false)), [Some(1), Some(6), Some(24), Some(48)]);
    assert_eq!(next(48 * 60 + 1, false), None);
    assert_eq!((next(60, true), next(60 * 60, true)), (Some(2), Some(66)));
}

#[test]
fn the_budget_of_an_hour_is_kept() {
    let spent = |n| LookCount { hour: hour(minute(0)), n, alive_at: None };
    assert_eq!([0, 55, 60, 99].map(|n| budget(spent(n), minute(0))), [8, 5, 0, 0]);
    assert_eq!(budget(spent(60), minute(60)), 8);
    assert_eq!((counted(spent(7), 3, minute(5)).n, counted(spent(7), 3, minute(60)).n), (10, 3));
}

#[test]
fn another_text_is_an_edit_where_it_can_be_compared() {
    let read = |text: &str, same_form: bool, updated: Option<i64>| {
        let mut seen = item("a");
        seen.html = format!("<p>{text}</p>");
        seen.text.clear();
        seen.updated = updated.map(|minutes| PostedAt::utc(minute(minutes)));
        edited(&due("a"), seen, same_form).map(|item| item.text)
    };
    assert_eq!(read("A  steak", true, None), None);
    assert_eq!(read("Two steaks", true, None).as_deref(), Some("Two steaks"));
    assert_eq!(read("A steak, cut off in the list", false, None), None);
    assert_eq!(read("A steak, cut off in the list", false, Some(-90)), None, "edited before it was read");
    assert_eq!(read("Two steaks", false, Some(-30)).as_deref(), Some("Two steaks"));
    assert_eq!(read("", true, Some(-30)), None, "an answer without words says nothing of them");
}
