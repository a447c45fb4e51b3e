//! Copy-paste floods: the same text, or nearly the same, posted again and again.
//!
//! In: a text, and how often the store has it from whom. Out: a reason, where that is a flood. Counts nothing itself,
//! and looks at no text but the one: which texts are nearly the same is for the fingerprints to say.

use super::is_news;
use crate::model::{Item, Reason, Spam};
use crate::text::{TokenKind, Tokens, hash64};
use std::time::Duration;

/// Copies by the same author, this one not counted, from which on they are a flood.
const BY_ONE: u32 = 3;

/// Other authors with the same text from which on they are a flood.
const BY_MANY: u32 = 4;

/// The longest stretch whose copies count: a wish that somebody repeats each week is none.
const WINDOW_MOST: Duration = Duration::from_secs(48 * 60 * 60);

/// Words that a text needs to be called a copy: many people write "no internet again" without knowing of each other.
const WORDS_LEAST: usize = 12;

/// Words that do when links, tags and handles are the same, too.
const WORDS_LEAST_MARKED: usize = 3;

/// The score of a flood is at least this, and nears 1 with more copies.
const SCORE_LEAST: f32 = 0.8;

/// How often the store has the text of an item, itself not counted.
///
/// Reposts without words, and what newspapers print of one agency, are not to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// Items of the same author.
    pub same_author: u32,
    /// Other authors, each once, however often they posted it.
    pub other_authors: u32,
    /// Whether only items were counted whose [`marks`] are those of this text.
    pub same_marks: bool,
    /// How long ago the oldest of them was posted.
    pub window: Duration,
}

/// Whether `copies` make a flood of the item with the text `tokens`: the reason `spam.flood`, whose weight, from
/// 0.8 to 1, is the likelihood of spam.
///
/// What newspapers print is never a flood. Linear in the text length.
#[must_use]
pub fn flood(item: &Item, tokens: &Tokens<'_>, copies: Copies) -> Option<Reason> {
    if is_news(item) || copies.window > WINDOW_MOST {
        return None;
    }
    let n_words = tokens.list().iter().filter(|token| token.kind == TokenKind::Word).count();
    let is_marked = copies.same_marks && marks(tokens).is_some();
    if n_words < if is_marked { WORDS_LEAST_MARKED } else { WORDS_LEAST } {
        return None;
    }
    let (one, many) = (copies.same_author as f32 / BY_ONE as f32, copies.other_authors as f32 / BY_MANY as f32);
    let share = one.max(many);
    (share >= 1.0).then(|| Reason::rule("spam.flood", 1.0 - (1.0 - SCORE_LEAST) / share))
}

/// Adds `flood` to a verdict: the item is spam from now on.
pub fn add_flood(spam: &mut Spam, flood: Reason) {
    spam.is_spam = true;
    spam.score = spam.score.max(flood.weight);
    spam.reasons.push(flood);
}

/// One number for the links, tags and handles of a text, whatever their order and letter case; `None` where it has
/// none. Two texts with the same one point the reader to the same places.
#[must_use]
pub fn marks(tokens: &Tokens<'_>) -> Option<u64> {
    let is_mark = |kind: TokenKind| matches!(kind, TokenKind::Link | TokenKind::Hashtag | TokenKind::Handle);
    let marked = tokens.list().iter().enumerate().filter(|(_, token)| is_mark(token.kind));
    let mut marks: Vec<&str> = marked.map(|(at, _)| tokens.folded(at)).collect();
    marks.sort_unstable();
    marks.dedup();
    (!marks.is_empty()).then(|| hash64(&marks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, Medium, SourceName};

    const LONG: &str = "My aunt wrote to the mayor about the old bridge and now everybody should write to him as well";
    const HOUR: Duration = Duration::from_secs(3_600);

    fn item() -> Item {
        Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() })
    }

    fn check(text: &str, same_author: u32, other_authors: u32, expected: bool) {
        let copies = Copies { same_author, other_authors, same_marks: true, window: HOUR };
        let found = flood(&item(), &Tokens::new(text), copies);
        assert_eq!(found.is_some(), expected, "{text} {copies:?}: {found:?}");
    }

    #[test]
    fn many_copies_of_a_long_text_are_a_flood() {
        check(LONG, 2, 3, false);
        check(LONG, 3, 0, true);
        check(LONG, 0, 4, true);
    }

    #[test]
    fn a_short_complaint_that_many_have_is_none() {
        check("no internet again", 0, 50, false);
        check("wieder kein Netz in ganz Ulm, was ist da los", 2, 50, false);
    }

    #[test]
    fn a_short_text_is_one_where_it_leads_to_the_same_place() {
        check("see who looked at you https://a.example/x", 0, 9, true);
        check("no internet @a", 0, 9, false);
        let copies = Copies { same_author: 0, other_authors: 9, same_marks: false, window: HOUR };
        assert_eq!(flood(&item(), &Tokens::new("no internet again @a_shop"), copies), None);
    }

    #[test]
    fn news_and_what_took_weeks_are_none() {
        let copies = Copies { same_author: 90, other_authors: 90, same_marks: true, window: HOUR };
        let tokens = Tokens::new(LONG);
        let news = Item { medium: Medium::News, ..item() };
        assert!(flood(&news, &tokens, copies).is_none());
        assert!(flood(&item(), &tokens, Copies { window: 1_000 * HOUR, ..copies }).is_none());
    }

    #[test]
    fn more_copies_weigh_more_and_a_flood_is_spam() {
        let weight = |n| {
            let copies = Copies { same_author: n, other_authors: 0, same_marks: false, window: HOUR };
            flood(&item(), &Tokens::new(LONG), copies).expect("a flood")
        };
        assert!((weight(3).weight - SCORE_LEAST).abs() < 1e-6 && weight(9).weight > weight(3).weight);
        let mut spam = Spam::default();
        add_flood(&mut spam, weight(u32::MAX));
        assert!(spam.is_spam && spam.score > 0.99 && spam.score <= 1.0 && spam.reasons[0].rule == "spam.flood");
    }

    #[test]
    fn marks_know_neither_order_nor_case() {
        let of = |text: &str| marks(&Tokens::new(text));
        assert_eq!(of("go #Win @shop now"), of("@Shop #win #win"));
        assert_ne!(of("#win"), of("#lose"));
        assert_eq!(of("just words"), None);
    }
}
