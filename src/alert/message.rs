//! What an alert about one card says: subject, preview, sections, and the payload for machines.
//!
//! A care case is told in quiet words: no wish, no score to be won, no gift, and nothing on the lock screen but a name.

use super::{idea, links, payload, section};
use crate::model::{AlertBody, Card, NearestOutlet};
use crate::wording::{self, Block, Letter, Links, Reader, Run, Tone, fill, one_line};
use jiff::Timestamp;

/// The longest quote, in visible characters.
const QUOTE_LIMIT: usize = 700;
/// The longest title above a quote.
const TITLE_LIMIT: usize = 160;
/// The longest brand name in the head of a mail.
const BRAND_LIMIT: usize = 40;
/// How much of the post stands in the preview where there is nothing more pressing to say.
const PREVIEW_QUOTE_LIMIT: usize = 90;
/// The longest name of an outlet, and the longest contact.
pub(super) const OUTLET_LIMIT: usize = 60;

/// The alert about `card` for one reader. Time left is counted from `now`, and the mail says so.
#[must_use]
pub fn render(card: &Card, brand_name: &str, reader: &Reader, now: Timestamp) -> AlertBody {
    render_linked(card, brand_name, None, reader, now)
}

/// [`render`] with the links that note what became of it.
pub(super) fn render_linked(
    card: &Card,
    brand_name: &str,
    house: Option<&Links>,
    reader: &Reader,
    now: Timestamp,
) -> AlertBody {
    let is_care = card.opportunity.as_ref().is_some_and(|opportunity| opportunity.judgement.care);
    let mut letter =
        if is_care { care_letter(card, brand_name, reader, now) } else { letter(card, brand_name, reader, now) };
    letter.blocks.extend(links::section(card, house, reader, now));
    AlertBody {
        text: letter.text(),
        html: letter.html(),
        json: payload::of_card(card, brand_name, reader.language, now),
        subject: letter.subject,
    }
}

fn letter(card: &Card, brand_name: &str, reader: &Reader, now: Timestamp) -> Letter {
    let (language, words) = (reader.language, reader.language.words());
    let left = wording::time_left(card, language, now);
    let subject = wording::headline(card, language, ": ");
    let mut headline = vec![Run::plain(wording::headline(card, language, ", "))];
    headline.extend(left.iter().flat_map(|left| [Run::plain(", "), Run::new(left, Tone::Accent)]));
    let mut blocks = quoted(card, reader, now);
    blocks.extend(button(card, reader));
    blocks.extend(section::time(card, reader, now));
    blocks.extend(section::place(card, reader, now));
    blocks.extend(idea::section(card, reader, now));
    blocks.extend(section::author(card, reader));
    blocks.extend(section::reasons(card, reader, true));
    Letter {
        language,
        subject: left.map_or(subject.clone(), |left| format!("{subject}, {left}")),
        preview: preview(card, reader, now),
        kicker: format!("{}, {}", words.opportunity, one_line(brand_name, BRAND_LIMIT)),
        headline,
        blocks,
        footer: footer(reader),
    }
}

fn care_letter(card: &Card, brand_name: &str, reader: &Reader, now: Timestamp) -> Letter {
    let (language, words) = (reader.language, reader.language.words());
    let who = wording::who(&card.item.author, language);
    let mut blocks = vec![Block::para(words.care_lead)];
    blocks.extend(quoted(card, reader, now));
    blocks.push(Block::Small(vec![wording::original(card, language)]));
    blocks.extend(idea::section(card, reader, now));
    blocks.extend(section::reasons(card, reader, false));
    Letter {
        language,
        subject: fill(words.care_subject, &[("who", &who)]),
        preview: words.care_lead.to_owned(),
        kicker: format!("{}, {}", words.care_case, one_line(brand_name, BRAND_LIMIT)),
        headline: vec![Run::plain(fill(words.care_headline, &[("who", &who)]))],
        blocks,
        footer: footer(reader),
    }
}

/// The title where there is one, the words, and who said them.
fn quoted(card: &Card, reader: &Reader, now: Timestamp) -> Vec<Block> {
    let runs = wording::quote(card, reader.language, QUOTE_LIMIT);
    let mut blocks = Vec::new();
    let title = one_line(&card.item.title, TITLE_LIMIT);
    if !title.is_empty() && !card.item.text.trim().is_empty() && !card.item.text.starts_with(&card.item.title) {
        blocks.push(Block::Para(vec![Run::strong(title)]));
    }
    if runs.is_empty() {
        blocks.push(Block::para(reader.language.words().no_text));
    } else {
        let lang = card.item.lang.as_deref().map(|lang| one_line(lang, 12));
        blocks.push(Block::Quote { runs, lang, is_hero: true });
    }
    blocks.push(Block::Small(wording::byline(card, reader, now)));
    blocks
}

/// The one button leads to the post, because that is where one answers. Without a link there is none.
fn button(card: &Card, reader: &Reader) -> Option<Block> {
    let words = reader.language.words();
    let link = card.item.url.as_deref().and_then(wording::safe_link);
    Some(match link {
        Some(url) => Block::Button { label: words.open_original.to_owned(), url },
        None => Block::small(words.no_link),
    })
}

/// What a lock screen shows after the subject: slack and whom to call, instead of the subject once more.
fn preview(card: &Card, reader: &Reader, now: Timestamp) -> String {
    let (language, words) = (reader.language, reader.language.words());
    let opportunity = card.opportunity.as_ref();
    let deadline = opportunity.and_then(|opportunity| opportunity.judgement.slots.deadline.as_ref());
    let nearest = opportunity.and_then(|opportunity| opportunity.outlet(now));
    let first = match (wording::slack_line(card, reader, now), nearest, deadline) {
        (Some(slack), ..) => slack,
        (None, Some(nearest), _) => {
            let distance = language.distance(nearest.distance_km, wording::country_of(card));
            fill(words.preview_outlet, &[("outlet", &outlet_name(nearest)), ("distance", &distance)])
        }
        (None, None, Some(deadline)) => fill(words.preview_by, &[("time", &reader.moment(deadline.at.at, now))]),
        (None, None, None) => {
            let text = if card.item.text.trim().is_empty() { &card.item.title } else { &card.item.text };
            return language.quoted(&one_line(text, PREVIEW_QUOTE_LIMIT));
        }
    };
    match nearest.and_then(contact) {
        Some(contact) => format!("{first} {}", fill(words.preview_contact, &[("contact", &contact)])),
        None => first,
    }
}

pub(super) fn outlet_name(nearest: &NearestOutlet) -> String {
    one_line(&nearest.name, OUTLET_LIMIT)
}

pub(super) fn contact(nearest: &NearestOutlet) -> Option<String> {
    nearest.contact.as_deref().map(|contact| one_line(contact, OUTLET_LIMIT)).filter(|contact| !contact.is_empty())
}

fn footer(reader: &Reader) -> Vec<String> {
    let words = reader.language.words();
    let zone = reader.zone.iana_name().unwrap_or("UTC");
    vec![fill(words.time_note, &[("zone", zone)]), words.why_mail.to_owned()]
}
