//! What a webhook gets: the card for machines, in the envelope of Standard Webhooks (`type`, `timestamp`, `data`).

use crate::model::{Card, Judgement, NearestOutlet, Reason};
use crate::playbook;
use crate::wording::{Language, block, one_line, safe_link};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The most characters of a post that are sent along.
const TEXT_LIMIT: usize = 4000;
/// The most characters of a title.
const TITLE_LIMIT: usize = 300;
/// The most characters of a name, a slot or the words behind a reason.
const FIELD_LIMIT: usize = 200;
/// The most aspects.
const ASPECTS_LIMIT: usize = 20;
/// The most reasons that are sent along, largest first.
const REASONS_LIMIT: usize = 40;

/// The payload of an opportunity. A care case comes as its own type and without a wish: nothing may make a gift of it.
pub(super) fn of_card(card: &Card, brand_name: &str, language: Language, now: Timestamp) -> Value {
    let judgement = card.opportunity.as_ref().map(|opportunity| &opportunity.judgement);
    let is_care = judgement.is_some_and(|judgement| judgement.care);
    let nearest = card.opportunity.as_ref().and_then(|opportunity| opportunity.outlet(now));
    let chance = card.opportunity.as_ref().map(|opportunity| opportunity.chance(now));
    let item = &card.item;
    json!({
        "type": if is_care { "care.found" } else { "opportunity.found" },
        "timestamp": now.to_string(),
        "data": {
            "brand": { "id": card.mention.brand, "name": line(brand_name) },
            "item": {
                "id": card.item_id,
                "key": { "namespace": line(&item.key.namespace), "id": block(&item.key.id, TITLE_LIMIT) },
                "source": item.source,
                "kind": item.kind,
                "medium": item.medium,
                "url": item.url.as_deref().and_then(safe_link),
                "title": one_line(&item.title, TITLE_LIMIT),
                "text": block(&item.text, TEXT_LIMIT),
                "lang": item.lang.as_deref().map(line),
                "published": item.published,
                "seen": card.seen_at.to_string(),
                "author": {
                    "name": item.author.name.as_deref().map(line),
                    "handle": item.author.handle.as_deref().map(line),
                    "url": item.author.url.as_deref().and_then(safe_link),
                    "followers": item.author.followers,
                    "past_mentions": item.author.past_mentions,
                },
            },
            "story": (!card.story.is_alone()).then_some(card.story),
            "direct": card.mention.direct,
            "relevance": rounded(card.mention.relevance),
            "sentiment": { "label": card.mention.sentiment.label, "score": rounded(card.mention.sentiment.score) },
            "emotion": card.mention.emotion,
            "touchpoint": card.mention.touchpoint,
            "aspects": card.mention.aspects.iter().take(ASPECTS_LIMIT).map(|aspect| line(aspect)).collect::<Vec<_>>(),
            "opportunity": judgement.map(of_judgement),
            "ideas": playbook::of_card(card, language.tag(), now),
            "nearest": if is_care { None } else { nearest.map(|nearest| of_outlet(nearest, judgement, now)) },
            "chance": if is_care { None } else { chance },
        },
    })
}

fn line(text: &str) -> String {
    one_line(text, FIELD_LIMIT)
}

fn of_judgement(judgement: &Judgement) -> Value {
    let slots = &judgement.slots;
    let mut reasons: Vec<&Reason> = judgement.reasons.iter().collect();
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    reasons.truncate(REASONS_LIMIT);
    json!({
        "kinds": judgement.kinds,
        "phase": judgement.phase,
        "care": judgement.care,
        "surprise": judgement.surprise && !judgement.care,
        "score": rounded(judgement.score),
        "wish": if judgement.care { None } else { slots.wish.as_deref().map(line) },
        "deadline": slots.deadline.as_ref().map(|deadline| json!({ "at": deadline.at, "words": line(&deadline.words) })),
        "place": slots.place.as_deref().map(line),
        "place_found": slots.place_found,
        "place_candidates": slots.place_candidates,
        "reasons": reasons.into_iter().map(of_reason).collect::<Vec<_>>(),
    })
}

fn of_reason(reason: &Reason) -> Value {
    json!({ "rule": line(&reason.rule), "words": line(&reason.words), "weight": rounded(reason.weight) })
}

/// Two places, so that 0.94 does not become 0.9399999976158142.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

fn of_outlet(nearest: &NearestOutlet, judgement: Option<&Judgement>, now: Timestamp) -> Value {
    let deadline = judgement.and_then(|judgement| judgement.slots.deadline.as_ref());
    json!({
        "name": nearest.name,
        "contact": nearest.contact,
        "distance_km": (nearest.distance_km * 10.0).round() / 10.0,
        "approval_seconds": nearest.approval.as_secs(),
        "preparation_seconds": nearest.preparation.as_secs(),
        "travel_seconds": nearest.travel.as_secs(),
        "slack_seconds": deadline.and_then(|deadline| nearest.slack_seconds(deadline.at.at, now)),
        "opening": nearest.opening(now),
    })
}
