//! Whether a text belongs to a flood of copies: what the store and the answer at hand have of it.

use crate::analyze::{Copies, flood, marks_hash};
use crate::model::{Author, Item, ItemKind, KeptItem, Reason};
use crate::store::Store;
use crate::story::{Telling, copy_key};
use crate::text::Tokens;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::time::Duration;

/// How far back copies are counted.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(48);

/// The reason why `item` belongs to a flood, if it does; `fresh` are the items of the same answer that come before it.
///
/// What cannot be read counts for nothing: then the commit tells why.
pub(super) fn of(
    store: &Store,
    (item, tokens, telling): (&Item, &Tokens<'_>, &Telling),
    fresh: &[KeptItem],
    now: Timestamp,
) -> Option<Reason> {
    if item.kind == ItemKind::Article {
        return None;
    }
    let key = copy_key(telling)?;
    let since = now.saturating_sub(COUNTED_FOR).unwrap_or(Timestamp::MIN);
    let stored = store.copies_blocking(key, since, now).unwrap_or_default();
    let of_answer = fresh.iter().filter(|kept| kept.story_keys.contains(&key)).map(|kept| (&kept.item, now));
    let others = stored.iter().map(|(item, seen_at)| (item, *seen_at)).chain(of_answer);
    let others: Vec<_> = others.filter(|(other, _)| other.key != item.key && other.kind != ItemKind::Article).collect();
    flood(item, tokens, count(item, tokens, &others, now))
}

fn count(item: &Item, tokens: &Tokens<'_>, others: &[(&Item, Timestamp)], now: Timestamp) -> Copies {
    let (mut same_author, mut authors) = (0, HashSet::new());
    let marks = marks_hash(tokens);
    let (mut same_marks, mut oldest) = (true, now);
    for (other, seen_at) in others {
        if is_same(&other.author, &item.author) {
            same_author += 1;
        } else {
            authors.insert((&other.author.handle, &other.author.name));
        }
        same_marks &= marks_hash(&Tokens::new(&other.reading_text())) == marks;
        oldest = oldest.min(*seen_at);
    }
    let window = Duration::try_from(now.duration_since(oldest)).unwrap_or_default();
    Copies { same_author, other_authors: u32::try_from(authors.len()).unwrap_or(u32::MAX), same_marks, window }
}

/// Who is not named is nobody's double.
fn is_same(one: &Author, other: &Author) -> bool {
    match (&one.handle, &other.handle) {
        (Some(one), Some(other)) => one == other,
        _ => one.name.is_some() && one.name == other.name,
    }
}
