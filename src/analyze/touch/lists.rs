//! The lists `aspects`, `touchpoints` and `emotions`, read on first use.
//!
//! Rows are name, pattern and, where it is not 1, a weight. The name `nothing` guards: what its pattern covers is none
//! of the list's names ("at any price" is about no price).

use crate::lexicon::{self, LANGUAGES, NOTHING, Phrases, PhrasesBuilder};
use crate::model::{Emotion, Touchpoint};
use std::borrow::Cow;
use std::sync::OnceLock;

/// The lists that are read.
pub(super) const PURPOSES: [&str; 3] = ["aspects", "touchpoints", "emotions"];

/// The languages whose articles and pronouns melt with a word that begins with a vowel, with these.
const ELIDED: [(&str, &[&str]); 2] = [
    ("fr", &["l'", "d'", "j'", "m'", "n'", "s'", "qu'"]),
    ("it", &["l'", "un'", "d'", "dell'", "all'", "nell'", "dall'", "sull'", "quest'", "m'", "s'"]),
];

/// What a listed phrase says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Aspect(&'static str),
    Touchpoint(Touchpoint),
    Emotion(Emotion),
    /// Nothing, for the list of that place in [`PURPOSES`].
    Nothing(usize),
}

impl Meaning {
    /// The meaning of `name` in a list.
    pub(super) fn named(purpose: usize, name: &'static str) -> Option<Self> {
        match (purpose, name) {
            (_, NOTHING) => Some(Self::Nothing(purpose)),
            (0, _) => Some(Self::Aspect(name)),
            (1, _) => Touchpoint::from_name(name).map(Self::Touchpoint),
            _ => Emotion::from_name(name).map(Self::Emotion),
        }
    }

    /// Whether both stand in one list.
    pub(super) fn is_of_list(self, other: Self) -> bool {
        let list = |meaning: Self| match meaning {
            Self::Aspect(_) => 0,
            Self::Touchpoint(_) => 1,
            Self::Emotion(_) => 2,
            Self::Nothing(list) => list,
        };
        list(self) == list(other)
    }
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) meaning: Meaning,
    pub(super) weight: f32,
}

/// The rows of one language, and those of no language; `all` has the latter only.
struct Book {
    language: &'static str,
    phrases: OnceLock<Phrases<Entry>>,
}

static BOOKS: [Book; LANGUAGES.len() + 1] = [
    Book::unread("de"),
    Book::unread("en"),
    Book::unread("fr"),
    Book::unread("es"),
    Book::unread("it"),
    Book::unread("all"),
];

/// The lists for `lang` (BCP 47); those of every language where it is undecided.
pub(super) fn of(lang: Option<&str>) -> impl Iterator<Item = &'static Phrases<Entry>> {
    let is_listed = lang.is_none_or(|lang| LANGUAGES.iter().any(|listed| lang.starts_with(listed)));
    let is_asked = move |book: &&Book| match lang {
        _ if !is_listed => book.language == "all",
        Some(lang) => lang.starts_with(book.language),
        None => book.language != "all",
    };
    let asked: Vec<&'static Book> = BOOKS.iter().filter(is_asked).collect();
    asked.into_iter().map(Book::phrases)
}

impl Book {
    const fn unread(language: &'static str) -> Self {
        Self { language, phrases: OnceLock::new() }
    }

    fn phrases(&self) -> &Phrases<Entry> {
        self.phrases.get_or_init(|| {
            let mut builder = PhrasesBuilder::default();
            for (index, purpose) in PURPOSES.iter().enumerate() {
                let of_all = if self.language == "all" { None } else { Some(lexicon::all_rows("all", purpose)) };
                for row in lexicon::all_rows(self.language, purpose).chain(of_all.into_iter().flatten()) {
                    // A row that cannot be used is left out; a test holds that there is none of ours.
                    let weight = if row.cell(2).is_empty() { Ok(1.0) } else { row.number(2) };
                    let meaning = Meaning::named(index, row.cells.first().copied().unwrap_or(""));
                    if let (Ok(weight), Some(meaning)) = (weight, meaning) {
                        let pattern = with_elisions(self.language, row.cell(1));
                        let _unusable = builder.add(&pattern, Entry { meaning, weight });
                    }
                }
            }
            builder.build()
        })
    }
}

/// The pattern with each word that begins with a vowel also as it stands behind an article: `attente` as `l'attente`.
pub(super) fn with_elisions<'p>(language: &str, pattern: &'p str) -> Cow<'p, str> {
    let Some((_, articles)) = ELIDED.iter().find(|(of, _)| *of == language) else { return Cow::Borrowed(pattern) };
    let begins_so = |word: &str| {
        let first = word.chars().next().map(|first| first.to_lowercase().next().unwrap_or(first));
        first.is_some_and(|first| "aeiouyhàâäéèêëîïôöûüœ".contains(first)) && !word.contains('\'')
    };
    let melted = |word: &str| articles.iter().map(|article| format!("{article}{word}")).collect::<Vec<_>>().join("|");
    let element = |element: &str| {
        let (core, mark) = element.strip_suffix('?').map_or((element, ""), |core| (core, "?"));
        let words = core.split('|').map(|word| match begins_so(word) {
            true => format!("{word}|{}", melted(word)),
            false => word.to_owned(),
        });
        words.collect::<Vec<_>>().join("|") + mark
    };
    Cow::Owned(pattern.split_whitespace().map(element).collect::<Vec<_>>().join(" "))
}
