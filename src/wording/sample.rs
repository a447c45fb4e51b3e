//! Cards and brands that the tests of mails share. The tweet of 2011 is published; everybody else is invented.

use crate::model::{
    Author, Brand, BrandId, Card, Coordinates, Deadline, Feeling, Item, ItemId, ItemKey, ItemKind, Judgement, Kind,
    Medium, Mention, NearestOutlet, Opening, Opportunity, Phase, Place, Plan, PostedAt, Reason, Sentiment, Slots,
    SourceName, Story,
};
use jiff::Timestamp;
use std::time::Duration;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("well-formed time")
}

/// 14:59 in New York.
pub(crate) fn now() -> Timestamp {
    at("2026-11-21T19:59:00Z")
}

pub(crate) fn brand(id: &str, name: &str) -> Brand {
    serde_json::from_value(serde_json::json!({ "id": id, "name": name })).expect("well-formed brand")
}

fn reason(text: &str, rule: &str, words: &str, weight: f32) -> Reason {
    match text.find(words).filter(|_| !words.is_empty()) {
        Some(start) => Reason::at(rule, words, start..start + words.len(), weight),
        None => Reason::rule(rule, weight),
    }
}

/// A card with nothing but words, an author and a kind.
pub(crate) fn card(brand: &str, id: i64, author: &str, text: &str, kinds: &[Kind]) -> Card {
    let source = SourceName::new("sample");
    let mut item = Item::new(source, ItemKey { namespace: "sample".to_owned(), id: id.to_string() });
    item.text = text.to_owned();
    item.url = Some(format!("https://posts.example/{id}"));
    item.author = Author { name: Some(author.to_owned()), ..Author::default() };
    item.published = Some(PostedAt::utc(at("2026-11-21T09:12:00Z")));
    let judgement = Judgement { kinds: kinds.to_vec(), phase: Phase::Use, score: 0.5, ..Judgement::default() };
    Card {
        item_id: ItemId(id),
        item,
        mention: Mention {
            brand: BrandId::new(brand),
            relevance: 1.0,
            evidence: Vec::new(),
            sentiment: Feeling::default(),
            emotion: None,
            aspects: Vec::new(),
            touchpoint: None,
            direct: false,
            own: false,
            reasons: Vec::new(),
        },
        opportunity: (!kinds.is_empty()).then_some(Opportunity { judgement, nearest: None, plan: Plan::default() }),
        seen_at: at("2026-11-21T09:20:00Z"),
        story: Story::default(),
        done: false,
        edited_at: None,
        revisions: 0,
    }
}

/// The founding story, as if it were posted at 14:58 in New York.
pub(crate) fn mortons() -> Card {
    let text =
        "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";
    let mut card = card("mortons", 1, "Peter Shankman", text, &[Kind::Wish, Kind::Reach]);
    card.item.kind = ItemKind::Post;
    card.item.medium = Medium::Tweet;
    card.item.url = Some("https://twitter.com/petershankman/status/103912345".to_owned());
    card.item.lang = Some("en".to_owned());
    card.item.published = Some("2026-11-21T14:58:00-05:00".parse().expect("well-formed"));
    card.seen_at = now();
    card.item.author.handle = Some("@petershankman".to_owned());
    card.item.author.followers = Some(100_000);
    card.item.author.past_mentions = Some(14);
    card.mention.direct = true;
    card.mention.sentiment = Feeling { label: Sentiment::Positive, score: 0.62, ..Feeling::default() };
    let judgement = Judgement {
        kinds: vec![Kind::Wish, Kind::Reach],
        phase: Phase::Sales,
        slots: Slots {
            wish: Some("a porterhouse".to_owned()),
            deadline: Some(Deadline {
                at: "2026-11-21T16:58:00-05:00".parse().expect("well-formed"),
                words: "in two hours".to_owned(),
            }),
            place: Some("Newark airport".to_owned()),
            place_found: Some(Place {
                name: "Newark Liberty International Airport".to_owned(),
                country: "US".to_owned(),
                region: String::new(),
                at: Coordinates { lat: 40.69, lon: -74.17 },
                zone: Some("America/New_York".to_owned()),
            }),
            place_candidates: Vec::new(),
        },
        surprise: true,
        care: false,
        score: 0.94,
        reasons: vec![
            reason(text, "wish.can_you", "can you meet me", 0.31),
            reason(text, "deadline", "in two hours", 0.23),
            reason(text, "place", "newark airport", 0.18),
            reason(text, "concrete", "porterhouse", 0.15),
            reason(text, "reach", "", 0.11),
            reason(text, "slack", "", -0.04),
        ],
    };
    let nearest = NearestOutlet {
        name: "Morton's Hackensack".to_owned(),
        contact: Some("+1 201 555 0142".to_owned()),
        distance_km: 24.0,
        approval: Duration::from_secs(10 * 60),
        preparation: Duration::from_secs(45 * 60),
        travel: Duration::from_secs(40 * 60),
        open: Some(vec![Opening { from: at("2026-11-21T16:00:00Z"), to: at("2026-11-22T03:00:00Z") }]),
        zone: Some("America/New_York".to_owned()),
    };
    let plan = Plan { approval: nearest.approval, ..Plan::default() };
    card.opportunity = Some(Opportunity { judgement, nearest: Some(nearest), plan });
    card
}

/// Somebody who lost somebody; invented.
pub(crate) fn care() -> Card {
    let text = "Wir hatten für Samstag bei Silberlinde gebucht, zu Papas Siebzigstem. Er ist gestern gestorben. \
                Ich weiß gar nicht, wen ich wegen der Zimmer anrufen soll.";
    let mut card = card("silberlinde", 2, "Jana R.", text, &[Kind::Question]);
    card.item.lang = Some("de".to_owned());
    card.item.medium = Medium::Forum;
    card.mention.sentiment = Feeling { label: Sentiment::Negative, score: -0.4, ..Feeling::default() };
    if let Some(opportunity) = &mut card.opportunity {
        opportunity.judgement.care = true;
        opportunity.judgement.slots.wish = Some("Zimmer".to_owned());
        opportunity.judgement.reasons =
            vec![reason(text, "care.grief", "gestorben", 0.9), reason(text, "question", "wen ich", 0.2)];
    }
    card
}
