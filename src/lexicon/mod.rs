//! Word lists: what words mean to us, one language and one purpose a file.
//!
//! `lexicons/<language>/<purpose>.tsv` are compiled in, and so are `lexicons/<language>/playbooks.toml`, which are read
//! by `playbook`. Whoever needs one reads its rows once, on first use, and keeps what it made of them; nothing here is
//! loaded at start.

pub mod ordinary;
mod overlay;
mod phrase;
mod table;

pub use overlay::{CUE_ROLES, NOTHING, OCCASIONS, Overlay, all_rows, is_list, lay_over, lists, own_playbooks};
pub use phrase::{Found, PatternError, Phrases, PhrasesBuilder};
pub use table::{Row, RowError, rows};

/// The languages that have lexicons of feelings.
pub const LANGUAGES: [&str; 5] = ["de", "en", "fr", "es", "it"];

/// The languages that have cues of opportunities: `kinds`, `phases`, `care`, `tone`.
pub const CUE_LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "it"];

macro_rules! built_in {
    ($($language:literal / $purpose:literal),* $(,)?) => {
        /// Every built-in lexicon: language, purpose, text. `all` holds what no language owns, such as emoji.
        pub const BUILT_IN: &[(&str, &str, &str)] = &[
            $(($language, $purpose, include_str!(concat!("../../lexicons/", $language, "/", $purpose, ".tsv")))),*
        ];
    };
}

built_in! {
    "de" / "spam",
    "en" / "spam",
    "all" / "spam_weights",
    "de" / "ordinary",
    "en" / "ordinary",
    "fr" / "ordinary",
    "es" / "ordinary",
    "it" / "ordinary",
    "all" / "names",
    "all" / "fields",
    "all" / "senses",
    "all" / "firms",
    "all" / "places",
    "all" / "airports",
    "all" / "landmarks",
    "all" / "deadline",
    "all" / "deadline_weights",
    "all" / "meeting",
    "en" / "kinds",
    "en" / "phases",
    "en" / "care",
    "en" / "tone",
    "en" / "traits",
    "de" / "kinds",
    "de" / "phases",
    "de" / "care",
    "de" / "tone",
    "de" / "traits",
    "fr" / "kinds",
    "fr" / "phases",
    "fr" / "care",
    "fr" / "tone",
    "fr" / "traits",
    "es" / "kinds",
    "es" / "phases",
    "es" / "care",
    "es" / "tone",
    "es" / "traits",
    "it" / "kinds",
    "it" / "phases",
    "it" / "care",
    "it" / "tone",
    "it" / "traits",
    "en" / "occasions",
    "de" / "occasions",
    "fr" / "occasions",
    "es" / "occasions",
    "it" / "occasions",
    "de" / "aspects",
    "de" / "touchpoints",
    "de" / "emotions",
    "en" / "aspects",
    "en" / "touchpoints",
    "en" / "emotions",
    "fr" / "aspects",
    "fr" / "touchpoints",
    "fr" / "emotions",
    "es" / "aspects",
    "es" / "touchpoints",
    "es" / "emotions",
    "it" / "aspects",
    "it" / "touchpoints",
    "it" / "emotions",
    "all" / "emotions",
    "all" / "score",
    "all" / "surprise_weights",
    "all" / "emoji",
    "all" / "homographs",
    "de" / "boosters",
    "de" / "cues",
    "de" / "failures",
    "de" / "feelings",
    "de" / "negators",
    "en" / "boosters",
    "en" / "cues",
    "en" / "failures",
    "en" / "feelings",
    "en" / "negators",
    "fr" / "boosters",
    "fr" / "cues",
    "fr" / "failures",
    "fr" / "feelings",
    "fr" / "negators",
    "es" / "boosters",
    "es" / "cues",
    "es" / "failures",
    "es" / "feelings",
    "es" / "negators",
    "it" / "boosters",
    "it" / "cues",
    "it" / "failures",
    "it" / "feelings",
    "it" / "negators",
    "de" / "function",
    "en" / "function",
    "fr" / "function",
    "es" / "function",
    "it" / "function",
    "pt" / "function",
    "nl" / "function",
    "pl" / "function",
    "tr" / "function",
    "sv" / "function",
    "da" / "function",
    "ro" / "function",
    "ca" / "function",
    "gl" / "function",
    "eu" / "function",
    "hu" / "function",
    "sk" / "function",
    "sl" / "function",
    "sq" / "function",
    "ru" / "function",
    "bg" / "function",
    "cs" / "function",
    "no" / "function",
    "fi" / "function",
}

/// The built-in playbooks: language and text, TOML.
pub const PLAYBOOKS: &[(&str, &str)] = &[
    ("de", include_str!("../../lexicons/de/playbooks.toml")),
    ("en", include_str!("../../lexicons/en/playbooks.toml")),
    ("fr", include_str!("../../lexicons/fr/playbooks.toml")),
    ("es", include_str!("../../lexicons/es/playbooks.toml")),
    ("it", include_str!("../../lexicons/it/playbooks.toml")),
];

/// The text of the built-in lexicon for `language` and `purpose`, if there is one.
#[must_use]
pub fn built_in(language: &str, purpose: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(l, p, _)| *l == language && *p == purpose).map(|(_, _, text)| *text)
}
