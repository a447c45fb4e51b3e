//! What relevance wants to know of a brand, folded and gathered once when the index is built.

use crate::gazetteer;
use crate::lexicon::{built_in, rows};
use crate::model::Brand;
use crate::text::fold_to_string;
use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

/// Words of `about` shorter than this are no context.
const ABOUT_LETTERS: usize = 4;

/// A field of trade: the words that name it in `about`, and those that customers use in it.
struct Field {
    names: Vec<String>,
    words: HashSet<String>,
}

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let cells = |cell: &str| cell.split(' ').filter(|word| !word.is_empty()).map(fold_to_string).collect::<Vec<_>>();
    let rows = built_in("all", "fields").into_iter().flat_map(rows);
    rows.map(|row| Field { names: cells(row.cell(0)), words: cells(row.cell(1)).into_iter().collect() }).collect()
});

/// A brand's words, folded.
#[derive(Debug, Clone)]
pub(in crate::analyze) struct Notes {
    pub(super) exclude: Vec<String>,
    /// Of `context` and `about`.
    pub(super) context: Vec<String>,
    pub(super) not_context: Vec<String>,
    /// Without their `#`.
    pub(super) hashtags: Vec<String>,
    /// Whether a town is called like it; looked up when somebody seems to be there.
    is_town: OnceLock<bool>,
    name: String,
    /// Which of [`FIELDS`] its `about` names.
    fields: Vec<usize>,
}

impl Notes {
    pub(in crate::analyze) fn new(brand: &Brand) -> Self {
        let folded = |list: &[String]| list.iter().map(|word| fold_to_string(word)).collect::<Vec<_>>();
        let about = fold_to_string(&brand.about);
        let about_words: Vec<&str> = about.split(|c: char| !c.is_alphanumeric()).collect();
        let mut context = folded(&brand.context);
        let is_telling = |word: &&&str| word.chars().count() >= ABOUT_LETTERS;
        context.extend(about_words.iter().filter(is_telling).map(|word| (*word).to_owned()));
        let names_one = |field: &Field| field.names.iter().any(|name| about_words.contains(&name.as_str()));
        let fields = FIELDS.iter().enumerate().filter(|(_, field)| names_one(field)).map(|(index, _)| index);
        Self {
            exclude: folded(&brand.exclude),
            context,
            not_context: folded(&brand.not_context),
            hashtags: brand.hashtags.iter().map(|tag| fold_to_string(tag.trim_start_matches('#'))).collect(),
            is_town: OnceLock::new(),
            name: brand.name.clone(),
            fields: fields.take(4).collect(),
        }
    }

    /// Whether `about` names a field that we have words of.
    pub(super) fn has_field(&self) -> bool {
        !self.fields.is_empty()
    }

    /// Whether a town is called like the brand.
    pub(super) fn is_town(&self) -> bool {
        *self.is_town.get_or_init(|| gazetteer::find(&self.name).is_some())
    }

    /// Whether `word` (folded) names the brand's field or belongs to it, as the name of a source or a tag does.
    pub(super) fn is_topic(&self, word: &str) -> bool {
        let fields = self.fields.iter().filter_map(|index| FIELDS.get(*index));
        fields.into_iter().any(|field| field.names.iter().any(|name| name == word) || field.words.contains(word))
    }

    /// Whether customers of the brand's field use `word` (folded), or a word that it begins with.
    pub(super) fn is_of_field(&self, word: &str) -> bool {
        self.fields.iter().filter_map(|index| FIELDS.get(*index)).any(|field| has_start_of(&field.words, word))
    }
}

/// Whether `words` has `word`, or (with five letters and more) a beginning of it.
pub(super) fn has_start_of(words: &HashSet<String>, word: &str) -> bool {
    const LEAST: usize = 5;
    const MOST: usize = 24;
    words.contains(word)
        || word
            .char_indices()
            .map(|(at, _)| at)
            .skip(LEAST)
            .take(MOST)
            .any(|end| words.contains(word.get(..end).unwrap_or(word)))
}
