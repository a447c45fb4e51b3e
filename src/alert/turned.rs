//! The short note that an opportunity, of which people were told, is otherwise since its author edited the post.
//!
//! In: what is otherwise, and the card as it is now, where there is one. Out: a few lines; nothing of what stood there
//! before.

use crate::model::{AlertBody, Card, Turn};
use crate::wording::{self, Block, Letter, Reader, Run, fill, one_line};
use jiff::Timestamp;

/// The longest name of a brand or place.
const NAME_LIMIT: usize = 60;
/// The longest quote, in visible characters.
const QUOTE_LIMIT: usize = 300;

/// The note about `turn`; `card` is the card as it is now.
#[must_use]
pub(super) fn note(turn: Turn, card: Option<&Card>, brand_name: &str, reader: &Reader, now: Timestamp) -> AlertBody {
    let (language, words) = (reader.language, reader.language.words());
    let brand = one_line(brand_name, NAME_LIMIT);
    let card = card.filter(|_| !turn.vanished);
    let is_care = card.and_then(|card| card.opportunity.as_ref()).is_some_and(|found| found.judgement.care);
    let mut lines = Vec::new();
    match card {
        None => lines.push(words.turned_vanished.to_owned()),
        // Of a person's distress no wish, place or hour is told.
        Some(_) if is_care => lines.push(words.turned_kinds_care.to_owned()),
        Some(card) => lines.extend(what_is_otherwise(turn, card, reader, now)),
    }
    let subject = fill(words.turned_subject, &[("brand", &brand)]);
    let mut blocks: Vec<Block> = lines.iter().map(|line| Block::para(line.clone())).collect();
    if let Some(card) = card {
        let runs = wording::quote(card, language, QUOTE_LIMIT);
        let lang = card.item.lang.as_deref().map(|lang| one_line(lang, 12));
        blocks.extend((!runs.is_empty()).then_some(Block::Quote { runs, lang, is_hero: false }));
        blocks.push(Block::Small(vec![wording::original(card, language)]));
    }
    let preview = lines.join(" ");
    let letter = Letter {
        language,
        subject: subject.clone(),
        preview: preview.clone(),
        kicker: format!("{}, {brand}", words.opportunity),
        headline: vec![Run::plain(format!("{subject}."))],
        blocks,
        footer: vec![words.why_mail.to_owned()],
    };
    AlertBody {
        text: letter.text(),
        html: letter.html(),
        json: serde_json::json!({
            "type": "opportunity.turned",
            "timestamp": now.to_string(),
            "data": { "item": card.map(|card| card.item_id), "turned": turn, "message": preview },
        }),
        subject: letter.subject,
    }
}

fn what_is_otherwise(turn: Turn, card: &Card, reader: &Reader, now: Timestamp) -> Vec<String> {
    let words = reader.language.words();
    let Some(judgement) = card.opportunity.as_ref().map(|found| &found.judgement) else { return Vec::new() };
    let mut lines = Vec::new();
    if turn.deadline {
        lines.push(match &judgement.slots.deadline {
            Some(deadline) => fill(words.turned_deadline, &[("time", &reader.moment(deadline.at.at, now))]),
            None => words.turned_no_deadline.to_owned(),
        });
    }
    if turn.place {
        lines.push(match &judgement.slots.place {
            Some(place) => fill(words.turned_place, &[("place", &one_line(place, NAME_LIMIT))]),
            None => words.turned_no_place.to_owned(),
        });
    }
    if turn.kinds {
        let kinds: Vec<&str> = judgement.kinds.iter().map(|kind| wording::kind_name(*kind, reader.language)).collect();
        lines.push(fill(words.turned_kinds, &[("kinds", &kinds.join(", "))]));
    }
    lines
}
