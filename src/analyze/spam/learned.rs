//! What is learned from people who said that a text is spam, or is not: weights of one house, laid over ours.
//!
//! In: the texts that were corrected, and others of the house. Out: [`Learned`], and by it a verdict anew. A word
//! weighs by how much oftener it stands in corrected texts than in the others, so that a brand's name, which stands in
//! all, weighs nothing. Nothing is kept: it is reckoned anew from the corrections, and goes with them.

use super::{SPAM_FLOOR, feature, is_news};
use crate::model::{Item, Reason, Spam, SpamLessons};
use crate::text::{TokenKind, Tokens, WordMap};
use std::collections::HashSet;
use std::ops::Range;

/// Corrected texts that a word must stand in: what one text alone has may be by chance.
const SUPPORT: u32 = 2;

/// The most that one word or pair adds to the log-odds or takes away.
const WEIGHT_MOST: f32 = 1.5;

/// The most that all of them do.
const SUM_MOST: f32 = 6.0;

/// Corrections of one kind that let them weigh half.
const HALF_TRUST: f32 = 1.0;

/// Letters from which on a word counts by itself; shorter ones only in pairs.
const LETTERS_LEAST: usize = 4;

/// The most words that are told as reasons.
const MAX_REASONS: usize = 4;

/// How far a score may be from 0 or 1 before its log-odds are taken.
const SURE: f32 = 1e-4;

/// Weights of one house; the default has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learned {
    weights: WordMap<Box<str>, f32>,
}

/// In how many texts each feature stands.
#[derive(Default)]
struct Counts {
    n_texts: u32,
    of: WordMap<Box<str>, u32>,
}

impl Learned {
    /// What `lessons` teach. Linear in their length.
    #[must_use]
    pub fn of(lessons: &SpamLessons) -> Self {
        let (mut spam, mut ham, mut others) = (Counts::default(), Counts::default(), Counts::default());
        for (text, is_spam) in &lessons.said {
            if *is_spam { &mut spam } else { &mut ham }.add(text);
        }
        if lessons.said.is_empty() {
            return Self::default();
        }
        lessons.others.iter().for_each(|text| others.add(text));
        let mut weights: WordMap<Box<str>, f32> = WordMap::default();
        for (counts, sign) in [(&spam, 1.0), (&ham, -1.0)] {
            for (name, n) in counts.of.iter().filter(|(_, n)| **n >= SUPPORT) {
                *weights.entry(name.clone()).or_default() += sign * counts.surplus(*n, others.of(name), others.n_texts);
            }
        }
        weights.retain(|_, weight| *weight != 0.0);
        Self { weights }
    }

    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// What speaks for or against spam in `tokens`, each feature once, the strongest first; and the sum.
    fn clues(&self, tokens: &Tokens<'_>) -> (Vec<(Range<usize>, f32)>, f32) {
        let (mut clues, mut seen) = (Vec::new(), HashSet::new());
        each(tokens, |name, range| {
            if let Some((name, weight)) = self.weights.get_key_value(name).filter(|(name, _)| !seen.contains(*name)) {
                seen.insert(name);
                clues.push((range, *weight));
            }
        });
        clues.sort_by(|(_, one), (_, other)| other.abs().total_cmp(&one.abs()));
        let sum: f32 = clues.iter().map(|(_, weight)| weight).sum();
        (clues, sum.clamp(-SUM_MOST, SUM_MOST))
    }
}

impl Counts {
    fn add(&mut self, text: &str) {
        let tokens = Tokens::new(text);
        let mut seen: HashSet<Box<str>> = HashSet::new();
        each(&tokens, |name, _| {
            if !seen.contains(name) {
                seen.insert(name.into());
            }
        });
        self.n_texts += 1;
        for name in seen {
            *self.of.entry(name).or_default() += 1;
        }
    }

    fn of(&self, name: &str) -> u32 {
        self.of.get(name).copied().unwrap_or(0)
    }

    /// How much oftener than elsewhere a feature stands in `n` of these texts, as log-odds; never below 0.
    fn surplus(&self, n: u32, n_elsewhere: u32, texts_elsewhere: u32) -> f32 {
        let (n, of) = (n as f32, self.n_texts as f32);
        let expected = of * (n_elsewhere as f32 + 0.5) / (texts_elsewhere as f32 + 1.0);
        let trust = of / (of + HALF_TRUST);
        ((n + 0.5) / (expected + 0.5)).ln().clamp(0.0, WEIGHT_MOST) * trust
    }
}

/// The words, pairs and hosts of links that one can learn from: not numbers, marks, or the shape of the text.
fn each(tokens: &Tokens<'_>, mut see: impl FnMut(&str, Range<usize>)) {
    feature::each(tokens, |name, range| {
        let is_pair = name.contains(' ');
        let is_own_form = name.starts_with('~') || name.ends_with('*');
        let is_said = name.chars().filter(|letter| letter.is_alphabetic()).count() >= LETTERS_LEAST;
        if is_said && (is_pair || !is_own_form) {
            see(name, range);
        }
    });
    let mut name = String::new();
    for (at, _) in tokens.list().iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Link) {
        let link = tokens.folded(at);
        let host = link.split_once("://").map_or(link, |(_, rest)| rest).split(['/', '?', '#', ':']).next();
        name.clear();
        name.push_str("~~site:");
        name.push_str(host.unwrap_or(""));
        see(&name, at..at + 1);
    }
}

/// Judges `item` anew with what was learned; `spam` is the verdict without it, `is_own` that a brand says it itself.
///
/// Each word that counts is a reason `spam.learned`, weighing what it adds to the log-odds. What a newspaper writes
/// and what the brand says stays no spam. Linear in the text length.
pub fn heed(learned: &Learned, item: &Item, tokens: &Tokens<'_>, is_own: bool, spam: &mut Spam) {
    if learned.is_empty() {
        return;
    }
    let (clues, sum) = learned.clues(tokens);
    if clues.is_empty() {
        return;
    }
    let score = spam.score.clamp(SURE, 1.0 - SURE);
    let odds = (score / (1.0 - score)).ln() + sum;
    spam.score = 1.0 / (1.0 + (-odds).exp());
    spam.is_spam = spam.score >= SPAM_FLOOR && !is_news(item) && !is_own;
    for (range, weight) in clues.into_iter().take(MAX_REASONS) {
        let words = tokens.words(range.clone());
        spam.reasons.extend(tokens.span(range).map(|span| Reason::at("spam.learned", words, span, weight)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, Medium, SourceName};

    const KIND: [&str; 5] = [
        "Mortons fans: the steak calendar club meets on Tuesday, bring your knives",
        "The steak calendar club has a new page, Mortons lovers welcome",
        "Have you heard of our steak calendar club? Mortons night on Friday",
        "Steak calendar club: pictures of the Mortons evening are up",
        "Our steak calendar club turns three, cake at Mortons",
    ];

    const OTHERS: [&str; 6] = [
        "Dinner at Mortons on Friday was a delight, thank you all",
        "Mortons forgot our table again and nobody had a word for us",
        "Has anybody been to the new Mortons? Is the steak as good as they say?",
        "My club met at Mortons, the waiter was patient with all of us",
        "Mortons is closed on Monday, as I found out at the door",
        "A steak at Mortons costs as much as my shoes",
    ];

    fn lessons(said: &[(&str, bool)]) -> SpamLessons {
        SpamLessons {
            said: said.iter().map(|(text, is_spam)| ((*text).to_owned(), *is_spam)).collect(),
            others: OTHERS.map(str::to_owned).to_vec(),
            mark: 1,
        }
    }

    fn verdict(said: &[(&str, bool)], text: &str, score: f32) -> Spam {
        let item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        let mut spam = Spam { is_spam: score >= SPAM_FLOOR, score, reasons: Vec::new() };
        heed(&Learned::of(&lessons(said)), &item, &Tokens::new(text), false, &mut spam);
        spam
    }

    #[test]
    fn five_of_a_kind_teach_the_sixth_and_leave_the_rest_alone() {
        let said = KIND.map(|text| (text, true));
        let sixth = verdict(&said, "Join the steak calendar club at Mortons next week", 0.02);
        assert!(sixth.is_spam && sixth.reasons.iter().any(|reason| reason.rule == "spam.learned"), "{sixth:?}");
        for text in OTHERS {
            let other = verdict(&said, text, 0.1);
            assert!(!other.is_spam && other.score < 0.4, "{text}: {other:?}");
        }
    }

    #[test]
    fn one_correction_alone_changes_nothing() {
        for is_spam in [true, false] {
            assert_eq!(Learned::of(&lessons(&[(KIND[0], is_spam)])), Learned::default());
        }
    }

    #[test]
    fn what_was_no_spam_after_all_is_learned_too_and_the_two_meet() {
        let ham = KIND.map(|text| (text, false));
        let text = "The steak calendar club says hello to Mortons";
        assert!(!verdict(&ham, text, 0.9).is_spam);
        let both: Vec<(&str, bool)> = KIND.iter().flat_map(|text| [(*text, true), (*text, false)]).collect();
        assert_eq!(Learned::of(&lessons(&both)), Learned::default());
    }

    #[test]
    fn weights_and_their_sum_are_bounded_and_news_stays_news() {
        let said: Vec<(&str, bool)> = (0..2_000).map(|at| (KIND[at % 5], true)).collect();
        let learned = Learned::of(&lessons(&said));
        assert!(learned.weights.values().all(|weight| weight.abs() <= WEIGHT_MOST));
        let all = KIND.join(" ");
        let (_, sum) = learned.clues(&Tokens::new(&all));
        assert!((sum - SUM_MOST).abs() < 1e-6);
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        item.medium = Medium::News;
        let mut spam = Spam::default();
        heed(&learned, &item, &Tokens::new(KIND[0]), false, &mut spam);
        assert!(!spam.is_spam);
        item.medium = Medium::Post;
        heed(&learned, &item, &Tokens::new(KIND[0]), true, &mut spam);
        assert!(!spam.is_spam, "the brand's own");
    }
}
