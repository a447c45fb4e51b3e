//! What people read, in their language: words, plurals, numbers, times, and the shape of a mail.
//!
//! In: facts and a [`Reader`] (language and time zone). Out: text, or a [`Letter`] that becomes HTML and plain text.
//! It decides nothing: which facts are worth telling is the business of `alert` and `digest`.
//!
//! The words are a typed table instead of Fluent files: a word that one language lacks does not compile, both
//! plural rules here are "one, or not", and nothing is parsed or looked up by name while the program runs.

mod budget;
mod callback;
mod chance;
mod clean;
mod import;
mod letter;
mod link;
mod name;
mod number;
mod pattern;
mod place;
mod play;
mod recipient;
mod rule;
#[cfg(test)]
pub(crate) mod sample;
mod telling;
mod time;
mod trouble;
mod verdict;
mod words;

pub use budget::usage_words;
pub use callback::is_secret_line;
pub use chance::{country_of, hours_words, missed_words, slack_line};
pub use clean::{block, one_line, safe_link};
pub use import::{import_fault, import_known, import_oddity, import_sum, refused_row};
pub use letter::{BarPart, BarTone, Block, HeatCell, HeatRow, Letter, Row, Run, Tone};
pub use link::{ACT_LIFE, Act, ActLink, LeaveLink, Links, act_link, leave_link, recipient_hash};
pub use name::{
    act_name, aspect_name, emotion_name, feeling_name, health_name, kind_name, kind_phrase, main_kind, medium_name,
    phase_name, touchpoint_name,
};
pub use pattern::{Plural, fill};
pub use place::which_one;
pub use play::{because_name, effort_and_cost, language_name};
pub use recipient::masked_recipient;
pub use rule::rule_words;
pub use telling::{byline, headline, host_of, original, quote, retold, time_left, what, who, zone_of};
pub use time::Reader;
pub use trouble::{advice, cause_words, part_name, part_words, quiet_words};
pub use verdict::{closed_words, pass_words, proof_words, verdict_words};
pub use words::Words;

/// A language that porterhouse speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// Every language, the one to fall back on first.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The language of a tag such as `de` or `de-AT`; English for every other tag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("de") => Self::De,
            _ => Self::En,
        }
    }

    /// The tag for HTML's `lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The table of words.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::En => &words::EN,
            Self::De => &words::DE,
        }
    }

    /// `text` between this language's quotation marks.
    #[must_use]
    pub fn quoted(self, text: &str) -> String {
        match self {
            Self::En => format!("“{text}”"),
            Self::De => format!("„{text}“"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_with_a_region_names_its_language() {
        assert_eq!(Language::from_tag("de-AT"), Language::De);
        assert_eq!(Language::from_tag("DE_ch"), Language::De);
        assert_eq!(Language::from_tag("fr"), Language::En);
        assert_eq!(Language::from_tag(""), Language::En);
    }
}
