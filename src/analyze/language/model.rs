//! What words and letters say of the language they are from: two tables made from our own word lists.
//!
//! In: `lexicons/<language>/function.tsv`. Out: for a word, and for each run of its letters, a [`Row`]: how much it
//! speaks for each of [`LANGUAGES`]. The tables are made on first use (some milliseconds); no weights are stored.

use crate::lexicon;
use crate::text::{WordMap, plain_spelling};
use std::sync::LazyLock;

/// The languages that the tables tell apart, as ISO 639-1.
pub const LANGUAGES: [&str; 24] = [
    "de", "en", "fr", "es", "it", "pt", "nl", "pl", "tr", "sv", "da", "ro", "ca", "gl", "eu", "hu", "sk", "sl", "sq",
    "ru", "bg", "cs", "no", "fi",
];

/// The cells of a row, a number that a processor adds at once.
pub const WIDTH: usize = LANGUAGES.len();

/// How much something speaks for each language: natural logarithms in steps of 1 / [`STEPS`], zero on average.
pub type Row = [i8; WIDTH];

/// Steps of a [`Row`] in one natural logarithm.
pub const STEPS: f32 = 8.0;

/// How often a word of the columns 1, 2, 3 stands in a text, as a share of all words: orders of magnitude, not counts.
const SHARES: [f32; 4] = [UNLISTED, 0.000_3, 0.001_5, 0.01];

/// The share of a word that the list of a language lacks.
const UNLISTED: f32 = 0.000_02;

/// How much rarer a word is without its accents, where its language has some.
const WITHOUT_ACCENTS: f32 = 0.2;

/// How often the letters of a word of the columns 1, 2, 3 are counted.
const COUNTS: [f32; 4] = [0.0, 1.0, 2.5, 5.0];

/// What is added to every count of letters, so that what a list lacks is not impossible.
const SMOOTHING: f32 = 0.4;

/// How many different runs of letters a language is taken to have, for the smoothing.
const RUNS: f32 = 2_000.0;

/// The longest run of letters that is looked at; a word's two ends count as letters.
const LONGEST_RUN: usize = 4;

/// Rows for runs of letters; runs that share one by chance do little harm.
const BUCKETS: usize = 1 << 16;

/// Odd, with bits spread as in the golden ratio.
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// The two tables.
pub struct Model {
    words: WordMap<Box<str>, Row>,
    runs: Vec<Row>,
}

/// The tables of the built-in lists.
pub static MODEL: LazyLock<Model> = LazyLock::new(|| Model::new(&listed()));

/// A word of a list.
struct Listed {
    /// The place of its language in [`LANGUAGES`].
    language: usize,
    /// How common it is, 1 to 3.
    class: usize,
    word: &'static str,
}

fn listed() -> Vec<Listed> {
    let mut all = Vec::new();
    for (language, code) in LANGUAGES.iter().enumerate() {
        for row in lexicon::rows(lexicon::built_in(code, "function").unwrap_or("")) {
            // A class that is no number is left out; a test reads all lists.
            let Ok(class) = row.cell(0).parse() else { continue };
            all.extend(row.cell(1).split(' ').map(|word| Listed { language, class, word }));
        }
    }
    all
}

impl Model {
    fn new(listed: &[Listed]) -> Self {
        Self { words: word_rows(listed), runs: run_rows(listed) }
    }

    /// What `word` (folded) says, if a list has it.
    pub fn word(&self, word: &str) -> Option<&Row> {
        self.words.get(word)
    }

    /// What the letters of `word` say, run by run.
    pub fn letters(&self, word: &str, mut see: impl FnMut(&Row)) {
        each_run(word, |bucket| {
            if let Some(row) = self.runs.get(bucket) {
                see(row);
            }
        });
    }
}

fn word_rows(listed: &[Listed]) -> WordMap<Box<str>, Row> {
    let mut shares: WordMap<Box<str>, [f32; WIDTH]> = WordMap::default();
    let mut raise = |word: &str, language: usize, share: f32| {
        let row = shares.entry(word.into()).or_insert([UNLISTED; WIDTH]);
        if let Some(cell) = row.get_mut(language) {
            *cell = cell.max(share);
        }
    };
    for Listed { language, class, word } in listed {
        let share = SHARES.get(*class).copied().unwrap_or(UNLISTED);
        raise(word, *language, share);
        let plain = plain_spelling(word);
        if plain != *word {
            raise(&plain, *language, share * WITHOUT_ACCENTS);
        }
    }
    let unlisted = UNLISTED.ln();
    let log = |share: f32| if share > UNLISTED { share.ln() } else { unlisted };
    shares.into_iter().map(|(word, row)| (word, centered(row.map(log)))).collect()
}

fn run_rows(listed: &[Listed]) -> Vec<Row> {
    let mut counts = vec![[0.0_f32; WIDTH]; BUCKETS];
    let mut totals = [0.0_f32; WIDTH];
    for Listed { language, class, word } in listed {
        let count = COUNTS.get(*class).copied().unwrap_or(0.0);
        each_run(word, |bucket| {
            if let Some(cell) = counts.get_mut(bucket).and_then(|row| row.get_mut(*language)) {
                *cell += count;
            }
        });
        if let Some(total) = totals.get_mut(*language) {
            // Runs of each length are about as many as the letters.
            *total += count * word.chars().count() as f32;
        }
    }
    let log_of = |count: f32, total: f32| ((count + SMOOTHING) / (total + RUNS * SMOOTHING)).ln();
    // Most counts are zero: their logarithms are taken once.
    let unseen = totals.map(|total| log_of(0.0, total));
    let row_of = |row: [f32; WIDTH]| {
        if row.iter().all(|count| *count == 0.0) {
            return [0; WIDTH];
        }
        let mut logs = unseen;
        for ((log, count), total) in logs.iter_mut().zip(row).zip(totals).filter(|((_, count), _)| *count > 0.0) {
            *log = log_of(count, total);
        }
        centered(logs)
    };
    counts.into_iter().map(row_of).collect()
}

/// The row of `logs`, made zero on average over the languages.
fn centered(logs: [f32; WIDTH]) -> Row {
    let mean = logs.iter().take(LANGUAGES.len()).sum::<f32>() / LANGUAGES.len() as f32;
    let mut row = [0; WIDTH];
    for (cell, log) in row.iter_mut().zip(&logs).take(LANGUAGES.len()) {
        // Rounds without a call: a million cells are made on first use.
        *cell = ((((log - mean) * STEPS).clamp(-127.0, 127.0) + 127.5) as u8).wrapping_sub(127) as i8;
    }
    row
}

/// Calls `see` with the bucket of each run of one to [`LONGEST_RUN`] letters of `word`, a blank before and behind it.
fn each_run(word: &str, mut see: impl FnMut(usize)) {
    let mut before = [None; LONGEST_RUN];
    for letter in std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' ')) {
        before.rotate_right(1);
        if let Some(latest) = before.first_mut() {
            *latest = Some(letter);
        }
        // Longer runs reach further back; a blank alone is none.
        let mut hash = 0_u64;
        for (index, letter_before) in before.iter().map_while(|letter| *letter).enumerate() {
            hash = (hash ^ u64::from(letter_before)).wrapping_add(1).wrapping_mul(MIX);
            hash ^= hash >> 29;
            if index > 0 || letter != ' ' {
                see(usize::try_from(hash >> 24).unwrap_or(0) % BUCKETS);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_list_of_folded_words() {
        for code in LANGUAGES {
            let text = lexicon::built_in(code, "function").expect("a list");
            for row in lexicon::rows(text) {
                assert!(matches!(row.cell(0), "1" | "2" | "3"), "{code}, line {}", row.line);
                for word in row.cell(1).split(' ') {
                    assert!(!word.is_empty() && word == crate::text::fold_to_string(word), "{code}: `{word}`");
                }
            }
            let words = listed().iter().filter(|listed| LANGUAGES[listed.language] == code).count();
            assert!(words > 250, "{code}: {words}");
        }
    }

    #[test]
    fn a_word_speaks_for_those_who_list_it() {
        let row = MODEL.word("nicht").expect("a listed word");
        let best = LANGUAGES.iter().zip(row).max_by_key(|(_, value)| **value).expect("a language");
        assert_eq!(*best.0, "de");
        assert!(MODEL.word("porterhouse").is_none());
    }

    #[test]
    fn accents_may_be_missing() {
        assert!(MODEL.word("wlasnie").is_some());
    }
}
