//! The word lists of one language as the scan needs them, read once on first use.
//!
//! In: `feelings`, `boosters`, `negators`, `cues` and `failures` of `lexicons/<language>`, the words of the first person
//! in its `tone`, and `lexicons/all/emoji`.
//! A row that cannot be read is left out; a test holds that the built-in lists have none.

use super::listed::Listed;
use super::spelling::without_marks;
use super::terms::{Terms, TermsBuilder};
use crate::lexicon::{Phrases, PhrasesBuilder, Row, all_rows};
use crate::text::fold_to_string;
use std::collections::HashSet;
use std::sync::LazyLock;

/// All that the lists say of one term.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// Its feeling, from -3 to 3; zero keeps a phrase from being read by its words.
    pub weight: Option<f32>,
    /// The row that says so.
    pub listed: Listed,
    /// How its feeling is meant.
    pub manner: Manner,
    /// It turns a feeling round.
    pub negator: Option<Negator>,
    /// It strengthens or weakens the feeling beside it.
    pub factor: Option<f32>,
    /// It says how to take what stands beside it.
    pub role: Option<Role>,
}

/// How the feeling of a term is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Manner {
    /// As it stands.
    #[default]
    Plain,
    /// Thanks and greetings: they give way to blame.
    Polite,
    /// A swear word: it strengthens the word after it.
    Swear,
    /// No negation turns it: interjections, "unfortunately".
    Steady,
}

/// How a negator works.
#[derive(Debug, Clone, Copy)]
pub(super) struct Negator {
    /// How many tokens it reaches.
    pub reach: usize,
    /// It may stand after what it turns.
    pub works_back: bool,
}

/// How to take what stands beside a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What follows weighs more, what precedes less.
    Contrast,
    /// Its own clause weighs less.
    Outweighed,
    /// What its clause says is not real.
    Wish,
    /// What follows is what something else is measured against.
    Compare,
    /// Somebody else says so.
    Reported,
    /// It begins an address: whoever is named next is spoken to.
    Greeting,
    /// It looks like a negation and is none.
    Cancel,
    /// Praise that turns to blame where a failure follows.
    Flip,
}

/// The lists of one language.
#[derive(Debug)]
pub(super) struct Words {
    /// Everything that is met as a term.
    pub terms: Terms<Entry>,
    /// Stated failures and their opposites, with their weight and row.
    pub failures: Phrases<(f32, Listed)>,
    /// Words by which a writer speaks of themselves.
    pub selves: Terms<()>,
    /// Articles and pronouns lose their vowel before a word: `l'échec`.
    pub has_elision: bool,
}

/// The rule of the list `tone` that names the words of the first person.
const FIRST_PERSON: &str = "voice.first";

/// The languages whose lists count where the language of a text is undecided.
const UNDECIDED_LANGUAGES: [&str; 2] = ["de", "en"];

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::of_language("en"));
static GERMAN: LazyLock<Words> = LazyLock::new(|| Words::of_language("de"));
static FRENCH: LazyLock<Words> = LazyLock::new(|| Words::of_language("fr"));
static SPANISH: LazyLock<Words> = LazyLock::new(|| Words::of_language("es"));
static ITALIAN: LazyLock<Words> = LazyLock::new(|| Words::of_language("it"));
static SHARED: LazyLock<Words> = LazyLock::new(|| Words::build(TermsBuilder::new(), &[]));
static UNDECIDED: LazyLock<Words> = LazyLock::new(Words::of_both);

/// The lists for a language tag (`de`, `en-US`).
///
/// A language without lists of its own has emoji and shared words. Where the language is undecided,
/// both lists count but for the words that mean something else in the other language.
pub(super) fn words(lang: Option<&str>) -> &'static Words {
    let Some(tag) = lang.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag)) else { return &UNDECIDED };
    match tag.to_ascii_lowercase().as_str() {
        "en" => &ENGLISH,
        "de" => &GERMAN,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "it" => &ITALIAN,
        _ => &SHARED,
    }
}

impl Words {
    fn of_language(lang: &str) -> Self {
        let mut terms = TermsBuilder::new();
        add_language(&mut terms, lang, |_| true);
        Self::build(terms, &[lang])
    }

    /// Both languages without the words that mean different things in them.
    fn of_both() -> Self {
        let mut homographs = HashSet::new();
        each_row("all", "homographs", |word, _| {
            homographs.insert(fold_to_string(word));
        });
        let mut terms = TermsBuilder::new();
        for lang in UNDECIDED_LANGUAGES {
            add_language(&mut terms, lang, |term| !homographs.contains(fold_to_string(term).trim_end_matches('*')));
        }
        Self::build(terms, &UNDECIDED_LANGUAGES)
    }

    fn build(mut terms: TermsBuilder<Entry>, langs: &[&str]) -> Self {
        each_row("all", "emoji", |term, row| {
            let starts_word = term.starts_with(char::is_alphanumeric) && term.len() > 2;
            let entry = if starts_word { terms.entry(term) } else { terms.picture(term) };
            add_feeling(entry, row, Listed::new("all", "emoji", row));
        });
        let mut failures = PhrasesBuilder::default();
        for lang in langs {
            each_row(lang, "failures", |pattern, row| {
                if let Ok(weight) = row.number(1) {
                    // A pattern that cannot be used is left out; the test of the lists finds it.
                    let _ = failures.add(pattern, (weight, Listed::new(lang, "failures", row)));
                }
            });
        }
        let mut selves = TermsBuilder::new();
        for lang in langs {
            each_row(lang, "tone", |rule, row| {
                if rule == FIRST_PERSON {
                    row.cell(2).split('|').for_each(|word| {
                        selves.entry(word);
                    });
                }
            });
        }
        let has_elision = langs.iter().any(|lang| matches!(*lang, "fr" | "it"));
        Self { terms: terms.build(), failures: failures.build(), selves: selves.build(), has_elision }
    }
}

/// Adds the terms of a language that `is_wanted`.
fn add_language(terms: &mut TermsBuilder<Entry>, lang: &str, is_wanted: impl Fn(&str) -> bool) {
    let each = |purpose: &str, take: &mut dyn FnMut(&str, &Row<'_>)| {
        each_row(lang, purpose, |term, row| {
            if is_wanted(term) {
                take(term, row);
            }
        });
    };
    each("feelings", &mut |term, row| add_feeling(terms.entry(term), row, Listed::new(lang, "feelings", row)));
    each("boosters", &mut |term, row| terms.entry(term).factor = row.number(1).ok());
    each("negators", &mut |term, row| {
        let works_back = row.cell(2) == "both";
        terms.entry(term).negator = row.cell(1).parse().ok().map(|reach| Negator { reach, works_back });
    });
    each("cues", &mut |term, row| terms.entry(term).role = role(row.cell(1)));
}

/// Gives every row of a list to `take`, also in the spelling without marks where that is no term of its own.
fn each_row(lang: &str, purpose: &str, mut take: impl FnMut(&str, &Row<'_>)) {
    let rows: Vec<Row<'_>> = all_rows(lang, purpose).collect();
    let listed: HashSet<&str> = rows.iter().map(|row| row.cell(0)).collect();
    for row in &rows {
        let term = row.cell(0);
        let term = term.strip_prefix('\\').unwrap_or(term);
        take(term, row);
        if let Some(plain) = without_marks(lang, term).filter(|plain| !listed.contains(plain.as_str())) {
            take(&plain, row);
        }
    }
}

fn add_feeling(entry: &mut Entry, row: &Row<'_>, listed: Listed) {
    let Ok(weight) = row.number(1) else { return };
    entry.weight = Some(weight);
    entry.listed = listed;
    entry.manner = match row.cell(2) {
        "polite" => Manner::Polite,
        "swear" => Manner::Swear,
        "steady" => Manner::Steady,
        _ => Manner::Plain,
    };
}

fn role(name: &str) -> Option<Role> {
    Some(match name {
        "contrast" => Role::Contrast,
        "outweighed" => Role::Outweighed,
        "wish" => Role::Wish,
        "compare" => Role::Compare,
        "reported" => Role::Reported,
        "greeting" => Role::Greeting,
        "cancel" => Role::Cancel,
        "flip" => Role::Flip,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{CUE_ROLES, LANGUAGES, built_in};

    #[test]
    fn every_row_of_the_built_in_lists_can_be_read() {
        for lang in LANGUAGES {
            each_row(lang, "feelings", |term, row| {
                let weight = row.number(1).expect("a weight");
                assert!(!term.is_empty() && (-3.0..=3.0).contains(&weight), "{lang} feelings line {}", row.line);
            });
            each_row(lang, "boosters", |_, row| assert!(row.number(1).is_ok_and(|f| f > 0.0), "line {}", row.line));
            each_row(lang, "negators", |_, row| assert!(row.cell(1).parse::<usize>().is_ok(), "line {}", row.line));
            each_row(lang, "cues", |_, row| assert!(role(row.cell(1)).is_some(), "line {}", row.line));
            assert!(CUE_ROLES.iter().all(|name| role(name).is_some()));
            each_row(lang, "failures", |pattern, row| {
                assert!(row.number(1).is_ok(), "{lang} failures line {}", row.line);
                assert!(PhrasesBuilder::default().add(pattern, ()).is_ok(), "{lang} failures line {}", row.line);
            });
        }
        each_row("all", "emoji", |_, row| assert!(row.number(1).is_ok(), "line {}", row.line));
    }

    #[test]
    fn every_list_says_its_language_origin_and_licence() {
        for lang in LANGUAGES {
            for purpose in ["feelings", "boosters", "negators", "cues", "failures"] {
                let text = built_in(lang, purpose).expect("built in");
                for word in ["# language:", "# origin:", "# licence:", "# column 1:"] {
                    assert!(text.contains(word), "{lang}/{purpose} lacks `{word}`");
                }
            }
        }
    }

    #[test]
    fn the_language_decides_which_list_is_read() {
        assert!(words(Some("en")).terms.exactly("war").is_some_and(|entry| entry.weight < Some(0.0)));
        assert!(words(Some("de-AT")).terms.exactly("war").is_none());
        assert!(words(Some("fr")).terms.exactly("good").is_none());
        assert!(words(None).terms.exactly("perfect").is_some());
        assert!(words(None).terms.exactly("die").is_none());
    }

    #[test]
    fn german_is_read_without_umlauts_too() {
        assert!(words(Some("de")).terms.word("schoen").is_some());
        assert!(words(Some("de")).terms.word("schön").is_some());
    }
}
