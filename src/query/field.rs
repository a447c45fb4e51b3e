//! What a query may ask of an item beside its words.

use super::error::QueryError;
use super::pattern::{Phrase, Words};
use super::subject::Subject;
use crate::model::{ItemKind, Kind, Medium, Phase, Sentiment};
use std::ops::Range;

/// Every field, as it is typed.
pub const NAMES: &[&str] =
    &["author", "site", "source", "lang", "type", "title", "sentiment", "phase", "kind", "followers", "brand"];

/// Those that are known only once an item is seen to be about a brand, in both languages.
pub const KNOWN_LATER: &[&str] = &["sentiment", "phase", "kind", "brand", "marke"];

/// Kinds of items by the words that people type.
const TYPES: &[(&str, ItemKind)] = &[
    ("post", ItemKind::Post),
    ("comment", ItemKind::Comment),
    ("reply", ItemKind::Reply),
    ("article", ItemKind::Article),
    ("review", ItemKind::Review),
    ("video", ItemKind::Video),
    ("message", ItemKind::Message),
];

/// Media beside them that `type:` takes as well.
const MEDIA: &[&str] = &["tweet", "blog", "forum", "news", "web", "mail", "facebook"];

/// A field and what it must say.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Words of the author's name, or the handle.
    Author(Phrase),
    /// The host of the link, or one above it.
    Site(String),
    /// The id of the source.
    Source(String),
    /// The language.
    Lang(String),
    /// What it is in its thread.
    Type(ItemKind),
    /// Where it was said.
    Medium(Medium),
    /// Words of the title.
    Title(Phrase),
    /// The feeling toward the brand.
    Sentiment(Sentiment),
    /// The part of the customer's journey.
    Phase(Phase),
    /// A kind of opportunity.
    Kind(Kind),
    /// How many follow the author, at least and at most.
    Followers(u64, u64),
    /// The id of the brand.
    Brand(String),
}

impl Field {
    /// Reads `name:value`; `at` is where they stand in `query`.
    ///
    /// # Errors
    /// [`QueryError`] where there is no such field, or it cannot have that value.
    pub fn read(query: &str, name: &str, value: &str, at: [Range<usize>; 2]) -> Result<Self, QueryError> {
        let [name_at, value_at] = at;
        let wrong = |problem: &str, help: String| QueryError::new(query, value_at.clone(), problem, help);
        let lower = value.trim().to_lowercase();
        let phrase = || Phrase::of(value).ok_or_else(|| wrong("there is no word in it", "write a word".to_owned()));
        let one_of =
            |names: &[&str]| wrong(&format!("`{value}` is none of what `{name}:` can be"), listed(names, &lower));
        Ok(match name.to_ascii_lowercase().as_str() {
            "author" | "autor" => Self::Author(phrase()?),
            "title" | "titel" => Self::Title(phrase()?),
            "site" => Self::Site(lower.trim_start_matches("www.").trim_matches('/').to_owned()),
            "source" | "quelle" => Self::Source(value.trim().to_owned()),
            "brand" | "marke" => Self::Brand(value.trim().to_owned()),
            "lang" | "sprache" => {
                let is_code = (2..=3).contains(&lower.len()) && lower.chars().all(|c| c.is_ascii_lowercase());
                if !is_code {
                    return Err(wrong("that is no language", "write its two letters, for instance lang:de".to_owned()));
                }
                Self::Lang(lower)
            }
            "type" | "typ" => {
                return read_type(&lower).ok_or_else(|| {
                    let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).chain(MEDIA.iter().copied()).collect();
                    one_of(&names)
                });
            }
            "sentiment" => Self::Sentiment(
                Sentiment::from_name(&lower).ok_or_else(|| one_of(&["positive", "neutral", "negative", "mixed"]))?,
            ),
            "phase" => Self::Phase(
                Phase::from_name(&lower).ok_or_else(|| one_of(&["presales", "sales", "use", "aftersales", "none"]))?,
            ),
            "kind" => {
                let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
                let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == lower);
                Self::Kind(kind.ok_or_else(|| one_of(&names))?)
            }
            "followers" | "follower" => {
                let (least, most) = range(&lower).ok_or_else(|| {
                    wrong("that is no number of followers", "write for instance followers:>1000".to_owned())
                })?;
                Self::Followers(least, most)
            }
            _ => {
                let help = listed(NAMES, &name.to_lowercase());
                return Err(QueryError::new(query, name_at, format!("there is no field `{name}`"), help));
            }
        })
    }

    /// Whether the item says so.
    pub fn holds(&self, subject: &Subject<'_>) -> bool {
        let item = subject.item;
        match self {
            Self::Author(phrase) => {
                let names = [item.author.name.as_deref(), item.author.handle.as_deref()];
                names.into_iter().flatten().any(|name| phrase.is_in(&Words::of(name)))
            }
            Self::Title(phrase) => phrase.is_in(&Words::of(&item.title)),
            Self::Site(site) => subject.host().is_some_and(|host| {
                host == *site || host.strip_suffix(site.as_str()).is_some_and(|rest| rest.ends_with('.'))
            }),
            Self::Source(source) => item.source.as_str() == source,
            Self::Brand(brand) => subject.brand.is_some_and(|own| own.as_str() == brand),
            Self::Lang(lang) => subject.lang.is_some_and(|own| own.eq_ignore_ascii_case(lang)),
            Self::Type(kind) => item.kind == *kind,
            Self::Medium(medium) => item.medium == *medium,
            Self::Sentiment(label) => subject.sentiment == Some(*label),
            Self::Phase(phase) => subject.phase == Some(*phase),
            Self::Kind(kind) => subject.kinds.contains(kind),
            Self::Followers(least, most) => {
                item.author.followers.is_some_and(|followers| (*least..=*most).contains(&followers))
            }
        }
    }
}

fn read_type(name: &str) -> Option<Field> {
    let kind = TYPES.iter().find(|(known, _)| *known == name).map(|(_, kind)| Field::Type(*kind));
    kind.or_else(|| MEDIA.contains(&name).then(|| name.parse().ok().map(Field::Medium)).flatten())
}

/// `>1000`, `>=1000`, `<50`, `<=50`, `1000`, `100..500`; `k` and `m` are thousands and millions.
fn range(text: &str) -> Option<(u64, u64)> {
    if let Some(least) = text.strip_prefix(">=") {
        return Some((number(least)?, u64::MAX));
    }
    if let Some(most) = text.strip_prefix("<=") {
        return Some((0, number(most)?));
    }
    if let Some(above) = text.strip_prefix('>') {
        return Some((number(above)?.checked_add(1)?, u64::MAX));
    }
    if let Some(below) = text.strip_prefix('<') {
        return Some((0, number(below)?.checked_sub(1)?));
    }
    match text.split_once("..") {
        Some((least, most)) => Some((number(least)?, number(most)?)),
        None => number(text).map(|exact| (exact, exact)),
    }
}

fn number(text: &str) -> Option<u64> {
    let (digits, factor) = match text.as_bytes().last()? {
        b'k' => (text.get(..text.len() - 1)?, 1_000),
        b'm' => (text.get(..text.len() - 1)?, 1_000_000),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// `did you mean ...?`, or all of them.
fn listed(names: &[&str], typed: &str) -> String {
    let nearest = names.iter().map(|name| (strsim::osa_distance(name, typed), name)).min();
    match nearest {
        Some((distance, name)) if distance <= 2 => format!("did you mean `{name}`?"),
        _ => format!("write one of {}", names.join(", ")),
    }
}
