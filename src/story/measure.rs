//! How well stories are put together, on posts of our own: `tests/labelled/stories.jsonl`.
//!
//! Items come in the order of their times, as readings do; pairs are counted within the groups that form.

use super::*;
use crate::model::{Author, Item, ItemKey, ItemKind, PostedAt, SourceName};
use std::collections::HashMap;

struct Labelled {
    id: String,
    story: String,
    note: String,
    item: Item,
}

fn labelled() -> Vec<Labelled> {
    let text = include_str!("../../tests/labelled/stories.jsonl");
    let mut items: Vec<Labelled> = text.lines().map(|line| read(&serde_json::from_str(line).expect("JSON"))).collect();
    items.sort_by_key(|labelled| labelled.item.published.map(|posted| posted.at));
    items
}

fn read(value: &serde_json::Value) -> Labelled {
    let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let (id, source) = (text("id").expect("an id"), text("source").expect("a source"));
    let kind = match text("kind").expect("a kind").as_str() {
        "article" => ItemKind::Article,
        "comment" => ItemKind::Comment,
        "review" => ItemKind::Review,
        "reply" => ItemKind::Reply,
        _ => ItemKind::Post,
    };
    let item = Item {
        kind,
        title: text("title").unwrap_or_default(),
        text: text("text").unwrap_or_default(),
        url: text("url"),
        author: Author { name: text("name"), handle: text("handle"), ..Author::default() },
        published: text("published").map(|at| at.parse::<PostedAt>().expect("a time")),
        ..Item::new(SourceName::new(source.clone()), ItemKey { namespace: source, id: id.clone() })
    };
    Labelled { id, story: text("story").expect("a story"), note: text("note").unwrap_or_default(), item }
}

/// The group of each item, as the store forms them.
fn grouped(items: &[Labelled]) -> Vec<usize> {
    let mut by_key: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut groups: Vec<usize> = Vec::new();
    let tellings: Vec<Telling> = items.iter().map(|labelled| Telling::of(&labelled.item)).collect();
    for (at, telling) in tellings.iter().enumerate() {
        let keys = keys(telling);
        let mut n_shared: HashMap<usize, usize> = HashMap::new();
        for key in &keys {
            let found = by_key.get(key).into_iter().flatten().rev().take(8);
            found.for_each(|other| *n_shared.entry(*other).or_default() += 1);
        }
        let mut candidates: Vec<(usize, usize)> = n_shared.into_iter().collect();
        candidates.sort_by_key(|(other, n_shared)| (std::cmp::Reverse(*n_shared), *other));
        let gap = |other: usize| {
            let time = |at: usize| items[at].item.published.expect("a time").at;
            time(at).duration_since(time(other))
        };
        let same =
            candidates.iter().take(6).find(|(other, _)| sameness(telling, &tellings[*other], gap(*other)).is_some());
        groups.push(same.map_or(at, |(other, _)| groups[*other]));
        keys.iter().for_each(|key| by_key.entry(*key).or_default().push(at));
    }
    groups
}

#[test]
fn few_stories_are_missed_and_hardly_any_people_put_together() {
    let items = labelled();
    let groups = grouped(&items);
    let (mut right, mut wrong, mut missed, mut people) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut told = String::new();
    for one in 0..items.len() {
        for other in 0..one {
            let (is_same, is_grouped) = (items[one].story == items[other].story, groups[one] == groups[other]);
            match (is_same, is_grouped) {
                (true, true) => right += 1,
                (false, true) => wrong += 1,
                (true, false) => missed += 1,
                (false, false) => continue,
            }
            if is_same != is_grouped {
                let (one, other) = (&items[one], &items[other]);
                let is_by_others = one.item.author != other.item.author && one.item.kind != ItemKind::Article;
                people += u32::from(is_grouped && is_by_others);
                let what = if is_grouped { "WRONG" } else { "missed" };
                told += &format!("{what} {} ({}) {} ({})\n", other.id, other.note, one.id, one.note);
            }
        }
    }
    let precision = f64::from(right) / f64::from(right + wrong);
    let recall = f64::from(right) / f64::from(right + missed);
    let figures = format!("precision {precision:.3}, recall {recall:.3}; {people} pairs of people\n{told}");
    assert!(precision >= 0.97 && recall >= 0.93 && people == 0, "{figures}");
}
