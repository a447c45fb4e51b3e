//! Whether one item tells what another one told.

use super::keys::{ARTICLE_WORDS, FEWEST_WORDS};
use super::telling::Telling;
use jiff::SignedDuration;
use std::collections::HashSet;

/// How far apart an author's own repeat may lie: who says it again days later says it anew.
const REPEAT_WITHIN: SignedDuration = SignedDuration::from_hours(48);
/// How far apart papers print the same text, and people pass it on.
const SPREADS_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Words that a text must have where only the name says that its author is the same: there are many of one name.
const NAMED_WORDS: usize = 8;
/// The share of the shorter text's runs of words that the longer one must hold.
const SYNDICATED_SHARE: f32 = 0.6;
/// The same for two texts of one source, which fills in its forms anew and opens each part of a series alike.
const OWN_SHARE: f32 = 0.9;
/// The same for an author's own words: a greeting or a tag more, a slip mended.
const REWORDED_SHARE: f32 = 0.85;
/// The same where both have one address.
const ADDRESSED_SHARE: f32 = 0.4;
/// The share of the numbers of the one that the other must hold: a form filled in anew has other numbers.
const NUMBERS_SHARE: f32 = 0.5;
/// So few numbers may all differ.
const FEW_NUMBERS: usize = 2;

/// In which way an item repeats another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sameness {
    /// The very item, from another source or server.
    Item,
    /// The author's own words again, here or on another platform.
    CrossPost,
    /// Somebody passes it on without words of their own.
    Repost,
    /// A text that several papers print, edited or cut.
    Syndicated,
}

/// Whether `new` tells what `old` told, `gap` apart (whichever came first), and how.
#[must_use]
pub fn sameness(new: &Telling, old: &Telling, gap: SignedDuration) -> Option<Sameness> {
    let gap = gap.abs();
    if new.words.is_empty() || old.words.is_empty() || gap > SPREADS_WITHIN {
        return None;
    }
    if new.addresses.iter().any(|address| old.addresses.contains(address)) && is_same_item(new, old) {
        return Some(Sameness::Item);
    }
    if is_repost(new, old) || is_repost(old, new) || is_repost_of_same(new, old) {
        return Some(Sameness::Repost);
    }
    if gap <= REPEAT_WITHIN && is_by_same_author(new, old) && (says_same(new, old) || is_reworded(new, old)) {
        return Some(Sameness::CrossPost);
    }
    is_syndicated(new, old).then_some(Sameness::Syndicated)
}

fn is_same_item(new: &Telling, old: &Telling) -> bool {
    let has_same_title = || new.title.is_some() && new.title == old.title;
    let is_same_article = || has_same_title() || share(new, old) >= ADDRESSED_SHARE;
    says_same(new, old) || (new.is_article && old.is_article && is_same_article())
}

fn is_repost(repost: &Telling, origin: &Telling) -> bool {
    repost.reposted.is_some() && repost.reposted == origin.handle && says_same(repost, origin)
}

fn is_repost_of_same(new: &Telling, old: &Telling) -> bool {
    new.reposted.is_some() && new.reposted == old.reposted && says_same(new, old)
}

/// The same handle, or the same name below a text of some length.
fn is_by_same_author(new: &Telling, old: &Telling) -> bool {
    let same = |one: Option<u64>, other: Option<u64>| one.is_some() && one == other;
    let fewest = new.words.len().min(old.words.len());
    (same(new.handle, old.handle) && fewest >= FEWEST_WORDS) || (same(new.name, old.name) && fewest >= NAMED_WORDS)
}

/// An answer is never reworded: a firm's people answer many in nearly the same words.
fn is_reworded(new: &Telling, old: &Telling) -> bool {
    let fewest = new.words.len().min(old.words.len());
    let says_more_or_less = || new.numbers == old.numbers && share(new, old) >= REWORDED_SHARE;
    fewest >= NAMED_WORDS && !new.is_answer && !old.is_answer && says_more_or_less()
}

/// The same words, or the beginning of them where one was cut.
fn says_same(new: &Telling, old: &Telling) -> bool {
    new.words == old.words || is_beginning(new, old) || is_beginning(old, new)
}

fn is_beginning(cut: &Telling, whole: &Telling) -> bool {
    // The last word of a cut text may be half a word.
    let words = cut.words.split_last().map_or(&[][..], |(_, before)| before);
    cut.is_cut && words.len() >= FEWEST_WORDS && whole.words.starts_with(words)
}

fn is_syndicated(new: &Telling, old: &Telling) -> bool {
    new.is_article
        && old.is_article
        && new.words.len().min(old.words.len()) >= ARTICLE_WORDS
        && share(new, old) >= if new.source == old.source { OWN_SHARE } else { SYNDICATED_SHARE }
        && tells_same_numbers(new, old)
}

fn tells_same_numbers(new: &Telling, old: &Telling) -> bool {
    let fewest = new.numbers.len().min(old.numbers.len());
    fewest <= FEW_NUMBERS || common(&new.numbers, &old.numbers) as f32 >= NUMBERS_SHARE * fewest as f32
}

/// The share of the runs of the shorter text that the longer one holds.
fn share(new: &Telling, old: &Telling) -> f32 {
    let (new, old) = (new.shingles(), old.shingles());
    common(&new, &old) as f32 / new.len().min(old.len()).max(1) as f32
}

fn common(one: &HashSet<u64>, other: &HashSet<u64>) -> usize {
    one.intersection(other).count()
}
