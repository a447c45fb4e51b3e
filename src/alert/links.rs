//! The links below an alert that note what became of it, where the house can be reached.

use crate::model::{Card, Opportunity};
use crate::text::hash64;
use crate::wording::{Act, Block, Links, Reader, Run, Tone, act_name};
use jiff::Timestamp;

/// One line for each act; nothing where no links can be made.
pub(super) fn section(card: &Card, links: Option<&Links>, reader: &Reader, now: Timestamp) -> Vec<Block> {
    let Some(links) = links else { return Vec::new() };
    let words = reader.language.words();
    // As the store knows an item again: no other one can take its row's place.
    let key_hash = hash64(&[&card.item.key.namespace, &card.item.key.id]);
    let mut blocks = vec![Block::section(words.links, "")];
    for act in Act::ALL.into_iter().filter(|act| makes_sense(*act, card, reader, now)) {
        let url = links.act(act, (card.item_id.0, key_hash), card.mention.brand.as_str(), now);
        blocks.push(Block::Para(vec![Run::link(act_name(act, reader.language), &url)]));
    }
    blocks.push(Block::Small(vec![Run::new(words.links_note, Tone::Dim)]));
    blocks
}

/// Nothing is put off beyond the moment at which it has to be done.
fn makes_sense(act: Act, card: &Card, reader: &Reader, now: Timestamp) -> bool {
    let until = card.opportunity.as_ref().and_then(Opportunity::waits_until);
    match (act.later_at(now, &reader.zone), until) {
        (Some(later), Some(until)) => later < until,
        _ => true,
    }
}
