//! Ads, scams, contests, listings and bots: weights fitted on texts of ours, and phrases of the lexicons.
//!
//! In: tokens, and the item for where it was said and by whom. Out: [`Spam`] with its reasons. What a newspaper
//! writes is never spam; what the brand itself says is left to the caller, who knows the brands.

mod feature;
mod flood;
mod learned;
mod model;
#[cfg(test)]
mod train;

pub use flood::{Copies, add_flood, flood, marks};
pub use learned::{Learned, heed};

use crate::lexicon::{self, Found, Phrases, PhrasesBuilder};
use crate::model::{Item, ItemKind, Medium, Reason, Spam};
use crate::text::{Tokens, WordMap};
use model::{BIAS, CLASS, Clue, Weights};
use std::ops::Range;
use std::sync::LazyLock;

/// From this score on an item is taken for spam: it is as likely as not.
const SPAM_FLOOR: f32 = 0.5;

/// How many groups of words are named as reasons, the strongest first.
const MAX_REASONS: usize = 6;

/// Reasons that add less are not told.
const LEAST_WEIGHT: f32 = 0.05;

/// What is taken off the log-odds where spam is rare: weights were fitted on nearly as much spam as ham, but of what is
/// posted and names a brand about one in twenty is spam.
/// Not where phrases that are written for ads say so. Chosen on labelled posts: few real ones may be lost.
const RARE: f32 = 1.5;

/// What is added to the log-odds below a video or an article, where spam is as common as ham: fewer of the texts that
/// the weights were fitted on are spam. Chosen on labelled messages.
const COMMON: f32 = 0.25;

/// From this sum of their weights on, phrases alone tell an ad.
const PHRASES_FLOOR: f32 = 0.5;

/// What a shop, a job board or a coupon service adds to the sum by its name alone.
const SELLER: f32 = 1.0;

/// Parts of a handle or home page that tell a seller.
const SELLER_NAMES: [&str; 9] =
    ["coupon", "deals", "giveaway", "gewinnspiel", "gutschein", "jobs", "promo", "schnaeppchen", "shop"];

/// Whether `item` is somebody's own voice or an ad, a scam, a contest, a listing, a bot.
///
/// The score is the likelihood of spam. Reasons weigh as their phrase does in the lexicon, or what their words add to
/// the log-odds, the strongest only.
/// Reasons in text order, those without words last. Linear in the text length.
#[must_use]
pub fn judge(item: &Item, tokens: &Tokens<'_>) -> Spam {
    let mut verdict = judge_tokens(Weights::built_in(), tokens);
    if item.medium == Medium::Comment {
        verdict.sum += COMMON;
    } else if verdict.of_phrases < PHRASES_FLOOR {
        verdict.sum -= RARE;
    }
    if is_seller(item) {
        verdict.sum += SELLER;
        verdict.reasons.push(Reason::rule("spam.seller", SELLER));
    }
    let score = 1.0 / (1.0 + (-verdict.sum).exp());
    Spam { is_spam: score >= SPAM_FLOOR && !is_news(item), score, reasons: verdict.reasons }
}

/// Whether a newspaper says it, not somebody below its article.
fn is_news(item: &Item) -> bool {
    item.medium == Medium::News && matches!(item.kind, ItemKind::Post | ItemKind::Article)
}

/// Whether the author goes by the name of a shop or a board.
fn is_seller(item: &Item) -> bool {
    let says = |name: &Option<String>| {
        name.as_deref().is_some_and(|name| {
            let name = name.to_ascii_lowercase();
            SELLER_NAMES.iter().any(|seller| name.contains(seller))
        })
    };
    says(&item.author.handle) || says(&item.author.url)
}

/// What the text alone says.
struct Verdict {
    /// The log-odds of spam.
    sum: f32,
    /// The sum of the weights of all phrases found.
    of_phrases: f32,
    reasons: Vec<Reason>,
}

fn judge_tokens(weights: &Weights, tokens: &Tokens<'_>) -> Verdict {
    let (clues, of_words) = weights.clues(tokens);
    let found = phrases().find(tokens);
    let mut sum = weights.of(BIAS) + of_words;
    let mut name = String::with_capacity(32);
    for (class, count) in classes(&found) {
        name.clear();
        name.push_str(CLASS);
        name.push_str(class);
        sum += weights.of(&name) * count;
    }
    let of_phrases = found.iter().map(|found| found.value.weight).sum();
    Verdict { sum, of_phrases, reasons: reasons(tokens, found, clues) }
}

/// The phrases that were found and the strongest clues beside them.
fn reasons(tokens: &Tokens<'_>, found: Vec<Found<'_, Mark>>, mut clues: Vec<Clue>) -> Vec<Reason> {
    let mut told: Vec<(Range<usize>, String, f32)> = found
        .into_iter()
        .map(|found| (found.tokens, format!("spam.{}", found.value.class), found.value.weight))
        .collect();
    clues.retain(|clue| clue.weight >= LEAST_WEIGHT);
    clues.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    for clue in clues {
        let is_told = told.iter().any(|(range, _, _)| clue.tokens.start < range.end && range.start < clue.tokens.end);
        if told.len() >= MAX_REASONS {
            break;
        }
        if !is_told {
            let rule = if clue.tokens.is_empty() { "spam.shape" } else { "spam.words" };
            told.push((clue.tokens, rule.to_owned(), clue.weight));
        }
    }
    told.sort_by_key(|(range, _, _)| (range.is_empty(), range.start));
    let reason = |(range, rule, weight): (Range<usize>, String, f32)| match tokens.span(range.clone()) {
        Some(span) => Reason::at(rule, tokens.words(range), span, weight),
        None => Reason::rule(rule, weight),
    };
    told.into_iter().map(reason).collect()
}

/// The classes of the phrases `found`, each with the sum of its phrases' weights, at most 1.
fn classes<'p>(found: &[Found<'p, Mark>]) -> Vec<(&'p str, f32)> {
    let mut sums: WordMap<&str, f32> = WordMap::default();
    for found in found {
        *sums.entry(found.value.class.as_str()).or_default() += found.value.weight;
    }
    // In an order of its own, so that a sum of floats is the same each time.
    let mut sums: Vec<_> = sums.into_iter().map(|(class, sum)| (class, sum.clamp(-1.0, 1.0))).collect();
    sums.sort_by_key(|(class, _)| *class);
    sums
}

#[derive(Debug)]
struct Mark {
    class: String,
    weight: f32,
}

fn phrases() -> &'static Phrases<Mark> {
    static PHRASES: LazyLock<Phrases<Mark>> = LazyLock::new(|| {
        let mut builder = PhrasesBuilder::default();
        let texts = lexicon::BUILT_IN.iter().filter(|(_, purpose, _)| *purpose == "spam");
        for row in texts.flat_map(|(_, _, text)| lexicon::rows(text)) {
            // A faulty built-in row fails a test; here it is only left out.
            if let Ok(weight) = row.number(2) {
                let _ = builder.add(row.cell(0), Mark { class: row.cell(1).to_owned(), weight });
            }
        }
        builder.build()
    });
    &PHRASES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, SourceName};

    #[test]
    fn every_built_in_row_is_usable() {
        for (language, purpose, text) in lexicon::BUILT_IN.iter().filter(|(_, purpose, _)| *purpose == "spam") {
            for row in lexicon::rows(text) {
                let weight = row.number(2).unwrap_or_else(|error| panic!("{language}/{purpose}: {error}"));
                assert!((-1.0..=1.0).contains(&weight), "{language}/{purpose} line {}", row.line);
                let used = PhrasesBuilder::default().add(row.cell(0), ());
                assert!(used.is_ok(), "{language}/{purpose} line {}: {used:?}", row.line);
            }
        }
    }

    fn check(text: &str, expected: bool) {
        let source = SourceName::new("s");
        let item = Item::new(source, ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        let spam = judge(&item, &Tokens::new(text));
        assert_eq!(spam.is_spam, expected, "{text}: {spam:?}");
    }

    #[test]
    fn ads_contests_and_listings_are_spam() {
        check("RT & follow to WIN a free voucher! Winner announced Friday", true);
        check("Nice blog! I lost 20 kg with this tea, check out my profile", true);
        check("Verkaufe Spülmaschine, 2 Jahre alt, 180 € VB, nur Abholung", true);
        check("Wir suchen Verkäufer (m/w/d) in Karlsruhe, jetzt bewerben", true);
        check("50 % Rabatt mit dem Code SPAR50, nur noch heute, hier klicken", true);
        check("Congratulations! You have won a prize, claim now, text WIN to 80082", true);
    }

    #[test]
    fn somebody_s_own_voice_is_not() {
        check("Hey, can you meet me at the airport with a steak? K, thanks. :-)", false);
        check("Third day without internet and the hotline tells me to call again", false);
        check("Ich habe 180 € bezahlt und nichts bekommen, nie wieder", false);
        check("I won my match today and celebrated at my favorite diner", false);
        check("Wer verkauft hier eigentlich noch gute Brötchen?", false);
    }

    #[test]
    fn what_a_newspaper_writes_is_not() {
        let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
        let mut item = Item::new(SourceName::new("s"), key);
        let text = "50% off everything today only! Use code FLASH50 at checkout";
        assert!(judge(&item, &Tokens::new(text)).is_spam);
        item.medium = Medium::News;
        assert!(!judge(&item, &Tokens::new(text)).is_spam);
    }

    #[test]
    fn every_verdict_names_words_that_speak_for_it() {
        let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
        let item = Item::new(SourceName::new("s"), key);
        let spam = judge(&item, &Tokens::new("Check out my channel and subscribe, link in bio"));
        assert!(spam.is_spam && spam.reasons.iter().any(|reason| reason.words.contains("my channel")), "{spam:?}");
    }
}
