//! `search`, `mentions` and `opportunities`: cards in a few lines each, or as JSON lines.

use super::args::Asked;
use super::talk::{print, print_json, say};
use super::{DONE, runtime};
use crate::app::{self, Folders, LookedAt};
use crate::model::{BrandId, Card, Chance, ClosedCard, Look, Sentiment};
use crate::wording::{
    Language, Reader, closed_words, country_of, feeling_name, host_of, kind_name, medium_name, missed_words, one_line,
    retold, slack_line, time_left, who,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Results are in the language of the commands.
const LANGUAGE: Language = Language::En;
/// As much of a text as is read at a glance.
const QUOTE_LIMIT: usize = 160;
const LINK_LIMIT: usize = 200;

pub(super) fn search(folders: &Folders, words: &str, asked: &Asked, json: bool) -> anyhow::Result<u8> {
    let (found, bound) = runtime()?.block_on(app::search(folders, words, look(asked, None), asked.since.as_deref()))?;
    let code = tell(&found, json, "nothing found")?;
    if let Some(bound) = bound {
        say(&format!("only the newest {bound} mentions were looked at; add a word, a brand or --since"));
    }
    Ok(code)
}

pub(super) fn mentions(folders: &Folders, feeling: Option<&str>, asked: &Asked, json: bool) -> anyhow::Result<u8> {
    let look = look(asked, feeling.and_then(Sentiment::from_name));
    let runtime = runtime()?;
    let (limit, brand) = (look.limit, look.brand.clone());
    let found = runtime.block_on(app::mentions(folders, look, asked.since.as_deref()))?;
    let code = tell(&found, json, "no mentions")?;
    if asked.all {
        let closed = runtime.block_on(app::closed_cards(folders, brand, asked.since.as_deref(), limit))?;
        tell_closed(&closed, &closed.found.iter().collect::<Vec<_>>(), json)?;
    }
    Ok(code)
}

pub(super) fn opportunities(folders: &Folders, brand: Option<&str>, limit: usize, json: bool) -> anyhow::Result<u8> {
    let brand = brand.map(BrandId::new);
    let runtime = runtime()?;
    let (open, missed, n_missed) = runtime.block_on(app::opportunities(folders, brand.clone(), limit))?;
    let closed = runtime.block_on(app::closed_cards(folders, brand, None, limit))?;
    tell(&open, json, "no opportunity can still be met")?;
    let missed = LookedAt { found: missed, brands: open.brands, zone: open.zone, now: open.now };
    if json {
        missed.found.iter().try_for_each(|card| print_json(&missed_as_json(card, missed.now)))?;
    } else if n_missed > 0 {
        print(&format!("{n_missed} could not be done in time within the last 7 days, the latest first:"))?;
        missed.found.iter().try_for_each(|card| tell_card(card, &missed))?;
    }
    let of_opportunities: Vec<&ClosedCard> = closed.found.iter().filter(|card| card.was_open).collect();
    tell_closed(&closed, &of_opportunities, json)?;
    Ok(DONE)
}

/// That cards were closed, without anything of what they said.
fn tell_closed(looked: &LookedAt<Vec<ClosedCard>>, cards: &[&ClosedCard], json: bool) -> anyhow::Result<()> {
    if json {
        cards.iter().try_for_each(|card| print_json(&closed_as_json(card)))?;
        return Ok(());
    }
    if let Some(n) = std::num::NonZero::new(cards.len()) {
        let (posts, were) = if n.get() == 1 { ("post", "is") } else { ("posts", "are") };
        print(&format!("{n} {posts} {were} gone at the origin; nothing of what was said is kept:"))?;
    }
    let reader = Reader { language: LANGUAGE, ..Reader::new("en", &looked.zone) };
    for card in cards {
        let brand = looked.brands.iter().find(|brand| brand.id == card.brand);
        let brand = one_line(brand.map_or(card.brand.as_str(), |brand| &brand.name), 40);
        let told = match card.told_at {
            Some(at) => format!("; you were told of it {}", reader.moment(at, looked.now)),
            None => String::new(),
        };
        let (moment, why) = (reader.moment(card.closed_at, looked.now), closed_words(card.state, LANGUAGE));
        print(&format!("#{}  {brand}  closed {moment}: {why}{told}", card.item_id.0))?;
    }
    Ok(())
}

/// Told apart from an open card by `closed`, which no open one has.
fn closed_as_json(card: &ClosedCard) -> Value {
    json!({
        "item_id": card.item_id,
        "brand": card.brand,
        "seen_at": card.seen_at,
        "closed": {
            "state": card.state,
            "reason": closed_words(card.state, LANGUAGE),
            "at": card.closed_at,
            "was_open": card.was_open,
            "told_at": card.told_at,
        },
    })
}

/// A card as the others, and why it was missed.
fn missed_as_json(card: &Card, now: Timestamp) -> Value {
    let mut value = json!(card);
    if let Value::Object(fields) = &mut value {
        fields.insert("missed".to_owned(), json!(card.why_missed(now)));
    }
    value
}

fn look(asked: &Asked, sentiment: Option<Sentiment>) -> Look {
    Look { brand: asked.brand.as_deref().map(BrandId::new), since: None, sentiment, all: asked.all, limit: asked.limit }
}

fn tell(looked: &LookedAt<Vec<Card>>, json: bool, nothing: &str) -> anyhow::Result<u8> {
    if json {
        looked.found.iter().try_for_each(print_json)?;
    } else if looked.found.is_empty() {
        say(nothing);
    } else {
        looked.found.iter().try_for_each(|card| tell_card(card, looked))?;
    }
    Ok(DONE)
}

/// Number, time, brand, feeling and author; what makes it an opportunity; the words; the link.
fn tell_card(card: &Card, looked: &LookedAt<Vec<Card>>) -> std::io::Result<()> {
    let reader = reader(looked);
    let said_at = card.item.published.map_or(card.seen_at, |posted| posted.at);
    let brand = looked.brands.iter().find(|brand| brand.id == card.mention.brand);
    let brand = one_line(brand.map_or(card.mention.brand.as_str(), |brand| &brand.name), 40);
    let feeling = feeling_name(card.mention.sentiment.label, LANGUAGE);
    let (author, medium) = (who(&card.item.author, LANGUAGE), medium_name(card.item.medium, LANGUAGE));
    let moment = reader.moment(said_at, looked.now);
    print(&format!("#{}  {moment}  {brand}  {feeling}  {author}, {medium}", card.item_id.0))?;
    if let Some(line) = opportunity_line(card, looked) {
        print(&format!("    {line}"))?;
    }
    let words = one_line(&card.item.reading_text(), QUOTE_LIMIT);
    if !words.is_empty() {
        print(&format!("    {}", LANGUAGE.quoted(&words)))?;
    }
    if let Some(at) = card.edited_at {
        let often = if card.revisions > 1 { format!(", {} times in all", card.revisions) } else { String::new() };
        print(&format!("    edited {}{often}", reader.moment(at, looked.now)))?;
    }
    if let Some(retold) = retold(card, LANGUAGE) {
        print(&format!("    {retold}"))?;
    }
    // A link that may not be followed is not shown.
    let url = card.item.url.as_deref().filter(|url| host_of(url).is_some());
    url.map_or(Ok(()), |url| print(&format!("    {}", one_line(url, LINK_LIMIT))))
}

fn opportunity_line(card: &Card, looked: &LookedAt<Vec<Card>>) -> Option<String> {
    let judgement = &card.opportunity.as_ref()?.judgement;
    let kinds: Vec<&str> = judgement.kinds.iter().map(|kind| kind_name(*kind, LANGUAGE)).collect();
    let mut parts = vec![format!("{:.2}", judgement.score), kinds.join(", ")];
    parts.extend(judgement.slots.wish.as_deref().map(|wish| one_line(wish, 60)));
    parts.extend(judgement.slots.place.as_deref().map(|place| one_line(place, 40)));
    match card.why_missed(looked.now) {
        Some(missed) => parts.push(missed_words(&missed, country_of(card), &reader(looked), looked.now)),
        None => parts.extend(time_left(card, LANGUAGE, looked.now)),
    }
    parts.extend(slack(card, looked));
    parts.retain(|part| !part.is_empty());
    Some(parts.join("  "))
}

/// How much slack there is, and for whom.
fn slack(card: &Card, looked: &LookedAt<Vec<Card>>) -> Option<String> {
    let Chance::InTime { .. } = card.opportunity.as_ref()?.chance(looked.now) else { return None };
    slack_line(card, &reader(looked), looked.now)
}

fn reader(looked: &LookedAt<Vec<Card>>) -> Reader {
    Reader { language: LANGUAGE, ..Reader::new("en", &looked.zone) }
}
