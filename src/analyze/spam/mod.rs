//! Ads, scams, contests, listings and bots: phrases of the lexicons and the shape of the text.

use crate::lexicon::{self, Phrases, PhrasesBuilder};
use crate::model::{Item, Medium, Reason, Spam};
use crate::text::{TokenKind, Tokens};
use std::sync::LazyLock;

/// From this score on an item is taken for spam.
const SPAM_FLOOR: f32 = 0.5;

/// Hashtags beyond this many look like reach-making.
const MANY_TAGS: usize = 6;

/// Whether `item` is somebody's own voice or an ad, a scam, a contest, a listing, a bot.
///
/// The weights of what was found are summed and clipped to 0..1; reasons in text order.
pub(super) fn judge(item: &Item, tokens: &Tokens<'_>) -> Spam {
    let mut reasons: Vec<Reason> = phrases()
        .find(tokens)
        .into_iter()
        .map(|found| {
            let span = tokens.span(found.tokens.clone()).unwrap_or_default();
            Reason::at(format!("spam.{}", found.value.class), tokens.words(found.tokens), span, found.value.weight)
        })
        .collect();
    reasons.extend(shape(item, tokens));
    let score: f32 = reasons.iter().map(|reason| reason.weight).sum::<f32>().clamp(0.0, 1.0);
    Spam { is_spam: score >= SPAM_FLOOR, score, reasons }
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

/// What the shape says: links, tags, capitals, telephone numbers, prices.
fn shape(item: &Item, tokens: &Tokens<'_>) -> Vec<Reason> {
    let count = |kind: TokenKind| tokens.list().iter().filter(|token| token.kind == kind).count();
    let (words, links, tags) = (count(TokenKind::Word), count(TokenKind::Link), count(TokenKind::Hashtag));
    let capitals = tokens.list().iter().filter(|token| token.is_caps).count();
    let numbers = (0..tokens.len()).filter(|at| is_telephone_number(tokens, *at)).count();
    let mut found = Vec::new();
    let mut add = |rule: &str, weight: f32| found.push(Reason::rule(rule, weight));
    if links >= 3 && words < 20 * links {
        add("spam.many_links", 0.3);
    }
    if tags > MANY_TAGS && tags * 2 > words {
        add("spam.many_tags", 0.3);
    }
    if words >= 8 && capitals * 2 > words {
        add("spam.capitals", 0.1);
    }
    if numbers > 0 && item.medium != Medium::Mail {
        add("spam.telephone_number", 0.25);
    }
    found
}

/// A run of at least ten digits, or a short code of five that stands alone.
fn is_telephone_number(tokens: &Tokens<'_>, at: usize) -> bool {
    let digits = tokens.folded(at).chars().filter(char::is_ascii_digit).count();
    tokens.kind(at) == Some(TokenKind::Number) && digits >= 10
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
}
