//! The sections of an alert: time, place, author, reasons.

use super::message::{contact, outlet_name};
use crate::model::{Card, Chance, Deadline, Missed, NearestOutlet, Opportunity, Phase, Reason, Sentiment};
use crate::wording::{self, BarPart, BarTone, Block, Language, Reader, Row, Tone, fill, one_line};
use jiff::Timestamp;
use std::time::Duration;

/// The most reasons that stand in rows of their own; the rest is one sum.
const REASONS_LIMIT: usize = 7;
/// The longest words of the post beside a reason.
const REASON_WORDS_LIMIT: usize = 40;
/// The longest name of a place.
const PLACE_LIMIT: usize = 80;
/// The most aspects that are named.
const ASPECTS_LIMIT: usize = 5;

/// How much time there is, and what it is needed for.
pub(super) fn time(card: &Card, reader: &Reader, now: Timestamp) -> Vec<Block> {
    let words = reader.language.words();
    let Some(opportunity) = &card.opportunity else { return Vec::new() };
    let deadline = opportunity.judgement.slots.deadline.as_ref();
    let note = fill(words.as_of, &[("time", &reader.moment(now, now))]);
    let mut blocks = vec![Block::section(words.section_time, note)];
    let mut rows = Vec::new();
    match deadline {
        Some(deadline) if deadline.at.at <= now => {
            blocks.push(Block::para(words.deadline_passed));
            rows.push(by_row(card, deadline, reader, now));
        }
        Some(deadline) => {
            blocks.extend(opportunity.outlet(now).and_then(|outlet| bar(outlet, deadline, reader.language, now)));
            rows.push(by_row(card, deadline, reader, now));
            rows.push(Row::new(words.left, reader.language.duration(deadline.at.at.as_second() - now.as_second())));
            rows.extend(need_rows(opportunity, reader.language, now));
            rows.extend(chance_row(card, opportunity, reader, now));
        }
        None => {
            blocks.push(Block::para(words.no_deadline));
            if let Some(outlet) = opportunity.outlet(now) {
                rows.extend(need_rows(opportunity, reader.language, now));
                let needed = outlet.needed().saturating_add(outlet.wait(now));
                rows.push(Row::new(words.needs, reader.language.duration(seconds(needed))));
            }
        }
    }
    if !rows.is_empty() {
        blocks.push(Block::Rows(rows));
    }
    blocks
}

fn by_row(card: &Card, deadline: &Deadline, reader: &Reader, now: Timestamp) -> Row {
    let words = reader.language.words();
    let time = match wording::zone_of(card) {
        Some(there) => reader.moment_there(deadline.at.at, now, &there),
        None => reader.moment(deadline.at.at, now),
    };
    let said = one_line(&deadline.words, REASON_WORDS_LIMIT);
    if said.is_empty() {
        return Row::new(words.by_when, time);
    }
    let said = reader.language.quoted(&said);
    Row::new(words.by_when, fill(words.said_words, &[("time", &time), ("words", &said)]))
}

fn need_rows(opportunity: &Opportunity, language: Language, now: Timestamp) -> Vec<Row> {
    let words = language.words();
    let row = |name, time, tone| Row::new(name, language.duration(seconds(time))).keyed(tone);
    let Some(outlet) = opportunity.outlet(now) else {
        let approval = Some(opportunity.plan.approval).filter(|approval| !approval.is_zero());
        return approval.map(|approval| row(words.approve, approval, BarTone::Light)).into_iter().collect();
    };
    let wait = Some(outlet.wait(now)).filter(|wait| !wait.is_zero());
    let mut rows = vec![row(words.approve, outlet.approval, BarTone::Light)];
    rows.extend(wait.map(|wait| row(words.wait, wait, BarTone::Light)));
    rows.push(row(words.prepare, outlet.preparation, BarTone::Middle));
    rows.push(row(words.travel, outlet.travel, BarTone::Dark));
    rows
}

/// The slack, or why it cannot be done.
fn chance_row(card: &Card, opportunity: &Opportunity, reader: &Reader, now: Timestamp) -> Option<Row> {
    let (language, words) = (reader.language, reader.language.words());
    let row = match opportunity.chance(now) {
        // Nothing but the time that is left, which stands above already.
        Chance::InTime { .. } if opportunity.nearest.is_none() && opportunity.plan.approval.is_zero() => return None,
        Chance::InTime { slack_seconds } => {
            Row::new(words.slack, language.duration(slack_seconds)).keyed(BarTone::Accent)
        }
        Chance::Missed(Missed::TooLate { seconds }) => Row::new(words.short_by, language.duration(seconds)),
        Chance::Missed(missed) => {
            Row::new(words.missed, wording::missed_words(&missed, wording::country_of(card), reader, now))
        }
        Chance::Open => return None,
    };
    Some(row.toned(Tone::Accent))
}

/// Needs and slack in proportion, so that 13 minutes look like 13 minutes. Nothing where it does not open in time.
fn bar(outlet: &NearestOutlet, deadline: &Deadline, language: Language, now: Timestamp) -> Option<Block> {
    let words = language.words();
    let slack = outlet.slack_seconds(deadline.at.at, now)?;
    let left = deadline.at.at.as_second() - now.as_second();
    let needed = seconds(outlet.needed().saturating_add(outlet.wait(now)));
    let whole = left.max(needed);
    let parts = [
        (seconds(outlet.approval.saturating_add(outlet.wait(now))), BarTone::Light),
        (seconds(outlet.preparation), BarTone::Middle),
        (seconds(outlet.travel), BarTone::Dark),
        (slack.max(0), BarTone::Accent),
    ];
    let parts: Vec<BarPart> = parts
        .into_iter()
        .filter(|(time, _)| *time > 0 && whole > 0)
        .map(|(time, tone)| BarPart { percent: percent(time, whole), tone })
        .collect();
    let spoken = if slack >= 0 {
        fill(words.bar_slack, &[("total", &language.duration(left)), ("slack", &language.duration(slack))])
    } else {
        fill(words.bar_short, &[("needed", &language.duration(needed)), ("left", &language.duration(left))])
    };
    (!parts.is_empty()).then_some(Block::Bar { parts, spoken })
}

fn percent(part: i64, whole: i64) -> u32 {
    u32::try_from(part.saturating_mul(100) / whole.max(1)).unwrap_or(100).clamp(1, 100)
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// Where it is, and who of the brand's own is near. Nothing where neither is known.
pub(super) fn place(card: &Card, reader: &Reader, now: Timestamp) -> Vec<Block> {
    let (language, words) = (reader.language, reader.language.words());
    let Some(opportunity) = &card.opportunity else { return Vec::new() };
    let mut rows: Vec<Row> = place_name(card, language).into_iter().map(|name| Row::new(words.place, name)).collect();
    let outlet = opportunity.outlet(now);
    if let Some(nearest) = outlet {
        let distance = language.distance(nearest.distance_km, wording::country_of(card));
        rows.push(Row::new(words.nearest, outlet_name(nearest)));
        rows.push(Row::new(words.distance, fill(words.straight_line, &[("distance", &distance)])));
        rows.push(Row::new(words.contact, contact(nearest).unwrap_or_else(|| words.no_contact.to_owned())));
        rows.extend(wording::hours_words(nearest, reader, now).map(|hours| Row::new(words.hours, hours)));
    }
    if let (None, Some(nobody)) = (outlet, &opportunity.plan.nobody) {
        let why = wording::missed_words(&Missed::Nobody(nobody.clone()), wording::country_of(card), reader, now);
        rows.push(Row::new(words.nearest, why));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::section(words.section_where, ""), Block::Rows(rows)];
    if outlet.is_none() && opportunity.plan.nobody.is_none() {
        blocks.push(Block::small(words.no_outlet));
    }
    blocks
}

fn place_name(card: &Card, language: Language) -> Option<String> {
    let slots = &card.opportunity.as_ref()?.judgement.slots;
    let said = slots.place.as_deref().map(|place| one_line(place, PLACE_LIMIT)).filter(|place| !place.is_empty());
    if let Some(said) = said.as_deref().filter(|_| slots.place_candidates.len() > 1) {
        return Some(wording::which_one(said, &slots.place_candidates, language));
    }
    match (&slots.place_found, said) {
        (Some(found), Some(said)) if !found.name.eq_ignore_ascii_case(&said) => {
            Some(format!("{said} ({})", one_line(&found.name, PLACE_LIMIT)))
        }
        (Some(found), _) => Some(one_line(&found.name, PLACE_LIMIT)),
        (None, Some(said)) => Some(fill(language.words().place_unknown, &[("place", &said)])),
        (None, None) => None,
    }
}

/// Who is speaking: kind, feeling, loyalty and reach, each for itself; "not known" where it is not.
pub(super) fn author(card: &Card, reader: &Reader) -> Vec<Block> {
    let (language, words) = (reader.language, reader.language.words());
    let (mention, author) = (&card.mention, &card.item.author);
    let kinds = card.opportunity.as_ref().map_or(&[][..], |opportunity| &opportunity.judgement.kinds);
    let mut rows = Vec::new();
    if !kinds.is_empty() {
        let names: Vec<&str> = kinds.iter().map(|kind| wording::kind_name(*kind, language)).collect();
        rows.push(Row::new(words.kind_of, names.join(", ")));
    }
    let phase = card.opportunity.as_ref().map(|opportunity| opportunity.judgement.phase);
    if let Some(phase) = phase.filter(|phase| *phase != Phase::None) {
        rows.push(Row::new(words.phase, wording::phase_name(phase, language)));
    }
    rows.push(Row::new(words.said_where, if mention.direct { words.said_to_you } else { words.overheard }));
    let tone = match mention.sentiment.label {
        Sentiment::Positive => Tone::Good,
        Sentiment::Negative => Tone::Bad,
        Sentiment::Neutral | Sentiment::Mixed => Tone::Plain,
    };
    let feeling = wording::feeling_name(mention.sentiment.label, language);
    rows.push(Row::new(words.feeling, format!("{feeling} ({})", language.signed(mention.sentiment.score))).toned(tone));
    if let Some(emotion) = mention.emotion {
        rows.push(Row::new(words.emotion, wording::emotion_name(emotion, language)));
    }
    if !mention.aspects.is_empty() {
        let aspects = mention.aspects.iter().take(ASPECTS_LIMIT).map(|aspect| wording::aspect_name(aspect, language));
        rows.push(Row::new(words.feeling_about, aspects.collect::<Vec<_>>().join(", ")));
    }
    if let Some(touchpoint) = mention.touchpoint {
        rows.push(Row::new(words.touchpoint, wording::touchpoint_name(touchpoint, language)));
    }
    let loyal = match author.past_mentions {
        None => words.not_known.to_owned(),
        Some(0) => words.first_time.to_owned(),
        Some(n) => words.n_earlier.of(u64::from(n), language),
    };
    let reach = author.followers.map(|n| words.n_followers.of(n, language));
    rows.push(Row::new(words.loyal, loyal));
    rows.push(Row::new(words.reach, reach.unwrap_or_else(|| words.not_known.to_owned())));
    rows.extend(wording::retold(card, language).map(|retold| Row::new(words.story, retold)));
    vec![Block::section(words.section_who, ""), Block::Rows(rows)]
}

/// Why we think so, largest first. A care case shows no score, and of its reasons only those that ask for care:
/// nobody's distress is ranked or sold to.
pub(super) fn reasons(card: &Card, reader: &Reader, with_score: bool) -> Vec<Block> {
    let (language, words) = (reader.language, reader.language.words());
    let Some(judgement) = card.opportunity.as_ref().map(|opportunity| &opportunity.judgement) else {
        return Vec::new();
    };
    let mut sorted: Vec<&Reason> = judgement.reasons.iter().collect();
    sorted.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let (named, rest) = sorted.split_at(sorted.len().min(REASONS_LIMIT));
    if !with_score {
        let of_care = named.iter().filter(|reason| reason.rule.split('.').next() == Some("care"));
        let named: Vec<Block> = of_care.map(|reason| Block::small(reason_name(reason, language))).collect();
        let title = (!named.is_empty()).then(|| Block::section(words.section_why, ""));
        return title.into_iter().chain(named).collect();
    }
    let row = |reason: &&Reason| Row::new(reason_name(reason, language), language.signed(reason.weight));
    let mut rows: Vec<Row> = named.iter().map(row).collect();
    if !rest.is_empty() {
        let sum = rest.iter().map(|reason| reason.weight).sum();
        rows.push(Row::new(words.further_reasons, language.signed(sum)));
    }
    let note = fill(words.score_of_one, &[("score", &language.decimal(judgement.score))]);
    let mut blocks = vec![Block::section(words.section_why, note)];
    blocks.push(if rows.is_empty() { Block::para(words.no_reasons) } else { Block::Rows(rows) });
    blocks
}

fn reason_name(reason: &Reason, language: Language) -> String {
    let rule = wording::rule_words(&reason.rule, language);
    let said = one_line(&reason.words, REASON_WORDS_LIMIT);
    if said.is_empty() { rule } else { format!("{rule}: {}", language.quoted(&said)) }
}
