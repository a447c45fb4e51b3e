//! Makes of one answer what the store is to keep: known items dropped, brands looked for, mentions judged.

use super::study::History;
use super::study::{Judged, is_silent, study};
use super::{Parts, flood};
use crate::analyze::Learned;
use crate::model::{BrandId, Fingerprint, Item, KeptItem, PassReason, Past, Phase};
use crate::store::{Called, ItemHashes, Known, key_hash};
use crate::story::{self, Telling};
use crate::text::{address_hash, content_hash64};
use jiff::{SignedDuration, Timestamp};
use std::cell::OnceCell;

/// What one answer leaves behind, before the source's own state is added.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) kept: Vec<KeptItem>,
    pub(super) passed: Vec<Fingerprint>,
}

/// On what occasion items are sorted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occasion {
    /// It is the source's first reading, which alerts only where a deadline lies ahead.
    pub(super) is_first: bool,
    /// What others tell as well is grouped with theirs.
    pub(super) has_stories: bool,
    pub(super) now: Timestamp,
}

/// The hashes by which the items of an answer are known again.
pub(super) fn hashes(items: &[Item]) -> Vec<ItemHashes> {
    let of_item = |item: &Item| ItemHashes { key_hash: key_hash(&item.key), content_hash: content_hash(item) };
    items.iter().map(of_item).collect()
}

/// What the service calls items besides, of which nothing else is new.
pub(super) fn called(items: &[Item], known: &[Known]) -> Vec<Called> {
    let same = items.iter().zip(known).filter(|(item, known)| **known == Known::Same && !item.aliases.is_empty());
    same.map(|(item, _)| Called { key: item.key.clone(), aliases: item.aliases.clone() }).collect()
}

/// Sorts the items that are new or changed into those to keep and those of which a fingerprint stays.
///
/// `hashes` and `known` speak of `items` in the same order. `learned`: what people said of spam.
pub(super) fn sort(
    (parts, learned): (&Parts, &Learned),
    items: Vec<Item>,
    hashes: &[ItemHashes],
    known: &[Known],
    occasion: Occasion,
) -> Sorted {
    let mut sorted = Sorted::default();
    for ((item, hashes), known) in items.into_iter().zip(hashes).zip(known) {
        if *known != Known::Same {
            sort_one((parts, learned), item, *hashes, occasion, &mut sorted);
        }
    }
    sorted
}

fn sort_one(
    (parts, learned): (&Parts, &Learned),
    mut item: Item,
    ItemHashes { key_hash, content_hash }: ItemHashes,
    occasion: Occasion,
    sorted: &mut Sorted,
) {
    let Occasion { is_first, has_stories, now } = occasion;
    let pass = |item: &Item, reason: PassReason| Fingerprint {
        key_hash,
        url_hash: item.url.as_deref().and_then(address_hash).unwrap_or(0),
        content_hash,
        reason,
    };
    // What it tells is read once, for the flood that it may belong to and for its story.
    let telling = OnceCell::new();
    let history = History {
        learned: Some(learned),
        past: Some(&|item, brands| past(parts, item, brands)),
        copies: Some(&|item, tokens| {
            let telling = telling.get_or_init(|| Telling::of(item));
            flood::of(&parts.store, (item, tokens, telling), &sorted.kept, now)
        }),
    };
    let studied = match study(&parts.index, &parts.settings.opportunity, &mut item, now, &history) {
        Ok(studied) => studied,
        Err(reason) => return sorted.passed.push(pass(&item, reason)),
    };
    // Its text is what is kept; megabytes of markup would wait for the writer with it.
    item.html = String::new();
    // What was decided is surer than what a source declares of itself.
    if studied.analysis.lang.is_some() {
        item.lang.clone_from(&studied.analysis.lang);
    }
    let phases: Vec<Phase> = studied.judged.iter().map(|judged| judged.judgement.phase).collect();
    let silent: Vec<bool> = (0..studied.judged.len()).map(|index| is_silent(&studied.analysis, index)).collect();
    let opportunities = studied.judged.into_iter().zip(silent);
    let opportunities =
        opportunities.map(|(judged, silent)| if silent { None } else { Judged::into_opportunity(judged) });
    let opportunities = opportunities.collect();
    let backlog = is_first || is_older(&item, parts.settings.alert_max_age, now);
    let story_keys = if has_stories { story::keys(telling.get_or_init(|| Telling::of(&item))) } else { Vec::new() };
    sorted.kept.push(KeptItem {
        item,
        content_hash,
        analysis: studied.analysis,
        opportunities,
        phases,
        backlog,
        story_keys,
    });
}

/// What is known from before. What cannot be read is not known: the name stays in doubt, and the commit tells why.
fn past(parts: &Parts, item: &Item, brands: &[BrandId]) -> Past {
    parts.store.past_blocking(item, brands).unwrap_or_default()
}

pub(super) fn is_older(item: &Item, age: std::time::Duration, now: Timestamp) -> bool {
    let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
    item.published.is_some_and(|posted| now.duration_since(posted.at) > age)
}

/// Hash of what a person would read, as the source sent it.
fn content_hash(item: &Item) -> u64 {
    content_hash64(&[&item.title, &item.html, if item.html.is_empty() { &item.text } else { "" }])
}
