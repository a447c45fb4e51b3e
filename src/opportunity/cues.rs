//! The cues of `lexicons/<language>/{kinds,phases,care,tone,traits}.tsv`, and where a post has them.
//!
//! In: tokens, a language, the places where the brand is named. Out: [`Hits`], in text order.
//! A cue's rule is `family.name`. Decides nothing: the modules beside it do. Only of `care` a cue of negative weight takes
//! back those that it overlaps, as figures of speech ("died laughing") hold the gravest words.
//!
//! | families | in | read by |
//! | --- | --- | --- |
//! | `wish` `moment` `love` `advocate` `churn` `purchase` `newcomer` | `kinds.tsv` | `kinds` |
//! | `gripe` | `kinds.tsv` | `blame` |
//! | `question` (only in sentences with a question mark), `request` | `kinds.tsv` | `question` |
//! | `presales` `sales` `use` `aftersales` `none` | `phases.tsv` | `phase` |
//! | `care` | `care.tsv` | `care`, `harm` |
//! | `voice`: who speaks; `detail` `anchor` `loyal` `warm` `wit`: what makes a hook; `gesture` `large`: what is wished | `tone.tsv` | `hook`, `door`, `duty` |
//! | `angry` `threat` `owed` `beg`: what shuts the door | `tone.tsv` | `door`, `harm` |
//! | `near` `treat` `feast` `trip` `ritual` `glow` `crave` `rueful` `play` `feel` `first` `token` `kindness` `process` `harsh` `crowd`: what a post is made of | `traits.tsv` | `concept` |
//! | `house` `headline` `politics` `minor` `hate`: what shuts a post out | `tone.tsv` | `exclude` |

use crate::lexicon::{self, CUE_LANGUAGES, Phrases, PhrasesBuilder};
use crate::model::Reason;
use crate::text::Tokens;
use std::ops::Range;
use std::sync::OnceLock;

/// The files that hold cues.
const PURPOSES: [&str; 5] = ["kinds", "phases", "care", "tone", "traits"];

/// One row of a cue file; rows of one rule are one piece of evidence.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    /// `family.name`, stable.
    pub(super) rule: &'static str,
    /// How much it says, negative where it speaks against the family.
    pub(super) weight: f32,
    /// Whether the thing that a wish speaks of stands before the cue.
    pub(super) thing_before: bool,
}

/// A cue that a post has.
#[derive(Debug, Clone)]
pub(super) struct Hit<'t> {
    /// The cue.
    pub(super) cue: &'static Cue,
    /// The tokens that it stands on.
    pub(super) tokens: Range<usize>,
    /// The words that it stands on.
    pub(super) words: &'t str,
    /// Where they stand (bytes).
    pub(super) span: Range<usize>,
}

impl Hit<'_> {
    /// The hit as evidence of `weight`.
    pub(super) fn reason(&self, weight: f32) -> Reason {
        Reason::at(self.cue.rule, self.words, self.span.clone(), weight)
    }
}

/// Every cue of one post.
#[derive(Debug, Clone, Default)]
pub(super) struct Hits<'t> {
    list: Vec<Hit<'t>>,
}

impl<'t> Hits<'t> {
    /// Finds the cues of `lang`; of every language that has cues where it is undecided.
    pub(super) fn find(tokens: &Tokens<'t>, lang: Option<&str>, brand_at: &[Range<usize>]) -> Self {
        let mut list = Vec::new();
        for book in BOOKS.iter().filter(|book| lang.is_none_or(|lang| lang.starts_with(book.language))) {
            for found in book.cues().find_around(tokens, brand_at) {
                let Some(span) = tokens.span(found.tokens.clone()) else { continue };
                let words = tokens.words(found.tokens.clone());
                list.push(Hit { cue: found.value, tokens: found.tokens, words, span });
            }
        }
        take_back(&mut list, "care");
        Self { list }
    }

    /// Forgets what stands further than `reach` tokens from each of `places`, which stand in text order; of a text that
    /// names none, nothing.
    pub(super) fn keep_near(&mut self, places: &[Range<usize>], reach: usize) {
        let is_near = |at: &Range<usize>| {
            let next = places.partition_point(|place| place.end.saturating_add(reach) < at.start);
            places.get(next).is_some_and(|place| place.start <= at.end.saturating_add(reach))
        };
        self.list.retain(|hit| places.is_empty() || is_near(&hit.tokens));
    }

    /// The hits of `family`, in text order.
    pub(super) fn of(&self, family: &str) -> impl Iterator<Item = &Hit<'t>> {
        self.list.iter().filter(move |hit| is_of(hit.cue.rule, family))
    }

    /// Whether there is a hit of `family`.
    pub(super) fn has_family(&self, family: &str) -> bool {
        self.list.iter().any(|hit| is_of(hit.cue.rule, family))
    }

    /// Whether there is a hit of `rule` or of a family.
    pub(super) fn has(&self, rule_or_family: &str) -> bool {
        self.list.iter().any(|hit| hit.cue.rule == rule_or_family || is_of(hit.cue.rule, rule_or_family))
    }

    /// The weights of `family`, each rule once.
    pub(super) fn sum(&self, family: &str) -> f32 {
        sum_once(self.of(family))
    }

    /// The hit of `family` that says most.
    pub(super) fn best(&self, family: &str) -> Option<&Hit<'t>> {
        self.of(family).filter(|hit| hit.cue.weight > 0.0).max_by(|a, b| {
            // Of equals the first in the text.
            a.cue.weight.total_cmp(&b.cue.weight).then(b.tokens.start.cmp(&a.tokens.start))
        })
    }
}

/// Leaves out of `family` what shares a token with one of its cues of negative weight ("my phone died"), and those cues.
fn take_back(list: &mut Vec<Hit<'_>>, family: &str) {
    let is_guard = |hit: &Hit<'_>| hit.cue.weight < 0.0 && is_of(hit.cue.rule, family);
    let guarded: Vec<Range<usize>> = list.iter().filter(|hit| is_guard(hit)).map(|hit| hit.tokens.clone()).collect();
    let is_taken = |hit: &Hit<'_>| {
        guarded.iter().any(|range| range.start < hit.tokens.end && hit.tokens.start < range.end)
            && is_of(hit.cue.rule, family)
    };
    list.retain(|hit| !is_taken(hit));
}

/// The weights of `hits`, each rule once.
pub(super) fn sum_once<'h, 't: 'h>(hits: impl Iterator<Item = &'h Hit<'t>>) -> f32 {
    let mut seen: Vec<(&str, f32)> = Vec::new();
    for hit in hits {
        match seen.iter_mut().find(|(rule, _)| *rule == hit.cue.rule) {
            Some((_, weight)) if weight.abs() < hit.cue.weight.abs() => *weight = hit.cue.weight,
            Some(_) => {}
            None => seen.push((hit.cue.rule, hit.cue.weight)),
        }
    }
    seen.iter().map(|(_, weight)| weight).sum()
}

fn is_of(rule: &str, family: &str) -> bool {
    rule.strip_prefix(family).is_some_and(|rest| rest.starts_with('.'))
}

/// The cues of one language, read on first use.
struct Book {
    language: &'static str,
    cues: OnceLock<Phrases<Cue>>,
}

static BOOKS: [Book; CUE_LANGUAGES.len()] =
    [Book::unread("en"), Book::unread("de"), Book::unread("fr"), Book::unread("es"), Book::unread("it")];

impl Book {
    const fn unread(language: &'static str) -> Self {
        Self { language, cues: OnceLock::new() }
    }

    fn cues(&self) -> &Phrases<Cue> {
        self.cues.get_or_init(|| {
            let mut builder = PhrasesBuilder::default();
            for row in PURPOSES.iter().flat_map(|purpose| lexicon::all_rows(self.language, purpose)) {
                // A row that cannot be used is left out; a test holds that there is none.
                if let Ok(weight) = row.number(1) {
                    let thing_before = row.cell(3) == "before";
                    let rule = row.cells.first().copied().unwrap_or("");
                    let _unusable = builder.add(row.cell(2), Cue { rule, weight, thing_before });
                }
            }
            builder.build()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(lang: &str, text: &str, expected: Expect) {
        let tokens = Tokens::new(text);
        let hits = Hits::find(&tokens, Some(lang), &[]);
        let shown: Vec<String> = ["wish", "moment"]
            .iter()
            .filter_map(|f| hits.best(f))
            .map(|hit| format!("{} [{}]", hit.cue.rule, hit.words))
            .collect();
        expected.assert_eq(&shown.join(" "));
    }

    #[test]
    fn every_row_of_every_file_can_be_used() {
        for language in CUE_LANGUAGES {
            for purpose in PURPOSES {
                let text = lexicon::built_in(language, purpose).expect("registered");
                for row in lexicon::rows(text) {
                    let place = format!("{language}/{purpose}.tsv:{}", row.line);
                    assert!(
                        row.cell(0).split_once('.').is_some_and(|(f, n)| !f.is_empty() && !n.is_empty()),
                        "{place}"
                    );
                    row.number(1).unwrap_or_else(|error| panic!("{place}: {error}"));
                    let added = PhrasesBuilder::default().add(row.cell(2), ());
                    added.unwrap_or_else(|error| panic!("{place}: {error}"));
                }
            }
        }
    }

    #[test]
    fn in_a_long_text_only_what_stands_near_the_brand_counts() {
        let text = format!("I would kill for a pretzel. {} Acme closes. {}", "word ".repeat(100), "word ".repeat(100));
        let tokens = Tokens::new(&text);
        let brand = (0..tokens.len()).find(|at| tokens.folded(*at) == "acme").expect("named");
        let has_wish = |reach: usize| {
            let mut hits = Hits::find(&tokens, Some("en"), &[]);
            hits.keep_near(std::slice::from_ref(&(brand..brand + 1)), reach);
            hits.has("wish")
        };
        assert_eq!((has_wish(40), has_wish(200)), (false, true));
    }

    #[test]
    fn the_books_cover_the_cue_languages() {
        let languages: Vec<_> = BOOKS.iter().map(|book| book.language).collect();
        assert_eq!(languages, CUE_LANGUAGES);
    }

    #[test]
    fn wishes_and_moments_are_found_in_their_language() {
        check("en", "I would kill for a pretzel", expect!["wish.would_kill [would kill for]"]);
        check("de", "Opa wird morgen 80", expect!["moment.wird_alt [wird morgen 80]"]);
        check("de", "I would kill for a pretzel", expect![""]);
    }
}
