//! How one card is told in a line: who, what, where, how much time is left, and in whose words.
//!
//! In: a [`Card`] of foreign text. Out: bounded runs without control characters; escaping is the letter's business.

use super::{
    Language, Reader, Run, Tone, clean, fill, kind_phrase, main_kind, medium_name, one_line, safe_link,
    time::zone_there,
};
use crate::model::{Author, Card, Reason};
use jiff::{Timestamp, tz::Offset, tz::TimeZone};
use std::ops::Range;

/// The longest name in a headline; with the next two it keeps a subject on a lock screen.
const WHO_LIMIT: usize = 30;
/// The longest wish in a headline.
const WHAT_LIMIT: usize = 48;
/// The longest place in a headline.
const WHERE_LIMIT: usize = 32;
/// The most words that are marked in a quote, strongest first.
const MARKS_LIMIT: usize = 6;
/// How much of the text stands before the first marked word where the beginning has to be left out.
const LEAD_IN_BYTES: usize = 160;

/// The author's name, else the handle, else "somebody".
#[must_use]
pub fn who(author: &Author, language: Language) -> String {
    [&author.name, &author.handle]
        .into_iter()
        .flatten()
        .map(|name| one_line(name, WHO_LIMIT))
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| language.words().somebody.to_owned())
}

/// What it is about: the wish in the words of the post, else the main kind in ours. `None` for a care case.
#[must_use]
pub fn what(card: &Card, language: Language) -> Option<String> {
    let judgement = &card.opportunity.as_ref()?.judgement;
    if judgement.care {
        return None;
    }
    let wish = judgement.slots.wish.as_deref().map(|wish| one_line(wish, WHAT_LIMIT)).filter(|wish| !wish.is_empty());
    wish.or_else(|| main_kind(&judgement.kinds).map(|kind| kind_phrase(kind, language).to_owned()))
}

/// How much time is left until the deadline, or how long it has passed; `None` where none is named.
#[must_use]
pub fn time_left(card: &Card, language: Language, now: Timestamp) -> Option<String> {
    let deadline = card.opportunity.as_ref()?.judgement.slots.deadline.as_ref()?;
    let seconds = deadline.at.at.as_second() - now.as_second();
    let words = language.words();
    let pattern = if seconds > 0 { words.time_left } else { words.time_gone };
    Some(fill(pattern, &[("time", &language.duration(seconds))]))
}

/// Who, what and where as one line, without the time: `Peter Shankman, a porterhouse, Newark airport`.
///
/// A care case is only named by its author: what happened to somebody does not belong on a lock screen.
#[must_use]
pub fn headline(card: &Card, language: Language, after_who: &str) -> String {
    let mut line = who(&card.item.author, language);
    let open = card.opportunity.as_ref().filter(|opportunity| !opportunity.judgement.care);
    let place = open.map(|opportunity| &opportunity.judgement.slots).and_then(|slots| {
        let place = slots.place.as_deref().map(|place| one_line(place, WHERE_LIMIT)).filter(|place| !place.is_empty());
        place.map(|place| super::which_one(&place, &slots.place_candidates, language))
    });
    let mut separator = after_who;
    for part in [what(card, language), place].into_iter().flatten() {
        line.push_str(separator);
        line.push_str(&part);
        separator = ", ";
    }
    line
}

/// The words of the post between quotation marks, at most `limit` visible characters, with those marked that
/// a rule spoke on (none in a care case). Empty where the post has neither text nor title.
#[must_use]
pub fn quote(card: &Card, language: Language, limit: usize) -> Vec<Run> {
    let item = &card.item;
    let (text, spans) = if item.text.trim().is_empty() {
        (item.title.as_str(), Vec::new())
    } else {
        (item.text.as_str(), marked_spans(card))
    };
    if text.trim().is_empty() {
        return Vec::new();
    }
    let marks = language.quoted("\n");
    let (opening, closing) = marks.split_once('\n').unwrap_or(("", ""));
    let mut runs = vec![Run::plain(opening)];
    runs.extend(pieces(text, &spans, limit));
    runs.push(Run::plain(closing));
    runs
}

fn marked_spans(card: &Card) -> Vec<Range<usize>> {
    // Nobody's grief is gone over with a marker.
    let judgement = card.opportunity.as_ref().map(|opportunity| &opportunity.judgement);
    let reasons = judgement.filter(|judgement| !judgement.care).map_or(&[][..], |judgement| &judgement.reasons);
    let mut strongest: Vec<&Reason> = reasons.iter().filter(|reason| reason.weight > 0.0).collect();
    strongest.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut spans: Vec<Range<usize>> =
        strongest.into_iter().filter_map(|reason| span_in(&card.item.text, reason)).take(MARKS_LIMIT).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans
}

/// Where the words of `reason` stand in `text`: at its span if they do, else where they stand first.
fn span_in(text: &str, reason: &Reason) -> Option<Range<usize>> {
    let words = reason.words.as_str();
    let stated = reason.span.clone().filter(|span| text.get(span.clone()) == Some(words));
    let found = || text.find(words).map(|start| start..start + words.len());
    if words.trim().is_empty() { None } else { stated.or_else(found) }
}

fn pieces(text: &str, spans: &[Range<usize>], limit: usize) -> Vec<Run> {
    let first = spans.first().map_or(0, |span| span.start);
    let mut at = text.len() - text.trim_start().len();
    let mut runs = Vec::new();
    if first > limit {
        at = text.floor_char_boundary(first.saturating_sub(LEAD_IN_BYTES));
        runs.push(Run::plain("… "));
    }
    let mut left = limit;
    let end = text.trim_end().len();
    let tail = std::iter::once(end..end);
    for span in spans.iter().cloned().chain(tail) {
        for (range, tone) in [(at..span.start, Tone::Plain), (span.start.max(at)..span.end, Tone::Mark)] {
            let Some(words) = text.get(range).filter(|words| !words.is_empty()) else { continue };
            let (shown, n_shown) = clean::piece(words, left);
            runs.push(Run::new(shown, tone));
            left = left.saturating_sub(n_shown);
            if left == 0 {
                let is_marked = runs.last().is_some_and(|run| run.text.ends_with('…'));
                if !is_marked && span.end < end {
                    runs.push(Run::plain("…"));
                }
                return runs;
            }
        }
        at = at.max(span.end);
    }
    runs
}

/// Who wrote it, where and when: `Peter Shankman @petershankman, X. Posted 14:58, read 14:59.`
#[must_use]
pub fn byline(card: &Card, reader: &Reader, now: Timestamp) -> Vec<Run> {
    let (item, words) = (&card.item, reader.language.words());
    let name = who(&item.author, reader.language);
    let handle =
        item.author.handle.as_deref().map(|handle| one_line(handle, WHO_LIMIT)).filter(|handle| *handle != name);
    let seen = reader.moment(card.seen_at, now);
    let times = match item.published {
        Some(posted) => fill(words.posted, &[("time", &reader.moment(posted.at, now)), ("seen", &seen)]),
        None => fill(words.read_only, &[("seen", &seen)]),
    };
    let handle = handle.map(|handle| format!(" {handle}")).unwrap_or_default();
    let rest = format!("{handle}, {}. {times}", medium_name(item.medium, reader.language));
    vec![Run::strong(name), Run::plain(rest)]
}

/// How many tell the same, in how many sources and to how many followers; `None` where nobody else does.
#[must_use]
pub fn retold(card: &Card, language: Language) -> Option<String> {
    let (story, words) = (card.story, language.words());
    if story.is_alone() {
        return None;
    }
    let posts = words.n_tellings.of(story.items, language);
    let sources = words.n_sources.of(story.sources, language);
    Some(match story.reach {
        Some(n) => {
            let followers = words.n_followers.of(n, language);
            fill(words.retold_reach, &[("posts", &posts), ("sources", &sources), ("followers", &followers)])
        }
        None => fill(words.retold, &[("posts", &posts), ("sources", &sources)]),
    })
}

/// A link to the post that names its end, or the words that there is none.
#[must_use]
pub fn original(card: &Card, language: Language) -> Run {
    let words = language.words();
    match card.item.url.as_deref().and_then(|url| Some((host_of(url)?, url))) {
        Some((host, url)) => Run::link(fill(words.the_original, &[("host", &host)]), url),
        None => Run::new(words.no_link, Tone::Dim),
    }
}

/// The host of a link that may be followed, without `www.`.
#[must_use]
pub fn host_of(link: &str) -> Option<String> {
    let url = url::Url::parse(&safe_link(link)?).ok()?;
    url.host_str().map(|host| one_line(host.strip_prefix("www.").unwrap_or(host), 60))
}

/// The clock over there: of the place where it is on our map, else the author's, else `None`.
#[must_use]
pub fn zone_of(card: &Card) -> Option<TimeZone> {
    let slots = &card.opportunity.as_ref()?.judgement.slots;
    let place_zone = slots.place_found.as_ref().and_then(|place| place.zone.as_deref());
    let offset = slots.deadline.as_ref().map_or(Offset::UTC, |deadline| deadline.at.offset);
    // An offset of zero mostly means that the author's clock is not known.
    (place_zone.is_some() || offset != Offset::UTC).then(|| zone_there(place_zone, offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, spans: &[(usize, usize)], limit: usize) -> String {
        let spans: Vec<Range<usize>> = spans.iter().map(|(start, end)| *start..*end).collect();
        pieces(text, &spans, limit)
            .iter()
            .map(|run| if run.tone == Tone::Mark { format!("[{}]", run.text) } else { run.text.clone() })
            .collect()
    }

    #[test]
    fn marked_words_stand_where_they_stood() {
        assert_eq!(shown("Can you meet me? ", &[(0, 7), (8, 15)], 99), "[Can you] [meet me]?");
        assert_eq!(shown("overlapping marks", &[(0, 11), (4, 13)], 99), "[overlapping][ m]arks");
        assert_eq!(shown("abcdef", &[(2, 4)], 3), "ab[c…]");
    }

    #[test]
    fn a_long_text_begins_near_the_first_marked_word() {
        let text = format!("{}now or never", "blah ".repeat(200));
        let quoted = shown(&text, &[(1000, 1003)], 300);
        assert!(quoted.starts_with("… ") && quoted.ends_with("[now] or never"), "{quoted}");
    }

    proptest! {
        #[test]
        fn any_spans_in_any_text_are_fine(text in "\\PC{0,60}", a in 0_usize..80, b in 0_usize..80, limit in 1_usize..70) {
            let span = (a.min(b), a.max(b));
            let spans: Vec<_> = text.get(span.0..span.1).map(|_| span).into_iter().collect();
            prop_assert!(shown(&text, &spans, limit).chars().count() <= text.chars().count() + 8);
        }
    }
}
